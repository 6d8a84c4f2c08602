package autodetect

import (
	"context"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/proxy"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// TestThroughAProxy finds servers, over https and by trying them, where a proxy
// is the only way out.
func TestThroughAProxy(t *testing.T) {
	ca := mailtest.NewCA(t)
	for kind, scheme := range map[string]string{"socks5": "socks5h://", "http": "http://"} {
		w := newWorld(t, ca)
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap STARTTLS imap.firm.test 143", "smtp SSL smtp.firm.test 465")})
		w.mail("imap starttls imap.firm.test", "smtp tls smtp.firm.test")
		f := mailtest.NewForward(t, kind)
		for door, open := range w.doors {
			c, err := open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			f.Lead(door, c.RemoteAddr().String())
			_ = c.Close()
		}
		d := w.detector()
		way := &proxy.Dialer{Read: func(context.Context) proxy.Settings {
			return proxy.Settings{Mail: scheme + f.Address(), Web: scheme + f.Address()}
		}}
		d.Dialer = &connect.Dialer{Roots: ca.Pool(), Net: way}
		r, err := d.Detect(t.Context(), "anna@firm.test", nil)
		if want := "provider starttls://imap.firm.test:143 tls://smtp.firm.test:465"; err != nil || said(r) != want {
			t.Errorf("%s: found %s, %v, expected %s: %+v", kind, said(r), err, want, r.Tried)
		}
		if len(w.dialled) > 0 {
			t.Errorf("%s: %v were called without the proxy", kind, w.dialled)
		}
		if strings.Contains(f.Heard(), "anna") {
			t.Errorf("%s: the proxy has heard the address", kind)
		}
		f.Close()
		if r, err = d.Detect(t.Context(), "anna@firm.test", nil); err != nil || said(r) != "nothing: offline" {
			t.Errorf("%s is down: %s, %v", kind, said(r), err)
		}
	}
}
