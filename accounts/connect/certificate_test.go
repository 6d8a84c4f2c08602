package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

func TestCertificates(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	good, self := ca.leaf(nil), ca.selfSigned()
	expired := ca.leaf(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	elsewhere := ca.leaf(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} })
	print := Fingerprint(parse(t, self.Certificate[0]))
	cases := map[string]struct {
		cert tls.Certificate
		pin  string
		want string
	}{
		"good":             {good, "", ""},
		"self-signed":      {self, "", "certificate-self-signed"},
		"expired":          {expired, "", "certificate-expired"},
		"wrong host":       {elsewhere, "", "certificate-name"},
		"unknown CA":       {other.leaf(nil), "", "certificate-unknown"},
		"pinned":           {self, print, ""},
		"pinned in colons": {self, colons(print), ""},
		"pin changed":      {other.selfSigned(), print, "pin-changed"},
		"pin, now good":    {good, print, "pin-changed"},
	}
	for name, c := range cases {
		for _, security := range []accounts.Security{accounts.TLS, accounts.StartTLS} {
			in := serve(t, c.cert, security == accounts.TLS, func(p *peer) {
				p.say("* OK ready")
				if security == accounts.StartTLS {
					p.line()
					p.say(startTLSTag + " OK go")
					p.startTLS()
				}
				p.imap(usual(nil))
			})
			out := serve(t, c.cert, security == accounts.TLS, func(p *peer) {
				p.say("220 ready")
				p.smtp("AUTH PLAIN", "STARTTLS")
			})
			d := &Dialer{Roots: ca.pool}
			for proto, try := range map[*scripted]func(*testing.T, *Dialer, accounts.Server) error{in: dialIMAP, out: dialSMTP} {
				server := proto.server(security)
				server.Pin = c.pin
				err := try(t, d, server)
				if key(err) != "" != (c.want != "") || err != nil && key(err) != c.want {
					t.Errorf("%s, %s: %v (%s), want %q", name, security, err, key(err), c.want)
				}
				if err != nil && leaks(proto.all()) {
					t.Errorf("%s, %s: credentials sent", name, security)
				}
				shown, ok := trouble.Certificate(err)
				presented := Fingerprint(parse(t, c.cert.Certificate[0]))
				if ok != (c.want != "") || ok && (shown.Fingerprint != presented || shown.Reason != "trouble."+c.want || shown.Until.IsZero() || server.Host != shown.Host) {
					t.Errorf("%s, %s: shown is %+v", name, security, shown)
				}
				if (shown.Accepted != "") != (c.want == "pin-changed") {
					t.Errorf("%s, %s: accepted before is %q", name, security, shown.Accepted)
				}
				if print := trouble.Explain(err).Args["Fingerprint"]; c.want != "" && print != accounts.GroupFingerprint(presented) {
					t.Errorf("%s, %s: the fingerprint to compare is %v", name, security, print)
				}
			}
		}
	}
}

func colons(hex string) string {
	var b strings.Builder
	for i := 0; i < len(hex); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex[i : i+2]))
	}
	return b.String()
}

func TestOldTLSAndPlainTextOnATLSPort(t *testing.T) {
	ca := newAuthority(t)
	old := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.conf.MinVersion, p.conf.MaxVersion = 0x0301, 0x0302
		p.startTLS()
	})
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, old.server(accounts.TLS)); key(err) != "tls-old" {
		t.Errorf("TLS 1.1: %v (%s)", err, key(err))
	}
	plain := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("* OK ready, not encrypted"); p.silence() })
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, plain.server(accounts.TLS)); key(err) != "wants-starttls" {
		t.Errorf("plain text: %v (%s)", err, key(err))
	}
	other := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("SSH-2.0-OpenSSH_9.2"); p.silence() })
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, other.server(accounts.TLS)); key(err) != "not-tls" {
		t.Errorf("another protocol: %v (%s)", err, key(err))
	}
}

func TestPlainIsForLoopbackOnly(t *testing.T) {
	s := serve(t, newAuthority(t).leaf(nil), false, func(p *peer) { p.say("* OK ready"); p.imap(usual(nil)) })
	if err := dialIMAP(t, &Dialer{}, s.server(accounts.Plain)); err != nil {
		t.Errorf("loopback: %v", err)
	}
	for _, host := range []string{"192.0.2.1", "mail.example.org", "127.0.0.1.example.org"} {
		d := &Dialer{Net: never{t}}
		err := dialIMAP(t, d, accounts.Server{Host: host, Port: 143, Security: accounts.Plain, User: "x"})
		if !errors.Is(err, trouble.ErrPlain) {
			t.Errorf("%s: %v", host, err)
		}
	}
	// A name for this computer that leads elsewhere.
	err := dialIMAP(t, &Dialer{Net: elsewhere{}}, accounts.Server{Host: "localhost", Port: 143, Security: accounts.Plain})
	if !errors.Is(err, trouble.ErrPlain) {
		t.Errorf("localhost elsewhere: %v", err)
	}
}

type never struct{ t *testing.T }

func (n never) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	n.t.Errorf("dialled %s", address)
	return nil, errors.New("dialled")
}

// elsewhere gives connections whose other end is another computer.
type elsewhere struct{}

func (elsewhere) DialContext(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	_ = server.Close()
	return farAway{client}, nil
}

type farAway struct{ net.Conn }

func (farAway) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 143} }
