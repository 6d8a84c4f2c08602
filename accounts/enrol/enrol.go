// Package enrol adds an account: it checks what was typed, signs in to both
// servers without sending anything, and saves secret and account, or neither.
// The wizard and the command line both come through here.
package enrol

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Dialer makes connections; *connect.Dialer is one.
type Dialer interface {
	IMAP(ctx context.Context, s accounts.Server, cred connect.CredentialFunc, h *imapclient.UnilateralDataHandler) (*connect.IMAPConn, error)
	SMTP(ctx context.Context, s accounts.Server, hello string, cred connect.CredentialFunc) (*connect.SMTPConn, error)
}

// Enroller adds accounts to a profile.
type Enroller struct {
	Dialer  Dialer
	File    *accounts.File
	Secrets accounts.Secrets
	Hello   string // EHLO name; "" means "[127.0.0.1]", which tells nothing
}

const (
	quietHello = "[127.0.0.1]"
	undoLimit  = 30 * time.Second
)

// Request is what a person typed. Empty fields of the servers are filled in:
// security TLS, the usual port for it, and as user name the whole address, then
// what stands before the @. An SMTP user left empty is the IMAP one, or nobody
// if the server takes no sign-in.
type Request struct {
	Name, Email, Password string
	Label                 string // what the sidebar calls it, may be ""
	IMAP, SMTP            accounts.Server
	Sent                  accounts.SentBy
	Demo                  bool
	Browser               *Browser // in the place of a password
}

// Browser is what came of a sign-in in the browser.
type Browser struct {
	OAuth  accounts.OAuth
	Tokens oauth.Tokens
	Secret string // of the person's own client id, may be ""
}

// Verify signs in to both servers: IMAP with a LIST, SMTP up to AUTH. Nothing is
// sent and nothing is saved.
func (e *Enroller) Verify(ctx context.Context, r Request) error {
	_, err := e.settle(ctx, r)
	return err
}

// Add verifies the request and saves secret and account. On failure nothing of
// it is kept.
func (e *Enroller) Add(ctx context.Context, r Request) (accounts.Account, error) {
	if email, err := checkAddress(r.Email); err == nil {
		if a, ok := e.File.ByAddress(email); ok {
			return accounts.Account{}, fmt.Errorf("%w: %s", ErrExists, a.Email)
		}
	}
	r, err := e.settle(ctx, r)
	if err != nil {
		return accounts.Account{}, err
	}
	a := r.account(accounts.NewID())
	if err := e.Secrets.Set(ctx, a.ID, r.secret()); err != nil {
		e.forget(ctx, a.ID) // it may be half there
		return accounts.Account{}, trouble.At(trouble.Keyring, "", accounts.Server{}, err)
	}
	if err := e.File.Put(a); err != nil {
		e.forget(ctx, a.ID)
		return accounts.Account{}, trouble.At(trouble.Storage, "", accounts.Server{}, err)
	}
	return a, nil
}

// UpdatePassword verifies a new password against the account's servers and
// stores it. The old one stays if that fails.
func (e *Enroller) UpdatePassword(ctx context.Context, id, password string) error {
	a, ok := e.File.Get(id)
	if !ok {
		return fmt.Errorf("%w: %s", ErrNoAccount, id)
	}
	if password == "" || a.OAuth != nil {
		return ErrPassword
	}
	r := Request{Email: a.Email, Password: password, IMAP: a.IMAP, SMTP: a.SMTP}
	if err := e.checkIMAP(ctx, r); err != nil {
		return err
	}
	if err := e.checkSMTP(ctx, r); err != nil {
		return err
	}
	if err := e.Secrets.Set(ctx, id, password); err != nil {
		return trouble.At(trouble.Keyring, "", accounts.Server{}, err)
	}
	return nil
}

// forget takes a secret back, also when ctx is what failed.
func (e *Enroller) forget(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoLimit)
	defer cancel()
	_ = e.Secrets.Delete(ctx, id) // an unused secret under a random id harms nobody
}

// settle fills in what was left out and verifies both servers.
func (e *Enroller) settle(ctx context.Context, r Request) (Request, error) {
	r, err := r.complete()
	if err != nil {
		return r, err
	}
	if r, err = e.settleIMAP(ctx, r); err != nil {
		return r, err
	}
	return e.settleSMTP(ctx, r)
}

// settleIMAP finds the user name: the one given, or each of the usual two, once.
func (e *Enroller) settleIMAP(ctx context.Context, r Request) (Request, error) {
	names := []string{r.IMAP.User}
	if r.IMAP.User == "" {
		local, _, _ := strings.Cut(r.Email, "@")
		names = []string{r.Email, local}
	}
	var first error
	for _, name := range names {
		r.IMAP.User = name
		err := e.checkIMAP(ctx, r)
		if err == nil {
			return r, nil
		}
		if first == nil {
			first = err
		}
		if !connect.Refused(err) || trouble.Explain(err).Key != trouble.WrongPassword {
			break
		}
	}
	return r, first
}

func (e *Enroller) checkIMAP(ctx context.Context, r Request) error {
	return e.signInIMAP(ctx, r.IMAP, r.credential(r.IMAP.User))
}

func (e *Enroller) signInIMAP(ctx context.Context, s accounts.Server, credential connect.CredentialFunc) error {
	c, err := e.Dialer.IMAP(ctx, s, credential, nil)
	if err != nil {
		return fmt.Errorf("verify incoming mail: %w", err)
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	if _, err := c.List("", "%", nil).Collect(); err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fmt.Errorf("verify incoming mail: %w", c.Trouble(trouble.Folders, err))
	}
	return nil
}

// settleSMTP signs in with the IMAP name unless another is given; a server that
// takes no sign-in is used without.
func (e *Enroller) settleSMTP(ctx context.Context, r Request) (Request, error) {
	given := r.SMTP.User != ""
	if !given {
		r.SMTP.User = r.IMAP.User
	}
	err := e.checkSMTP(ctx, r)
	if !given && errors.Is(err, trouble.ErrNoAuth) {
		r.SMTP.User = ""
		err = e.checkSMTP(ctx, r)
	}
	return r, err
}

func (e *Enroller) checkSMTP(ctx context.Context, r Request) error {
	return e.signInSMTP(ctx, r.SMTP, r.credential(r.SMTP.User))
}

func (e *Enroller) signInSMTP(ctx context.Context, s accounts.Server, credential connect.CredentialFunc) error {
	hello := e.Hello
	if hello == "" {
		hello = quietHello
	}
	c, err := e.Dialer.SMTP(ctx, s, hello, credential)
	if err != nil {
		return fmt.Errorf("verify outgoing mail: %w", err)
	}
	_ = c.Quit() // the sign-in is what counted
	return nil
}

// credential gives the typed password, or the token of just now. It has nothing
// newer to offer.
func (r Request) credential(user string) connect.CredentialFunc {
	c := connect.Credential{User: user, Secret: r.Password}
	if r.Browser != nil {
		c = connect.Credential{User: user, Secret: r.Browser.Tokens.Access, Token: true}
	}
	return func(context.Context, bool) (connect.Credential, error) { return c, nil }
}

// secret is what the keyring keeps.
func (r Request) secret() string {
	if r.Browser == nil {
		return r.Password
	}
	return oauth.Grant{Refresh: r.Browser.Tokens.Refresh, Secret: r.Browser.Secret}.Encode()
}

func (r Request) account(id string) accounts.Account {
	a := accounts.Account{
		ID: id, Label: r.Label, Email: r.Email,
		Identities: []accounts.Identity{{Name: r.Name, Email: r.Email}},
		IMAP:       r.IMAP, SMTP: r.SMTP, Sent: r.Sent, Demo: r.Demo,
	}
	if r.Browser != nil {
		a.OAuth = &r.Browser.OAuth
	}
	return a
}
