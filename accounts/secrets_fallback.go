package accounts

import (
	"context"
	"errors"
	"sync"
)

// Fallback keeps secrets in the keyring and, where there is none or it stays
// locked, in memory until the program ends: never on disk. It says so through
// Reason, so that the window can.
type Fallback struct {
	keyring Secrets
	session *memory
	seen    *memory // what the keyring gave: for when it is lost meanwhile
	changed func(error)

	mu     sync.Mutex
	reason error
}

// WithFallback puts memory behind keyring. changed (may be nil) is called with
// ErrNoKeyring, ErrKeyringLocked or ErrFileLocked when secrets last only until the program
// ends, and with nil when the keyring answers again.
func WithFallback(keyring Secrets, changed func(reason error)) *Fallback {
	return &Fallback{keyring: keyring, session: newMemory(), seen: newMemory(), changed: changed}
}

// Reason returns why secrets are kept for this run only, or nil.
func (f *Fallback) Reason() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reason
}

// Get returns the secret typed in this run, or else the keyring's. Without a
// keyring it fails with ErrNoKeyring, ErrKeyringLocked or ErrFileLocked, and the
// person is asked, unless the keyring gave the secret earlier in this run.
func (f *Fallback) Get(ctx context.Context, id string) (string, error) {
	if secret, err := f.session.Get(ctx, id); err == nil {
		return secret, nil
	}
	secret, err := f.keyring.Get(ctx, id)
	f.note(err)
	switch {
	case err == nil:
		_ = f.seen.Set(ctx, id, secret) // memory does not fail
	case withoutKeyring(err):
		if seen, serr := f.seen.Get(ctx, id); serr == nil {
			return seen, nil
		}
	default:
		_ = f.seen.Delete(ctx, id)
	}
	return secret, err
}

// Set stores the secret in the keyring, or for this run if that cannot be.
func (f *Fallback) Set(ctx context.Context, id, secret string) error {
	err := f.keyring.Set(ctx, id, secret)
	f.note(err)
	_ = f.seen.Delete(ctx, id)
	if err == nil {
		return f.session.Delete(ctx, id)
	}
	if !withoutKeyring(err) {
		return err
	}
	return f.session.Set(ctx, id, secret)
}

// Delete forgets the secret in both places.
func (f *Fallback) Delete(ctx context.Context, id string) error {
	_, _ = f.session.Delete(ctx, id), f.seen.Delete(ctx, id)
	err := f.keyring.Delete(ctx, id)
	f.note(err)
	if errors.Is(err, ErrNoKeyring) {
		return nil // nothing of ours can be in it
	}
	return err
}

// Keep stores what was kept for this run only, now that there is a place for it.
func (f *Fallback) Keep(ctx context.Context) error {
	for id, secret := range f.session.all() {
		if err := f.keyring.Set(ctx, id, secret); err != nil {
			f.note(err)
			return err
		}
		_ = f.session.Delete(ctx, id) // memory does not fail
	}
	f.note(nil)
	return nil
}

func withoutKeyring(err error) bool {
	return errors.Is(err, ErrNoKeyring) || errors.Is(err, ErrKeyringLocked) || errors.Is(err, ErrFileLocked)
}

// note keeps the state of the keyring and reports a change of it.
func (f *Fallback) note(err error) {
	var reason error
	switch {
	case errors.Is(err, ErrNoKeyring):
		reason = ErrNoKeyring
	case errors.Is(err, ErrKeyringLocked):
		reason = ErrKeyringLocked
	case errors.Is(err, ErrFileLocked):
		reason = ErrFileLocked
	case err != nil && !errors.Is(err, ErrNoSecret):
		return // a cancelled call says nothing about the keyring
	}
	f.mu.Lock()
	same := errors.Is(reason, f.reason)
	f.reason = reason
	f.mu.Unlock()
	if !same && f.changed != nil {
		f.changed(reason)
	}
}
