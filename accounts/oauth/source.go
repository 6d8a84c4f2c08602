package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Source gives an account's tokens and renews them: before they expire, one at
// a time however many ask, and never on and on once the sign-in service has said
// no. Safe for concurrent use.
type Source struct {
	service *Service
	oauth   accounts.OAuth
	id      string // of the account, in the keyring
	secrets accounts.Secrets
	now     func() time.Time

	life context.Context // of what runs on its own
	end  context.CancelFunc
	wg   sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	tokens  Tokens
	unsaved *Grant  // newer than the keyring's, which did not take it yet
	revoked string  // refresh token that does not count any more
	flight  *flight // the renewal that goes on
}

// flight is one renewal, for all who wait for it.
type flight struct {
	done  chan struct{}
	token string
	err   error
}

// Source makes the source of an account. Close ends it.
func (s *Service) Source(o accounts.OAuth, id string, secrets accounts.Secrets) *Source {
	life, end := context.WithCancel(context.Background())
	return &Source{service: s, oauth: o, id: id, secrets: secrets, now: time.Now, life: life, end: end}
}

// Token returns an access token other than not, the one that a server refused;
// "" if none was. It fails with trouble.ErrRevoked when only the person can help.
func (s *Source) Token(ctx context.Context, not string) (string, error) {
	s.mu.Lock()
	if s.usable(not) {
		defer s.mu.Unlock()
		return s.tokens.Access, nil
	}
	if s.closed {
		s.mu.Unlock()
		return "", context.Canceled
	}
	f := s.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		s.flight = f
		s.wg.Go(func() { s.fly(f, not) })
	}
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (s *Source) current(not string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens.Access, s.usable(not)
}

func (s *Source) usable(not string) bool {
	t := s.tokens
	return s.unsaved == nil && t.Access != "" && t.Access != not && (t.Renew.IsZero() || s.now().Before(t.Renew))
}

// fly renews on its own: a caller who gives up must not lose an answer that has
// the only refresh token in it that still counts.
func (s *Source) fly(f *flight, not string) {
	f.token, f.err = s.renew(s.life, not)
	s.mu.Lock()
	s.flight = nil
	s.mu.Unlock()
	close(f.done)
}

// renew asks for new tokens, and saves them before anybody uses them.
func (s *Source) renew(ctx context.Context, not string) (string, error) {
	g, err := s.grant(ctx)
	if err != nil {
		return "", err
	}
	if token, ok := s.current(not); ok { // only the keyring had not taken it
		return token, nil
	}
	c, err := s.service.Config(s.oauth, g.Secret)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	revoked := s.revoked == g.Refresh
	s.mu.Unlock()
	if revoked {
		return "", c.at(trouble.ErrRevoked)
	}
	t, err := s.service.ask(ctx, c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.Refresh}})
	if errors.Is(err, errInvalidGrant) {
		s.mu.Lock()
		s.revoked, s.tokens = g.Refresh, Tokens{}
		s.mu.Unlock()
		err = fmt.Errorf("%w: %w", trouble.ErrRevoked, err)
	}
	if err != nil {
		return "", c.at(fmt.Errorf("renew the token: %w", err))
	}
	s.service.log().Debug("token renewed", "account", s.id, "new_refresh_token", t.Refresh != "" && t.Refresh != g.Refresh)
	if err := s.take(ctx, t, g); err != nil {
		return "", err
	}
	return t.Access, nil
}

// grant is what the keyring has, or what it has yet to take.
func (s *Source) grant(ctx context.Context) (Grant, error) {
	s.mu.Lock()
	unsaved := s.unsaved
	s.mu.Unlock()
	if unsaved != nil {
		return *unsaved, s.save(ctx, *unsaved)
	}
	secret, err := s.secrets.Get(ctx, s.id)
	g, ok := ParseGrant(secret)
	switch {
	case errors.Is(err, accounts.ErrNoSecret), errors.Is(err, accounts.ErrNoKeyring), err == nil && !ok:
		// Something else than a grant is a password, which is for nobody here.
		return Grant{}, trouble.At(trouble.Token, "", accounts.Server{}, trouble.ErrNoGrant)
	case err != nil:
		return Grant{}, trouble.At(trouble.Keyring, "", accounts.Server{}, err)
	}
	return g, nil
}

// take begins to use new tokens once the keyring has what comes with them.
func (s *Source) take(ctx context.Context, t Tokens, old Grant) error {
	if t.Refresh == "" {
		t.Refresh = old.Refresh // RFC 6749 section 6: the old one stays
	}
	s.mu.Lock()
	s.tokens = t
	s.mu.Unlock()
	if t.Refresh == old.Refresh {
		return nil
	}
	return s.save(ctx, Grant{Refresh: t.Refresh, Secret: old.Secret})
}

func (s *Source) save(ctx context.Context, g Grant) error {
	s.mu.Lock()
	s.unsaved = &g
	s.mu.Unlock()
	if err := s.secrets.Set(ctx, s.id, g.Encode()); err != nil {
		return trouble.At(trouble.Keyring, "", accounts.Server{}, err)
	}
	s.mu.Lock()
	s.unsaved = nil
	s.mu.Unlock()
	return nil
}

// Adopt takes the tokens of a new sign-in, and keeps what lasts of them. secret
// is that of the account's own client id.
func (s *Source) Adopt(ctx context.Context, t Tokens, secret string) error {
	s.mu.Lock()
	for s.flight != nil { // it would put the old ones back
		f := s.flight
		s.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		s.mu.Lock()
	}
	s.tokens, s.revoked = t, ""
	s.mu.Unlock()
	return s.save(ctx, Grant{Refresh: t.Refresh, Secret: secret})
}

// Close waits for a renewal that goes on, for a few seconds at most.
func (s *Source) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	t := time.AfterFunc(s.service.Times.orDefault().Parting, s.end)
	defer t.Stop()
	s.wg.Wait()
	s.end()
}
