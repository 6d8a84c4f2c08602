package store

import (
	"database/sql"
	"hash/fnv"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// maxReferences bounds how many of a message's references are looked at: the
// root and the nearest ones say all.
const maxReferences = 64

// links finds the conversations of a batch of messages of one account. What the
// batch needs of the msgid table is read at once and written at once.
type links struct {
	*tx
	account accountID
	known   map[int64]int64 // hash of a Message-ID → conversation
	fresh   []any           // rows of msgid to add; those of a merged conversation stay right through merged
	written func() error    // writes the messages gathered so far, so that a merge finds them
}

func (t *tx) loadLinks(account accountID, batch []Arrival, written func() error) (*links, error) {
	l := &links{tx: t, account: account, known: map[int64]int64{}, written: written}
	var hashes []int64
	for i := range batch {
		hashes = append(hashes, linkHashes(account, batch[i].Header)...)
	}
	return l, each(t, func(rows *sql.Rows) error {
		var hash, conv int64
		err := rows.Scan(&hash, &conv)
		l.known[hash] = conv
		return err
	}, `SELECT m.hash, ifnull(x.target, m.conversation) FROM msgid m
		LEFT JOIN merged x ON x.conversation = m.conversation WHERE m.hash IN (SELECT value FROM json_each(?))`, jsonList(hashes))
}

// conversation finds or makes the conversation of a message of the batch,
// merging those that it shows to be one. The smallest number wins.
func (l *links) conversation(h mailcore.Header) (mailcore.ConversationID, error) {
	hashes := linkHashes(l.account, h)
	var found []int64
	for _, hash := range hashes {
		if conv, ok := l.known[hash]; ok && !slices.Contains(found, conv) {
			found = append(found, conv)
		}
	}
	conv, err := l.join(found)
	if err != nil {
		return 0, err
	}
	for _, hash := range hashes {
		if _, ok := l.known[hash]; !ok {
			l.known[hash] = int64(conv)
			l.fresh = append(l.fresh, hash, int64(conv))
		}
	}
	return conv, nil
}

// flush writes what is new of the msgid table.
func (l *links) flush() error {
	return l.insertMany(`INSERT INTO msgid (hash, conversation)`, 2, l.fresh)
}

// join returns the one conversation that all of found are.
func (l *links) join(found []int64) (mailcore.ConversationID, error) {
	if len(found) == 0 {
		return l.newConversation()
	}
	conv := slices.Min(found)
	if len(found) > 1 {
		if err := l.written(); err != nil {
			return 0, err
		}
	}
	for _, other := range found {
		if other == conv {
			continue
		}
		for _, q := range [...]string{
			`UPDATE message SET conversation = ? WHERE conversation = ?`,
			`UPDATE merged SET target = ? WHERE target = ?`,
			`INSERT INTO merged (target, conversation) VALUES (?, ?)`,
		} {
			if _, err := l.exec(q, conv, other); err != nil {
				return 0, err
			}
		}
		for hash, c := range l.known {
			if c == other {
				l.known[hash] = conv
			}
		}
	}
	return mailcore.ConversationID(conv), nil
}

// linkHashes hashes the Message-IDs that tie a message to others, its own first.
// 64 bits are enough: half a million messages collide with a chance of one in a
// hundred million. Somebody who makes a collision on purpose gains nothing that
// a forged References field would not give.
func linkHashes(account accountID, h mailcore.Header) []int64 {
	refs := h.References
	if len(refs) > maxReferences {
		refs = append(slices.Clone(refs[:1]), refs[len(refs)-maxReferences+1:]...)
	}
	hashes := make([]int64, 0, len(refs)+2)
	add := func(id string) {
		if id == "" {
			return
		}
		f := fnv.New64a()
		f.Write([]byte(account))
		f.Write([]byte{0})
		f.Write([]byte(id))
		if n := int64(f.Sum64()); !slices.Contains(hashes, n) {
			hashes = append(hashes, n)
		}
	}
	add(h.MessageID)
	add(h.InReplyTo)
	for _, id := range refs {
		add(id)
	}
	return hashes
}

// scanID scans a message id.
func scanID(rows *sql.Rows) (mailcore.ID, error) {
	n, err := value[int64](rows)
	return mailcore.ID(n), err
}
