package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// What a keyring call may take before the person is told, and in all.
const (
	keyringPatience = 2 * time.Second
	keyringLimit    = 60 * time.Second
)

// SystemKeyring keeps secrets in the keyring of the operating system: Secret
// Service, Keychain or Credential Manager. Calls go out one at a time; a call
// can wait for the person to unlock the keyring. Set the fields before use.
type SystemKeyring struct {
	Limit    time.Duration      // a call fails with ErrKeyringLocked after this
	Patience time.Duration      // Waiting(true) is called after this
	Waiting  func(waiting bool) // may be nil; from any goroutine

	service   string
	turn      chan struct{} // holds one token: calls are serialised
	available func() error  // whether there is any keyring, without starting one
}

// Keyring returns the system's keyring under a service name.
func Keyring(service string) *SystemKeyring {
	return &SystemKeyring{
		Limit: keyringLimit, Patience: keyringPatience,
		service: service, turn: make(chan struct{}, 1), available: keyringAvailable,
	}
}

// Get returns the secret of id, or ErrNoSecret, ErrNoKeyring, ErrKeyringLocked.
func (k *SystemKeyring) Get(ctx context.Context, id string) (string, error) {
	var secret string
	err := k.call(ctx, func() (err error) {
		secret, err = readChunks(k.service, id)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("keyring: get secret: %w", err)
	}
	return secret, nil
}

// Set stores the secret of id and reads it back: a dismissed prompt would
// otherwise look like success.
func (k *SystemKeyring) Set(ctx context.Context, id, secret string) error {
	err := k.call(ctx, func() error {
		if err := writeChunks(k.service, id, secret); err != nil {
			return err
		}
		switch got, err := readChunks(k.service, id); {
		case errors.Is(err, keyring.ErrNotFound):
			return fmt.Errorf("%w: the secret was not kept", ErrKeyringLocked)
		case err != nil:
			return err
		case got != secret:
			return errors.New("the keyring gave back another secret")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keyring: store secret: %w", err)
	}
	return nil
}

// Delete forgets the secret of id.
func (k *SystemKeyring) Delete(ctx context.Context, id string) error {
	err := k.call(ctx, func() error { return deleteChunks(k.service, id) })
	if err != nil && !errors.Is(err, ErrNoSecret) {
		return fmt.Errorf("keyring: delete secret: %w", err)
	}
	return nil
}

// call runs f in a goroutine of its own, since it can block for as long as an
// unlock prompt is open, and gives up on it at the limit. A call given up on
// keeps its turn until it ends, so that none overtakes it.
func (k *SystemKeyring) call(ctx context.Context, f func() error) error {
	if err := k.available(); err != nil {
		return err
	}
	limit := time.NewTimer(k.Limit)
	defer limit.Stop()
	defer k.sayWaiting()()
	select {
	case k.turn <- struct{}{}:
	case <-limit.C:
		return ErrKeyringLocked
	case <-ctx.Done():
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-k.turn }()
		done <- recovered(f)
	}()
	select {
	case err := <-done:
		return keyringError(err)
	case <-limit.C:
		return ErrKeyringLocked
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sayWaiting arranges for Waiting(true) once patience ends; the function that
// it returns takes it back.
func (k *SystemKeyring) sayWaiting() (stop func()) {
	if k.Waiting == nil {
		return func() {}
	}
	said := make(chan struct{})
	timer := time.AfterFunc(k.Patience, func() {
		defer close(said)
		k.Waiting(true)
	})
	return func() {
		if !timer.Stop() {
			<-said
			k.Waiting(false)
		}
	}
}

// recovered turns a panic of the keyring library (it dereferences what a
// vanished D-Bus connection leaves) into an error.
func recovered(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", ErrNoKeyring, v)
		}
	}()
	return f()
}

// keyringError maps the errors of the keyring library to ours.
func keyringError(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrNoKeyring), errors.Is(err, ErrKeyringLocked):
		return err
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNoSecret
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return fmt.Errorf("%w: %w", ErrNoKeyring, err)
	}
	return systemKeyringError(err)
}
