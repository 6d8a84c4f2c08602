package connect

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Fingerprint returns the SHA-256 of a certificate in hex: the form of
// accounts.Server.Pin.
func Fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// tlsConfig verifies chain and name, or only compares with the pin that the
// person accepted.
func (d *Dialer) tlsConfig(s accounts.Server) *tls.Config {
	c := &tls.Config{
		ServerName: strings.TrimSuffix(s.Host, "."),
		RootCAs:    d.Roots,
		MinVersion: tls.VersionTLS12,
	}
	if s.Pin == "" {
		return c
	}
	want := strings.ToLower(strings.ReplaceAll(s.Pin, ":", ""))
	c.InsecureSkipVerify = true // replaced by the exact comparison below
	c.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errors.New("no certificate")
		}
		if got := Fingerprint(state.PeerCertificates[0]); got != want {
			return &trouble.PinError{Want: want, Got: got, Cert: state.PeerCertificates[0]}
		}
		return nil
	}
	return c
}

// encrypt makes the TLS handshake. It closes conn if that fails.
func (d *Dialer) encrypt(ctx context.Context, t target, conn net.Conn) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, t.limits.Handshake)
	defer cancel()
	secure := tls.Client(conn, d.tlsConfig(t.server))
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("tls: %w", err)
	}
	state := secure.ConnectionState()
	t.log.Debug("encrypted", "version", tls.VersionName(state.Version), "suite", tls.CipherSuiteName(state.CipherSuite))
	t.passed(trouble.Handshake)
	return secure, nil
}
