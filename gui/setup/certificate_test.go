package setup

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/enrol"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// mailbox is an IMAP and an SMTP server with TLS that know one password.
type mailbox struct {
	imap, smtp accounts.Server
	signedIn   atomic.Int32 // sign-ins of any kind that were tried
}

func newMailbox(t *testing.T, in, out tls.Certificate) *mailbox {
	t.Helper()
	m := &mailbox{}
	secure := func(c tls.Certificate) mailtest.ScriptOptions {
		return mailtest.ScriptOptions{TLS: true, Certificate: &c}
	}
	m.imap = mailtest.Serve(t, secure(in), func(c *mailtest.Conn) {
		m.talk(c, "* OK ready", func(line string) string {
			tag, word, _ := strings.Cut(line, " ")
			switch word, _, _ = strings.Cut(word, " "); word {
			case "CAPABILITY":
				return "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n" + tag + " OK done"
			case "LIST":
				return "* LIST () \"/\" INBOX\r\n" + tag + " OK done"
			}
			return tag + " OK done"
		})
	}).Server
	m.smtp = mailtest.Serve(t, secure(out), func(c *mailtest.Conn) {
		m.talk(c, "220 ready", func(line string) string {
			switch word, _, _ := strings.Cut(line, " "); word {
			case "EHLO":
				return "250-mail\r\n250 AUTH PLAIN"
			case "AUTH":
				return "235 in"
			}
			return "221 bye"
		})
	}).Server
	return m
}

func (m *mailbox) talk(c *mailtest.Conn, greeting string, answer func(string) string) {
	_ = c.Send(greeting + "\r\n")
	for {
		line, err := c.Line()
		if err != nil {
			return
		}
		if strings.Contains(line, "AUTH") {
			m.signedIn.Add(1)
		}
		if c.Send(answer(line)+"\r\n") != nil {
			return
		}
	}
}

// onServers lets the page add accounts for real.
func (d *desk) onServers(t *testing.T, roots *mailtest.CA) *accounts.File {
	t.Helper()
	file, err := accounts.OpenFile(filepath.Join(t.TempDir(), "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	e := enrol.Enroller{Dialer: &connect.Dialer{Roots: roots.Pool()}, File: file, Secrets: accounts.Memory()}
	d.p.c.Add = func(ctx context.Context, r Request) (accounts.Account, error) {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		return e.Add(ctx, enrol.Request{Name: r.Name, Email: r.Email, Password: r.Password, IMAP: r.IMAP, SMTP: r.SMTP})
	}
	return file
}

// byHand enters servers.
func (d *desk) byHand(imap, smtp accounts.Server) {
	for at, s := range map[*server]accounts.Server{d.p.servers.imap: imap, d.p.servers.smtp: smtp} {
		at.host.entry.SetText(s.Host)
		at.port.SetText(port(s))
		at.kind.SetSelectedIndex(0)
	}
}

func port(s accounts.Server) string {
	_, p, _ := strings.Cut(s.Address(), ":")
	return p
}

func (d *desk) question() *Doubt {
	d.t.Helper()
	d.p.doubt = nil
	d.p.Continue()
	d.drain("the question", func() bool { return d.p.doubt != nil })
	return d.p.doubt
}

func TestACertificateIsAskedAboutBeforeAnythingIsSent(t *testing.T) {
	ca := mailtest.NewCA(t)
	unknown := mailtest.NewCA(t).Server(t, "127.0.0.1", "localhost")
	d := open(t)
	m := newMailbox(t, unknown, unknown)
	file := d.onServers(t, ca)
	d.fill()
	d.byHand(m.imap, m.smtp)

	q := d.question()
	if d.w.Canvas().Focused() != fyne.Focusable(q.back) || !q.trust.Disabled() {
		t.Error("accepting is nearer than going back")
	}
	test.Tap(q.trust) // without the tick
	if !q.pop.Visible() {
		t.Fatal("accepted without comparing")
	}
	q.back.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !d.p.notice.Visible() {
		t.Error("going back leaves no reason")
	}
	if q.pop.Visible() || m.signedIn.Load() != 0 || len(file.List()) != 0 || d.p.password.entry.Text == "" {
		t.Fatalf("going back: %d sign-ins, %v", m.signedIn.Load(), file.List())
	}

	q = d.question()
	if got := strings.ReplaceAll(q.print.Text, "\n", ":"); len(got) != 95 {
		t.Errorf("the fingerprint is %q", q.print.Text)
	}
	q.compared.SetChecked(true)
	test.Tap(q.trust)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	a := d.done[0]
	// Once at each server, and once where the other one was not trusted yet.
	if a.IMAP.Pin == "" || a.SMTP.Pin != a.IMAP.Pin || m.signedIn.Load() != 3 {
		t.Errorf("%d sign-ins, %+v", m.signedIn.Load(), a)
	}
	if len(d.p.pins.known) != 0 {
		t.Error("the next account trusts it too")
	}
}

func TestEachOtherCertificateIsAskedAbout(t *testing.T) {
	ca := mailtest.NewCA(t)
	d := open(t)
	m := newMailbox(t, ca.Expired(t, "127.0.0.1", "localhost"), ca.Server(t, "mail.example.org"))
	d.onServers(t, ca)
	d.fill()
	d.byHand(m.imap, m.smtp)
	q := d.question()
	q.compared.SetChecked(true)
	d.p.doubt = nil
	test.Tap(q.trust)
	d.drain("the second question", func() bool { return d.p.doubt != nil })
	d.p.doubt.compared.SetChecked(true)
	test.Tap(d.p.doubt.trust)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if a := d.done[0]; a.IMAP.Pin == "" || a.SMTP.Pin == "" || a.SMTP.Pin == a.IMAP.Pin {
		t.Errorf("%+v", a)
	}
}

func TestAnotherAddressTrustsNobody(t *testing.T) {
	d := open(t)
	d.fill()
	d.p.pins.accept(accounts.Certificate{Host: "imap.becker.example", Port: 993, Fingerprint: "aa"})
	if imap, _ := d.p.servers.values(); d.p.pins.on(imap).Pin != "aa" {
		t.Fatal("not accepted")
	}
	d.enter(d.p.email.entry, "x")
	if imap, _ := d.p.servers.values(); d.p.pins.on(imap).Pin != "" || len(d.p.pins.known) != 0 {
		t.Error("the certificate is trusted for another address")
	}
}

// mailcertificate is somebody's certificate.
func mailcertificate(t *testing.T) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(mailtest.SelfSigned(t, "imap.becker.example").Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// A certificate that does not help although it was accepted is asked about again,
// and not tried for ever.
func TestAnAcceptedCertificateIsTriedOnce(t *testing.T) {
	var p pins
	cert := mailcertificate(t)
	host := accounts.Server{Host: "imap.xn--bcher-kva.example", Port: 993}
	err := trouble.At(trouble.Handshake, "imap", host, &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{cert}, Err: x509.UnknownAuthorityError{}})
	shown, again := 0, 0
	show := func(_ accounts.Certificate, accept func()) { shown++; accept() }
	for range 2 {
		if !p.ask(show, err, func() { again++ }) {
			t.Fatal("it is not about a certificate")
		}
	}
	if shown != 2 || again != 2 {
		t.Errorf("shown %d times, tried %d times", shown, again)
	}
	if s := p.on(accounts.Server{Host: "IMAP.bücher.example ", Port: 993}); s.Pin == "" {
		t.Error("the same server written otherwise is not trusted")
	}
	if s := p.on(accounts.Server{Host: "imap.bücher.example", Port: 143}); s.Pin != "" {
		t.Error("another port is trusted")
	}
}
