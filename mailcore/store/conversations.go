package store

import (
	"database/sql"
	"errors"
	"hash/fnv"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// maxReferences bounds how many of a message's references are looked at: the
// root and the nearest ones say all.
const maxReferences = 64

// conversation finds or makes the conversation of a message, merging those that
// it shows to be one. The smallest number wins, so the result does not depend
// on the order of arrival.
func (t *tx) conversation(account accountID, h mailcore.Header) (mailcore.ConversationID, error) {
	hashes := linkHashes(account, h)
	if len(hashes) == 0 {
		return t.newConversation()
	}
	var missing []int64
	var found []int64
	for _, hash := range hashes {
		conv, err := one(t, value[int64], `SELECT ifnull(x.target, m.conversation) FROM msgid m
			LEFT JOIN merged x ON x.conversation = m.conversation WHERE m.hash = ?`, hash)
		switch {
		case errors.Is(err, ErrNotFound):
			missing = append(missing, hash)
		case err != nil:
			return 0, err
		case !slices.Contains(found, conv):
			found = append(found, conv)
		}
	}
	conv, err := t.joinConversations(found)
	if err != nil {
		return 0, err
	}
	for _, hash := range missing {
		if _, err := t.exec(`INSERT INTO msgid (hash, conversation) VALUES (?, ?)`, hash, int64(conv)); err != nil {
			return 0, err
		}
	}
	return conv, nil
}

// joinConversations returns the one conversation that all of found are.
func (t *tx) joinConversations(found []int64) (mailcore.ConversationID, error) {
	if len(found) == 0 {
		return t.newConversation()
	}
	conv := slices.Min(found)
	for _, other := range found {
		if other == conv {
			continue
		}
		for _, q := range [...]string{
			`UPDATE message SET conversation = ? WHERE conversation = ?`,
			`UPDATE merged SET target = ? WHERE target = ?`,
			`INSERT INTO merged (target, conversation) VALUES (?, ?)`,
		} {
			if _, err := t.exec(q, conv, other); err != nil {
				return 0, err
			}
		}
	}
	return mailcore.ConversationID(conv), nil
}

// newConversation takes the next free number. Merged ones stay taken. flush
// writes the counter back.
func (t *tx) newConversation() (mailcore.ConversationID, error) {
	if t.lastConversation == 0 {
		n, err := one(t, value[int64], `SELECT conversation FROM counter`)
		if err != nil {
			return 0, err
		}
		t.lastConversation = n
	}
	t.lastConversation++
	return mailcore.ConversationID(t.lastConversation), nil
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
