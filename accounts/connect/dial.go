package connect

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// dialStage tells a name that could not be found from a host that could not be
// reached.
func dialStage(err error) trouble.Stage {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return trouble.Resolve
	}
	return trouble.Dial
}

// upgrade asks for STARTTLS in clear, in the words of one protocol. It reads no
// further than the answer, and nothing that it read is kept.
type upgrade func(r *bufio.Reader, conn net.Conn) error

// open dials and encrypts as the server's settings say. The connection it
// returns has seen nothing of the session yet, except that after STARTTLS the
// greeting has passed (fresh is false).
func (d *Dialer) open(ctx context.Context, t target, up upgrade) (conn net.Conn, fresh bool, err error) {
	raw, err := d.dial(ctx, t)
	if err != nil {
		return nil, false, err
	}
	switch t.server.Security {
	case accounts.TLS:
		conn, err = d.encrypt(ctx, t, raw)
		return conn, true, t.at(trouble.Handshake, err)
	case accounts.StartTLS:
		conn, err = d.startTLS(ctx, t, raw, up)
		return conn, false, err
	}
	return raw, true, nil // dial has made sure that it ends at this computer
}

// startTLS negotiates encryption over the raw connection. It never goes on
// without, and what the server said before has no effect (USENIX Security 2021,
// "Why TLS is better without STARTTLS").
func (d *Dialer) startTLS(ctx context.Context, t target, raw net.Conn, up upgrade) (net.Conn, error) {
	stop := closeOnDone(ctx, raw)
	_ = raw.SetDeadline(time.Now().Add(t.limits.Handshake))
	r := bufio.NewReaderSize(raw, clearLine)
	err := up(r, raw)
	if err == nil && r.Buffered() > 0 {
		err = fmt.Errorf("%w: %d octets follow the answer to STARTTLS", trouble.ErrTampered, r.Buffered())
	}
	_ = raw.SetDeadline(time.Time{})
	if !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = raw.Close()
		return nil, t.at(trouble.Handshake, clearError(err, t))
	}
	conn, err := d.encrypt(ctx, t, raw)
	var notTLS tls.RecordHeaderError
	if errors.As(err, &notTLS) {
		// The server agreed to TLS and then something else came.
		err = fmt.Errorf("%w: no TLS after the answer to STARTTLS", trouble.ErrTampered)
	}
	return conn, t.at(trouble.Handshake, err)
}

// clearError names a server that did not answer in time.
func clearError(err error, t target) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &trouble.StallError{Waiting: "STARTTLS", For: t.limits.Handshake}
	}
	return err
}

// closeOnDone closes conn when ctx ends: how a read is cancelled. stop ends the
// watch and returns false if ctx has ended.
func closeOnDone(ctx context.Context, conn net.Conn) (stop func() bool) {
	end := context.AfterFunc(ctx, func() { _ = conn.Close() })
	return func() bool { return end() && ctx.Err() == nil }
}
