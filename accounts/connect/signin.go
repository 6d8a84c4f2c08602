package connect

import (
	"context"
	"errors"
	"net/textproto"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// signIn connects with the credential, and once more with a renewed one if the
// server refuses the first. A credential that did not change is not sent twice:
// servers lock accounts over that.
func signIn[C any](ctx context.Context, t target, cred CredentialFunc, connect func(Credential) (C, error)) (C, error) {
	var none C
	first, err := cred(ctx, false)
	if err != nil {
		return none, t.at(trouble.Keyring, err)
	}
	conn, err := connect(first)
	if err == nil || !Refused(err) {
		return conn, err
	}
	t.log.Debug("credential refused")
	second, renewErr := cred(ctx, true)
	switch {
	case renewErr != nil && first.Token: // why there is no other tells more
		return none, t.at(trouble.Token, renewErr)
	case renewErr != nil || second == first:
		return none, err
	}
	return connect(second)
}

// Refused reports whether a server has looked at a credential and said no, as
// against having no time for it now.
func Refused(err error) bool {
	var stage *trouble.Error
	if !errors.As(err, &stage) || stage.Stage != trouble.Auth {
		return false
	}
	var no *imap.Error
	if errors.As(err, &no) {
		return no.Type == imap.StatusResponseTypeNo && !slices.Contains(notNow, no.Code)
	}
	var reply *textproto.Error
	return errors.As(err, &reply) && slices.Contains([]int{530, 534, 535, 538, 550, 553, 554}, reply.Code)
}

// notNow are the response codes of a refusal that is not about the credential
// (RFC 5530).
var notNow = []imap.ResponseCode{
	imap.ResponseCodeUnavailable, imap.ResponseCodeLimit, imap.ResponseCodeInUse,
	imap.ResponseCodeServerBug, imap.ResponseCodeOverQuota,
}

// offers waits for the greeting and asks what the server can do.
func (c *IMAPConn) offers() (imap.CapSet, error) {
	if err := c.WaitGreeting(); err != nil {
		return nil, c.Trouble(trouble.Greeting, err)
	}
	if c.State() != imap.ConnStateNotAuthenticated {
		return nil, c.target.at(trouble.Greeting, trouble.ErrPreAuth)
	}
	caps, err := c.Capability().Wait()
	if err != nil {
		return nil, c.Trouble(trouble.Greeting, err)
	}
	c.target.log.Debug("capabilities", "before", len(caps))
	c.target.passed(trouble.Greeting)
	return caps, nil
}

// signIn waits for the greeting, asks for capabilities and authenticates.
func (c *IMAPConn) signIn(credential Credential) error {
	caps, err := c.offers()
	if err != nil {
		return err
	}
	if err := c.authenticate(caps, credential); err != nil {
		return c.Trouble(trouble.Auth, credential.mark(redact(err, credential)))
	}
	c.guard.signedIn()
	if c.Caps() == nil { // asked anew by go-imap: not those of before
		return c.Trouble(trouble.Auth, errEnded)
	}
	return nil
}

// authenticate prefers AUTHENTICATE PLAIN (with an initial response where the
// server takes one) and falls back to LOGIN where that is allowed. Tokens have
// mechanisms of their own.
func (c *IMAPConn) authenticate(caps imap.CapSet, credential Credential) error {
	switch {
	case credential.Token:
		m, ok := c.target.mechanism(caps.AuthMechanisms(), credential)
		if !ok {
			return trouble.ErrNoMechanism
		}
		c.guard.token.Store(true)
		defer c.guard.token.Store(false)
		return c.Authenticate(m)
	case caps.Has(imap.AuthCap("PLAIN")):
		return c.Authenticate(sasl.NewPlainClient("", credential.User, credential.Secret))
	case caps.Has(imap.CapLoginDisabled):
		return trouble.ErrLoginDisabled
	}
	return c.Login(credential.User, credential.Secret).Wait()
}
