package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	imapHost = "imap.firm.test"
	smtpHost = "smtp.firm.test"
	address  = "ada.lovelace@firm.test"
	secret   = "canary-Zx9!pass"
)

// world is a provider and the network in front of it, on loopback: a resolver,
// and what answers at which host and port.
type world struct {
	t     *testing.T
	ca    *mailtest.CA
	roots *x509.CertPool

	imap imapServer // at imapHost: 993, and 143 with STARTTLS
	smtp smtpServer // at smtpHost: 465, 587 and 25

	patient   Patient
	names     map[string]error  // of hosts that are not found
	doors     map[string]string // loopback address by host:port
	dead      map[string]error  // why a host:port cannot be reached
	addresses []net.Addr
	doctor    Doctor

	mu    sync.Mutex
	heard []string // lines that servers were sent, with "clear " or "tls " before
}

// newWorld is one where all is well.
func newWorld(t *testing.T) *world {
	w := &world{
		t: t, ca: mailtest.NewCA(t), names: map[string]error{}, doors: map[string]string{}, dead: map[string]error{},
		imap: goodIMAP(), smtp: goodSMTP(),
		addresses: []net.Addr{&net.IPNet{IP: net.IPv4(192, 0, 2, 7), Mask: net.CIDRMask(24, 32)}},
	}
	w.roots = w.ca.Pool()
	w.patient = Patient{
		Email:      address,
		IMAP:       accounts.Server{Host: imapHost, Port: 993, Security: accounts.TLS, User: address},
		SMTP:       accounts.Server{Host: smtpHost, Port: 465, Security: accounts.TLS, User: address},
		Credential: w.credential,
	}
	w.doctor = Doctor{
		Resolver: w, Addresses: func() ([]net.Addr, error) { return w.addresses, nil },
		Times: Times{Total: 80 * time.Second, Answer: 20 * time.Second, Look: 10 * time.Second, Quiet: 2 * time.Second}, Version: "1.2.3",
	}
	return w
}

func (w *world) credential(s accounts.Server) connect.CredentialFunc {
	return func(context.Context, bool) (connect.Credential, error) {
		return connect.Credential{User: s.User, Secret: secret}, nil
	}
}

// certificate is a valid one for both hosts.
func (w *world) certificate() tls.Certificate { return w.ca.Server(w.t, imapHost, smtpHost) }

// at puts a server behind host:port.
func (w *world) at(hostPort string, cert tls.Certificate, implicit bool, speak func(*mailtest.Conn)) {
	w.t.Helper()
	s := mailtest.Serve(w.t, mailtest.ScriptOptions{TLS: implicit, Certificate: &cert}, speak)
	w.doors[hostPort] = net.JoinHostPort("127.0.0.1", strings.TrimPrefix(s.Server.Address(), "localhost:"))
}

// open puts up what is not up yet, with a valid certificate.
func (w *world) open() {
	cert := w.certificate()
	for _, d := range []struct {
		door     string
		implicit bool
		speak    func(*mailtest.Conn)
	}{
		{imapHost + ":993", true, w.speakIMAP},
		{imapHost + ":143", false, w.speakIMAP},
		{smtpHost + ":465", true, w.speakSMTP},
		{smtpHost + ":587", false, w.speakSMTP},
		{smtpHost + ":25", false, w.speakSMTP},
	} {
		if w.doors[d.door] == "" && w.dead[d.door] == nil {
			w.at(d.door, cert, d.implicit, d.speak)
		}
	}
}

// kill makes doors that cannot be reached.
func (w *world) kill(why error, doors ...string) {
	for _, d := range doors {
		w.dead[d] = &net.OpError{Op: "dial", Net: "tcp", Err: why}
	}
}

// LookupHost is the name service.
func (w *world) LookupHost(_ context.Context, host string) ([]string, error) {
	if err := w.names[host]; err != nil {
		return nil, err
	}
	return []string{"192.0.2.80"}, nil
}

// DialContext is the network.
func (w *world) DialContext(ctx context.Context, network, at string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(at)
	if err != nil {
		return nil, err
	}
	if err := w.names[host]; err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	if err := w.dead[at]; err != nil {
		return nil, err
	}
	if w.doors[at] == "" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	return (&net.Dialer{}).DialContext(ctx, network, w.doors[at])
}

// examine opens the world and lets the doctor look at it.
func (w *world) examine() (Diagnosis, []Step) {
	w.t.Helper()
	w.open()
	w.doctor.Dialer = &connect.Dialer{Roots: w.roots, Net: w}
	var told []Step
	d := w.doctor.Examine(w.t.Context(), w.patient, func(s Step) { told = append(told, s) })
	return d, told
}

// line reads what a client says, and remembers it; false when it is gone.
func (w *world) line(c *mailtest.Conn) (string, bool) {
	line, err := c.Line()
	how := "clear "
	if _, encrypted := c.Conn.(*tls.Conn); encrypted {
		how = "tls "
	}
	if err != nil && line == "" {
		return "", false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, how+line)
	return line, err == nil
}

func (w *world) said() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.heard...)
}

// secretIn says that a line has the password in any form.
func secretIn(line string) bool {
	for _, form := range []string{
		secret, base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("\x00" + address + "\x00" + secret)),
	} {
		if strings.Contains(line, strings.TrimRight(form, "=")) {
			return true
		}
	}
	return false
}

// imapServer is how an IMAP server answers: "$" stands for the tag, "|" for a
// line end. An answer "" ends the connection, "…" says nothing more.
type imapServer struct {
	greeting, caps, starttls, auth, sel, list, quota, fetch string
}

func goodIMAP() imapServer {
	return imapServer{
		greeting: "* OK ready", caps: "IMAP4rev1 SASL-IR AUTH=PLAIN QUOTA", starttls: "$ OK go",
		auth: "$ OK in", sel: "* 3 EXISTS|* FLAGS ()|* OK [UIDVALIDITY 1] x|$ OK [READ-ONLY] done",
		list:  `* LIST () "/" INBOX|* LIST () "/" Sent|$ OK done`,
		quota: `* QUOTAROOT INBOX ""|* QUOTA "" (STORAGE 1024 2048)|$ OK done`,
		fetch: `* 3 FETCH (INTERNALDATE "24-Nov-2020 10:00:00 +0000")|$ OK done`,
	}
}

func (w *world) speakIMAP(c *mailtest.Conn) {
	if !say(c, w.imap.greeting, "") {
		return
	}
	for {
		line, ok := w.line(c)
		if !ok {
			return
		}
		tag, rest, _ := strings.Cut(line, " ")
		word, _, _ := strings.Cut(rest, " ")
		answer := map[string]string{
			"CAPABILITY": "* CAPABILITY " + w.imap.caps + "|$ OK done", "STARTTLS": w.imap.starttls, "AUTHENTICATE": w.imap.auth, "LOGIN": w.imap.auth,
			"EXAMINE": w.imap.sel, "LIST": w.imap.list, "GETQUOTAROOT": w.imap.quota, "FETCH": w.imap.fetch,
		}[strings.ToUpper(word)]
		if !say(c, answer, tag) {
			return
		}
		if word == "STARTTLS" && strings.HasPrefix(answer, "$ OK") && c.StartTLS() != nil {
			return
		}
	}
}

// smtpServer is how a submission server answers.
type smtpServer struct {
	greeting, ehlo, starttls, auth, mail string
}

func goodSMTP() smtpServer {
	return smtpServer{greeting: "220 ready", ehlo: "250-firm|250-STARTTLS|250-AUTH PLAIN LOGIN|250 SIZE 26214400", starttls: "220 go", auth: "235 2.7.0 in", mail: "250 2.1.0 fine"}
}

func (w *world) speakSMTP(c *mailtest.Conn) {
	if !say(c, w.smtp.greeting, "") {
		return
	}
	for {
		line, ok := w.line(c)
		if !ok {
			return
		}
		word, _, _ := strings.Cut(line, " ")
		answer := map[string]string{
			"EHLO": w.smtp.ehlo, "STARTTLS": w.smtp.starttls, "AUTH": w.smtp.auth, "MAIL": w.smtp.mail, "RSET": "250 2.0.0 forgotten", "QUIT": "221 2.0.0 bye",
		}[strings.ToUpper(word)]
		if !say(c, answer, "") || word == "QUIT" {
			return
		}
		if word == "STARTTLS" && strings.HasPrefix(answer, "220") && c.StartTLS() != nil {
			return
		}
	}
}

// say sends an answer; false ends the connection.
func say(c *mailtest.Conn, answer, tag string) bool {
	switch answer {
	case "":
		return false
	case "…":
		c.Stall()
		return false
	}
	sent := c.Send(strings.ReplaceAll(strings.ReplaceAll(answer, "$", tag), "|", "\r\n") + "\r\n")
	return sent == nil && !strings.HasPrefix(answer, "* BYE")
}

// saying is a server that says one thing and waits.
func saying(text string) func(*mailtest.Conn) {
	return func(c *mailtest.Conn) {
		if c.Send(text) == nil {
			c.Stall()
		}
	}
}

var errDNS = &net.DNSError{Err: "no such host", Name: imapHost, IsNotFound: true}
