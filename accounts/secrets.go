package accounts

import (
	"context"
	"errors"
	"maps"
	"sync"
)

// Errors of Secrets, told apart with errors.Is.
var (
	// ErrNoSecret: the keeper works and has nothing under this id.
	ErrNoSecret = errors.New("accounts: no secret stored")
	// ErrNoKeyring: this session has no keyring service, or none that can store.
	ErrNoKeyring = errors.New("accounts: no keyring service")
	// ErrKeyringLocked: the person did not unlock the keyring, or it did not
	// answer in time.
	ErrKeyringLocked = errors.New("accounts: keyring is locked or did not answer in time")
	// ErrPassphrase: the passphrase does not open the file of secrets.
	ErrPassphrase = errors.New("accounts: wrong passphrase")
)

// Secrets keeps one secret per account id. A secret that is deleted twice is
// no error.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	Set(ctx context.Context, id, secret string) error
	Delete(ctx context.Context, id string) error
}

// Memory returns secrets that are gone when the program ends.
func Memory() Secrets { return newMemory() }

func newMemory() *memory { return &memory{kept: map[string]string{}} }

type memory struct {
	mu   sync.Mutex
	kept map[string]string
}

func (m *memory) Get(_ context.Context, id string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if secret, ok := m.kept[id]; ok {
		return secret, nil
	}
	return "", ErrNoSecret
}

func (m *memory) Set(_ context.Context, id, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[id] = secret
	return nil
}

func (m *memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, id)
	return nil
}

func (m *memory) all() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.kept)
}
