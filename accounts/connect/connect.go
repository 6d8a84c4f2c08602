// Package connect is the only code that dials mail servers: TLS policy,
// STARTTLS, authentication, and guarded connections that bound what a server
// can make us do.
package connect

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/wneessen/go-mail/smtp"

	"github.com/linnet-mail/linnet/accounts"
)

var errContract = errors.New("connect: not built yet")

// Credential is what signs in. Its secret never appears in a log.
type Credential struct {
	User   string
	Secret string
}

// CredentialFunc gives the credential; with renew the last one was refused.
type CredentialFunc func(ctx context.Context, renew bool) (Credential, error)

// Dialer makes connections. The zero value uses the system's roots and network.
type Dialer struct {
	Roots *x509.CertPool // nil: the system's, SSL_CERT_FILE honoured
	Net   interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	}
	Log *slog.Logger
}

// IMAPConn is a signed-in IMAP connection under guard and watchdog.
type IMAPConn struct {
	*imapclient.Client
}

// Idling tells the watchdog that the server may now be silent (IDLE), or that
// it may not any more.
func (c *IMAPConn) Idling(on bool) {}

// Bytes returns the octets received and sent above TLS.
func (c *IMAPConn) Bytes() (in, out int64) { return 0, 0 }

// IMAP dials, secures and signs in. Errors carry a trouble.Stage.
func (d *Dialer) IMAP(ctx context.Context, s accounts.Server, cred CredentialFunc, h *imapclient.UnilateralDataHandler) (*IMAPConn, error) {
	return nil, errContract
}

// SMTPConn is a submission connection after EHLO, TLS and AUTH.
type SMTPConn struct {
	*smtp.Client
}

// Extend gives the server d more for its next answer; called while bytes move.
func (c *SMTPConn) Extend() error { return nil }

// SMTP dials, secures and signs in (if the server has a User). hello is the
// EHLO name, never the machine's.
func (d *Dialer) SMTP(ctx context.Context, s accounts.Server, hello string, cred CredentialFunc) (*SMTPConn, error) {
	return nil, errContract
}
