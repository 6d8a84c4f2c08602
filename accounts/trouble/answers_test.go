package trouble

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"net/textproto"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
)

func asking(code int, msg string) error { return smtpAt(Sender, code, msg) }

func greeted(code int, msg string) error { return smtpAt(Greeting, code, msg) }

func smtpAt(s Stage, code int, msg string) error {
	return At(s, SMTP, accounts.Server{Host: "smtp.example", Port: 465, Security: accounts.TLS, User: "ada@example.org"}, &textproto.Error{Code: code, Msg: msg})
}

func bad(s Stage, text string) error {
	return at(s, &imap.Error{Type: imap.StatusResponseTypeBad, Text: text})
}

// speaking is a server that speaks another protocol in clear on a port for TLS.
func speaking(proto string, port int, greeting string) error {
	var header [5]byte
	copy(header[:], greeting)
	return At(Handshake, proto, accounts.Server{Host: "mail.example", Port: port, Security: accounts.TLS}, tls.RecordHeaderError{RecordHeader: header})
}

func foreign(proto string, port int, speaks string) error {
	return At(Greeting, proto, accounts.Server{Host: "mail.example", Port: port, Security: accounts.TLS}, &ForeignError{Speaks: speaks})
}

func madeBy(issuer string) error {
	cert := &x509.Certificate{Raw: []byte("x"), Issuer: pkix.Name{CommonName: issuer}}
	return at(Handshake, &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{cert}, Err: x509.UnknownAuthorityError{Cert: cert}})
}

func invalidFor(detail string) error {
	return badCertificate(x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired, Detail: detail})
}

// answers are what servers and networks really say, by the row that they must
// find: the texts of the big providers and of the usual server programs.
func answers() map[string][]error {
	return map[string][]error{
		"app-password": {
			no(Auth, imap.ResponseCodeAlert, "Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"),
			signing(534, "5.7.9 Application-specific password required. Learn more at\n5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor"),
			signing(535, "5.7.8 Error: authentication failed: app password is required"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "Please use an app-specific password"),
		},
		"password-gone": {
			signing(535, "5.7.139 Authentication unsuccessful, basic authentication is disabled. [AM0PR04CA0001.eurprd04.prod.outlook.com]"),
			signing(535, "5.7.3 Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]"),
			no(Auth, "", "LogonDenied-BasicAuthBlocked"),
		},
		"browser-needed": {
			signing(534, "5.7.14 <https://accounts.google.com/signin/continue?sarp=1> Please log in via your web browser and then try again."),
			no(Auth, "WEBALERT", "Web login required."),
			no(Auth, imap.ResponseCodeAlert, "Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)"),
		},
		"imap-off": {
			no(Auth, imap.ResponseCodeAlert, "Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)"),
			no(Auth, "", "IMAP access is disabled for your domain. Please contact your domain administrator. (Failure)"),
			no(Auth, imap.ResponseCodeAlert, "IMAP access is not enabled for this Yahoo account"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "POP3/IMAP Zugriff ist nicht freigeschaltet"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "Der Abruf per IMAP ist deaktiviert. Bitte in den Einstellungen einschalten."),
			bad(Folders, "User is authenticated but not connected."),
			no(Auth, imap.ResponseCodeAlert, "You are yet to enable IMAP for your account. Please contact your administrator (Failure)"),
			no(Auth, "", "LOGIN Login error user suspended or service not open"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "LOGIN invalid credentials or IMAP is disabled"),
		},
		"smtp-off": {
			signing(535, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0]"),
			signing(535, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. [AM0]"),
			signing(535, "SMTP AUTH is disabled for this mailbox"),
			signing(535, "Authentication failed: POP3/SMTP nicht freigeschaltet"),
		},
		"policy": {
			signing(535, "5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator."),
			signing(535, "5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator."),
		},
		"wrong-password": {
			signing(535, "5.7.139 Authentication unsuccessful, the user credentials were incorrect. [AM0PR04.eurprd04.prod.outlook.com]"),
			signing(535, "5.7.3 Authentication unsuccessful"),
			signing(535, "5.7.8 Username and Password not accepted. For more information, go to\n5.7.8  https://support.google.com/mail/?p=BadCredentials"),
			signing(535, "Authentication credentials invalid"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "Invalid credentials (Failure)"),
			no(Auth, imap.ResponseCodeAuthenticationFailed, "Authentication failed."),
			no(Auth, "", "LOGIN failed."),
		},
		"locked-out": {
			signing(535, "5.7.0 (#AUTH005) Too many bad auth attempts."),
			no(Auth, imap.ResponseCodeUnavailable, "Too many login failures, please try again later"),
			signing(454, "4.7.0 Too many login failures, try again later."),
		},
		"too-many": {
			no(Auth, imap.ResponseCodeAlert, "Too many simultaneous connections. (Failure)"),
			no(Auth, imap.ResponseCodeLimit, "LOGIN Rate limit hit."),
			no(Auth, imap.ResponseCodeUnavailable, "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"),
			greeted(421, "4.7.0 Too many concurrent connections from your address"),
			smtpAt(Auth, 421, "4.3.2 The maximum number of concurrent server connections has exceeded a limit: connection limit"),
		},
		"unavailable": {
			no(Auth, imap.ResponseCodeUnavailable, "Internal error occurred. Refer to server log for more information."),
			no(Auth, imap.ResponseCodeServerBug, "AUTHENTICATE Server error"),
			asking(451, "4.3.0 Temporary lookup failure"),
		},
		"account-blocked": {
			signing(535, "5.7.0 Your account has been locked for unusual activity"),
			no(Auth, imap.ResponseCodeContactAdmin, "Account suspended"),
		},
		"tls-required": {
			signing(530, "5.7.0 Must issue a STARTTLS command first"),
			signing(538, "5.7.11 Encryption required for requested authentication mechanism"),
			no(Auth, "PRIVACYREQUIRED", "Plaintext authentication disallowed on non-secure (SSL/TLS) connections."),
		},
		"sign-in-needed": {
			asking(530, "5.7.57 Client not authenticated to send mail. [AM0PR04CA0001.eurprd04.prod.outlook.com]"),
			asking(530, "5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"),
			asking(530, "5.7.1 Authentication required"),
			asking(550, "5.7.1 Please authenticate first"),
		},
		"listed": {
			sending(554, "5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org"),
			greeted(554, "5.7.1 IP listed at bl.example, see https://bl.example/203.0.113.9"),
			asking(550, "5.7.1 Your IP 203.0.113.9 is on our block list"),
		},
		"sender-refused": {
			asking(553, "5.7.1 <eve@example.org>: Sender address rejected: not owned by user ada@example.org"),
			asking(550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
			asking(554, "5.2.252 SendAsDenied; ada@example.org not allowed to send as eve@example.org"),
			asking(550, "Sender address is not allowed."),
			asking(501, "5.1.7 Invalid sender address"),
			asking(554, "Transaction failed"),
			sending(550, "5.1.8 Access denied, bad outbound sender"),
		},
		"relay-denied": {
			asking(550, "5.7.64 TenantAttribution; Relay Access Denied"),
			sending(554, "5.7.1 <bob@example.net>: Relay access denied"),
			sending(550, "relay not permitted"),
		},
		"sending-limit": {
			sending(550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852"),
			asking(450, "4.2.1 Hourly limit reached"),
		},
		"mailbox-full": {
			no(Change, imap.ResponseCodeOverQuota, "Quota exceeded (mailbox for user is full)"),
			no(Change, "", "Quota exceeded"),
			at(Folders, ErrMailboxFull),
			asking(552, "5.2.2 Mailbox full: delete something before you send"),
			asking(452, "4.2.2 The mailbox is over quota"),
		},
		"recipient-full":     {sending(552, "5.2.2 The recipient's mailbox is full"), sending(550, "5.2.2 <bob@example.net>: user is over quota")},
		"recipient-full-yet": {sending(452, "4.2.2 The recipient's inbox is out of storage space and inactive. Over quota")},
		"server-full":        {sending(452, "4.3.1 Insufficient system storage")},
		"other-sender":       {At(Sender, SMTP, server, errors.New("odd"))},
		"captive-portal":     {speaking(IMAP, 993, "HTTP/1.1 400 Bad Request"), foreign(SMTP, 587, HTTP)},
		"web-server":         {speaking(IMAP, 443, "HTTP/1.1 400 Bad Request"), foreign(SMTP, 8443, HTTP)},
		"pop-server":         {speaking(IMAP, 110, "+OK POP3 ready"), foreign(IMAP, 995, POP)},
		"smtp-on-imap":       {speaking(IMAP, 587, "220 smtp.example ESMTP"), foreign(IMAP, 465, SMTP)},
		"imap-on-smtp":       {speaking(SMTP, 143, "* OK Dovecot ready."), foreign(SMTP, 993, IMAP)},
		"wants-starttls":     {speaking(IMAP, 143, "* OK Dovecot ready."), speaking(SMTP, 587, "220 smtp.example ESMTP Postfix"), speaking(SMTP, 25, "220-mx ready")},
		"no-network":         {at(Dial, ErrNoNetwork)},
		"no-inbox":           {at(Folders, ErrNoInbox)},
		"clock-behind":       {at(Fetch, ErrClock)},
		"certificate-early":  {invalidFor("current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z")},
		"certificate-expired": {
			invalidFor("current time 2026-11-25T00:00:00Z is after 2026-11-01T00:00:00Z"),
		},
		"certificate-inspected": {madeBy("Avast Web/Mail Shield Root"), madeBy("Kaspersky Anti-Virus Personal Root Certificate"), madeBy("ESET SSL Filter CA"), madeBy("Zscaler Intermediate Root CA")},
	}
}

// sight is an error together with what a look around has shown.
type sight struct {
	seen Seen
	err  error
}

func on(stage Stage, proto string, port int, security accounts.Security, err error) error {
	return At(stage, proto, accounts.Server{Host: "mail.example", Port: port, Security: security}, err)
}

// sights are what only a look around can tell, by the row that it must find.
func sights() map[string][]sight {
	timeout := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ETIMEDOUT}
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	over := x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired, Detail: "x is after y"}
	early := x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired, Detail: "x is before y"}
	open := func(port int, security accounts.Security) Seen {
		return Seen{Network: true, Open: accounts.Server{Host: "mail.example", Port: port, Security: security}}
	}
	wrong := no(Auth, imap.ResponseCodeAuthenticationFailed, "Authentication failed.")
	return map[string][]sight{
		"dns-failed":           {{Seen{Network: true}, at(Resolve, &net.DNSError{Err: "server misbehaving", Name: "mail.example", IsTemporary: true})}},
		"captive-portal":       {{Seen{Portal: true}, at(Handshake, x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"})}},
		"clock-wrong":          {{Seen{Clock: true, Drift: 400 * 24 * time.Hour}, badCertificate(over)}, {Seen{Clock: true, Drift: -3 * time.Hour}, badCertificate(early)}},
		"certificate-over":     {{Seen{Clock: true, Drift: time.Second}, badCertificate(over)}},
		"certificate-expired":  {{Seen{Network: true}, badCertificate(over)}},
		"port-blocked":         {{open(143, accounts.StartTLS), on(Dial, IMAP, 993, accounts.TLS, timeout)}, {open(587, accounts.StartTLS), on(Dial, SMTP, 465, accounts.TLS, refused)}},
		"port-25-blocked":      {{open(587, accounts.StartTLS), on(Dial, SMTP, 25, accounts.StartTLS, timeout)}},
		"wants-tls":            {{open(993, accounts.TLS), on(Handshake, IMAP, 993, accounts.StartTLS, &StallError{Waiting: "STARTTLS", For: 30})}},
		"stalled":              {{Seen{Network: true}, on(Handshake, IMAP, 993, accounts.StartTLS, &StallError{Waiting: "STARTTLS", For: 30})}},
		"firewall":             {{Seen{Network: true, Closed: true}, on(Dial, IMAP, 993, accounts.TLS, timeout)}},
		"no-mail-server":       {{Seen{Network: true, Closed: true}, on(Dial, IMAP, 993, accounts.TLS, refused)}},
		"app-password-likely":  {{Seen{AppPassword: true}, wrong}},
		"password-or-imap-off": {{Seen{OffAtFirst: true}, wrong}},
		"imap-off":             {{Seen{AppPassword: true, OffAtFirst: true}, no(Auth, imap.ResponseCodeAlert, "Your account is not enabled for IMAP use.")}},
		"wrong-password":       {{Seen{Network: true}, wrong}},
	}
}
