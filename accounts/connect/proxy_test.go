package connect_test

import (
	"context"
	"crypto/tls"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/proxy"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// TestProxiesToRealServers signs in to Dovecot and Postfix through SOCKS5 and
// HTTP proxies, in all kinds of encryption. The proxy looks the name up, and
// sees neither credential nor mail.
func TestProxiesToRealServers(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Postfix: true})
	u := h.User(1)
	const far = "mail." + mailtest.Domain // in the certificate, and in nobody's DNS
	secret := func(context.Context, bool) (connect.Credential, error) {
		return connect.Credential{User: u.Login, Secret: u.Password}, nil
	}
	for _, text := range []string{"socks5h://", "socks5h://ada:pw@", "http://", "http://ada:pw@"} {
		f := mailtest.NewForward(t, strings.TrimSuffix(text[:strings.Index(text, ":")], "h"), func(f *mailtest.Forward) {
			if strings.Contains(text, "@") {
				f.User, f.Password = "ada", "pw"
			}
		})
		named := text + f.Address()
		d := &connect.Dialer{Roots: h.Roots, Net: &proxy.Dialer{Read: func(context.Context) proxy.Settings {
			return proxy.Settings{Mail: named}
		}}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for _, s := range []accounts.Server{h.IMAP, h.IMAPStartTLS, h.SMTP, h.SMTPStartTLS} {
			address := s.Address()
			s.Host, s.User = far, u.Login
			f.Lead(s.Address(), address)
			if err := signIn(ctx, d, s, s.Port == h.IMAP.Port || s.Port == h.IMAPStartTLS.Port, secret); err != nil {
				t.Errorf("%s through %s: %v", s.Security, text, err)
			}
		}
		if len(f.Asked()) != 4 || strings.Contains(f.Heard(), u.Password) || strings.Contains(f.Heard(), "AUTH") {
			t.Errorf("%s was asked for %v; it must have heard no sign-in", text, f.Asked())
		}
	}
}

func signIn(ctx context.Context, d *connect.Dialer, s accounts.Server, imap bool, secret connect.CredentialFunc) error {
	if imap {
		c, err := d.IMAP(ctx, s, secret, nil)
		if err != nil {
			return err
		}
		return c.Close()
	}
	c, err := d.SMTP(ctx, s, "[127.0.0.1]", secret)
	if err != nil {
		return err
	}
	return c.Quit()
}

// TestAProxyThatLooksIntoTLS holds that what a proxy puts in the place of the
// server gets no credential.
func TestAProxyThatLooksIntoTLS(t *testing.T) {
	f := mailtest.NewForward(t, "http")
	d := &connect.Dialer{Roots: mailtest.NewCA(t).Pool(), Net: &proxy.Dialer{Read: func(context.Context) proxy.Settings {
		return proxy.Settings{Mail: f.Address()}
	}}}
	middle := mailtest.SelfSigned(t, "imap.far.example")
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{middle}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	heard := make(chan string, 1)
	go func() {
		defer close(heard)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Write([]byte("* OK trust me\r\n"))
		said := make([]byte, 1000)
		n, _ := c.Read(said)
		heard <- string(said[:n])
	}()
	f.Lead("imap.far.example:993", l.Addr().String())
	server := accounts.Server{Host: "imap.far.example", Port: 993, Security: accounts.TLS, User: "ada"}
	_, err = d.IMAP(t.Context(), server, func(context.Context, bool) (connect.Credential, error) {
		return connect.Credential{User: "ada", Secret: "canary"}, nil
	}, nil)
	if key := trouble.Explain(err).Key; key != "trouble.certificate-unknown" && key != "trouble.certificate-self-signed" {
		t.Errorf("%v is %s", err, key)
	}
	if said := <-heard; said != "" {
		t.Errorf("it was told %q", said)
	}
}
