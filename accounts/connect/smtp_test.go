package connect

import (
	"errors"
	"io"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// smtp answers like a submission server until QUIT. ehlo are the extensions.
func (p *peer) smtp(ehlo ...string) {
	for {
		line := p.line()
		word, _, _ := strings.Cut(line, " ")
		switch strings.ToUpper(word) {
		case "EHLO":
			p.say("250-mail")
			for _, e := range ehlo {
				p.say("250-" + e)
			}
			p.say("250 HELP")
		case "AUTH":
			p.say("235 2.7.0 welcome")
		case "MAIL", "RCPT", "RSET", "NOOP":
			p.say("250 2.1.0 fine")
		case "DATA":
			p.say("354 go on")
			for p.line() != "." {
			}
			p.say("250 2.0.0 accepted")
		case "QUIT":
			p.say("221 2.0.0 bye")
			return
		case "STARTTLS":
			p.say("220 go")
			p.startTLS()
		default:
			p.say("500 what")
		}
	}
}

func TestSMTPSubmitsOverTLSAndStartTLS(t *testing.T) {
	ca := newAuthority(t)
	script := func(p *peer) {
		p.say("220 mail ready")
		p.smtp("SIZE 1000", "8BITMIME", "AUTH PLAIN LOGIN", "STARTTLS")
	}
	for security, implicit := range map[accounts.Security]bool{accounts.TLS: true, accounts.StartTLS: false} {
		s := serve(t, ca.leaf(nil), implicit, script)
		d := &Dialer{Roots: ca.pool}
		c, err := d.SMTP(bounded(t), s.server(security), "[127.0.0.1]", credential)
		if err != nil {
			t.Fatalf("%s: %v", security, err)
		}
		if c.MaxSize() != 1000 || !c.EightBit() || c.UTF8() {
			t.Errorf("%s: size %d, 8bit %v, utf8 %v", security, c.MaxSize(), c.EightBit(), c.UTF8())
		}
		if err := c.Mail("<a@b.example>"); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("<c@d.example>"); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "Subject: x\r\n\r\nhello\r\n"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := c.Quit(); err != nil {
			t.Errorf("quit: %v", err)
		}
		s.close()
		if !strings.Contains(s.all(), "EHLO [127.0.0.1]") {
			t.Errorf("%s: EHLO name missing in:\n%s", security, s.all())
		}
	}
}

// submitting gives a connection whose server does as the script says with each
// line after sign-in; the limits count from then on.
func submitting(t *testing.T, limits Limits, then func(p *peer, line string)) *SMTPConn {
	t.Helper()
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250 AUTH PLAIN")
		p.line()
		p.say("235 in")
		for {
			then(p, p.line())
		}
	})
	c, err := (&Dialer{Roots: ca.pool}).SMTP(bounded(t), s.server(accounts.TLS), "[127.0.0.1]", credential)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	c.conn.mu.Lock()
	c.conn.limits, c.conn.patient = limits.orDefault(), limits.orDefault().Reply
	c.conn.mu.Unlock()
	return c
}

func TestSMTPServerThatStopsAnswering(t *testing.T) {
	c := submitting(t, hurried, func(p *peer, _ string) { p.silence() })
	err := c.Mail("<a@b.example>")
	if err == nil || !errors.Is(c.Cause(), trouble.ErrStalled) || key(c.Trouble(trouble.Submit, err)) != "stalled" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
	if err := c.Quit(); err == nil {
		t.Error("a goodbye to nobody went well")
	}
}

// data answers everything up to the final dot, and then leaves it to dot.
func data(dot func(p *peer)) func(p *peer, line string) {
	body := false
	return func(p *peer, line string) {
		switch {
		case line == "DATA":
			body = true
			p.say("354 go on")
		case line == ".":
			body = false
			dot(p)
		case !body:
			p.say("250 fine")
		}
	}
}

func sendTo(c *SMTPConn, size int) error {
	if err := errors.Join(c.Mail("<a@b.example>"), c.Rcpt("<c@d.example>")); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, strings.Repeat("0123456789abcde\r\n", size/17)); err != nil {
		return err
	}
	return w.Close()
}

func TestTheFinalDotHasMoreTime(t *testing.T) {
	limits := Limits{Reply: time.Second, Dot: 20 * time.Second}
	c := submitting(t, limits, data(func(p *peer) {
		time.Sleep(limits.Reply * 3 / 2)
		p.say("250 2.0.0 accepted")
	}))
	if err := sendTo(c, 300_000); err != nil {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
	if _, out := c.Bytes(); out < 290_000 {
		t.Errorf("sent %d", out)
	}
}

func TestLossAroundTheFinalDot(t *testing.T) {
	c := submitting(t, Limits{}, data(func(*peer) { panic(hangup{}) }))
	err := sendTo(c, 100)
	if err == nil || key(c.Trouble(trouble.Submit, err)) != "lost" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestRefusalsKeepTheirCode(t *testing.T) {
	c := submitting(t, Limits{}, func(p *peer, _ string) { p.say("550 5.1.1 no such user"); panic(hangup{}) })
	err := c.Trouble(trouble.Submit, c.Mail("<a@b.example>"))
	var reply *textproto.Error
	if !errors.As(err, &reply) || reply.Code != 550 || key(err) != "no-such-user" {
		t.Errorf("%v", err)
	}
}

func TestHelloNameMustBeOne(t *testing.T) {
	for _, hello := range []string{"", "a b", "a\r\nMAIL FROM:<x@y>"} {
		s := accounts.Server{Host: "127.0.0.1", Port: 465, Security: accounts.TLS, User: "ada"}
		if _, err := (&Dialer{Net: never{t}}).SMTP(bounded(t), s, hello, credential); err == nil {
			t.Errorf("%q was taken", hello)
		}
	}
}
