package trouble

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
)

func TestACertificateSpeaksForItselfInPlainTextOnly(t *testing.T) {
	cert := &x509.Certificate{
		Subject: pkix.Name{CommonName: "mail\u202egpj.example\x00\r\n"},
		Issuer:  pkix.Name{CommonName: strings.Repeat("x", 300), Organization: []string{"Org\x1b[2J"}},
	}
	s := accounts.Server{Host: "mail.example.org", Port: 993}
	c, ok := Certificate(At(Handshake, "imap", s, &PinError{Want: "aa", Got: "bb", Cert: cert}))
	if !ok || c.Accepted != "aa" || c.Proto != "imap" || c.Host != s.Host || c.Reason != "trouble.pin-changed" {
		t.Errorf("%v: %+v", ok, c)
	}
	if c.Names[0] != "mailgpj.example" || strings.ContainsAny(c.Issuer, "\x1b\r\n") || len(c.Issuer) > 120 {
		t.Errorf("%q, %q", c.Names, c.Issuer)
	}
	for _, err := range []error{nil, errors.New("x"), At(Auth, "imap", s, errors.New("NO"))} {
		if c, ok := Certificate(err); ok {
			t.Errorf("%v: %+v", err, c)
		}
	}
}
