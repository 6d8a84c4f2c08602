package store

import (
	"database/sql"

	"github.com/linnet-mail/linnet/mailcore"
)

// Short names for what every file here is about.
type (
	folderID  = mailcore.FolderID
	messageID = mailcore.ID
	accountID = mailcore.AccountID
)

// count is how a transaction has changed a folder's numbers so far.
type count struct{ total, unread, known int }

// place is what of a message a change can touch: where it is on the server,
// where it is shown (0: nowhere), its flags.
type place struct {
	id      messageID
	at      folderID
	uid     mailcore.UID // 0: not known
	folder  folderID
	flags   mailcore.Flags
	waiting int
	stub    bool
}

const placeColumns = `id, at_folder, at_uid, ifnull(folder, 0), flags, waiting, stub`

func scanPlace(rows *sql.Rows) (place, error) {
	var id, at, uid, folder, flags, waiting, stub int64
	err := rows.Scan(&id, &at, &uid, &folder, &flags, &waiting, &stub)
	return place{
		messageID(id), folderID(at), mailcore.UID(uid), folderID(folder),
		mailcore.Flags(flags), int(waiting), stub != 0,
	}, err
}

// place loads a message, or ErrNotFound.
func (t *tx) place(id messageID) (place, error) {
	return one(t, scanPlace, `SELECT `+placeColumns+` FROM message WHERE id = ?`, int64(id))
}

// tally adds p to the numbers of its folders n times (1 or -1).
func (t *tx) tally(p place, n int) {
	if p.folder != 0 {
		c := t.count(p.folder)
		c.total += n
		if !p.flags.Has(mailcore.Seen) {
			c.unread += n
		}
	}
	if p.uid != 0 {
		t.count(p.at).known += n
	}
}

func (t *tx) count(f folderID) *count {
	c := t.counts[f]
	if c == nil {
		c = &count{}
		t.counts[f] = c
	}
	return c
}

// change makes old new. Every change of a message's place or flags goes through
// here, so that the numbers of the folders are always right.
func (t *tx) change(old, now place) error {
	if old == now {
		return nil
	}
	t.tally(old, -1)
	t.tally(now, 1)
	_, err := t.exec(`UPDATE message SET at_folder = ?, at_uid = ?, folder = nullif(?, 0), flags = ?, stub = ? WHERE id = ?`,
		int64(now.at), int64(now.uid), int64(now.folder), int64(now.flags), now.stub, int64(now.id))
	return err
}

// remove deletes a message with its body, search row and pending operations.
func (t *tx) remove(p place) error {
	t.tally(p, -1)
	if p.waiting > 0 {
		if _, err := t.exec(`DELETE FROM pending WHERE message = ?`, int64(p.id)); err != nil {
			return err
		}
	}
	return t.erase(`id = ?`, int64(p.id))
}

// erase deletes messages without looking at the numbers or at operations.
func (t *tx) erase(where string, args ...any) error {
	for _, q := range [...]string{
		`DELETE FROM search WHERE rowid IN (SELECT sorted << 28 | id FROM message WHERE ` + where +
			` AND id <= (SELECT last FROM search_cursor))`,
		`DELETE FROM search_again WHERE message IN (SELECT id FROM message WHERE ` + where + `)`,
		`DELETE FROM message WHERE ` + where, // the body goes with it
	} {
		if _, err := t.exec(q, args...); err != nil {
			return err
		}
	}
	return nil
}

// flush writes what the transaction kept in memory: the folders' numbers and
// the counters.
func (t *tx) flush() error {
	if t.numbers != (numbers{}) {
		if _, err := t.exec(`UPDATE counter SET message = ?, conversation = ?`, t.message, t.conversation); err != nil {
			return err
		}
	}
	for id, c := range t.counts {
		if *c == (count{}) {
			continue
		}
		_, err := t.exec(`UPDATE folder SET total = total + ?, unread = unread + ?, known = known + ? WHERE id = ?`,
			c.total, c.unread, c.known, int64(id))
		if err != nil {
			return err
		}
	}
	return nil
}

// numbers are the last ones given out. They are never used again: an id that
// somebody still holds must not come to mean another message.
type numbers struct{ message, conversation int64 }

func (t *tx) loadNumbers() error {
	if t.numbers != (numbers{}) {
		return nil
	}
	n, err := one(t, func(rows *sql.Rows) (n numbers, err error) {
		err = rows.Scan(&n.message, &n.conversation)
		return n, err
	}, `SELECT message, conversation FROM counter`)
	t.numbers = n
	return err
}

// newMessage takes the next message number.
func (t *tx) newMessage() (messageID, error) {
	err := t.loadNumbers()
	t.message++
	return messageID(t.message), err
}

// newConversation takes the next conversation number.
func (t *tx) newConversation() (mailcore.ConversationID, error) {
	err := t.loadNumbers()
	t.conversation++
	return mailcore.ConversationID(t.conversation), err
}
