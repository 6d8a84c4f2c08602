package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/linnet-mail/linnet/mailcore"
)

// What is salvaged, and what it becomes:
//
//   - Drafts and outbox rows keep their ids, so that what refers to them still
//     does. A draft loses Original: message ids of the old file mean nothing in
//     the new one.
//   - A pending operation keeps its id, and so its place in the order. Its folder
//     is made from the path that it carries, with the UIDVALIDITY that it knew and
//     an empty cursor: the next sync compares it with the server's, and starts a
//     generation if it changed, so no operation can hit a wrong UID. Its message
//     becomes a stub: known by (folder, UID), Message-ID and size, shown nowhere
//     until its header arrives.
//   - An operation that waits for an outbox row needs that row.
//
// Everything else is fetched anew.

// salvage copies what only lives here from a damaged file, row by row: a row
// that cannot be read does not keep the others back.
func (s *Store) salvage(ctx context.Context, damaged string) (*Recovery, error) {
	src, done, err := openDamaged(ctx, damaged)
	if err != nil {
		return nil, err
	}
	defer done()
	rec := &Recovery{}
	v := &salvager{plain: src, s: s}
	for _, step := range [...]struct {
		table string
		read  func(int64) (func(*tx) error, error)
		n     *int
	}{
		{"draft", v.draft, &rec.Drafts},
		{"outbox", v.outbox, &rec.Outbox},
		{"pending", v.pending, &rec.Pending},
	} {
		if *step.n, err = v.table(step.table, step.read); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

type salvager struct {
	plain
	s *Store
}

// errLost says that what is left of a row is of no use.
var errLost = errors.New("not enough is left of the row")

// table salvages the rows of a table one by one and counts them. read returns
// how the row is written into the new store.
func (v *salvager) table(name string, read func(int64) (func(*tx) error, error)) (n int, err error) {
	for _, id := range v.ids(name) {
		write, err := read(id)
		if err == nil {
			err = v.s.write(v.ctx, full, write)
		}
		if err == nil {
			n++
			continue
		}
		// Whatever is wrong with a row, the next may be well; only where nothing
		// can be written any more there is no use in going on.
		if kind := kindOf(err); v.ctx.Err() != nil || kind == ErrFull || kind == ErrReadOnly {
			return n, err
		}
	}
	return n, v.ctx.Err()
}

// maxProbe bounds how many ids are tried one by one where a table cannot be
// walked through.
const maxProbe = 20_000

// ids lists the row ids of a table, ascending: from the front and from the back
// as far as each gets, and one by one between them.
func (v *salvager) ids(table string) []int64 {
	walk := func(order string) (ids []int64, broken bool) {
		err := each(v, func(rows *sql.Rows) error {
			id, err := value[int64](rows)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM `+table+` ORDER BY id `+order)
		return ids, err != nil
	}
	front, broken := walk("")
	if !broken {
		return front
	}
	back, _ := walk("DESC")
	low, high := int64(0), v.highest(table)
	if len(front) > 0 {
		low = front[len(front)-1]
	}
	if len(back) > 0 {
		high = back[len(back)-1] - 1
	}
	ids := front
	for id := max(low+1, high-maxProbe); id <= high; id++ {
		ids = append(ids, id)
	}
	for i := len(back) - 1; i >= 0; i-- {
		if back[i] > low {
			ids = append(ids, back[i])
		}
	}
	return ids
}

// highest is the greatest id that a table ever gave out, as far as can be known.
func (v *salvager) highest(table string) int64 {
	n, err := one(v, value[int64], `SELECT seq FROM sqlite_sequence WHERE name = ?`, table)
	if err != nil {
		return maxProbe
	}
	return n
}

func (v *salvager) draft(id int64) (func(*tx) error, error) {
	d, err := one(v, scanDraft, `SELECT id, changed, content FROM draft WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	account, err := one(v, value[string], `SELECT account FROM draft WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	d.Account = accountID(account)
	v.attachments("draft", id, &d)
	return func(t *tx) error { return t.putDraft(d) }, nil
}

// putDraft stores a salvaged draft, under a new id if it has none.
func (t *tx) putDraft(d mailcore.Draft) error {
	d.Original = 0
	content, err := packDraft(d)
	if err != nil {
		return err
	}
	r, err := t.exec(`INSERT INTO draft (id, account, changed, content) VALUES (nullif(?, 0), ?, ?, ?)`,
		int64(d.ID), d.Account, nanos(d.Changed), content)
	if err != nil {
		return err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return err
	}
	return t.putAttachments("draft", id, d.Attachments, hashAll(d.Attachments))
}

// attachments loads what can be read of a draft's attachments. One whose data is
// lost keeps its name, empty, so that the person sees what to attach again.
func (v *salvager) attachments(owner string, id int64, d *mailcore.Draft) {
	for place := range d.Attachments {
		data, err := one(v, value[[]byte], `SELECT data FROM attachment WHERE `+owner+` = ? AND place = ?`, id, place)
		if err == nil {
			d.Attachments[place].Data = data
		}
	}
}

func (v *salvager) outbox(id int64) (func(*tx) error, error) {
	o, err := one(v, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	o.Draft.Original = 0
	if o.State == mailcore.Done { // it has let go of its bytes
		return func(t *tx) error { return t.putOutgoing(o, nil) }, nil
	}
	v.attachments("outbox", id, &o.Draft)
	raw, err := one(v, value[[]byte], `SELECT raw FROM outbox WHERE id = ?`, id)
	if err == nil && int64(len(raw)) == o.Size {
		return func(t *tx) error { return t.putOutgoing(o, raw) }, nil
	}
	if o.State == mailcore.ToFile {
		return nil, errLost // it was sent
	}
	// Without its bytes it cannot be sent, but its text can be sent again.
	d := o.Draft
	d.ID, d.Account, d.Changed = 0, o.Account, o.Created
	return func(t *tx) error { return t.putDraft(d) }, nil
}

func (t *tx) putOutgoing(o mailcore.Outgoing, raw []byte) error {
	content, err := packOutgoing(o)
	if err != nil {
		return err
	}
	problem, err := packProblem(o.Problem)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO outbox (id, account, state, attempts, next_try, created, problem, content, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(o.ID), o.Account, o.State, o.Attempts, nanos(o.NextTry), nanos(o.Created), problem, content, notNil(raw))
	if err != nil || o.State == mailcore.Done {
		return err
	}
	return t.putAttachments("outbox", int64(o.ID), o.Draft.Attachments, hashAll(o.Draft.Attachments))
}

// relic is a pending operation with what it carries for this case.
type relic struct {
	Op
	path, targetPath, msgid string
	size, received          int64
}

func (v *salvager) pending(id int64) (func(*tx) error, error) {
	r, err := one(v, scanRelic, `SELECT `+opColumns+`, path, target_path, msgid, size, received FROM pending WHERE id = ?`, id)
	if err != nil {
		return nil, err
	}
	return func(t *tx) error { return t.putRelic(r) }, nil
}

// putRelic stores a salvaged operation with the folders and the message that it
// needs.
func (t *tx) putRelic(r relic) (err error) {
	if r.Folder, err = t.relicFolder(r.Account, r.path, r.UIDValidity); err != nil {
		return err
	}
	if r.Target, err = t.relicFolder(r.Account, r.targetPath, 0); err != nil {
		return err
	}
	if r.Outbox != 0 {
		_, err = one(t, value[int64], `SELECT id FROM outbox WHERE id = ?`, int64(r.Outbox))
	} else {
		err = t.relicMessage(r)
	}
	if err != nil {
		return err
	}
	return t.insertRelic(r)
}

func scanRelic(rows *sql.Rows) (relic, error) {
	var r relic
	var notBefore, created int64
	err := rows.Scan(&r.ID, &r.Account, &r.Kind, &r.Message, &r.Folder, &r.UIDValidity, &r.UID, &r.Target,
		&r.Flags.Add, &r.Flags.Remove, &r.Outbox, &r.Attempts, &notBefore, &created,
		&r.path, &r.targetPath, &r.msgid, &r.size, &r.received)
	r.NotBefore, r.Created = fromNanos(notBefore), fromNanos(created)
	return r, err
}

// relicFolder finds or makes the folder of a path. The first sync gives it its
// role and the rest.
func (t *tx) relicFolder(account accountID, path string, validity uint32) (folderID, error) {
	if path == "" {
		return 0, nil
	}
	_, err := t.exec(`INSERT INTO folder (account, path, delimiter, role, selectable, subscribed, uidvalidity) VALUES (?, ?, '', '', 1, 0, ?)
		ON CONFLICT (account, path) DO UPDATE SET uidvalidity = max(uidvalidity, excluded.uidvalidity)`, account, path, int64(validity))
	if err != nil {
		return 0, err
	}
	id, err := one(t, value[int64], `SELECT id FROM folder WHERE account = ? AND path = ?`, account, path)
	delete(t.folders, folderID(id))
	return folderID(id), err
}

// relicMessage finds or makes the stub that an operation acts on. Several
// operations of one message carry its old id, which the stub keeps.
func (t *tx) relicMessage(r relic) error {
	if r.Message == 0 || r.Folder == 0 {
		return errLost
	}
	if _, err := t.place(r.Message); !errors.Is(err, ErrNotFound) {
		return err
	}
	p := place{id: r.Message, at: r.Folder, uid: r.UID, stub: true}
	if _, err := t.exec(`UPDATE counter SET message = max(message, ?)`, int64(p.id)); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO message (id, at_folder, at_uid, sorted, flags, stub, received, size, conversation, attachments, msgid, subject, head)
		VALUES (?, ?, ?, 0, 0, 1, ?, ?, 0, 0, ?, '', x'')`, int64(p.id), int64(p.at), int64(p.uid), r.received, r.size, r.msgid)
	t.tally(p, 1)
	return err
}

func (t *tx) insertRelic(r relic) error {
	_, err := t.exec(`INSERT INTO pending (id, account, kind, message, folder, uidvalidity, uid, target, add_flags, remove_flags,
			outbox, attempts, not_before, created, path, target_path, msgid, size, received)
		VALUES (?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(r.ID), r.Account, r.Kind, int64(r.Message), int64(r.Folder), int64(r.UIDValidity), int64(r.UID), int64(r.Target),
		int64(r.Flags.Add), int64(r.Flags.Remove), int64(r.Outbox), r.Attempts, nanos(r.NotBefore), nanos(r.Created),
		r.path, r.targetPath, r.msgid, r.size, r.received)
	return err
}
