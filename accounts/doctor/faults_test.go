package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// fault is something that is wrong, the step that must fail over it, and the
// cause that must be named. All of them stand in docs/faults.md.
type fault struct {
	name  string
	step  Name
	cause string // the key after "trouble."
	make  func(w *world)
}

func imapCert(cert func(w *world) tls.Certificate) func(*world) {
	return func(w *world) { w.at(imapHost+":993", cert(w), true, w.speakIMAP) }
}

func imapSays(change func(s *imapServer)) func(*world) { return func(w *world) { change(&w.imap) } }
func smtpSays(change func(s *smtpServer)) func(*world) { return func(w *world) { change(&w.smtp) } }

func imapAuth(answer string) func(*world) { return imapSays(func(s *imapServer) { s.auth = answer }) }

func smtpAuth(answer string) func(*world) { return smtpSays(func(s *smtpServer) { s.auth = answer }) }

func sender(answer string) func(*world) { return smtpSays(func(s *smtpServer) { s.mail = answer }) }

// imapDoor is a server of another kind where IMAP with TLS should be.
func imapDoor(implicit bool, text string) func(*world) {
	return func(w *world) { w.at(imapHost+":993", w.certificate(), implicit, saying(text)) }
}

func smtpDoor(implicit bool, text string) func(*world) {
	return func(w *world) { w.at(smtpHost+":465", w.certificate(), implicit, saying(text)) }
}

func imapOn(port int, security accounts.Security) func(*world) {
	return func(w *world) { w.patient.IMAP.Port, w.patient.IMAP.Security = port, security }
}

func smtpOn(port int, security accounts.Security) func(*world) {
	return func(w *world) { w.patient.SMTP.Port, w.patient.SMTP.Security = port, security }
}

// all does several things.
func all(changes ...func(*world)) func(*world) {
	return func(w *world) {
		for _, c := range changes {
			c(w)
		}
	}
}

func closed(why error, doors ...string) func(*world) {
	return func(w *world) { w.kill(why, doors...) }
}

// hasty is for servers that never answer.
func hasty(w *world) {
	w.doctor.Times.Answer, w.doctor.Times.Look = 3*time.Second, 10*time.Second
}

func known(a autodetect.SignIn, hint string) func(*world) {
	return func(w *world) {
		row := strings.Join([]string{
			"firm.test", "Firm", "tls://" + imapHost + ":993", "address", "tls://" + smtpHost + ":465", "address", string(a), "", hint,
			"https://firm.test/app-passwords", "https://firm.test/help", "", "made up", "2026-11-25",
		}, "\t")
		table, err := autodetect.ParseTable(strings.NewReader(tableHead + row + "\n"))
		if err != nil {
			w.t.Fatal(err)
		}
		w.doctor.Providers = table
	}
}

const tableHead = "domains\tname\timap\timap_user\tsmtp\tsmtp_user\tsign_in\tsent\thints\tapp_password_url\thelp_url\tmx\tsource\ttaken\n"

func noSecret(why error) func(*world) {
	return func(w *world) {
		w.patient.Credential = func(accounts.Server) connect.CredentialFunc {
			return func(context.Context, bool) (connect.Credential, error) { return connect.Credential{}, why }
		}
	}
}

func proxied(why error) error {
	return &trouble.ProxyError{Proxy: "proxy.firm.test:3128", Why: why, Err: errors.New("noticed")}
}

var (
	imapDoors = []string{imapHost + ":993", imapHost + ":143"}
	smtpDoors = []string{smtpHost + ":465", smtpHost + ":587", smtpHost + ":25"}
)

func networkFaults() []fault {
	return []fault{
		{"This computer is in no network", Network, "no-network", func(w *world) {
			w.addresses = []net.Addr{&net.IPNet{IP: net.IPv4(127, 0, 0, 1), Mask: net.CIDRMask(8, 32)}}
		}},
		{"The server's name does not exist", IMAPName, "unknown-host", func(w *world) { w.names[imapHost] = errDNS }},
		{"The name service of the network fails", IMAPName, "dns-failed", func(w *world) {
			w.names[imapHost] = &net.DNSError{Err: "server misbehaving", Name: imapHost, IsTemporary: true}
		}},
		{"The name service does not answer", IMAPName, "dns-failed", func(w *world) {
			w.names[imapHost] = &net.DNSError{Err: "i/o timeout", Name: imapHost, IsTimeout: true}
		}},
		{"The name of the server for outgoing mail does not exist", SMTPName, "unknown-host", func(w *world) { w.names[smtpHost] = errDNS }},
		{"Port 993 is blocked, 143 is open", IMAPReach, "port-blocked", closed(syscall.ETIMEDOUT, imapHost+":993")},
		{"Port 993 refuses, 143 is open", IMAPReach, "port-blocked", closed(syscall.ECONNREFUSED, imapHost+":993")},
		{"Port 143 is blocked, 993 is open", IMAPReach, "port-blocked", all(imapOn(143, accounts.StartTLS), closed(syscall.ETIMEDOUT, imapHost+":143"))},
		{"A firewall lets no mail ports through", IMAPReach, "firewall", closed(syscall.ETIMEDOUT, imapDoors...)},
		{"The host has no mail server", IMAPReach, "no-mail-server", closed(syscall.ECONNREFUSED, imapDoors...)},
		{"The host cannot be reached", IMAPReach, "unreachable", closed(syscall.EHOSTUNREACH, imapDoors...)},
		{"The network is gone meanwhile", IMAPReach, "no-network", closed(syscall.ENETUNREACH, imapDoors...)},
		{"The internet provider blocks port 25, 465 and 587 are open", SMTPReach, "port-25-blocked", all(smtpOn(25, accounts.StartTLS), closed(syscall.ETIMEDOUT, smtpHost+":25"))},
		{"The internet provider blocks ports 25 and 465, 587 is open", SMTPReach, "port-25-blocked", all(smtpOn(25, accounts.StartTLS), closed(syscall.ETIMEDOUT, smtpHost+":25", smtpHost+":465"))},
		{"Port 465 is blocked, 587 is open", SMTPReach, "port-blocked", closed(syscall.ETIMEDOUT, smtpHost+":465")},
		{"Port 587 is blocked, 465 is open", SMTPReach, "port-blocked", all(smtpOn(587, accounts.StartTLS), closed(syscall.ETIMEDOUT, smtpHost+":587"))},
		{"A firewall lets no mail out", SMTPReach, "firewall", closed(syscall.ETIMEDOUT, smtpDoors...)},
		{"The proxy wants a sign-in", IMAPReach, "proxy-sign-in", closedBy(proxied(trouble.ErrProxySignIn))},
		{"The proxy lets no mail through", IMAPReach, "proxy-refused", closedBy(proxied(trouble.ErrProxyRefused))},
		{"The proxy is down", IMAPReach, "proxy-down", closedBy(proxied(trouble.ErrProxyDown))},
		{"The proxy cannot reach the server", IMAPReach, "proxy-target", closedBy(proxied(trouble.ErrProxyTarget))},
	}
}

func closedBy(err error) func(*world) {
	return func(w *world) {
		for _, d := range imapDoors {
			w.dead[d] = err
		}
	}
}

func portFaults() []fault {
	return []fault{
		{"TLS is chosen for a STARTTLS port (143)", IMAPSecure, "wants-starttls", imapOn(143, accounts.TLS)},
		{"TLS is chosen for a STARTTLS port (587)", SMTPSecure, "wants-starttls", smtpOn(587, accounts.TLS)},
		{"STARTTLS is chosen for a TLS port (993)", IMAPSecure, "wants-tls", all(hasty, imapOn(993, accounts.StartTLS))},
		{"STARTTLS is chosen for a TLS port (465)", SMTPSecure, "wants-tls", all(hasty, smtpOn(465, accounts.StartTLS))},
		{"The port for receiving is one for sending (TLS)", IMAPGreeting, "smtp-on-imap", imapDoor(true, "220 smtp.firm.test ESMTP\r\n")},
		{"The port for receiving is one for sending (in clear)", IMAPSecure, "smtp-on-imap", imapDoor(false, "220 smtp.firm.test ESMTP\r\n")},
		{"The port for receiving is one for sending (STARTTLS)", IMAPSecure, "smtp-on-imap", all(imapOn(993, accounts.StartTLS), imapDoor(false, "220 smtp.firm.test ESMTP\r\n"))},
		{"The port for sending is one for receiving (TLS)", SMTPGreeting, "imap-on-smtp", smtpDoor(true, "* OK [CAPABILITY IMAP4rev1] ready\r\n")},
		{"The port for sending is one for receiving (in clear)", SMTPSecure, "imap-on-smtp", smtpDoor(false, "* OK [CAPABILITY IMAP4rev1] ready\r\n")},
		{"The port is one for POP", IMAPGreeting, "pop-server", imapDoor(true, "+OK POP3 ready\r\n")},
		{"A web page answers on a mail port", IMAPSecure, "captive-portal", imapDoor(false, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")},
		{"A web page answers on a mail port, under TLS", IMAPGreeting, "captive-portal", imapDoor(true, "HTTP/1.1 302 Found\r\nLocation: http://login.hotel.test/\r\n\r\n")},
		{"A network's sign-in page answers with a certificate of its own", IMAPSecure, "captive-portal", func(w *world) {
			portal := w.ca.Server(w.t, "login.hotel.test")
			w.at(imapHost+":993", portal, true, saying(""))
			w.at(imapHost+":143", portal, false, func(c *mailtest.Conn) {
				if line, err := c.Line(); err == nil && strings.HasPrefix(line, "GET ") {
					_ = c.Send("HTTP/1.0 302 Found\r\nLocation: http://login.hotel.test/\r\n\r\n")
				}
			})
		}},
		{"The port is that of a web server", IMAPGreeting, "web-server", func(w *world) {
			w.patient.IMAP.Port = 443
			w.at(imapHost+":443", w.certificate(), true, saying("HTTP/1.1 400 Bad Request\r\n\r\n"))
		}},
		{"Something else answers on the port", IMAPSecure, "not-tls", imapDoor(false, "SSH-2.0-OpenSSH_9.2\r\n")},
	}
}

func certificateFaults() []fault {
	expired := func(w *world) tls.Certificate { return w.ca.Expired(w.t, imapHost) }
	says := func(ago time.Duration) func(*world) {
		return imapSays(func(s *imapServer) {
			s.greeting = "* OK imap.firm.test ready at " + time.Now().Add(-ago).UTC().Format("Mon, 2 Jan 2006 15:04:05 -0700")
		})
	}
	return []fault{
		{"The certificate has expired", IMAPSecure, "certificate-expired", imapCert(expired)},
		{"The certificate has expired, and the server's clock agrees with ours", IMAPSecure, "certificate-over", all(says(time.Minute), imapCert(expired))},
		{"The clock of this computer is ahead", IMAPSecure, "clock-wrong", all(says(400*24*time.Hour), imapCert(expired))},
		{"The clock of this computer is behind", IMAPSecure, "certificate-early", func(w *world) {
			cert, roots := early(w.t)
			w.roots = roots
			w.at(imapHost+":993", cert, true, w.speakIMAP)
		}},
		{"The clock of this computer is from before Linnet was made", IMAPSecure, "clock-wrong", func(w *world) {
			cert, roots := early(w.t)
			w.roots, w.doctor.Built = roots, time.Now().Add(30*24*time.Hour)
			w.at(imapHost+":993", cert, true, w.speakIMAP)
		}},
		{"The newest message comes from the future", Clock, "clock-behind", imapSays(func(s *imapServer) {
			s.fetch = `* 3 FETCH (INTERNALDATE "` + time.Now().Add(3*time.Hour).UTC().Format("02-Jan-2006 15:04:05 -0700") + `")|$ OK done`
		})},
		{"The certificate is for another host", IMAPSecure, "certificate-name", imapCert(func(w *world) tls.Certificate { return w.ca.Server(w.t, "www.hoster.test") })},
		{"The certificate is self-signed", IMAPSecure, "certificate-self-signed", imapCert(func(w *world) tls.Certificate { return made(w.t, "") })},
		{"The certificate's issuer is not known", IMAPSecure, "certificate-unknown", imapCert(func(w *world) tls.Certificate { return made(w.t, "Firm Internal CA") })},
		{"A protection program opens encrypted connections", IMAPSecure, "certificate-inspected", imapCert(func(w *world) tls.Certificate { return made(w.t, "Avast Web/Mail Shield Root") })},
		{"The certificate that was accepted has changed", IMAPSecure, "pin-changed", func(w *world) { w.patient.IMAP.Pin = strings.Repeat("ab", 32) }},
		{"The certificate for sending has expired", SMTPSecure, "certificate-expired", func(w *world) {
			w.at(smtpHost+":465", w.ca.Expired(w.t, smtpHost), true, w.speakSMTP)
		}},
		{"The certificate for sending is for another host", SMTPSecure, "certificate-name", func(w *world) {
			w.at(smtpHost+":587", w.ca.Server(w.t, "www.hoster.test"), false, w.speakSMTP)
			smtpOn(587, accounts.StartTLS)(w)
		}},
	}
}

func clearFaults() []fault {
	imap := func(change func(*imapServer)) func(*world) {
		return all(imapOn(143, accounts.StartTLS), imapSays(change))
	}
	smtp := func(change func(*smtpServer)) func(*world) {
		return all(smtpOn(587, accounts.StartTLS), smtpSays(change))
	}
	return []fault{
		{"STARTTLS is refused", IMAPSecure, "no-starttls", imap(func(s *imapServer) { s.starttls = "$ NO not now" })},
		{"STARTTLS is stripped on the way", IMAPSecure, "no-starttls", imap(func(s *imapServer) { s.starttls = "$ BAD unknown" })},
		{"Answers are injected before TLS", IMAPSecure, "tampered", imap(func(s *imapServer) { s.starttls = "$ OK go|* 5 EXISTS" })},
		{"The server claims that one is signed in before TLS", IMAPSecure, "preauth", imap(func(s *imapServer) { s.greeting = "* PREAUTH welcome" })},
		{"The server for sending offers no STARTTLS", SMTPSecure, "no-starttls", smtp(func(s *smtpServer) { s.ehlo = "250-firm|250 AUTH PLAIN" })},
		{"The server for sending refuses STARTTLS", SMTPSecure, "no-starttls", smtp(func(s *smtpServer) { s.starttls = "454 not now" })},
		{"Replies are injected before TLS", SMTPSecure, "tampered", smtp(func(s *smtpServer) { s.starttls = "220 go|250 fine" })},
		{"The account has no encryption", IMAPReach, "plain-refused", imapOn(143, accounts.Plain)},
	}
}

func serverFaults() []fault {
	return []fault{
		{"The server takes the connection and says nothing", IMAPGreeting, "stalled", all(hasty, imapSays(func(s *imapServer) { s.greeting = "…" }))},
		{"The server takes the connection and ends it", IMAPSecure, "lost", imapSays(func(s *imapServer) { s.greeting = "" })},
		{"The server turns everybody away", IMAPGreeting, "refused", imapSays(func(s *imapServer) { s.greeting = "* BYE go away" })},
		{"There are too many connections", IMAPGreeting, "too-many", imapSays(func(s *imapServer) { s.greeting = "* BYE Too many connections from your address" })},
		{"The server sends nonsense without end", IMAPGreeting, "hostile", imapSays(func(s *imapServer) { s.greeting = "* OK " + strings.Repeat("x", 100_000) })},
		{"The server goes silent in the middle", IMAPFolders, "stalled", all(hasty, imapSays(func(s *imapServer) { s.list = "…" }))},
		{"The server ends the session in the middle", IMAPFolders, "bye", imapSays(func(s *imapServer) { s.list = "* BYE shutting down" })},
		{"The server shows no inbox", IMAPFolders, "no-inbox", imapSays(func(s *imapServer) { s.list = `* LIST () "/" Other|$ OK done` })},
		{"The server refuses to list folders", IMAPFolders, "server-refused", imapSays(func(s *imapServer) { s.list = "$ NO not today" })},
		{"The mailbox is full", IMAPSpace, "mailbox-full", imapSays(func(s *imapServer) {
			s.quota = `* QUOTAROOT INBOX ""|* QUOTA "" (STORAGE 2048 2048)|$ OK done`
		})},
		{"The server for sending is down for a while", SMTPGreeting, "refused", smtpSays(func(s *smtpServer) { s.greeting = "421 4.3.2 service not available" })},
		{"The server for sending has too many connections", SMTPGreeting, "too-many", smtpSays(func(s *smtpServer) { s.greeting = "421 4.7.0 Too many concurrent connections" })},
		{"The network's address is on a block list", SMTPGreeting, "listed", smtpSays(func(s *smtpServer) { s.greeting = "554 5.7.1 Client host [192.0.2.7] blocked using zen.spamhaus.org" })},
		{"The server for sending says nothing", SMTPGreeting, "stalled", all(hasty, smtpSays(func(s *smtpServer) { s.greeting = "…" }))},
	}
}

func signInFaults() []fault {
	const refused = "$ NO [AUTHENTICATIONFAILED] Authentication failed."
	return []fault{
		{"The password is wrong", IMAPSignIn, "wrong-password", imapAuth(refused)},
		{"The provider asks for an app password", IMAPSignIn, "app-password", imapAuth("$ NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)")},
		{"The password is refused where only app passwords are taken", IMAPSignIn, "app-password-likely", all(known(autodetect.AppPassword, ""), imapAuth(refused))},
		{"The password is refused where IMAP is off at first", IMAPSignIn, "password-or-imap-off", all(known(autodetect.Password, "imap-off"), imapAuth(refused))},
		{"The provider wants a sign-in in the browser", IMAPSignIn, "browser-needed", imapAuth("$ NO [WEBALERT https://accounts.google.com/signin] Web login required.")},
		{"There are too many connections at the sign-in", IMAPSignIn, "too-many", imapAuth("$ NO [ALERT] Too many simultaneous connections. (Failure)")},
		{"The sign-in is locked after too many tries", IMAPSignIn, "locked-out", imapAuth("$ NO [LIMIT] Too many login failures")},
		{"The provider has blocked the account", IMAPSignIn, "account-blocked", imapAuth("$ NO [CONTACTADMIN] Account suspended")},
		{"The password has expired", IMAPSignIn, "password-expired", imapAuth("$ NO [EXPIRED] Password expired")},
		{"The organisation's rules forbid the sign-in", IMAPSignIn, "policy", imapAuth("$ NO AUTHENTICATE failed: blocked by Conditional Access")},
		{"The server's sign-in is out of order", IMAPSignIn, "unavailable", imapAuth("$ NO [UNAVAILABLE] Temporary authentication failure.")},
		{"The server takes no password", IMAPSignIn, "login-disabled", imapSays(func(s *imapServer) { s.caps = "IMAP4rev1 LOGINDISABLED" })},
		{"IMAP is switched off (Gmail)", IMAPOn, "imap-off", imapAuth("$ NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)")},
		{"IMAP is switched off (Outlook)", IMAPOn, "imap-off", imapSays(func(s *imapServer) { s.sel = "$ BAD User is authenticated but not connected." })},
		{"IMAP is switched off (GMX, WEB.DE)", IMAPOn, "imap-off", imapAuth("$ NO [AUTHENTICATIONFAILED] POP3/IMAP Zugriff ist nicht freigeschaltet")},
		{"IMAP is switched off (Yahoo)", IMAPOn, "imap-off", imapAuth("$ NO [ALERT] IMAP access is not enabled for this account")},
		{"There is no password on this computer", IMAPSignIn, "no-secret", noSecret(accounts.ErrNoSecret)},
		{"The keyring stays locked", IMAPSignIn, "keyring-locked", noSecret(accounts.ErrKeyringLocked)},
		{"There is no keyring", IMAPSignIn, "keyring-none", noSecret(accounts.ErrNoKeyring)},
		{"The password is wrong for sending", SMTPSignIn, "wrong-password", smtpAuth("535 5.7.8 Error: authentication failed: (reason unavailable)")},
		{"An app password is needed for sending", SMTPSignIn, "app-password", smtpAuth("534 5.7.9 Application-specific password required")},
		{"Microsoft takes no passwords any more", SMTPSignIn, "password-gone", smtpAuth("535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [AM0PR04CA0001.eurprd04.prod.outlook.com]")},
		{"Microsoft takes no passwords any more, and says less", SMTPSignIn, "password-gone", smtpAuth("535 5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]")},
		{"Sending from mail programs is switched off", SMTPSignIn, "smtp-off", smtpAuth("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.")},
		{"The server for sending has no sign-in", SMTPSignIn, "no-auth", smtpSays(func(s *smtpServer) { s.ehlo = "250 firm" })},
		{"There is no common way to sign in", SMTPSignIn, "no-mechanism", smtpSays(func(s *smtpServer) { s.ehlo = "250-firm|250 AUTH GSSAPI" })},
		{"The sign-in for sending is out of order", SMTPSignIn, "unavailable", smtpAuth("454 4.7.0 Temporary authentication failure")},
	}
}

func senderFaults() []fault {
	return []fault{
		{"The address may not send", SMTPSender, "sender-refused", sender("553 5.7.1 <ada.lovelace@firm.test>: Sender address rejected: not owned by user ada")},
		{"The address may not send (Microsoft)", SMTPSender, "sender-refused", sender("550 5.7.60 SMTP; Client does not have permissions to send as this sender")},
		{"The server does not relay", SMTPSender, "relay-denied", sender("550 5.7.1 Relay access denied")},
		{"The server wants a sign-in after all", SMTPSender, "sign-in-needed", sender("530 5.7.57 Client not authenticated to send mail.")},
		{"The mailbox is full (552)", SMTPSender, "mailbox-full", sender("552 5.2.2 Mailbox full")},
		{"The mailbox is full (452)", SMTPSender, "mailbox-full", sender("452 4.2.2 The mailbox is over quota")},
		{"The day's limit is reached", SMTPSender, "sending-limit", sender("550 5.4.5 Daily user sending limit exceeded")},
		{"The server has a problem of its own", SMTPSender, "unavailable", sender("451 4.3.0 Temporary lookup failure")},
		{"The connection is lost at the end", SMTPSender, "lost", sender("")},
	}
}

func faults() []fault {
	return slices.Concat(networkFaults(), portFaults(), certificateFaults(), clearFaults(), serverFaults(), signInFaults(), senderFaults())
}
