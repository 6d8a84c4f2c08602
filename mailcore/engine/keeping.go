package engine

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

// leastPassphrase is how many characters a new passphrase has at least: a file
// can be tried out without end.
const leastPassphrase = 8

// safe is a keeper of secrets that may be a file with a passphrase;
// *accounts.Safe is one.
type safe interface {
	Chosen() bool
	Choose(passphrase string) error
	Open(passphrase string) error
}

// Kept says where passwords are kept.
type Kept string

// The places.
const (
	KeptInKeyring Kept = "keyring"
	KeptInFile    Kept = "file"
	KeptForRun    Kept = "run" // until the program ends
)

// Kept says where passwords are kept, as far as is known.
func (a *Accounts) Kept() Kept {
	s, ok := a.e.c.Secrets.(safe)
	switch {
	case a.e.secrets.Reason() != nil:
		return KeptForRun
	case ok && s.Chosen():
		return KeptInFile
	}
	return KeptInKeyring
}

// Readable says whether an account's password can be read now; the keyring or the
// file may ask for it to be opened.
func (a *Accounts) Readable(ctx context.Context, account accounts.Account) bool {
	_, err := a.e.secrets.Get(ctx, account.ID)
	return err == nil
}

// KeepInFile keeps passwords in a file under a passphrase from now on, instead
// of the keyring. What was kept for this run goes into it.
func (a *Accounts) KeepInFile(ctx context.Context, passphrase string) error {
	s, ok := a.e.c.Secrets.(safe)
	if !ok {
		return a.e.problem(errors.New("keep passwords in a file: there is no place for it"))
	}
	if utf8.RuneCountInString(passphrase) < leastPassphrase {
		return problemf("engine.passphrase-short", "", map[string]any{"Least": leastPassphrase})
	}
	known := a.e.readable(ctx)
	if err := s.Choose(passphrase); err != nil {
		return a.e.problem(fmt.Errorf("keep passwords in a file: %w", err))
	}
	for id, secret := range known {
		if err := a.e.secrets.Set(ctx, id, secret); err != nil {
			return a.e.problem(fmt.Errorf("keep a password in the file: %w", err))
		}
	}
	return a.e.keepRemembered(ctx)
}

// readable are the accounts' passwords as far as they can be read now.
func (e *Engine) readable(ctx context.Context) map[string]string {
	known := map[string]string{}
	for _, a := range e.c.Accounts.List() {
		if secret, err := e.secrets.Get(ctx, a.ID); err == nil {
			known[a.ID] = secret
		}
	}
	return known
}

// OpenFile opens the file of passwords for this run, and has every account try
// again.
func (a *Accounts) OpenFile(ctx context.Context, passphrase string) error {
	s, ok := a.e.c.Secrets.(safe)
	if !ok || !s.Chosen() {
		return problemf("engine.no-file", "", nil)
	}
	if err := s.Open(passphrase); err != nil {
		return a.e.problem(fmt.Errorf("open the file of passwords: %w", err))
	}
	if err := a.e.keepRemembered(ctx); err != nil {
		return err
	}
	a.Refresh("")
	return nil
}

// keepRemembered stores what was remembered while there was no place for it.
func (e *Engine) keepRemembered(ctx context.Context) error {
	if err := e.secrets.Keep(ctx); err != nil {
		return e.problem(fmt.Errorf("keep passwords: %w", err))
	}
	e.keyringChanged(nil)
	return nil
}

// KeyringWaits tells the accounts' watchers that the keyring waits for the
// person to unlock it, or that it no longer does.
func (e *Engine) KeyringWaits(on bool) {
	e.keyringWaits.Store(on)
	e.keyringChanged(nil)
}

// keyringProblem says why passwords last only until the program ends; nil if
// the keyring works, as far as is known.
func (e *Engine) keyringProblem() *mailcore.Problem {
	if e.keyringWaits.Load() {
		return &mailcore.Problem{Key: "engine.keyring-waits", Action: "engine.keyring-waits.action", When: e.now()}
	}
	err := e.secrets.Reason()
	if err == nil {
		return nil
	}
	key := "engine.no-keyring"
	switch {
	case errors.Is(err, accounts.ErrKeyringLocked):
		key = "engine.keyring-locked"
	case errors.Is(err, accounts.ErrFileLocked):
		key = "engine.file-locked"
	}
	return &mailcore.Problem{Key: key, Action: key + ".action", Detail: err.Error(), When: e.now()}
}

// keyringChanged tells all accounts' watchers.
func (e *Engine) keyringChanged(error) {
	for _, a := range e.c.Accounts.List() {
		e.publish(mailcore.AccountState{Account: mailcore.AccountID(a.ID)})
	}
}
