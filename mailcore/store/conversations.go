package store

import (
	"cmp"
	"context"
	"database/sql"
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
	scratch []int64
	known   map[int64]int64 // hash of a Message-ID → conversation
	fresh   []link          // rows of msgid to add; those of a merged conversation stay right through merged
	written func() error    // writes the messages gathered so far, so that a merge finds them
}

// link is a row of msgid.
type link struct{ hash, conversation int64 }

func (t *tx) loadLinks(account accountID, batch []Arrival, written func() error) (*links, error) {
	l := &links{tx: t, account: account, known: make(map[int64]int64, len(batch)+len(batch)/4), written: written}
	hashes := make([]int64, 0, 2*len(batch))
	for i := range batch {
		hashes = appendLinkHashes(hashes, account, batch[i].Header)
	}
	// In order, each once, they are looked up in one pass through the table.
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return l, each(t, func(rows *sql.Rows) error {
		var hash, conv int64
		err := rows.Scan(&hash, &conv)
		l.known[hash] = conv
		return err
	}, `SELECT m.hash, ifnull(x.target, m.conversation) FROM json_each(?) j CROSS JOIN msgid m ON m.hash = j.value
		LEFT JOIN merged x ON x.conversation = m.conversation`, jsonList(hashes))
}

// conversation finds or makes the conversation of a message of the batch,
// merging those that it shows to be one. The smallest number wins.
func (l *links) conversation(h mailcore.Header) (mailcore.ConversationID, error) {
	hashes := appendLinkHashes(l.scratch[:0], l.account, h)
	l.scratch = hashes
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
			l.fresh = append(l.fresh, link{hash, int64(conv)})
		}
	}
	return conv, nil
}

// flush writes what is new of the msgid table, in its order.
func (l *links) flush() error {
	slices.SortFunc(l.fresh, func(a, b link) int { return cmp.Compare(a.hash, b.hash) })
	args := make([]any, 0, 2*len(l.fresh))
	for _, f := range l.fresh {
		args = append(args, f.hash, f.conversation)
	}
	return l.insertMany(l.bulks.msgids, args)
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

// appendLinkHashes hashes the Message-IDs that tie a message to others, its own
// first, each once. 64 bits are enough: half a million messages collide with a
// chance of one in a hundred million. Somebody who makes a collision on purpose
// gains nothing that a forged References field would not give.
func appendLinkHashes(list []int64, account accountID, h mailcore.Header) []int64 {
	own := len(list)
	add := func(id string) {
		if id == "" {
			return
		}
		if n := linkHash(account, id); !slices.Contains(list[own:], n) {
			list = append(list, n)
		}
	}
	add(h.MessageID)
	add(h.InReplyTo)
	for i, id := range h.References {
		if i == 0 || i > len(h.References)-maxReferences {
			add(id)
		}
	}
	return list
}

// linkHash is FNV-1a of account, NUL, Message-ID. What it gives is stored, so it
// must stay as it is.
func linkHash(account accountID, id string) int64 {
	const offset, prime = 14695981039346656037, 1099511628211
	n := uint64(offset)
	for i := range len(account) {
		n = (n ^ uint64(account[i])) * prime
	}
	n *= prime
	for i := range len(id) {
		n = (n ^ uint64(id[i])) * prime
	}
	return int64(n)
}

// HasMessageID reports whether an account shows a message with a Message-ID in any
// folder.
func (s *Store) HasMessageID(ctx context.Context, account mailcore.AccountID, id string) (bool, error) {
	has, err := one(s.reader(ctx), value[bool], `SELECT EXISTS (SELECT 1 FROM msgid h LEFT JOIN merged x ON x.conversation = h.conversation
		CROSS JOIN message m ON m.conversation = ifnull(x.target, h.conversation) WHERE h.hash = ? AND m.msgid = ? AND m.folder IS NOT NULL)`,
		linkHash(account, id), id)
	return has, s.fail("look for a Message-ID", err)
}

// scanID scans a message id.
func scanID(rows *sql.Rows) (mailcore.ID, error) {
	n, err := value[int64](rows)
	return mailcore.ID(n), err
}
