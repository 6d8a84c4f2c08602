package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// Messages reads and changes messages.
type Messages struct{ e *Engine }

// List returns the ids of a query, newest first.
func (m *Messages) List(ctx context.Context, q mailcore.Query) ([]mailcore.ID, error) {
	ids, err := m.e.c.Store.List(ctx, q)
	return ids, m.e.problem(err)
}

// Rows returns messages for ids in that order; what is gone is left out.
func (m *Messages) Rows(ctx context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	rows, err := m.e.c.Store.Rows(ctx, ids)
	return rows, m.e.problem(err)
}

// Page returns limit messages from offset on, newest first.
func (m *Messages) Page(ctx context.Context, q mailcore.Query, limit, offset int) ([]mailcore.Message, error) {
	rows, err := m.e.c.Store.Page(ctx, q, limit, offset)
	return rows, m.e.problem(err)
}

// Get returns one message's row.
func (m *Messages) Get(ctx context.Context, id mailcore.ID) (mailcore.Message, error) {
	row, err := m.e.c.Store.Message(ctx, id)
	return row, m.e.problem(err)
}

// Mark changes flags, here at once and on the server as soon as it can be reached.
func (m *Messages) Mark(ctx context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error {
	rows, err := m.e.c.Store.Rows(ctx, ids)
	if err != nil {
		return m.e.problem(err)
	}
	return m.change(ctx, ids, 0, func() error {
		if err := m.e.c.Store.Mark(ctx, ids, d); err != nil {
			return err
		}
		return m.e.unsent(ctx, rows)
	})
}

// Move moves messages to a folder of the same account.
func (m *Messages) Move(ctx context.Context, ids []mailcore.ID, to mailcore.FolderID) error {
	folder, err := m.e.c.Store.Folder(ctx, to)
	if err != nil {
		return m.e.problem(fmt.Errorf("move to folder %d: %w", to, err))
	}
	rows, err := m.e.c.Store.Rows(ctx, ids)
	if err != nil {
		return m.e.problem(err)
	}
	if err := m.e.readOnly(rows); err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(r mailcore.Message) bool { return r.Account != folder.Account }) {
		return problemf("engine.other-account", "", map[string]any{"Folder": folder.Path})
	}
	return m.change(ctx, ids, to, func() error { return m.e.c.Store.Move(ctx, ids, to) })
}

// MoveTo moves messages to their account's folder of a role (Archive, Junk,
// Inbox …). A role without folder is a Problem, and nothing is moved.
func (m *Messages) MoveTo(ctx context.Context, ids []mailcore.ID, role mailcore.Role) error {
	rows, err := m.e.c.Store.Rows(ctx, ids)
	if err != nil {
		return m.e.problem(err)
	}
	if err := m.e.readOnly(rows); err != nil {
		return err
	}
	return m.moveTo(ctx, rows, role)
}

// Delete moves messages to Trash; what is in Trash (or Junk) is deleted for good.
func (m *Messages) Delete(ctx context.Context, ids []mailcore.ID) error {
	rows, err := m.e.c.Store.Rows(ctx, ids)
	if err != nil {
		return m.e.problem(err)
	}
	if err := m.e.readOnly(rows); err != nil {
		return err
	}
	roles, err := m.roles(ctx)
	if err != nil {
		return err
	}
	var bin []mailcore.Message
	var forGood []mailcore.ID
	for _, r := range rows {
		if role := roles[r.Folder]; role == mailcore.RoleTrash || role == mailcore.RoleJunk {
			forGood = append(forGood, r.ID)
		} else {
			bin = append(bin, r)
		}
	}
	if err := m.moveTo(ctx, bin, mailcore.RoleTrash); err != nil || len(forGood) == 0 {
		return err
	}
	return m.change(ctx, forGood, 0, func() error { return m.e.c.Store.Expunge(ctx, forGood) })
}

// roles maps every folder to its role.
func (m *Messages) roles(ctx context.Context) (map[mailcore.FolderID]mailcore.Role, error) {
	folders, err := m.e.c.Store.Folders(ctx, "")
	if err != nil {
		return nil, m.e.problem(err)
	}
	out := make(map[mailcore.FolderID]mailcore.Role, len(folders))
	for _, f := range folders {
		out[f.ID] = f.Role
	}
	return out, nil
}

// moveTo finds every target before the first message moves.
func (m *Messages) moveTo(ctx context.Context, rows []mailcore.Message, role mailcore.Role) error {
	targets := map[mailcore.AccountID]mailcore.FolderID{}
	groups := map[mailcore.AccountID][]mailcore.ID{}
	for _, r := range rows {
		if _, ok := targets[r.Account]; !ok {
			f, err := m.e.roleFolder(ctx, r.Account, role)
			if err != nil {
				return err
			}
			targets[r.Account] = f.ID
		}
		groups[r.Account] = append(groups[r.Account], r.ID)
	}
	for account, ids := range groups {
		to := targets[account]
		if err := m.change(ctx, ids, to, func() error { return m.e.c.Store.Move(ctx, ids, to) }); err != nil {
			return err
		}
	}
	return nil
}

// roleFolder returns the account's folder of a role.
func (e *Engine) roleFolder(ctx context.Context, account mailcore.AccountID, role mailcore.Role) (mailcore.Folder, error) {
	folders, err := e.c.Store.Folders(ctx, account)
	if err != nil {
		return mailcore.Folder{}, e.problem(err)
	}
	for _, f := range folders {
		if f.Role == role && f.Selectable {
			return f, nil
		}
	}
	key := "engine.no-folder." + string(role)
	return mailcore.Folder{}, problemf(key, "engine.no-folder.action", nil)
}

// change makes a local change and tells: the subscribers what to reload, the
// workers that an operation waits. Both places of a move are named.
func (m *Messages) change(ctx context.Context, ids []mailcore.ID, to mailcore.FolderID, do func() error) error {
	rows, err := m.e.c.Store.Rows(ctx, ids)
	if err != nil {
		return m.e.problem(err)
	}
	if len(rows) == 0 && len(ids) > 0 {
		return problemf("engine.gone", "", nil)
	}
	if err := do(); err != nil {
		return m.e.problem(err)
	}
	byAccount := map[mailcore.AccountID]*mailcore.MessagesChanged{}
	for _, r := range rows {
		ev := byAccount[r.Account]
		if ev == nil {
			ev = &mailcore.MessagesChanged{Account: r.Account}
			if to != 0 {
				ev.Folders = append(ev.Folders, to)
			}
			byAccount[r.Account] = ev
		}
		if !slices.Contains(ev.Folders, r.Folder) {
			ev.Folders = append(ev.Folders, r.Folder)
		}
		ev.IDs = append(ev.IDs, r.ID)
	}
	m.announce(byAccount)
	return nil
}

func (m *Messages) announce(changes map[mailcore.AccountID]*mailcore.MessagesChanged) {
	for account, ev := range changes {
		if len(ev.IDs) > maxIDs {
			ev.IDs = nil
		}
		m.e.publish(*ev)
		m.e.publish(mailcore.FolderChanged{Account: account})
		m.e.publish(mailcore.AccountState{Account: account}) // more may wait
		if r, err := m.e.run(account); err == nil {
			r.worker.Poke()
		}
	}
}
