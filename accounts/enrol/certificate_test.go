package enrol

import (
	"crypto/tls"
	"encoding/base64"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// shown is what a TLS server shows: a certificate that can be exchanged while it
// runs.
type shown struct {
	atomic.Pointer[tls.Certificate]
}

func (s *shown) config() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.Load(), nil }}
}

func (s *shown) change(c tls.Certificate) { s.Store(&c) }

// signedIn reports whether a server has heard the password in any form.
func (m *mailServers) signedIn() bool {
	secret := base64.StdEncoding.EncodeToString([]byte("\x00" + m.user + "\x00" + m.password))
	return strings.Contains(m.all(), secret) || strings.Contains(m.all(), m.password)
}

// TestACertificateExceptionIsPinnedAndWarnsOnChange goes the whole way: refused
// with the certificate to look at, accepted for one server, then for the other,
// and refused again when one of them changes.
func TestACertificateExceptionIsPinnedAndWarnsOnChange(t *testing.T) {
	ca := mailtest.NewCA(t)
	for name, cert := range map[string]tls.Certificate{
		"trouble.certificate-unknown": mailtest.NewCA(t).Server(t, "127.0.0.1"),
		"trouble.certificate-name":    ca.Server(t, "mail.example.org"),
		"trouble.certificate-expired": ca.Expired(t, "127.0.0.1"),
	} {
		t.Run(strings.TrimPrefix(name, "trouble."), func(t *testing.T) {
			in, out := &shown{}, &shown{}
			in.change(cert)
			out.change(mailtest.SelfSigned(t, "127.0.0.1"))
			m := start(t, &mailServers{user: "ada@example.org", password: "correct horse", imapTLS: in.config(), smtpTLS: out.config()})
			e := enroller(t, accounts.Memory())
			e.Dialer = &connect.Dialer{Roots: ca.Pool()}
			r := m.request()
			r.IMAP.Security, r.SMTP.Security = accounts.TLS, accounts.TLS

			_, err := e.Add(bounded(t), r)
			first, ok := trouble.Certificate(err)
			if !ok || first.Proto != "imap" || first.Port != r.IMAP.Port || first.Accepted != "" {
				t.Fatalf("%v: %+v", err, first)
			}
			if first.Reason != name {
				t.Errorf("the reason is %s", first.Reason)
			}
			if m.signedIn() || len(e.File.List()) != 0 {
				t.Fatalf("signed in, or saved:\n%s", m.all())
			}
			r.IMAP.Pin = first.Fingerprint
			_, err = e.Add(bounded(t), r)
			second, ok := trouble.Certificate(err)
			if !ok || second.Proto != "smtp" || second.Fingerprint == first.Fingerprint {
				t.Fatalf("%v: %+v", err, second)
			}
			r.SMTP.Pin = second.Fingerprint
			a, err := e.Add(bounded(t), r)
			if err != nil || a.IMAP.Pin != first.Fingerprint || a.SMTP.Pin != second.Fingerprint {
				t.Fatalf("%v: %+v", err, a)
			}

			m.forget()
			in.change(ca.Server(t, "127.0.0.1")) // a good one is another one too
			err = e.UpdatePassword(bounded(t), a.ID, m.password)
			changed, ok := trouble.Certificate(err)
			if !ok || changed.Reason != "trouble.pin-changed" || changed.Accepted != first.Fingerprint || changed.Fingerprint == first.Fingerprint {
				t.Errorf("after the change: %v: %+v", err, changed)
			}
			if m.signedIn() {
				t.Errorf("signed in to another certificate:\n%s", m.all())
			}
		})
	}
}
