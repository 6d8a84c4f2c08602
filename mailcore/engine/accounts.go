package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
)

// Accounts knows the accounts and their state.
type Accounts struct{ e *Engine }

// List returns the accounts in the person's order.
func (a *Accounts) List() []accounts.Account { return a.e.c.Accounts.List() }

// Get returns one account.
func (a *Accounts) Get(id mailcore.AccountID) (accounts.Account, bool) {
	return a.e.c.Accounts.Get(string(id))
}

// AddRequest is what the first-start page and "linnet account add" ask for.
type AddRequest struct {
	Name, Email, Password string
	IMAP, SMTP            accounts.Server
	Sent                  accounts.SentBy // who files sent mail, where that is known
	Demo                  bool
	Browser               *Browser // to sign in there; then there is no Password
	Signed                *Signed  // what came of that, for EnrolFunc
}

// Add verifies the servers, saves secret and account, and starts its workers.
func (a *Accounts) Add(ctx context.Context, r AddRequest) (accounts.Account, error) {
	if _, err := envelopeAddress(r.Email); err != nil {
		return accounts.Account{}, err
	}
	if err := a.vacant(r.Email); err != nil {
		return accounts.Account{}, err
	}
	if a.e.c.Enrol == nil {
		return accounts.Account{}, a.e.problem(errors.New("add account: this engine cannot enrol"))
	}
	var err error
	if r.Browser != nil {
		if r.Signed, err = a.e.signInBrowser(ctx, *r.Browser, r.Email, r.IMAP, r.SMTP); err != nil {
			return accounts.Account{}, a.e.problem(fmt.Errorf("add account: %w", err))
		}
	}
	added, err := a.e.c.Enrol(ctx, a.e.secrets, r)
	if err != nil {
		return accounts.Account{}, a.e.problem(fmt.Errorf("add account: %w", err))
	}
	a.started(added)
	return added, nil
}

// Adopt adds an account that needs no verifying, such as the demo server's.
func (a *Accounts) Adopt(ctx context.Context, account accounts.Account, secret string) error {
	if err := a.vacant(account.Email); err != nil {
		return err
	}
	if err := a.e.secrets.Set(ctx, account.ID, secret); err != nil {
		return a.e.problem(err)
	}
	if err := a.e.c.Accounts.Put(account); err != nil {
		return a.e.problem(errors.Join(err, a.e.secrets.Delete(ctx, account.ID)))
	}
	a.started(account)
	return nil
}

func (a *Accounts) vacant(email string) error {
	if _, ok := a.e.c.Accounts.ByAddress(email); ok {
		return problemf("engine.account-exists", "", map[string]any{"Email": email})
	}
	return nil
}

func (a *Accounts) started(account accounts.Account) {
	id := mailcore.AccountID(account.ID)
	a.e.startRun(id)
	a.e.publish(mailcore.AccountState{Account: id})
	a.e.publish(mailcore.FolderChanged{Account: id})
}

// Remove stops an account's workers and deletes its local mail and secret. It
// refuses while the outbox holds mail of the account that nobody else has.
func (a *Accounts) Remove(ctx context.Context, id mailcore.AccountID) error {
	account, ok := a.e.c.Accounts.Get(string(id))
	if !ok {
		return problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if err := a.vacate(ctx, account); err != nil {
		return err
	}
	a.e.leave(id, true)
	a.e.stopRun(id)
	err := a.e.c.Store.RemoveAccount(ctx, id)
	if err == nil {
		err = a.e.c.Accounts.Remove(account.ID)
	}
	a.e.leave(id, false)
	if err != nil {
		a.e.startRun(id) // still there, so it works on
		return a.e.problem(fmt.Errorf("remove account: %w", err))
	}
	// The secret goes last: an account that stays needs it.
	err = a.e.secrets.Delete(ctx, account.ID)
	a.changedAll(id)
	if err != nil {
		return a.e.problem(fmt.Errorf("forget password: %w", err))
	}
	return nil
}

// leave keeps an account that is being removed from being worked on.
func (e *Engine) leave(id mailcore.AccountID, leaving bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.leaving[id] = leaving
}

// vacate refuses while mail of the account waits that nobody else has.
func (a *Accounts) vacate(ctx context.Context, account accounts.Account) error {
	waiting, err := a.waiting(ctx, mailcore.AccountID(account.ID))
	if err == nil && waiting > 0 {
		err = problemf("engine.mail-waits", "engine.mail-waits.action", map[string]any{"Email": account.Email, "Number": waiting})
	}
	return err
}

// waiting counts the outbox rows of an account that would be lost with it.
func (a *Accounts) waiting(ctx context.Context, id mailcore.AccountID) (int, error) {
	rows, err := a.e.c.Store.Outbox(ctx, false)
	if err != nil {
		return 0, a.e.problem(err)
	}
	n := 0
	for _, r := range rows {
		if r.Account == id && r.State != mailcore.Done && r.State != mailcore.ToFile {
			n++
		}
	}
	return n, nil
}

// SignIn tries a new password after a refused sign-in, stores it and connects
// again. A password that the server refuses is a Problem and changes nothing;
// when the server cannot be asked now, the password is kept and tried later.
func (a *Accounts) SignIn(ctx context.Context, id mailcore.AccountID, password string) error {
	r, err := a.e.run(id)
	if err != nil {
		return err
	}
	if r.account.OAuth != nil {
		return problemf("engine.no-password-here", "trouble.do.browser-sign-in", nil)
	}
	given := connect.Credential{User: r.account.IMAP.User, Secret: password}
	if err := r.try(ctx, given); connect.Refused(err) || ctx.Err() != nil {
		return a.e.problem(errors.Join(ctx.Err(), err))
	}
	if err := a.e.secrets.Set(ctx, string(id), password); err != nil {
		return a.e.problem(fmt.Errorf("store password: %w", err))
	}
	r.signedIn()
	return nil
}

// signedIn begins to work with a new password or new tokens.
func (r *run) signedIn() {
	r.mu.Lock()
	r.down, r.signIn = nil, false
	r.mu.Unlock()
	token(r.retry)
	r.sender.Hurry()
	r.e.publish(mailcore.AccountState{Account: r.id()})
}

// Remember keeps a password for this run of the program only; the keyring is
// not asked and not changed.
func (a *Accounts) Remember(id mailcore.AccountID, password string) {
	_ = a.e.secrets.typed.Set(context.Background(), string(id), password) // memory does not fail
}

// Forget ends what Remember began.
func (a *Accounts) Forget(id mailcore.AccountID) {
	_ = a.e.secrets.typed.Delete(context.Background(), string(id)) // memory does not fail
}

// KeyringProblem says why passwords are kept for this run only; nil if the
// keyring works, as far as is known.
func (a *Accounts) KeyringProblem() *mailcore.Problem {
	return a.e.keyringProblem()
}

// Refresh compares everything with the server now ("Get mail"); "" means all
// accounts. A refused change that was shown counts as seen.
func (a *Accounts) Refresh(id mailcore.AccountID) {
	for _, r := range a.e.current() {
		if id != "" && r.id() != id {
			continue
		}
		r.mu.Lock()
		r.notice = nil
		r.mu.Unlock()
		token(r.retry)
		r.worker.Refresh()
		r.sender.Hurry()
		a.e.publish(mailcore.AccountState{Account: r.id()})
	}
}
