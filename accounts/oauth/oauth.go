// Package oauth is in charge of signing in through the browser (OAuth 2.0): it
// knows the providers' sign-in services, sends the person to them in the
// system's browser (RFC 8252: an address on loopback, PKCE), and keeps the
// permission that comes back alive. The lasting half of it, the refresh token,
// is in the keyring; what the mail servers see is in memory only.
//
// No token, code or secret is in an error or a log line. What goes wrong comes
// back as a *trouble.Error of stage Token.
package oauth

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Times bound what is waited for. Zero fields mean the defaults.
type Times struct {
	Browser time.Duration // for the person, in the browser: 10 min
	Request time.Duration // for one answer of a sign-in service: 30 s
	Parting time.Duration // for an answer that nobody waits for any more, before it is given up: 5 s
}

func (t Times) orDefault() Times {
	set := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	set(&t.Browser, 10*time.Minute)
	set(&t.Request, 30*time.Second)
	set(&t.Parting, 5*time.Second)
	return t
}

// Service asks sign-in services for tokens. Nil fields mean the system's, or
// none. It may be used by several goroutines; the fields are set before.
type Service struct {
	Providers []Provider        // nil: Builtin
	Clients   map[string]Client // what this program is registered as, by key of the provider
	Roots     *x509.CertPool    // nil: the system's
	Net       interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	} // nil: the system's network, with the proxy that the environment names
	Page  func(Outcome) Page // words for the browser when it is done
	Times Times
	Log   *slog.Logger
}

func (s *Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

func (s *Service) providers() []Provider {
	if s.Providers == nil {
		return Builtin()
	}
	return s.Providers
}

// Provider returns the provider with a key.
func (s *Service) Provider(key string) (Provider, bool) {
	return s.find(func(p Provider) bool { return p.Key == key })
}

// ForServer returns the provider whose tokens a mail server takes.
func (s *Service) ForServer(host string) (Provider, bool) {
	return s.find(func(p Provider) bool { return len(p.Hosts) > 0 && p.Serves(host) })
}

// Registered says whether this program has a client id at a provider.
func (s *Service) Registered(key string) bool { return s.Clients[key].ID != "" }

func (s *Service) find(match func(Provider) bool) (Provider, bool) {
	all := s.providers()
	if i := slices.IndexFunc(all, match); i >= 0 {
		return all[i], true
	}
	return Provider{}, false
}

// Config is a provider, and this program as it knows it.
type Config struct {
	Provider Provider
	Client   Client
}

// Config completes what an account says. The secret, if any, is that of the
// account's own client id.
func (s *Service) Config(o accounts.OAuth, secret string) (Config, error) {
	c := Config{
		Provider: Provider{AuthURL: o.AuthURL, TokenURL: o.TokenURL, Scopes: o.Scopes},
		Client:   Client{ID: o.ClientID, Secret: secret},
	}
	if o.Provider != "" {
		known, ok := s.Provider(o.Provider)
		if !ok {
			return Config{}, c.at(fmt.Errorf("%w: no provider %q is known", trouble.ErrEndpoint, o.Provider))
		}
		c.Provider = known
	}
	if o.ClientID == "" {
		c.Client = s.Clients[o.Provider]
	}
	return c, c.check()
}

// Allow fails with trouble.ErrTokenHost if a mail server has no business with an
// account's tokens.
func (s *Service) Allow(o accounts.OAuth, host string) error {
	p, known := s.Provider(o.Provider)
	if o.Provider == "" || known && p.Serves(host) {
		return nil
	}
	return trouble.At(trouble.Token, "", accounts.Server{Host: host}, trouble.ErrTokenHost)
}

// check says what keeps c from being used.
func (c Config) check() error {
	for _, address := range []string{c.Provider.AuthURL, c.Provider.TokenURL} {
		if err := checkEndpoint(address); err != nil {
			return c.at(err)
		}
	}
	if c.Client.ID == "" {
		return c.at(trouble.ErrNoClient)
	}
	return nil
}

// checkEndpoint wants https (RFC 6749 section 3.1); a loopback address may do
// without.
func checkEndpoint(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%w: it is incomplete", trouble.ErrEndpoint)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%w: it is not encrypted", trouble.ErrEndpoint)
}

// at gives an error the stage and the sign-in service.
func (c Config) at(err error) error {
	server := accounts.Server{Host: c.Provider.Name, Port: 443, Security: accounts.TLS}
	if u, err := url.Parse(c.Provider.TokenURL); err == nil && u.Hostname() != "" {
		server.Host = u.Hostname()
		if port, err := strconv.Atoi(u.Port()); err == nil {
			server.Port = port
		}
	}
	return trouble.At(trouble.Token, "https", server, err)
}
