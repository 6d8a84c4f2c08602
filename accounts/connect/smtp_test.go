package connect

import (
	"io"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
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
