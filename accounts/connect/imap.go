package connect

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// IMAPConn is a signed-in IMAP connection under guard and watchdog.
type IMAPConn struct {
	*imapclient.Client

	target target
	guard  *guard
}

// Idling tells the watchdog that the server may now be silent (IDLE), for at
// most 29 minutes unless it is said again, or that it may not any more. An IDLE
// that the server has not taken yet is still watched.
func (c *IMAPConn) Idling(on bool) { c.guard.idling(on) }

// Bytes returns the octets received and sent above TLS.
func (c *IMAPConn) Bytes() (in, out int64) { return c.guard.in.Load(), c.guard.out.Load() }

// Close ends the connection at once, without LOGOUT. It frees every Wait.
func (c *IMAPConn) Close() error {
	if err := c.guard.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		_ = c.Client.Close()
		return err
	}
	_ = c.Client.Close() // only says what Cause says
	return nil
}

// Cause returns why the connection died, nil while it lives or after Close.
// go-imap itself reports no more than a closed connection.
func (c *IMAPConn) Cause() error {
	if why := c.guard.why(); why != nil {
		return lost(why)
	}
	c.guard.mu.Lock()
	ours := c.guard.closed
	c.guard.mu.Unlock()
	select {
	case <-c.Closed():
	default:
		return nil
	}
	if err := c.Client.Close(); ours && !errors.Is(err, net.ErrClosed) {
		return err // go-imap gave up over what it could not parse
	}
	return nil
}

// Trouble says at which stage err happened, and puts what killed the connection
// in the place of go-imap's words for it. nil stays nil.
func (c *IMAPConn) Trouble(stage trouble.Stage, err error) error {
	if err == nil {
		return nil
	}
	var answer *imap.Error
	if !errors.As(err, &answer) {
		if why := c.guard.why(); why != nil {
			err = lost(why)
		} else if bye := c.guard.left(); bye != nil {
			err = bye
		}
	}
	return c.target.at(stage, err)
}

// lost gives an end without words a name.
func lost(why error) error {
	if errors.Is(why, io.EOF) {
		return errEnded
	}
	return why
}

// IMAP dials, secures and signs in. If the server refuses the credential it is
// renewed once. ctx bounds all of it and nothing later. Errors carry a
// trouble.Stage. h may be nil; its functions must not block.
func (d *Dialer) IMAP(ctx context.Context, s accounts.Server, cred CredentialFunc, h *imapclient.UnilateralDataHandler) (*IMAPConn, error) {
	t := d.target("imap", s)
	return signIn(ctx, t, cred, func(credential Credential) (*IMAPConn, error) {
		return d.imapOnce(ctx, t, credential, h)
	})
}

// imapOnce makes one connection and signs in with one credential.
func (d *Dialer) imapOnce(ctx context.Context, t target, credential Credential, h *imapclient.UnilateralDataHandler) (*IMAPConn, error) {
	c, err := d.imapSecure(ctx, t, h, func(c *IMAPConn) error { return c.signIn(credential) })
	if err == nil {
		t.log.Debug("signed in")
		t.passed(trouble.Auth)
	}
	return c, err
}

// imapSecure makes one connection and begins the session on it.
func (d *Dialer) imapSecure(ctx context.Context, t target, h *imapclient.UnilateralDataHandler, begin func(*IMAPConn) error) (*IMAPConn, error) {
	conn, fresh, err := d.open(ctx, t, imapStartTLS)
	if err != nil {
		return nil, err
	}
	var replay io.Reader
	if !fresh {
		// go-imap waits for a greeting. This one has no capabilities, so it asks
		// for them again under TLS.
		replay = strings.NewReader("* OK secured\r\n")
	}
	g := newGuard(conn, t.limits, replay)
	c := &IMAPConn{Client: imapclient.New(g, &imapclient.Options{UnilateralDataHandler: h}), target: t, guard: g}
	g.readBy(c.Closed())
	stop := closeOnDone(ctx, g)
	err = begin(c)
	if !stop() {
		err = t.at(trouble.Auth, context.Cause(ctx))
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}
