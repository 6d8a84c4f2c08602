package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// errSamePassword stops a second attempt with a password that was refused:
// servers lock accounts for that.
var errSamePassword = errors.New("engine: the stored password was refused")

// session is the keyring with a memory of its own: what the keyring cannot keep
// lives until the program ends, and never anywhere else.
type session struct {
	keyring accounts.Secrets

	mu      sync.Mutex
	memory  map[string]string
	problem error // the keyring's last failure; nil when it worked since
}

func newSession(keyring accounts.Secrets) *session {
	return &session{keyring: keyring, memory: map[string]string{}}
}

// Get returns the remembered secret, else the keyring's.
func (s *session) Get(ctx context.Context, id string) (string, error) {
	s.mu.Lock()
	secret, ok := s.memory[id]
	s.mu.Unlock()
	if ok {
		return secret, nil
	}
	secret, err := s.keyring.Get(ctx, id)
	s.note(err)
	return secret, err
}

// Set stores a secret in the keyring, or remembers it when there is none.
func (s *session) Set(ctx context.Context, id, secret string) error {
	err := s.keyring.Set(ctx, id, secret)
	s.note(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory, id)
	if errors.Is(err, accounts.ErrNoKeyring) || errors.Is(err, accounts.ErrKeyringLocked) {
		s.memory[id] = secret
		return nil
	}
	return err
}

// remember keeps a secret for this run only.
func (s *session) remember(id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory[id] = secret
}

// Delete forgets a secret, here and in the keyring.
func (s *session) Delete(ctx context.Context, id string) error {
	s.mu.Lock()
	delete(s.memory, id)
	s.mu.Unlock()
	err := s.keyring.Delete(ctx, id)
	s.note(err)
	if errors.Is(err, accounts.ErrNoSecret) || errors.Is(err, accounts.ErrNoKeyring) {
		return nil
	}
	return err
}

func (s *session) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case errors.Is(err, accounts.ErrNoKeyring), errors.Is(err, accounts.ErrKeyringLocked):
		s.problem = err
	case err == nil, errors.Is(err, accounts.ErrNoSecret):
		s.problem = nil
	}
}

// missing returns the keyring's failure, if it failed last time.
func (s *session) missing() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problem
}

// noKeyring is the keyring of a system without one.
type noKeyring struct{}

func (noKeyring) Get(context.Context, string) (string, error) { return "", accounts.ErrNoKeyring }
func (noKeyring) Set(context.Context, string, string) error   { return accounts.ErrNoKeyring }
func (noKeyring) Delete(context.Context, string) error        { return accounts.ErrNoKeyring }

// credential makes the function that signs in to one of the account's servers.
// A password cannot be renewed by us, but may have been changed meanwhile.
func (r *run) credential(s accounts.Server) connect.CredentialFunc {
	var last string
	return func(ctx context.Context, renew bool) (connect.Credential, error) {
		if s.User == "" {
			return connect.Credential{}, nil
		}
		secret, err := r.e.secrets.Get(ctx, r.account.ID)
		if err != nil {
			return connect.Credential{}, &trouble.Error{Stage: trouble.Keyring, Server: s, Err: err}
		}
		if renew && secret == last {
			return connect.Credential{}, errSamePassword
		}
		last = secret
		return connect.Credential{User: s.User, Secret: secret}, nil
	}
}
