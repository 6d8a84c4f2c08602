package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// maxFound bounds a search: nobody reads further, and ids are held in memory.
const maxFound = 10_000

// jsonList writes integers as a JSON list, the form in which SQL takes sets.
func jsonList[T ~int64 | ~uint32](list []T) string {
	b := make([]byte, 0, 21*len(list)+2) // a sign, 19 digits and a comma each
	b = append(b, '[')
	for i, n := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(append(b, ']'))
}

// scope returns the folders a query is about; those that the search names, if it
// does.
func (r reader) scope(q mailcore.Query, t terms) ([]int64, error) {
	if t.in != nil {
		return r.namedFolders(q, t)
	}
	query, args := `SELECT id FROM folder WHERE gone = 0`, []any{}
	if q.Folder != 0 {
		query, args = query+` AND id = ?`, append(args, int64(q.Folder))
	}
	if q.Account != "" {
		query, args = query+` AND account = ?`, append(args, q.Account)
	}
	if q.Folder == 0 && q.Role != mailcore.RoleNone {
		query, args = query+` AND role = ?`, append(args, q.Role)
		if q.Account == "" { // of those that have a server
			query, args = query+` AND account NOT IN (SELECT j.value FROM setting, json_each(setting.value) j WHERE setting.key = ?)`, append(args, archivedKey)
		}
	}
	if q.Folder == 0 && q.Role == mailcore.RoleNone {
		query += ` AND role NOT IN ('junk', 'trash')`
	}
	return all(r, value[int64], query, args...)
}

// namedFolders returns the folders that in: means, of the query's account.
func (r reader) namedFolders(q mailcore.Query, t terms) ([]int64, error) {
	var found []int64
	err := each(r, func(rows *sql.Rows) error {
		var id int64
		var path, delimiter string
		var role mailcore.Role
		err := rows.Scan(&id, &path, &delimiter, &role)
		if t.named(path, delimiter, role) {
			found = append(found, id)
		}
		return err
	}, `SELECT id, path, delimiter, role FROM folder WHERE gone = 0 AND (?1 = '' OR account = ?1)`, q.Account)
	return found, err
}

// condition is the part of WHERE that a query's flags ask for. Unread and
// flagged are written as the partial indexes have them, so that those are used.
func condition(q mailcore.Query) (string, []any) {
	var where strings.Builder
	var args []any
	flags := q.Flags
	if q.Unread {
		where.WriteString(` AND flags & 1 = 0`)
	}
	if flags.Has(mailcore.Flagged) {
		where.WriteString(` AND flags & 4 <> 0`)
		flags &^= mailcore.Flagged
	}
	if flags != 0 {
		where.WriteString(` AND flags & ? = ?`)
		args = append(args, int64(flags), int64(flags))
	}
	return where.String(), args
}

// once is the part of WHERE that shows a message once where a query is about
// everything: folders like Gmail's All Mail and Starred repeat what is in others.
// The same Message-ID means the same conversation, which has an index.
func (r reader) once(q mailcore.Query, t terms, message string) (string, error) {
	if q.Folder != 0 || q.Role != mailcore.RoleNone || t.in != nil {
		return "", nil
	}
	repeats, err := one(r, value[bool], `SELECT EXISTS (SELECT 1 FROM folder WHERE gone = 0 AND role IN ('all', 'starred'))`)
	if err != nil || !repeats {
		return "", err
	}
	return strings.ReplaceAll(` AND NOT EXISTS (SELECT 1 FROM folder f CROSS JOIN message o CROSS JOIN folder g
		WHERE f.id = MESSAGE.folder AND f.role IN ('all', 'starred')
			AND o.conversation = MESSAGE.conversation AND o.msgid = MESSAGE.msgid AND o.msgid <> '' AND o.id <> MESSAGE.id
			AND g.id = o.folder AND g.account = f.account AND g.gone = 0
			AND g.role NOT IN ('junk', 'trash', 'starred') AND (g.role <> 'all' OR f.role = 'starred'))`, "MESSAGE", message), nil
}

// List returns the ids of a query, newest first; of a search at most the newest
// 10,000.
func (s *Store) List(ctx context.Context, q mailcore.Query) ([]mailcore.ID, error) {
	ids, err := s.reader(ctx).list(q, -1, 0)
	return ids, s.fail("list messages", err)
}

// list returns limit ids from offset on; a negative limit means all.
func (r reader) list(q mailcore.Query, limit, offset int) ([]messageID, error) {
	t := parseTerms(q.Text, time.Local)
	if t.nothing {
		return nil, nil // punctuation only: no message has it as a word
	}
	q = t.narrow(q)
	folders, err := r.scope(q, t)
	if err != nil || len(folders) == 0 {
		return nil, err
	}
	if len(t.match) > 0 {
		return r.search(q, t, folders, limit, offset)
	}
	where, args := condition(q)
	more, moreArgs := t.condition()
	where, args = where+more, append(args, moreArgs...)
	once, err := r.once(q, t, "message")
	if err != nil {
		return nil, err
	}
	where += once
	if len(folders) == 1 && once == "" && limit >= 0 && offset >= markStep {
		return r.deep(folders[0], where, args, limit, offset)
	}
	if len(folders) == 1 {
		return all(r, scanID, `SELECT id FROM message WHERE folder = ?`+where+` ORDER BY sorted DESC, id DESC LIMIT ? OFFSET ?`,
			slices.Concat([]any{folders[0]}, args, []any{limit, offset})...)
	}
	return r.merge(folders, where, args, limit, offset)
}

// key is what lists are sorted by.
type key struct{ sorted, id int64 }

// merge lists several folders as one: each gives its newest, in order of its own
// index, and the rest is decided here.
func (r reader) merge(folders []int64, where string, args []any, limit, offset int) ([]messageID, error) {
	each := limit
	if limit >= 0 {
		each = limit + offset
	}
	var keys []key
	for _, f := range folders {
		some, err := all(r, scanKey, `SELECT sorted, id FROM message WHERE folder = ?`+where+` ORDER BY sorted DESC, id DESC LIMIT ?`,
			slices.Concat([]any{f}, args, []any{each})...)
		if err != nil {
			return nil, err
		}
		keys = append(keys, some...)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(b.sorted, a.sorted), cmp.Compare(b.id, a.id))
	})
	keys = keys[min(offset, len(keys)):]
	if limit >= 0 {
		keys = keys[:min(limit, len(keys))]
	}
	ids := make([]messageID, len(keys))
	for i, k := range keys {
		ids[i] = messageID(k.id)
	}
	return ids, nil
}

// Page returns limit messages of a query from offset on, newest first.
func (s *Store) Page(ctx context.Context, q mailcore.Query, limit, offset int) ([]mailcore.Message, error) {
	r := s.reader(ctx)
	if limit <= 0 {
		return nil, nil
	}
	ids, err := r.list(q, limit, max(offset, 0))
	if err != nil {
		return nil, s.fail("list messages", err)
	}
	list, err := r.rows(ids)
	return list, s.fail("list messages", err)
}

const messageColumns = `m.id, f.account, m.folder, m.at_folder, m.at_uid, m.conversation, m.msgid, m.subject, m.head, m.received,
	m.sorted, m.size, m.flags, m.attachments, m.snippet, m.body, m.waiting`

const messageTable = ` FROM message m JOIN folder f ON f.id = m.folder `

func scanMessage(rows *sql.Rows) (mailcore.Message, error) {
	var m mailcore.Message
	var id, folder, at, uid, conv, received, sorted, flags, waiting int64
	var msgid, subject string
	var head sql.RawBytes
	err := rows.Scan(&id, &m.Account, &folder, &at, &uid, &conv, &msgid, &subject, &head, &received,
		&sorted, &m.Size, &flags, &m.Attachments, &m.Snippet, &m.BodyHere, &waiting)
	if err != nil {
		return m, err
	}
	if m.Header, err = unpackHeader(head); err != nil {
		// One unreadable header must not empty the list: the rest is shown.
		m.Header = mailcore.Header{}
	}
	m.ID, m.Folder, m.Conversation = messageID(id), folderID(folder), mailcore.ConversationID(conv)
	if at == folder {
		m.UID = mailcore.UID(uid)
	}
	m.MessageID, m.Subject = msgid, subject
	m.Received, m.Sorted = fromSeconds(received), fromSeconds(sorted)
	m.Flags, m.Waiting = mailcore.Flags(flags), waiting > 0
	return m, nil
}

// Rows returns the messages of ids in that order; ids that are gone are left out.
func (s *Store) Rows(ctx context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	list, err := s.reader(ctx).rows(ids)
	return list, s.fail("read messages", err)
}

func (r reader) rows(ids []messageID) ([]mailcore.Message, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := all(r, scanMessage,
		`SELECT `+messageColumns+messageTable+`WHERE m.id IN (SELECT value FROM json_each(?))`, jsonList(ids))
	if err != nil {
		return nil, err
	}
	found := make(map[messageID]int, len(list))
	for i, m := range list {
		found[m.ID] = i
	}
	out := make([]mailcore.Message, 0, len(list))
	for _, id := range ids {
		if i, ok := found[id]; ok {
			out = append(out, list[i])
		}
	}
	return out, nil
}

// Message returns one message, or ErrNotFound.
func (s *Store) Message(ctx context.Context, id mailcore.ID) (mailcore.Message, error) {
	m, err := one(s.reader(ctx), scanMessage, `SELECT `+messageColumns+messageTable+`WHERE m.id = ?`, int64(id))
	return m, s.fail("read message", err)
}

// ByUID returns the message at (folder, uid) on the server, or ErrNotFound. A
// message that waits to be moved away is found here too; one that is hidden
// because an expunge waits is not.
func (s *Store) ByUID(ctx context.Context, folder mailcore.FolderID, uid mailcore.UID) (mailcore.Message, error) {
	m, err := one(s.reader(ctx), scanMessage,
		`SELECT `+messageColumns+messageTable+`WHERE m.at_folder = ? AND m.at_uid > 0 AND m.at_uid = ?`, int64(folder), int64(uid))
	return m, s.fail("read message", err)
}

// Conversation returns the ids of a conversation, oldest first, whatever folder
// they are in.
func (s *Store) Conversation(ctx context.Context, id mailcore.ConversationID) ([]mailcore.ID, error) {
	ids, err := all(s.reader(ctx), scanID,
		`SELECT id FROM message WHERE conversation = ? AND folder IS NOT NULL ORDER BY sorted, id`, int64(id))
	return ids, s.fail("list a conversation", err)
}
