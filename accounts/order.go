package accounts

import (
	"errors"
	"fmt"
	"slices"
)

// Errors of changes to the list, told apart with errors.Is.
var (
	// ErrNoAccount is an id that no account has.
	ErrNoAccount = errors.New("accounts: no such account")
	// ErrOrder is an order that leaves an account out or names one twice.
	ErrOrder = errors.New("accounts: not an order of all accounts")
)

// Default returns the account that new mail is written from: the one that was
// chosen, else the first that works. false means that there is none.
func (f *File) Default() (Account, bool) {
	f.mu.Lock()
	first := f.first
	f.mu.Unlock()
	if a, ok := f.find(func(a Account) bool { return a.ID == first && !a.Kept }); ok {
		return a, true
	}
	return f.find(func(a Account) bool { return !a.Kept })
}

// SetDefault makes an account the one that new mail is written from. One that is
// only kept for its mail cannot be it.
func (f *File) SetDefault(id string) error {
	return f.change(func(d *document) error {
		if !slices.ContainsFunc(d.Accounts, func(a Account) bool { return a.ID == id && !a.Kept }) {
			return fmt.Errorf("make default: %w: %s", ErrNoAccount, id)
		}
		d.Default = id
		return nil
	})
}

// Reorder puts the accounts into the order of ids, which names each of them once;
// else it fails with ErrOrder and changes nothing.
func (f *File) Reorder(ids []string) error {
	return f.change(func(d *document) error {
		if len(ids) != len(d.Accounts) {
			return fmt.Errorf("%w: %d of %d", ErrOrder, len(ids), len(d.Accounts))
		}
		ordered := make([]Account, 0, len(ids))
		for _, id := range ids {
			i := slices.IndexFunc(d.Accounts, func(a Account) bool { return a.ID == id })
			if i < 0 || slices.ContainsFunc(ordered, func(a Account) bool { return a.ID == id }) {
				return fmt.Errorf("%w: %s", ErrOrder, id)
			}
			ordered = append(ordered, d.Accounts[i])
		}
		d.Accounts = ordered
		return nil
	})
}
