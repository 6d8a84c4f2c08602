package cli

import (
	"context"
	"errors"
	"flag"
	"net/url"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// inBrowser is what is said and known about a sign-in in the browser.
type inBrowser struct {
	asked   bool
	oauth   accounts.OAuth
	scopes  string
	offered bool // the provider has it
	only    bool // and nothing else
}

func (b *inBrowser) flags(fs *flag.FlagSet) {
	fs.BoolVar(&b.asked, "browser", false, "")
	fs.StringVar(&b.oauth.ClientID, "client-id", "", "")
	fs.StringVar(&b.oauth.AuthURL, "auth-url", "", "")
	fs.StringVar(&b.oauth.TokenURL, "token-url", "", "")
	fs.StringVar(&b.scopes, "scope", "", "")
}

// wanted tells whether the sign-in is to be in the browser: where it was asked
// for, where nothing else will do, and where it needs nothing more.
func (b inBrowser) wanted(c *call, r engine.AddRequest) bool {
	if b.asked || b.only || b.oauth.ClientID != "" || b.oauth.AuthURL != "" {
		return true
	}
	s := c.engine.SignInServices()
	p, ok := s.ForServer(r.IMAP.Host)
	return b.offered && ok && s.Registered(p.Key) && !c.secret
}

// authorise gives the request what signs in: the browser, or a password.
func (c *call) authorise(r *engine.AddRequest, via inBrowser) (err error) {
	if via.wanted(c, *r) {
		r.Browser, err = c.browser(*r, via)
	} else {
		r.Password, err = c.newPassword(r.Email)
	}
	return err
}

// browser makes the request. The first line of standard input, if that is to be
// read, is the secret of the client ID that was given.
func (c *call) browser(r engine.AddRequest, b inBrowser) (*engine.Browser, error) {
	out := &engine.Browser{OAuth: b.oauth, Open: c.showAddress}
	if b.oauth.AuthURL != "" || b.oauth.TokenURL != "" {
		out.OAuth.Scopes = strings.Fields(b.scopes)
	} else {
		s := c.engine.SignInServices()
		p, ok := s.ForServer(r.IMAP.Host)
		args := map[string]any{"Server": r.IMAP.Host, "Provider": p.Name}
		switch {
		case !ok:
			return nil, fail("cli.no-endpoints", args)
		case b.oauth.ClientID == "" && !s.Registered(p.Key) && b.only:
			return nil, fail("cli.browser-only", args)
		case b.oauth.ClientID == "" && !s.Registered(p.Key):
			return nil, fail("cli.no-client-id", args)
		}
		out.OAuth.Provider = p.Key
	}
	var err error
	if c.secret {
		out.Secret, err = c.stdin.password()
	}
	return out, err
}

// showAddress leaves the opening to the person: this command may run where no
// browser can be started, or for another process.
func (c *call) showAddress(u *url.URL) error {
	c.note(c.words.Say("cli.browser-open"))
	c.note(u.String())
	return nil
}

// accountSignIn signs in again, as the account was added.
func accountSignIn(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		id, err := c.account(c.args[0])
		if err != nil {
			return err
		}
		a, ok := c.engine.Accounts().Get(id)
		switch {
		case !ok:
			return errors.New("the account is gone")
		case a.OAuth != nil:
			err = c.engine.Accounts().SignInBrowser(ctx, id, engine.Browser{Open: c.showAddress})
		default:
			err = c.signInAgain(ctx, id, a.Email)
		}
		if err != nil {
			return err
		}
		if c.json {
			return c.document(accountJSON(a))
		}
		c.printf("%s\n", c.words.Say("cli.signed-in", map[string]any{"Email": a.Email}))
		return nil
	}
}

func (c *call) signInAgain(ctx context.Context, id mailcore.AccountID, email string) error {
	password, err := c.newPassword(email)
	if err != nil {
		return err
	}
	return c.engine.Accounts().SignIn(ctx, id, password)
}
