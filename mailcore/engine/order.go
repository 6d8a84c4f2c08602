package engine

import (
	"fmt"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

// Default returns the account that new mail is written from; false without one.
func (a *Accounts) Default() (accounts.Account, bool) { return a.e.c.Accounts.Default() }

// SetDefault chooses the account that new mail is written from.
func (a *Accounts) SetDefault(id mailcore.AccountID) error {
	if err := a.e.c.Accounts.SetDefault(string(id)); err != nil {
		return a.e.problem(fmt.Errorf("choose default account: %w", err))
	}
	a.e.publish(mailcore.AccountState{Account: id})
	return nil
}

// Reorder puts the accounts into the order of ids, which names each once.
func (a *Accounts) Reorder(ids []mailcore.AccountID) error {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	if err := a.e.c.Accounts.Reorder(list); err != nil {
		return a.e.problem(fmt.Errorf("order accounts: %w", err))
	}
	for _, id := range ids {
		a.e.publish(mailcore.AccountState{Account: id})
	}
	return nil
}
