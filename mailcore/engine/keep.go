package engine

import (
	"context"
	"fmt"

	"github.com/linnet-mail/linnet/mailcore"
)

// Keep removes an account but leaves its mail here: it can be read and searched,
// answered from another account, starred and marked as read, and nothing else.
// With whole, what is not here yet is fetched first, and if that fails nothing is
// changed. The password is forgotten. Remove deletes the rest later.
func (a *Accounts) Keep(ctx context.Context, id mailcore.AccountID, whole bool) error {
	account, ok := a.e.c.Accounts.Get(string(id))
	if !ok {
		return problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if account.Kept {
		return nil
	}
	if err := a.vacate(ctx, account); err != nil {
		return err
	}
	if whole {
		if _, err := a.syncAccount(ctx, account, SyncRequest{Bodies: true}); err != nil {
			return a.e.problem(fmt.Errorf("fetch all mail: %w", err))
		}
	}
	a.e.leave(id, true)
	defer a.e.leave(id, false)
	a.e.stopRun(id)
	account.Kept = true
	if err := a.e.c.Accounts.Put(account); err != nil {
		a.e.leave(id, false)
		a.e.startRun(id)
		return a.e.problem(fmt.Errorf("keep mail: %w", err))
	}
	// From here on nobody asks the server, whatever fails.
	err := a.e.c.Store.Archive(ctx, id)
	if forget := a.e.secrets.Delete(ctx, account.ID); err == nil {
		err = forget
	}
	a.changedAll(id)
	if err != nil {
		return a.e.problem(fmt.Errorf("keep mail: %w", err))
	}
	return nil
}

// changedAll tells that everything of an account may be another.
func (a *Accounts) changedAll(id mailcore.AccountID) {
	a.e.publish(mailcore.AccountState{Account: id})
	a.e.publish(mailcore.FolderChanged{Account: id})
	a.e.publish(mailcore.MessagesChanged{Account: id})
	a.e.publish(mailcore.DraftsChanged{})
}

// kept reports whether an account is only here for its mail.
func (e *Engine) kept(id mailcore.AccountID) (email string, kept bool) {
	a, ok := e.c.Accounts.Get(string(id))
	return a.Email, ok && a.Kept
}

// readOnly is the Problem of a change to mail that is only kept; nil if none of
// rows is.
func (e *Engine) readOnly(rows []mailcore.Message) error {
	for _, r := range rows {
		if email, kept := e.kept(r.Account); kept {
			return problemf("engine.kept", "", map[string]any{"Email": email})
		}
	}
	return nil
}

// unsent drops what a change of flags left for a server that is not asked any
// more.
func (e *Engine) unsent(ctx context.Context, rows []mailcore.Message) error {
	done := map[mailcore.AccountID]bool{}
	for _, r := range rows {
		if _, kept := e.kept(r.Account); !kept || done[r.Account] {
			continue
		}
		done[r.Account] = true
		if err := e.c.Store.Archive(ctx, r.Account); err != nil {
			return e.problem(err)
		}
	}
	return nil
}
