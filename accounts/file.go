package accounts

import (
	"context"
	"errors"
)

var errContract = errors.New("accounts: not built yet")

// File is the accounts file of a profile: the accounts in the person's order,
// replaced atomically, 0600. Safe for concurrent use.
type File struct{}

// OpenFile reads path; a missing file is an empty list.
func OpenFile(path string) (*File, error) { return nil, errContract }

// NewID makes an account id: 16 random hex digits.
func NewID() string { return "" }

// List returns the accounts in order.
func (f *File) List() []Account { return nil }

// Get returns the account with id.
func (f *File) Get(id string) (Account, bool) { return Account{}, false }

// ByEmail returns the account whose address (or one of whose identities) this is.
func (f *File) ByEmail(address string) (Account, bool) { return Account{}, false }

// Put adds an account or replaces the one with the same ID.
func (f *File) Put(a Account) error { return errContract }

// Remove takes an account out; one that is gone is no error.
func (f *File) Remove(id string) error { return errContract }

// Errors of Secrets, told apart with errors.Is.
var (
	ErrNoSecret      = errors.New("accounts: no secret stored")
	ErrNoKeyring     = errors.New("accounts: no keyring service")
	ErrKeyringLocked = errors.New("accounts: keyring is locked or did not answer in time")
)

// Secrets keeps one secret per account id.
type Secrets interface {
	Get(ctx context.Context, id string) (string, error)
	Set(ctx context.Context, id, secret string) error
	Delete(ctx context.Context, id string) error
}
