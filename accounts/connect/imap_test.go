package connect

import (
	"encoding/base64"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIMAPSignsInOverTLSAndStartTLS(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK ready")
		p.imap(usual(nil))
	})
	up := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.say("* OK ready")
		if line := p.line(); line != startTLSTag+" STARTTLS" {
			p.silence()
		}
		p.say(startTLSTag + " OK go")
		p.startTLS()
		p.imap(usual(nil))
	})
	for _, server := range []accounts.Server{s.server(accounts.TLS), up.server(accounts.StartTLS)} {
		d := &Dialer{Roots: ca.pool}
		c, err := d.IMAP(bounded(t), server, credential, nil)
		if err != nil {
			t.Fatalf("%s: %v", server.Security, err)
		}
		boxes, err := c.List("", "*", nil).Collect()
		if err != nil || len(boxes) != 1 || boxes[0].Mailbox != "INBOX" {
			t.Errorf("%s: LIST = %v, %v", server.Security, boxes, err)
		}
		if in, out := c.Bytes(); in == 0 || out == 0 {
			t.Errorf("%s: bytes = %d, %d", server.Security, in, out)
		}
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := c.Cause(); err != nil {
			t.Errorf("cause after Close = %v", err)
		}
	}
	want := "AUTHENTICATE PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00ada\x00"+secret))
	if !strings.Contains(s.all(), want) {
		t.Errorf("no %q in:\n%s", want, s.all())
	}
}
