package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// FolderInfo is one line of LIST.
type FolderInfo struct {
	Path       string
	Delimiter  string
	Role       mailcore.Role
	Selectable bool
	Subscribed bool
}

// folderRow is what transactions need of a folder.
type folderRow struct {
	id       folderID
	account  accountID
	info     FolderInfo
	gone     bool
	validity uint32
}

const folderRowColumns = `id, account, path, delimiter, role, selectable, subscribed, gone, uidvalidity`

func scanFolderRow(rows *sql.Rows) (*folderRow, error) {
	f := &folderRow{}
	i := &f.info
	err := rows.Scan(&f.id, &f.account, &i.Path, &i.Delimiter, &i.Role, &i.Selectable, &i.Subscribed, &f.gone, &f.validity)
	return f, err
}

// folder returns a folder (tombstones too), or ErrNotFound.
func (t *tx) folder(id folderID) (*folderRow, error) {
	if f := t.folders[id]; f != nil {
		return f, nil
	}
	f, err := one(t, scanFolderRow, `SELECT `+folderRowColumns+` FROM folder WHERE id = ?`, int64(id))
	if err != nil {
		return nil, err
	}
	t.folders[id] = f
	return f, nil
}

var errNoFolders = errors.New("the server lists no folders, not even an inbox")

// SetFolders makes an account's folders those of a complete LIST answer; what
// is missing from it is removed with its messages (rows that wait for a pending
// move elsewhere stay), and moves that wait for a removed folder are taken back.
// It reports whether anything changed. An empty list is an error: every account
// has an inbox.
func (s *Store) SetFolders(ctx context.Context, account mailcore.AccountID, list []FolderInfo) (changed bool, err error) {
	if len(list) == 0 {
		return false, classify("set folders", errNoFolders)
	}
	err = s.write(ctx, normal, func(t *tx) error {
		changed, err = t.setFolders(account, list)
		return err
	})
	return changed, s.fail("set folders", err)
}

func (t *tx) setFolders(account accountID, list []FolderInfo) (changed bool, err error) {
	have, err := all(t, scanFolderRow, `SELECT `+folderRowColumns+` FROM folder WHERE account = ?`, account)
	if err != nil {
		return false, err
	}
	old := map[string]*folderRow{}
	for _, f := range have {
		old[f.info.Path] = f
	}
	done := map[string]bool{}
	for _, info := range list {
		if done[info.Path] {
			continue // some servers list a folder twice
		}
		done[info.Path] = true
		c, err := t.putFolder(account, old[info.Path], info)
		if err != nil {
			return false, err
		}
		changed = changed || c
	}
	for _, f := range have {
		if done[f.info.Path] || f.gone {
			continue
		}
		changed = true
		if err := t.dropFolder(f); err != nil {
			return false, err
		}
	}
	return changed, t.sweepFolders(account)
}

func (t *tx) putFolder(account accountID, old *folderRow, info FolderInfo) (changed bool, err error) {
	switch {
	case old == nil:
		_, err = t.exec(`INSERT INTO folder (account, path, delimiter, role, selectable, subscribed) VALUES (?, ?, ?, ?, ?, ?)`,
			account, info.Path, info.Delimiter, info.Role, info.Selectable, info.Subscribed)
	case old.gone || old.info != info:
		delete(t.folders, old.id)
		_, err = t.exec(`UPDATE folder SET delimiter = ?, role = ?, selectable = ?, subscribed = ?, gone = 0 WHERE id = ?`,
			info.Delimiter, info.Role, info.Selectable, info.Subscribed, int64(old.id))
	default:
		return false, nil
	}
	return true, err
}

// dropFolder makes a folder a tombstone: moves into it are taken back, its
// messages go, those that wait to leave it stay where they are shown.
func (t *tx) dropFolder(f *folderRow) error {
	// Its UIDVALIDITY stays: should the folder come back as another one, the
	// operations that name the old one must not hit the wrong UIDs.
	_, err := t.exec(`UPDATE folder SET gone = 1, uidnext = 0, modseq = 0, backfilled = 0, server_total = 0, checked = 0 WHERE id = ?`, int64(f.id))
	if err != nil {
		return err
	}
	delete(t.folders, f.id)
	if err := t.takeMovesBack(f.id); err != nil {
		return err
	}
	staying := `at_folder = ? AND waiting > 0`
	if err := t.dropAll(`at_folder = ? AND waiting = 0`, int64(f.id)); err != nil {
		return err
	}
	list, err := all(t, scanPlace, `SELECT `+placeColumns+` FROM message WHERE `+staying, int64(f.id))
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.folder != 0 && p.folder != f.id {
			continue
		}
		if err := t.remove(p); err != nil {
			return err
		}
	}
	return nil
}

// takeMovesBack drops the pending moves into a folder.
func (t *tx) takeMovesBack(target folderID) error {
	ids, err := all(t, value[int64], `SELECT DISTINCT message FROM pending WHERE target = ?`, int64(target))
	if err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM pending WHERE target = ?`, int64(target)); err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.settle(messageID(id)); err != nil {
			return err
		}
	}
	return nil
}

// dropAll deletes many messages that no operation waits for, at once.
func (t *tx) dropAll(where string, args ...any) error {
	err := each(t, func(rows *sql.Rows) error {
		var at, folder, total, unread, known int64
		if err := rows.Scan(&at, &folder, &total, &unread, &known); err != nil {
			return err
		}
		t.count(folderID(at)).known -= int(known)
		if folder != 0 {
			c := t.count(folderID(folder))
			c.total, c.unread = c.total-int(total), c.unread-int(unread)
		}
		return nil
	}, `SELECT at_folder, ifnull(folder, 0), count(*), sum(flags & 1 = 0), sum(at_uid > 0) FROM message WHERE `+where+
		` GROUP BY 1, 2`, args...)
	if err != nil {
		return err
	}
	return t.erase(where, args...)
}

// sweepFolders removes tombstones that nothing needs any more.
func (t *tx) sweepFolders(account accountID) error {
	_, err := t.exec(`DELETE FROM folder WHERE account = ? AND gone = 1
		AND NOT EXISTS (SELECT 1 FROM message WHERE at_folder = folder.id)
		AND NOT EXISTS (SELECT 1 FROM message WHERE message.folder = folder.id)
		AND NOT EXISTS (SELECT 1 FROM pending WHERE pending.folder = folder.id)
		AND NOT EXISTS (SELECT 1 FROM pending WHERE pending.target = folder.id)`, account)
	return err
}

const folderColumns = `id, account, path, delimiter, role, selectable, subscribed, total, unread, server_total, backfilled, checked`

func scanFolder(rows *sql.Rows) (mailcore.Folder, error) {
	var f mailcore.Folder
	var backfilled, checked int64
	err := rows.Scan(&f.ID, &f.Account, &f.Path, &f.Delimiter, &f.Role, &f.Selectable, &f.Subscribed,
		&f.Total, &f.Unread, &f.ServerTotal, &backfilled, &checked)
	f.Complete = backfilled == 1
	f.Checked = fromSeconds(checked)
	return f, err
}

// roleOrder is how folders are shown: the inbox, then what is used most.
var roleOrder = [...]mailcore.Role{
	mailcore.RoleInbox, mailcore.RoleDrafts, mailcore.RoleSent, mailcore.RoleArchive,
	mailcore.RoleJunk, mailcore.RoleTrash, mailcore.RoleAll, mailcore.RoleStarred,
}

func roleRank(r mailcore.Role) int {
	if i := slices.Index(roleOrder[:], r); i >= 0 {
		return i
	}
	return len(roleOrder)
}

// Folders lists an account's folders, or all with account "", account by
// account: inbox first, then by role, then by path.
func (s *Store) Folders(ctx context.Context, account mailcore.AccountID) ([]mailcore.Folder, error) {
	list, err := all(s.reader(ctx), scanFolder,
		`SELECT `+folderColumns+` FROM folder WHERE gone = 0 AND (?1 = '' OR account = ?1)`, account)
	slices.SortFunc(list, func(a, b mailcore.Folder) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(roleRank(a.Role), roleRank(b.Role)),
			cmp.Compare(strings.ToLower(a.Path), strings.ToLower(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return list, s.fail("list folders", err)
}

// Folder returns one folder, or ErrNotFound. A folder that left the server is
// still found while a pending operation names it.
func (s *Store) Folder(ctx context.Context, id mailcore.FolderID) (mailcore.Folder, error) {
	f, err := one(s.reader(ctx), scanFolder, `SELECT `+folderColumns+` FROM folder WHERE id = ?`, int64(id))
	return f, s.fail("read folder", err)
}

// FolderByPath returns the folder of a path, or ErrNotFound.
func (s *Store) FolderByPath(ctx context.Context, account mailcore.AccountID, path string) (mailcore.Folder, error) {
	f, err := one(s.reader(ctx), scanFolder,
		`SELECT `+folderColumns+` FROM folder WHERE account = ? AND path = ? AND gone = 0`, account, path)
	return f, s.fail("read folder", err)
}

// FolderByRole returns an account's folder of a role (the first by path if the
// server has several), or ErrNotFound.
func (s *Store) FolderByRole(ctx context.Context, account mailcore.AccountID, role mailcore.Role) (mailcore.Folder, error) {
	f, err := one(s.reader(ctx), scanFolder,
		`SELECT `+folderColumns+` FROM folder WHERE account = ? AND role = ? AND gone = 0 ORDER BY path LIMIT 1`, account, role)
	return f, s.fail("read folder", err)
}

// RemoveAccount deletes everything of an account.
func (s *Store) RemoveAccount(ctx context.Context, account mailcore.AccountID) error {
	err := s.write(ctx, full, func(t *tx) error {
		mine := `at_folder IN (SELECT id FROM folder WHERE account = ?)`
		if _, err := t.exec(`DELETE FROM pending WHERE account = ?`, account); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM msgid WHERE conversation IN (SELECT conversation FROM message WHERE `+mine+`)`, account); err != nil {
			return err
		}
		if err := t.erase(mine, account); err != nil {
			return err
		}
		for _, table := range [...]string{"folder", "draft", "outbox"} {
			if _, err := t.exec(`DELETE FROM `+table+` WHERE account = ?`, account); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = s.shrink(ctx)
	}
	return s.fail("remove account", err)
}
