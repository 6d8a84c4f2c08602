package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// Cursor is how far a folder's sync has come. It is saved in the transaction
// that stores what it speaks of.
type Cursor struct {
	UIDValidity   uint32 // 0: never selected
	UIDNext       mailcore.UID
	HighestModSeq uint64       // 0: no CONDSTORE
	Backfilled    mailcore.UID // all UIDs >= this and < UIDNext are here; 1 = complete, 0 = nothing yet
	ServerTotal   int          // EXISTS when last compared
	Checked       time.Time    // when last compared in full
}

// Arrival is one message as FETCH described it.
type Arrival struct {
	UID      mailcore.UID
	Flags    mailcore.Flags
	Received time.Time // INTERNALDATE
	Size     int64
	Header   mailcore.Header
}

// FlagState is what the server says a message's flags are.
type FlagState struct {
	UID   mailcore.UID
	Flags mailcore.Flags
}

// Batch is one window of sync, applied in one transaction.
type Batch struct {
	Folder  mailcore.FolderID
	Arrived []Arrival
	Flags   []FlagState
	Gone    []mailcore.UID
	Cursor  *Cursor // saved with the batch; nil keeps the old one
	// UIDValidity is what the UIDs belong to, 0 for the cursor's: if the folder has
	// another one by now, nothing is stored.
	UIDValidity uint32
}

// Applied says what a batch changed.
type Applied struct {
	New     []mailcore.ID // rows that are new here (not re-attached ones)
	Changed int           // rows whose flags changed
	Removed int
}

// Cursor returns a folder's cursor; a zero one if it was never synced.
func (s *Store) Cursor(ctx context.Context, folder mailcore.FolderID) (Cursor, error) {
	c, err := one(s.reader(ctx), func(rows *sql.Rows) (Cursor, error) {
		var c Cursor
		var modseq, checked int64
		err := rows.Scan(&c.UIDValidity, &c.UIDNext, &modseq, &c.Backfilled, &c.ServerTotal, &checked)
		c.HighestModSeq, c.Checked = uint64(modseq), fromSeconds(checked)
		return c, err
	}, `SELECT uidvalidity, uidnext, modseq, backfilled, server_total, checked FROM folder WHERE id = ?`, int64(folder))
	return c, s.fail("read cursor", err)
}

func (t *tx) saveCursor(folder folderID, c Cursor) error {
	_, err := t.exec(`UPDATE folder SET uidvalidity = ?, uidnext = ?, modseq = ?, backfilled = ?, server_total = ?, checked = ? WHERE id = ?`,
		int64(c.UIDValidity), int64(c.UIDNext), int64(c.HighestModSeq), int64(c.Backfilled), c.ServerTotal, seconds(c.Checked), int64(folder))
	delete(t.folders, folder)
	return err
}

// Apply stores a batch. An arrival whose UID is known updates its flags; one
// that matches a row without UID in this folder (moved here by us, or left by an
// old UIDVALIDITY) by Message-ID, size and, where known, INTERNALDATE gives that
// row its UID; one whose (folder, UID) a pending move or expunge takes away is
// not shown again. Flags with a pending operation keep the local value. Pending
// operations of a Gone UID are dropped. Conversations and counts are kept.
//
// An error leaves everything as it was, the cursor too. UID 0 is ignored.
func (s *Store) Apply(ctx context.Context, b Batch) (Applied, error) {
	var done Applied
	err := s.write(ctx, normal, func(t *tx) error {
		f, err := t.folder(b.Folder)
		if err != nil {
			return err
		}
		if b.UIDValidity != 0 && b.UIDValidity != f.validity {
			return nil
		}
		a := &applier{tx: t, folder: f, now: time.Now()}
		for _, step := range [...]func(Batch) error{a.gone, a.arrived, a.flags} {
			if err := step(b); err != nil {
				return err
			}
		}
		done = a.done
		if b.Cursor == nil {
			return nil
		}
		return t.saveCursor(b.Folder, *b.Cursor)
	})
	if err != nil {
		return Applied{}, s.fail("apply a batch", err)
	}
	return done, nil
}

// applier is one Apply at work.
type applier struct {
	*tx
	folder *folderRow
	now    time.Time
	links  *links
	rows   []any // gathered by insert
	done   Applied
}

func (a *applier) gone(b Batch) error {
	known, err := a.byUID(b.Folder, b.Gone)
	if err != nil {
		return err
	}
	for _, uid := range b.Gone {
		p, ok := known[uid]
		if !ok {
			continue
		}
		delete(known, uid)
		if err := a.remove(p); err != nil {
			return err
		}
		a.done.Removed++
	}
	return nil
}

func (a *applier) flags(b Batch) error {
	uids := make([]mailcore.UID, len(b.Flags))
	for i, f := range b.Flags {
		uids[i] = f.UID
	}
	known, err := a.byUID(b.Folder, uids)
	if err != nil {
		return err
	}
	for _, f := range b.Flags {
		p, ok := known[f.UID]
		if !ok {
			continue // a message of a window still to come
		}
		now, err := a.serverFlags(p, f.Flags)
		if err != nil {
			return err
		}
		known[f.UID] = now
	}
	return nil
}

// serverFlags gives a message the server's flags, but for those that a pending
// operation changes.
func (a *applier) serverFlags(p place, server mailcore.Flags) (place, error) {
	mask, err := a.pendingMask(p)
	if err != nil {
		return p, err
	}
	now := p
	now.flags = server&^mask | p.flags&mask
	if now == p {
		return p, nil
	}
	a.done.Changed++
	return now, a.change(p, now)
}

// pendingMask is the flags of a message that operations wait to change.
func (t *tx) pendingMask(p place) (mailcore.Flags, error) {
	if p.waiting == 0 {
		return 0, nil
	}
	var mask mailcore.Flags
	ops, err := t.opsOf(p.id)
	for _, op := range ops {
		mask |= op.Flags.Add | op.Flags.Remove
	}
	return mask, err
}

func (a *applier) arrived(b Batch) error {
	if len(b.Arrived) == 0 {
		return nil
	}
	a.rows = make([]any, 0, min(len(b.Arrived), chunks[0])*a.bulks.messages.width)
	a.done.New = make([]mailcore.ID, 0, len(b.Arrived))
	uids := make([]mailcore.UID, len(b.Arrived))
	for i, m := range b.Arrived {
		uids[i] = m.UID
	}
	known, err := a.byUID(b.Folder, uids)
	if err != nil {
		return err
	}
	detached, err := a.anyDetached()
	if err != nil {
		return err
	}
	if a.links, err = a.loadLinks(a.folder.account, b.Arrived, a.flushRows); err != nil {
		return err
	}
	for i := range b.Arrived {
		if i%256 == 0 && a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		if b.Arrived[i].UID == 0 {
			continue
		}
		if err := a.arrive(&b.Arrived[i], known, detached); err != nil {
			return err
		}
	}
	if err := a.flushRows(); err != nil {
		return err
	}
	return a.links.flush()
}

func (a *applier) arrive(m *Arrival, known map[mailcore.UID]place, detached bool) error {
	p, ok := known[m.UID]
	if !ok && detached {
		var err error
		if p, err = a.match(m); err != nil {
			return err
		}
		ok = p.id != 0
		if ok {
			if p, err = a.attach(p, m); err != nil {
				return err
			}
		}
	}
	if !ok {
		p, err := a.insert(m)
		known[m.UID] = p
		return err
	}
	if err := a.flushRows(); err != nil { // it may be the second of its UID here
		return err
	}
	if p.stub {
		var err error
		if p, err = a.fill(p, m); err != nil {
			return err
		}
	}
	now, err := a.serverFlags(p, m.Flags)
	known[m.UID] = now
	return err
}

// insert adds a message that was not known, with the next flushRows.
func (a *applier) insert(m *Arrival) (place, error) {
	id, err := a.newMessage()
	if err != nil {
		return place{}, err
	}
	p := place{id: id, at: a.folder.id, uid: m.UID, folder: a.folder.id, flags: m.Flags}
	conv, err := a.links.conversation(m.Header)
	if err != nil {
		return p, err
	}
	a.rows = append(a.rows, int64(p.id), int64(p.folder), int64(p.at), int64(p.uid), sortKey(m.Header.Date, m.Received, a.now), int64(p.flags),
		seconds(m.Received), m.Size, int64(conv), likelyAttachments(m.Header.ContentType), m.Header.MessageID, m.Header.Subject, packHeader(m.Header))
	a.tally(p, 1)
	a.done.New = append(a.done.New, p.id)
	if len(a.rows) >= chunks[0]*a.bulks.messages.width {
		err = a.flushRows()
	}
	return p, err
}

// flushRows writes the messages that insert has gathered.
func (a *applier) flushRows() error {
	rows := a.rows
	a.rows = a.rows[:0]
	return a.insertMany(a.bulks.messages, rows)
}

// byUID loads the messages that the server has at UIDs of a folder.
func (t *tx) byUID(folder folderID, uids []mailcore.UID) (map[mailcore.UID]place, error) {
	known := make(map[mailcore.UID]place, len(uids))
	if len(uids) == 0 {
		return known, nil
	}
	low, high := uids[0], uids[0]
	for _, u := range uids {
		low, high = min(low, u), max(high, u)
	}
	// New mail and backfill lie outside of what is here: one look settles it.
	any, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM message WHERE at_folder = ? AND at_uid > 0 AND at_uid BETWEEN ? AND ?)`,
		int64(folder), int64(low), int64(high))
	if err != nil || !any {
		return known, err
	}
	err = each(t, func(rows *sql.Rows) error {
		p, err := scanPlace(rows)
		known[p.uid] = p
		return err
	}, `SELECT `+placeColumns+` FROM message WHERE at_folder = ? AND at_uid > 0 AND at_uid IN (SELECT value FROM json_each(?))`,
		int64(folder), jsonList(uids))
	return known, err
}

// UIDs returns, ascending, the UIDs the server is known to have in a folder,
// those of messages that a pending operation takes away included.
func (s *Store) UIDs(ctx context.Context, folder mailcore.FolderID) ([]mailcore.UID, error) {
	list, err := all(s.reader(ctx), func(rows *sql.Rows) (mailcore.UID, error) {
		n, err := value[int64](rows)
		return mailcore.UID(n), err
	}, `SELECT at_uid FROM message WHERE at_folder = ? AND at_uid > 0 ORDER BY at_uid`, int64(folder))
	return list, s.fail("list UIDs", err)
}

// KnownCount is len(UIDs) without the list.
func (s *Store) KnownCount(ctx context.Context, folder mailcore.FolderID) (int, error) {
	n, err := one(s.reader(ctx), value[int], `SELECT known FROM folder WHERE id = ?`, int64(folder))
	return n, s.fail("count UIDs", err)
}
