package accounts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
)

// ErrFileLocked: the person keeps passwords in a file, and has not typed its
// passphrase yet.
var ErrFileLocked = errors.New("accounts: the file of passwords is locked")

// ErrFileChosen: there is a file of passwords already.
var ErrFileChosen = errors.New("accounts: passwords are kept in a file already")

// Safe is the keyring or, once a person has chosen that, the passphrase file in
// its place: as long as the file is there, the keyring is not asked.
type Safe struct {
	// Ask asks a person for the passphrase, once in a run; nil where nobody can be
	// asked: then everything fails with ErrFileLocked until Open. Set before use.
	Ask func() (string, error)

	path    string
	keyring Secrets

	mu    sync.Mutex
	file  Secrets // nil: not open
	asked bool
}

// NewSafe returns the keyring, and the file at path if there is one.
func NewSafe(path string, keyring Secrets) *Safe { return &Safe{path: path, keyring: keyring} }

// Chosen says whether passwords are kept in the file.
func (s *Safe) Chosen() bool {
	_, err := os.Lstat(s.path)
	return !errors.Is(err, os.ErrNotExist) // one that cannot be looked at is not written over
}

// Choose begins the file. It fails with ErrFileChosen if there is one.
func (s *Safe) Choose(passphrase string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Chosen() {
		return ErrFileChosen
	}
	if passphrase == "" {
		return fmt.Errorf("secrets file: %w: it is empty", ErrPassphrase)
	}
	v, err := newVault(s.path, passphrase)
	if err == nil {
		err = v.change(func(map[string]string) {})
	}
	if err != nil {
		return err
	}
	s.file = v
	return nil
}

// Open opens the file. Errors: those of PassphraseFile.
func (s *Safe) Open(passphrase string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(passphrase)
}

func (s *Safe) open(passphrase string) error {
	if !s.Chosen() {
		return fmt.Errorf("secrets file: %w", os.ErrNotExist)
	}
	file, err := PassphraseFile(s.path, passphrase)
	if err == nil {
		s.file = file
	}
	return err
}

// keeper is who keeps secrets now.
func (s *Safe) keeper() (Secrets, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.file != nil:
		return s.file, nil
	case !s.Chosen():
		return s.keyring, nil
	case s.Ask == nil || s.asked:
		return nil, ErrFileLocked
	}
	s.asked = true
	passphrase, err := s.Ask()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFileLocked, err)
	}
	if err := s.open(passphrase); err != nil {
		return nil, err
	}
	return s.file, nil
}

// Get returns a secret.
func (s *Safe) Get(ctx context.Context, id string) (string, error) {
	k, err := s.keeper()
	if err != nil {
		return "", err
	}
	return k.Get(ctx, id)
}

// Set stores a secret.
func (s *Safe) Set(ctx context.Context, id, secret string) error {
	k, err := s.keeper()
	if err != nil {
		return err
	}
	return k.Set(ctx, id, secret)
}

// Delete forgets a secret.
func (s *Safe) Delete(ctx context.Context, id string) error {
	k, err := s.keeper()
	if err != nil {
		return err
	}
	return k.Delete(ctx, id)
}
