package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
)

// VerifyFunc signs in to both servers of an account without sending anything.
type VerifyFunc func(ctx context.Context, a accounts.Account, credential func(accounts.Server) connect.CredentialFunc) error

// Update replaces what is known of an account by edited, which was made from what
// Get returned. Servers that changed, and a password that is not "", are verified
// first; on failure nothing is changed. The address itself cannot be changed.
func (a *Accounts) Update(ctx context.Context, edited accounts.Account, password string) error {
	old, ok := a.e.c.Accounts.Get(edited.ID)
	if !ok {
		return problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if password != "" && old.OAuth != nil {
		return problemf("engine.no-password-here", "trouble.do.browser-sign-in", nil)
	}
	edited, err := settle(edited, old)
	if err != nil {
		return err
	}
	if edited.SameServers(old) && password == "" {
		return a.put(edited)
	}
	if err := a.verify(ctx, edited, password); err != nil {
		return err
	}
	return a.exchange(ctx, old, edited, password)
}

// settle puts in order what a person entered.
func settle(edited, old accounts.Account) (accounts.Account, error) {
	edited.Email, edited.Kept, edited.Demo, edited.OAuth = old.Email, old.Kept, old.Demo, old.OAuth
	if old.Kept {
		edited.IMAP, edited.SMTP = old.IMAP, old.SMTP
	}
	edited.IMAP.Host, edited.SMTP.Host = accounts.ASCIIHost(edited.IMAP.Host), accounts.ASCIIHost(edited.SMTP.Host)
	edited.Label = strings.Join(strings.Fields(edited.Label), " ")
	edited.Identities = slices.Clone(edited.Identities)
	for n, i := range edited.Identities {
		addr, err := envelopeAddress(i.Email)
		if err != nil {
			return edited, err
		}
		edited.Identities[n] = accounts.Identity{Name: strings.Join(strings.Fields(i.Name), " "), Email: addr}
	}
	if len(edited.Identities) == 0 {
		edited.Identities = []accounts.Identity{{Email: old.Email}}
	}
	return edited, nil
}

// verify signs in with the password that was typed, else with what is stored: a
// password, or the permission that the account works with.
func (a *Accounts) verify(ctx context.Context, edited accounts.Account, password string) error {
	if a.e.c.Verify == nil {
		return a.e.problem(errors.New("change account: this engine cannot verify"))
	}
	if edited.Kept {
		return problemf("engine.kept", "", map[string]any{"Email": edited.Email})
	}
	stored := &run{e: a.e, account: edited}
	if working, err := a.e.run(mailcore.AccountID(edited.ID)); err == nil {
		stored.tokens = working.tokens
	}
	credential := stored.credential
	if password != "" {
		credential = func(s accounts.Server) connect.CredentialFunc {
			return func(context.Context, bool) (connect.Credential, error) {
				return connect.Credential{User: s.User, Secret: password}, nil
			}
		}
	}
	if err := a.e.c.Verify(ctx, edited, credential); err != nil {
		return a.e.problem(fmt.Errorf("change account: %w", err))
	}
	return nil
}

// exchange stores verified settings and has the account work with them. What
// fails leaves the old ones.
func (a *Accounts) exchange(ctx context.Context, old, edited accounts.Account, password string) error {
	id := mailcore.AccountID(old.ID)
	a.e.leave(id, true)
	a.e.stopRun(id)
	defer func() {
		a.e.leave(id, false)
		a.restart(id)
	}()
	if otherMailbox(old, edited) {
		if err := a.e.distrustUIDs(ctx, id); err != nil {
			return a.e.problem(fmt.Errorf("change account: %w", err))
		}
	}
	undo := func() error { return nil }
	if password != "" {
		before, err := a.e.secrets.Get(ctx, old.ID)
		if err := a.e.secrets.Set(ctx, old.ID, password); err != nil {
			return a.e.problem(fmt.Errorf("store password: %w", err))
		}
		if err == nil {
			undo = func() error { return a.e.secrets.Set(context.WithoutCancel(ctx), old.ID, before) }
		}
	}
	if err := a.put(edited); err != nil {
		return errors.Join(err, undo())
	}
	return nil
}

func (a *Accounts) put(edited accounts.Account) error {
	if err := a.e.c.Accounts.Put(edited); err != nil {
		return a.e.problem(fmt.Errorf("change account: %w", err))
	}
	a.e.publish(mailcore.AccountState{Account: mailcore.AccountID(edited.ID)})
	return nil
}

// otherMailbox reports whether another server or user may mean other mail.
func otherMailbox(old, edited accounts.Account) bool {
	return !strings.EqualFold(old.IMAP.Host, edited.IMAP.Host) || old.IMAP.User != edited.IMAP.User
}

// distrustUIDs has all folders of an account compared anew by Message-ID: a UID
// of one mailbox means nothing in another, even where UIDVALIDITY is the same
// (RFC 9051 section 2.3.1.1). It is set to one that servers do not use.
func (e *Engine) distrustUIDs(ctx context.Context, id mailcore.AccountID) error {
	folders, err := e.c.Store.Folders(ctx, id)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if err := e.c.Store.BeginGeneration(ctx, f.ID, math.MaxUint32); err != nil {
			return err
		}
	}
	return nil
}
