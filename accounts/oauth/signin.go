package oauth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Tokens are what a sign-in service gave. They never appear in a log.
type Tokens struct {
	Access  string    // for the mail servers
	Renew   time.Time // when Access should be renewed, somewhat before it expires; zero: not known
	Refresh string    // for the sign-in service, to get the next Access
}

// String hides the tokens.
func (Tokens) String() string { return "(tokens hidden)" }

// GoString hides the tokens.
func (t Tokens) GoString() string { return t.String() }

// SignIn sends the person to the sign-in service and comes back with tokens.
// open shows an address in the browser and returns; its error ends the sign-in.
// address is the mailbox, which the service fills in where it can. It fails with
// trouble.ErrDenied, ErrBrowserTime and the like, or as ctx does.
func (s *Service) SignIn(ctx context.Context, c Config, address string, open func(*url.URL) error) (Tokens, error) {
	if err := c.check(); err != nil {
		return Tokens{}, err
	}
	a := newAttempt(c)
	r, err := s.receive(ctx, a)
	if err != nil {
		return Tokens{}, c.at(fmt.Errorf("wait for the browser: %w", err))
	}
	defer r.close()
	s.log().Info("sign-in in the browser begins", "provider", c.Provider.Key)
	if err := open(a.address(r.redirect, address)); err != nil {
		return Tokens{}, c.at(fmt.Errorf("%w: %w", trouble.ErrNoBrowser, err))
	}
	code, err := r.code(ctx, s.Times.orDefault().Browser)
	if err != nil {
		return Tokens{}, c.at(err)
	}
	t, err := s.ask(ctx, c, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {r.redirect}, "code_verifier": {a.verifier},
	})
	switch {
	case errors.Is(err, errInvalidGrant):
		err = fmt.Errorf("%w: %w", trouble.ErrCode, err)
	case err == nil && t.Refresh == "":
		err = trouble.ErrNotLasting
	}
	if err != nil {
		return Tokens{}, c.at(err)
	}
	s.log().Info("signed in in the browser", "provider", c.Provider.Key)
	return t, nil
}

// attempt is one sign-in: what only it knows.
type attempt struct {
	c        Config
	state    string // RFC 6749 section 10.12
	verifier string // RFC 7636
}

func newAttempt(c Config) attempt {
	return attempt{c: c, state: random(), verifier: random()}
}

// random is 256 bits in 43 characters, as RFC 7636 section 4.1 wants them.
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// address is where the browser is sent (RFC 6749 section 4.1.1, RFC 7636 section
// 4.3).
func (a attempt) address(redirect, mailbox string) *url.URL {
	u, err := url.Parse(a.c.Provider.AuthURL)
	if err != nil { // checked before
		return &url.URL{}
	}
	q := u.Query()
	for k, v := range a.c.Provider.Params {
		q.Set(k, v)
	}
	challenge := sha256.Sum256([]byte(a.verifier))
	q.Set("response_type", "code")
	q.Set("client_id", a.c.Client.ID)
	q.Set("redirect_uri", redirect)
	q.Set("state", a.state)
	q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
	q.Set("code_challenge_method", "S256")
	if len(a.c.Provider.Scopes) > 0 {
		q.Set("scope", strings.Join(a.c.Provider.Scopes, " "))
	}
	if mailbox != "" {
		q.Set("login_hint", mailbox)
	}
	u.RawQuery = q.Encode()
	return u
}
