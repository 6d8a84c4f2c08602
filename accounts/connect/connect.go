// Package connect is the only code that dials mail servers: TLS policy,
// STARTTLS, authentication, and guarded connections that bound what a server
// can make us do.
//
// Every connection is encrypted with TLS 1.2 or later and a verified name before
// a credential crosses it; loopback alone may be plain. What goes wrong comes
// back as a *trouble.Error with the stage that it happened in.
package connect

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Credential is what signs in. Its secret never appears in a log. A password is
// never sent in the place of a token, nor the other way round.
type Credential struct {
	User   string
	Secret string
	Token  bool // Secret is an OAuth 2.0 access token, not a password
}

// String hides the secret.
func (c Credential) String() string { return c.User + " (secret hidden)" }

// GoString hides the secret.
func (c Credential) GoString() string { return c.String() }

// LogValue hides the secret.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// CredentialFunc gives the credential; with renew the last one was refused, and
// the function returns a fresh one or an error if there is none.
type CredentialFunc func(ctx context.Context, renew bool) (Credential, error)

// Limits are the times that a server has. Zero fields mean the defaults.
type Limits struct {
	Dial      time.Duration // TCP connection: 30 s
	Handshake time.Duration // TLS: 30 s
	First     time.Duration // first octet of an IMAP answer: 30 s
	Progress  time.Duration // without progress inside an answer, or when sending: 60 s
	Idle      time.Duration // IDLE without renewal: 29 min (RFC 2177: 30)
	Greeting  time.Duration // SMTP greeting: 60 s
	Reply     time.Duration // SMTP reply: 2 min
	Dot       time.Duration // SMTP reply after the final dot: 10 min (RFC 5321 section 4.5.3.2.6)
	Quit      time.Duration // saying goodbye: 5 s
}

func (l Limits) orDefault() Limits {
	set := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	set(&l.Dial, 30*time.Second)
	set(&l.Handshake, 30*time.Second)
	set(&l.First, 30*time.Second)
	set(&l.Progress, 60*time.Second)
	set(&l.Idle, 29*time.Minute)
	set(&l.Greeting, 60*time.Second)
	set(&l.Reply, 2*time.Minute)
	set(&l.Dot, 10*time.Minute)
	set(&l.Quit, 5*time.Second)
	return l
}

// Dialer makes connections. The zero value uses the system's roots and network.
type Dialer struct {
	Roots *x509.CertPool // nil: the system's, SSL_CERT_FILE honoured where Go does
	Net   interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	} // nil: the system's network
	Limits Limits
	Log    *slog.Logger // nil: nothing is logged
	// Passed hears of each stage that a connection has behind it (Dial,
	// Handshake, Greeting, Auth), for those who show the way; nil: nobody does.
	Passed func(proto string, s trouble.Stage)
}

// target is one attempt at one server: what its errors and log lines are about.
type target struct {
	proto  string // "imap", "smtp"
	server accounts.Server
	limits Limits
	log    *slog.Logger
	hears  func(proto string, s trouble.Stage)
}

// passed tells that a stage is over and went well.
func (t target) passed(s trouble.Stage) {
	if t.hears != nil {
		t.hears(t.proto, s)
	}
}

func (d *Dialer) target(proto string, s accounts.Server) target {
	log := d.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	log = log.With("proto", proto, "host", s.Host, "port", s.Port)
	return target{proto: proto, server: s, limits: d.Limits.orDefault(), log: log, hears: d.Passed}
}

// at wraps an error with its stage; one that has a stage keeps it.
func (t target) at(stage trouble.Stage, err error) error {
	return trouble.At(stage, t.proto, t.server, err)
}

// dial opens the TCP connection. A plain one must end at this computer.
func (d *Dialer) dial(ctx context.Context, t target) (net.Conn, error) {
	if err := t.server.Check(); err != nil {
		return nil, t.at(trouble.Dial, err)
	}
	if t.server.Security == accounts.Plain && !t.server.Loopback() {
		return nil, t.at(trouble.Dial, trouble.ErrPlain)
	}
	ctx, cancel := context.WithTimeout(ctx, t.limits.Dial)
	defer cancel()
	network := d.Net
	if network == nil {
		network = &net.Dialer{} // keeps TCP alive every 15 s by default
	}
	conn, err := network.DialContext(ctx, "tcp", t.server.Address())
	if err != nil {
		return nil, t.at(dialStage(err), fmt.Errorf("connect: %w", err))
	}
	if t.server.Security == accounts.Plain && !endsHere(conn) {
		_ = conn.Close()
		return nil, t.at(trouble.Dial, trouble.ErrPlain)
	}
	t.log.Debug("connected", "remote", conn.RemoteAddr().String())
	t.passed(trouble.Dial)
	return conn, nil
}

// endsHere reports whether a connection's other end is this computer: a name
// like localhost can be pointed elsewhere.
func endsHere(conn net.Conn) bool {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}
