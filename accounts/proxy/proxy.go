// Package proxy is in charge of the way out of this computer: it reads which
// proxy the environment or the system names, and opens connections through it.
//
// A proxy only carries octets: TLS goes from end to end inside the tunnel, host
// names are looked up at the proxy, and where a proxy is named there is no way
// around it but the exceptions. This computer itself is never reached through
// one. A proxy's credential appears in no log and no error.
package proxy

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// fresh is how long settings that were read count: a person who changes them
// does not start the program anew.
const fresh = 30 * time.Second

// Network opens connections; *net.Dialer is one.
type Network interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// Dialer opens TCP connections, through a proxy where one is named. The zero
// value asks the environment, then the system. It may be used by several
// goroutines.
type Dialer struct {
	Read  func(ctx context.Context) Settings // where settings come from; nil: environment and system
	Net   Network                            // the way to the proxy, and out where none is named; nil: the system's
	Roots *x509.CertPool                     // for proxies that are spoken to over TLS; nil: the system's
	Log   *slog.Logger                       // nil: nothing is logged

	mu       sync.Mutex
	settings Settings
	until    time.Time
}

// DialContext connects to a host and port. Errors of a proxy are
// *trouble.ProxyError. Only TCP goes through a proxy, and only TCP is offered.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	if here(host) {
		return d.direct().DialContext(ctx, network, address)
	}
	named, err := d.current(ctx).For(host, port)
	if err != nil {
		return nil, err
	}
	if named == nil {
		return d.direct().DialContext(ctx, network, address)
	}
	return d.through(ctx, named, network, address)
}

func (d *Dialer) direct() Network {
	if d.Net != nil {
		return d.Net
	}
	return &net.Dialer{} // keeps TCP alive every 15 s by default
}

// current returns the settings, read again when they are no longer fresh.
func (d *Dialer) current(ctx context.Context) Settings {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Now().Before(d.until) {
		return d.settings
	}
	read := d.Read
	if read == nil {
		read = System
	}
	s := read(ctx)
	if ctx.Err() == nil { // else it was broken off, and says nothing about the next time
		d.settings, d.until = s, time.Now().Add(fresh)
		d.note(s)
	}
	return s
}

// note logs which proxies are used, without their credentials.
func (d *Dialer) note(s Settings) {
	if d.Log == nil || s.Web == "" && s.Mail == "" && !s.Script {
		return
	}
	d.Log.Debug("proxy", "from", s.From, "mail", bare(s.Mail), "web", bare(s.Web), "script", s.Script)
}

// through connects to the proxy and asks it for the rest of the way.
func (d *Dialer) through(ctx context.Context, named *url.URL, network, address string) (net.Conn, error) {
	conn, err := d.direct().DialContext(ctx, network, named.Host)
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return nil, context.Cause(ctx)
		}
		return nil, &trouble.ProxyError{Proxy: named.Host, Why: trouble.ErrProxyDown, Err: err}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	open, err := d.request(ctx, conn, named, address)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		return open, nil
	}
	_ = conn.Close()
	if ctx.Err() != nil {
		err = context.Cause(ctx) // the closed connection is only how it was broken off
	}
	return nil, failed(named, err)
}

func (d *Dialer) request(ctx context.Context, conn net.Conn, named *url.URL, address string) (net.Conn, error) {
	switch named.Scheme {
	case "socks5h":
		return conn, socks(conn, named.User, address)
	case "https":
		secure, err := d.encrypt(ctx, conn, named.Hostname())
		if err != nil {
			return nil, err
		}
		return secure, tunnel(secure, named.User, address)
	}
	return conn, tunnel(conn, named.User, address)
}

// failed puts the proxy's name to an error; one without a reason is about what
// came over the connection to it.
func failed(named *url.URL, err error) error {
	var r *refusal
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &r):
		return &trouble.ProxyError{Proxy: named.Host, Why: r.why, Err: r.err}
	case errors.Is(err, context.DeadlineExceeded):
		return &trouble.ProxyError{Proxy: named.Host, Why: trouble.ErrProxyDown, Err: err}
	}
	return &trouble.ProxyError{Proxy: named.Host, Why: trouble.ErrProxyBroken, Err: err}
}
