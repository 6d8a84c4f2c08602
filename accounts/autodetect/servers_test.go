package autodetect

import (
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// TestRealServers finds Dovecot and Postfix by probing: at 993 and 465, and at
// 143 and 587 where those are closed.
func TestRealServers(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Postfix: true})
	for _, c := range []struct {
		name       string
		imap, smtp accounts.Server
		ports      [2]int
		want       string
	}{
		{"TLS", h.IMAP, h.SMTP, [2]int{993, 465}, "tls://localhost:993 tls://localhost:465"},
		{"STARTTLS", h.IMAPStartTLS, h.SMTPStartTLS, [2]int{143, 587}, "starttls://localhost:143 starttls://localhost:587"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, h.CA)
			w.times = Times{} // the usual ones
			w.lead("localhost", c.ports[0], c.imap.Address())
			w.lead("localhost", c.ports[1], c.smtp.Address())
			d := w.detector()
			d.Dialer = &connect.Dialer{Roots: h.Roots, Net: w}
			// The certificate is for localhost: a public suffix to us, which stands for
			// itself alone.
			r, err := d.Detect(t.Context(), "u1@localhost", nil)
			if err != nil || said(r) != "probe "+c.want {
				t.Errorf("found %s, %v, expected %s: %+v", said(r), err, c.want, r.Tried)
			}
		})
	}
}
