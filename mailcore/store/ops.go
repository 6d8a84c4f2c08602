package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// OpID is the identity of a pending operation; a greater one is later.
type OpID int64

// OpKind is what a pending operation does on the server.
type OpKind string

// The kinds.
const (
	OpFlags   OpKind = "flags"
	OpMove    OpKind = "move"
	OpExpunge OpKind = "expunge"
	OpFile    OpKind = "file" // append the sent copy of Outbox to Folder
	OpFind    OpKind = "find" // look for Outbox's Message-ID in Folder: outcome unknown, or the server files Sent itself
)

// Op is a change that the server has not confirmed.
type Op struct {
	ID          OpID
	Account     mailcore.AccountID
	Kind        OpKind
	Message     mailcore.ID       // 0 for OpFile and OpFind
	Folder      mailcore.FolderID // where the message is on the server, or the Sent folder
	UIDValidity uint32            // of Folder when the UID was learnt
	UID         mailcore.UID      // 0: not known yet (moved here by an earlier operation)
	Target      mailcore.FolderID // of OpMove
	Flags       mailcore.FlagDelta
	Outbox      mailcore.OutboxID
	Attempts    int
	NotBefore   time.Time
	Created     time.Time
}

const opColumns = `id, account, kind, ifnull(message, 0), ifnull(folder, 0), uidvalidity, uid, ifnull(target, 0),
	add_flags, remove_flags, outbox, attempts, not_before, created`

func scanOp(rows *sql.Rows) (Op, error) {
	var op Op
	var notBefore, created int64
	err := rows.Scan(&op.ID, &op.Account, &op.Kind, &op.Message, &op.Folder, &op.UIDValidity, &op.UID, &op.Target,
		&op.Flags.Add, &op.Flags.Remove, &op.Outbox, &op.Attempts, &notBefore, &created)
	op.NotBefore, op.Created = fromNanos(notBefore), fromNanos(created)
	return op, err
}

// Instants that only live here keep their nanoseconds.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// taken remembers which operations somebody has read through Pending and may be
// carrying out just now: those are never cancelled or changed by a later change
// of mind, which becomes an operation of its own. Without that the server would
// do what was cancelled here. Operations of an earlier process may have reached
// the server before it ended, so they count as taken too.
//
// It is guarded by the writer's token.
type taken struct {
	all OpID               // up to here for every account
	by  map[accountID]OpID // up to here for one
}

func (k *taken) has(op Op) bool { return op.ID <= max(k.all, k.by[op.Account]) }

func (k *taken) mark(account accountID, last OpID) {
	if account == "" {
		k.all = max(k.all, last)
		return
	}
	k.by[account] = max(k.by[account], last)
}

// Pending returns an account's operations in order, or all with account "". What
// it has returned counts as being carried out: a change of mind after that adds
// an operation and cancels none. To count only, use Waiting.
func (s *Store) Pending(ctx context.Context, account mailcore.AccountID) ([]Op, error) {
	// Under the writer's token no operation can be cancelled between reading it
	// here and marking it as taken.
	if err := s.w.take(ctx); err != nil {
		return nil, s.fail("list pending operations", err)
	}
	defer s.w.release()
	list, err := all(s.w, scanOp, `SELECT `+opColumns+` FROM pending WHERE ?1 = '' OR account = ?1 ORDER BY id`, account)
	if err != nil {
		return nil, s.fail("list pending operations", err)
	}
	if len(list) > 0 {
		s.taken.mark(account, list[len(list)-1].ID)
	}
	return list, nil
}

// Waiting counts an account's pending operations, or all with account "".
func (s *Store) Waiting(ctx context.Context, account mailcore.AccountID) (int, error) {
	n, err := one(s.reader(ctx), value[int], `SELECT count(*) FROM pending WHERE ?1 = '' OR account = ?1`, account)
	return n, s.fail("count pending operations", err)
}

// opsOf returns a message's operations in order.
func (t *tx) opsOf(id messageID) ([]Op, error) {
	return all(t, scanOp, `SELECT `+opColumns+` FROM pending WHERE message = ? ORDER BY id`, int64(id))
}

// op returns one operation, or ErrNotFound.
func (t *tx) op(id OpID) (Op, error) {
	return one(t, scanOp, `SELECT `+opColumns+` FROM pending WHERE id = ?`, int64(id))
}

// addOp records an operation; what is known of folder and message is copied
// into it (see the schema).
func (t *tx) addOp(op Op) error {
	if op.Created.IsZero() {
		op.Created = time.Now()
	}
	_, err := t.exec(`INSERT INTO pending (account, kind, message, folder, uidvalidity, uid, target, add_flags, remove_flags,
			outbox, attempts, not_before, created, path, target_path, msgid, size, received)
		VALUES (?1, ?2, nullif(?3, 0), nullif(?4, 0), ?5, ?6, nullif(?7, 0), ?8, ?9, ?10, ?11, ?12, ?13,
			ifnull((SELECT path FROM folder WHERE id = ?4), ''),
			ifnull((SELECT path FROM folder WHERE id = ?7), ''),
			ifnull((SELECT msgid FROM message WHERE id = ?3), ''),
			ifnull((SELECT size FROM message WHERE id = ?3), 0),
			ifnull((SELECT received FROM message WHERE id = ?3), 0))`,
		op.Account, op.Kind, int64(op.Message), int64(op.Folder), int64(op.UIDValidity), int64(op.UID), int64(op.Target),
		int64(op.Flags.Add), int64(op.Flags.Remove), int64(op.Outbox), op.Attempts, nanos(op.NotBefore), nanos(op.Created))
	return err
}

func (t *tx) dropOp(id OpID) error {
	_, err := t.exec(`DELETE FROM pending WHERE id = ?`, int64(id))
	return err
}

// settle makes a message's operations and the place where it is shown agree
// with where it is on the server: the first operations act there, those after a
// move act in its target on a UID still unknown; the message is shown where the
// last move brings it, and not at all once an expunge waits.
func (t *tx) settle(id messageID) error {
	p, err := t.place(id)
	if err != nil {
		return err
	}
	ops, err := t.opsOf(id)
	if err != nil {
		return err
	}
	at, uid, hidden := p.at, p.uid, p.stub
	for _, op := range ops {
		if op.Kind == OpMove && op.Target == at {
			// The move away from here was refused, so the way back is void. It
			// cannot be under way: its UID was not known.
			if err := t.dropOp(op.ID); err != nil {
				return err
			}
			continue
		}
		if err := t.relocate(op, at, uid); err != nil {
			return err
		}
		switch op.Kind {
		case OpMove:
			at, uid = op.Target, 0
		case OpExpunge:
			hidden = true
		}
	}
	f, err := t.folder(at)
	if err != nil {
		return err
	}
	if f.gone {
		p.waiting = len(ops)
		return t.remove(p)
	}
	now := p
	if now.folder = at; hidden {
		now.folder = 0
	}
	return t.change(p, now)
}

// relocate makes an operation act on (at, uid).
func (t *tx) relocate(op Op, at folderID, uid mailcore.UID) error {
	f, err := t.folder(at)
	if err != nil {
		return err
	}
	validity := f.validity
	if uid == 0 {
		validity = 0
	}
	if op.Folder == at && op.UID == uid && op.UIDValidity == validity {
		return nil
	}
	_, err = t.exec(`UPDATE pending SET folder = ?, uid = ?, uidvalidity = ?, path = ? WHERE id = ?`,
		int64(at), int64(uid), int64(validity), f.info.Path, int64(op.ID))
	return err
}
