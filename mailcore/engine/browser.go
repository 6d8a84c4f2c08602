package engine

import (
	"context"
	"fmt"
	"net/url"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/mailcore"
)

// Browser is a sign-in in the browser.
type Browser struct {
	OAuth  accounts.OAuth       // where; without a ClientID this program's own counts
	Secret string               // of a ClientID of the person's own, where the provider wants one
	Open   func(*url.URL) error // shows an address in the browser, and returns
	Back   func()               // the browser is done, the servers are next; may be nil
}

// Signed is what came of a sign-in in the browser.
type Signed struct {
	OAuth  accounts.OAuth
	Tokens oauth.Tokens
	Secret string
}

// signInBrowser sends the person to the browser and waits for them. The tokens
// are for the mail servers that are named.
func (e *Engine) signInBrowser(ctx context.Context, b Browser, address string, servers ...accounts.Server) (*Signed, error) {
	for _, s := range servers {
		if err := e.c.OAuth.Allow(b.OAuth, s.Host); err != nil {
			return nil, err
		}
	}
	c, err := e.c.OAuth.Config(b.OAuth, b.Secret)
	if err != nil {
		return nil, err
	}
	tokens, err := e.c.OAuth.SignIn(ctx, c, address, b.Open)
	if err != nil {
		return nil, err
	}
	if b.Back != nil {
		b.Back()
	}
	return &Signed{OAuth: b.OAuth, Tokens: tokens, Secret: b.Secret}, nil
}

// SignInBrowser signs an account in again through the browser, after its
// permission ended; of b only Open and Back count. What the server refuses is a
// Problem and changes nothing. Tokens cannot be tried later, so a server that
// cannot be asked now does not keep them from being stored.
func (a *Accounts) SignInBrowser(ctx context.Context, id mailcore.AccountID, b Browser) error {
	r, err := a.e.run(id)
	if err != nil {
		return err
	}
	if r.tokens == nil {
		return problemf("engine.no-browser-here", "trouble.do.type-password", nil)
	}
	ctx, done := r.during(ctx)
	defer done()
	b.OAuth, b.Secret = *r.account.OAuth, r.clientSecret(ctx)
	signed, err := a.e.signInBrowser(ctx, b, r.account.Email, r.account.IMAP)
	if err != nil {
		return a.e.problem(fmt.Errorf("sign in again: %w", err))
	}
	err = r.try(ctx, connect.Credential{User: r.account.IMAP.User, Secret: signed.Tokens.Access, Token: true})
	if connect.Refused(err) || ctx.Err() != nil {
		return a.e.problem(fmt.Errorf("sign in again: %w", err))
	}
	if err := r.tokens.Adopt(ctx, signed.Tokens, signed.Secret); err != nil {
		return a.e.problem(fmt.Errorf("keep the permission: %w", err))
	}
	r.signedIn()
	return nil
}

// clientSecret is what the keyring has beside the permission that ended.
func (r *run) clientSecret(ctx context.Context) string {
	secret, err := r.e.secrets.Get(ctx, r.account.ID)
	if err != nil {
		return "" // most providers want none; one that does will say so
	}
	g, _ := oauth.ParseGrant(secret)
	return g.Secret
}

// tokenCredential makes the function that signs in to one of the account's
// servers with a token, and with another one if the first is refused.
func (r *run) tokenCredential(s accounts.Server) connect.CredentialFunc {
	last := ""
	return func(ctx context.Context, renew bool) (connect.Credential, error) {
		if s.User == "" {
			return connect.Credential{}, nil
		}
		if err := r.e.c.OAuth.Allow(*r.account.OAuth, s.Host); err != nil {
			return connect.Credential{}, err
		}
		refused := ""
		if renew {
			refused = last
		}
		token, err := r.tokens.Token(ctx, refused)
		if err != nil {
			return connect.Credential{}, err
		}
		last = token
		return connect.Credential{User: s.User, Secret: token, Token: true}, nil
	}
}
