package engine

import (
	"context"
	"errors"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/mailcore"
)

// session is the keyring with memory behind it, where there is none, and before
// it what was typed for this run only. Memory is never written anywhere.
type session struct {
	*accounts.Fallback
	typed accounts.Secrets
}

func newSession(keyring accounts.Secrets, changed func(error)) *session {
	return &session{Fallback: accounts.WithFallback(keyring, changed), typed: accounts.Memory()}
}

// Get returns what was typed for this run, else the keyring's secret.
func (s *session) Get(ctx context.Context, id string) (string, error) {
	if secret, err := s.typed.Get(ctx, id); err == nil {
		return secret, nil
	}
	return s.Fallback.Get(ctx, id)
}

// Set stores a secret in the keyring, or remembers it when there is none.
func (s *session) Set(ctx context.Context, id, secret string) error {
	return errors.Join(s.typed.Delete(ctx, id), s.Fallback.Set(ctx, id, secret))
}

// Delete forgets a secret everywhere.
func (s *session) Delete(ctx context.Context, id string) error {
	return errors.Join(s.typed.Delete(ctx, id), s.Fallback.Delete(ctx, id))
}

// noKeyring is the keyring of a system without one.
type noKeyring struct{}

func (noKeyring) Get(context.Context, string) (string, error) { return "", accounts.ErrNoKeyring }
func (noKeyring) Set(context.Context, string, string) error   { return accounts.ErrNoKeyring }
func (noKeyring) Delete(context.Context, string) error        { return accounts.ErrNoKeyring }

// credential makes the function that signs in to one of the account's servers.
// A password cannot be renewed by us, but the keyring's may have been changed
// meanwhile; package connect never sends the same one twice.
func (r *run) credential(s accounts.Server) connect.CredentialFunc {
	if r.tokens != nil {
		return r.tokenCredential(s)
	}
	return func(ctx context.Context, _ bool) (connect.Credential, error) {
		if s.User == "" {
			return connect.Credential{}, nil
		}
		secret, err := r.e.secrets.Get(ctx, r.account.ID)
		if err != nil {
			return connect.Credential{}, err
		}
		if _, tokens := oauth.ParseGrant(secret); tokens {
			return connect.Credential{}, accounts.ErrNoSecret // not for a mail server's eyes
		}
		return connect.Credential{User: s.User, Secret: secret}, nil
	}
}

// Credential returns what signs in to the servers of an account, for those who
// connect by themselves; nil for an account that is not there.
func (a *Accounts) Credential(id mailcore.AccountID) func(s accounts.Server) connect.CredentialFunc {
	r, err := a.e.run(id)
	if err != nil {
		return nil
	}
	return r.credential
}

// try signs in to the account's IMAP server with what is not stored yet.
func (r *run) try(ctx context.Context, given connect.Credential) error {
	c, err := r.e.c.Dialer.IMAP(ctx, r.account.IMAP, func(context.Context, bool) (connect.Credential, error) { return given, nil }, nil)
	if err != nil {
		return err
	}
	return c.Close()
}
