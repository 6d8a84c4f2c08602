package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// terms is what a person typed into a search, taken apart. Words are all wanted
// and match from their beginning, "quoted words" match as a phrase, and these
// narrow it down:
//
//	from: to: subject:  words of that field; "quoted words" as a phrase
//	has:attachment      is:unread is:read is:starred
//	in:name             a folder by name, path or role, instead of the one on screen
//	before: after:      a day, month or year as 2024-03-01, 2024-03, 2024
//
// What is no such thing, like "re:", is a word like any other.
type terms struct {
	match         []string // FTS5 expressions, all wanted
	words         []Word   // the same for a server
	unread        bool
	flags         mailcore.Flags
	attachment    bool
	in            []string // in lower case
	before, after int64    // bounds of the date, seconds; 0 for none
	nothing       bool     // something was typed, and nothing can match it
}

// columns are the parts of the index that an operator looks in.
var columns = map[string]string{"from": "sender", "to": "recipients", "subject": "subject"}

func parseTerms(text string, local *time.Location) terms {
	var t terms
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimLeft(rest, " \t\r\n") {
		var word string
		word, rest = nextTerm(rest)
		name, value, ok := strings.Cut(word, ":")
		if ok && !strings.HasPrefix(word, `"`) && t.operator(strings.ToLower(name), value, local) {
			continue
		}
		t.addMatch("", word)
	}
	t.nothing = strings.TrimSpace(text) != "" && t.empty()
	return t
}

// nextTerm cuts off a word; a quoted part of it may hold blanks.
func nextTerm(s string) (word, rest string) {
	quoted := false
	for i, c := range s {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(" \t\r\n\u00a0\u3000", c):
			return s[:i], strings.TrimLeft(s[i:], " \t\r\n\u00a0\u3000")
		}
	}
	return s, ""
}

// operator takes one operator, and reports false if it is none.
func (t *terms) operator(name, value string, local *time.Location) bool {
	plain := strings.ToLower(strings.Trim(value, `"`))
	switch {
	case plain == "":
		return false
	case columns[name] != "":
		t.addMatch(name, value)
	case name == "has" && (plain == "attachment" || plain == "attachments"):
		t.attachment = true
	case name == "is" && plain == "unread":
		t.unread = true
	case name == "is" && plain == "read":
		t.flags |= mailcore.Seen
	case name == "is" && (plain == "starred" || plain == "flagged"):
		t.flags |= mailcore.Flagged
	case name == "in":
		t.in = append(t.in, plain)
	case name == "before" || name == "after":
		return t.bound(name, plain, local)
	default:
		return false
	}
	return true
}

// bound takes a date: after includes it, before does not.
func (t *terms) bound(name, value string, local *time.Location) bool {
	value = strings.NewReplacer("/", "-", ".", "-").Replace(value)
	for _, layout := range []string{"2006-1-2", "2006-1", "2006"} {
		day, err := time.ParseInLocation(layout, value, local)
		if err != nil {
			continue
		}
		at := min(max(day.Unix(), 1), 1<<34-1) // as far as a sort key goes
		if name == "after" {
			t.after = max(t.after, at)
		} else if t.before == 0 || at < t.before {
			t.before = at
		}
		return true
	}
	return false
}

// addMatch adds a word, or the words of a phrase, as an FTS5 expression.
// Everything is quoted, so that nothing typed is taken for syntax.
func (t *terms) addMatch(field, typed string) {
	column := ""
	if field != "" {
		column = columns[field] + " : "
	}
	for i, part := range strings.Split(typed, `"`) {
		words := searchable(part)
		if !strings.ContainsFunc(words, isWordRune) {
			continue
		}
		term := column + `"` + words + `"`
		if i%2 == 0 {
			term += "*"
		}
		t.match = append(t.match, term)
		t.words = append(t.words, Word{field, strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(part, "\x00", " "), " "))})
	}
}

func (t *terms) empty() bool {
	return len(t.match) == 0 && !t.unread && t.flags == 0 && !t.attachment && t.in == nil && t.before == 0 && t.after == 0
}

// narrow puts what the query itself can say into it.
func (t *terms) narrow(q mailcore.Query) mailcore.Query {
	q.Unread = q.Unread || t.unread
	q.Flags |= t.flags
	if t.in != nil {
		q.Folder = 0
	}
	return q
}

// condition is the part of WHERE for the rest.
func (t *terms) condition() (where string, args []any) {
	if t.attachment {
		where += ` AND attachments = 1`
	}
	if t.after != 0 {
		where, args = where+` AND sorted >= ?`, append(args, t.after)
	}
	if t.before != 0 {
		where, args = where+` AND sorted < ?`, append(args, t.before)
	}
	return where, args
}

// rows is the range of the index's row numbers that the dates leave.
func (t *terms) rows() (first, last int64) {
	first, last = t.after<<idBits, 1<<62
	if t.before != 0 {
		last = t.before << idBits
	}
	return first, last
}

// roleNames are what in: calls the roles beside their own names.
var roleNames = map[string]mailcore.Role{"spam": mailcore.RoleJunk, "bin": mailcore.RoleTrash, "deleted": mailcore.RoleTrash}

// named reports whether in: means a folder.
func (t *terms) named(path, delimiter string, role mailcore.Role) bool {
	f := mailcore.Folder{Path: path, Delimiter: delimiter}
	return slices.ContainsFunc(t.in, func(in string) bool {
		return strings.EqualFold(in, path) || strings.EqualFold(in, f.Name()) ||
			role != mailcore.RoleNone && (in == string(role) || roleNames[in] == role)
	})
}

// Word is a word or phrase that a search wants.
type Word struct {
	Field string // "from", "to", "subject", or "" for anywhere in the message
	Text  string
}

// Wanted is a search as a server can be asked for it.
type Wanted struct {
	Words         []Word // all of them
	Flags         mailcore.Flags
	Unread        bool
	Attachment    bool      // which IMAP cannot be asked for
	After, Before time.Time // zero for no bound; After is included, Before is not
}

// Wants takes a query apart for a server, and lists the folders that it is about.
// There are none if nothing can match.
func (s *Store) Wants(ctx context.Context, q mailcore.Query) (Wanted, []mailcore.Folder, error) {
	t := parseTerms(q.Text, time.Local)
	q = t.narrow(q)
	want := Wanted{Words: t.words, Flags: q.Flags, Unread: q.Unread, Attachment: t.attachment, After: fromSeconds(t.after), Before: fromSeconds(t.before)}
	if t.nothing {
		return want, nil, nil
	}
	ids, err := s.reader(ctx).scope(q, t)
	if err != nil {
		return want, nil, s.fail("list folders", err)
	}
	folders := make([]mailcore.Folder, 0, len(ids))
	for _, id := range ids {
		f, err := s.Folder(ctx, folderID(id))
		if err != nil {
			return want, nil, err
		}
		folders = append(folders, f)
	}
	return want, folders, nil
}

// ByUIDs returns the messages shown in a folder that are at UIDs of it on the
// server; those that are not here are left out.
func (s *Store) ByUIDs(ctx context.Context, folder mailcore.FolderID, uids []mailcore.UID) (map[mailcore.UID]mailcore.ID, error) {
	found := make(map[mailcore.UID]mailcore.ID, len(uids))
	err := each(s.reader(ctx), func(rows *sql.Rows) error {
		var uid, id int64
		err := rows.Scan(&uid, &id)
		found[mailcore.UID(uid)] = messageID(id)
		return err
	}, `SELECT at_uid, id FROM message WHERE at_folder = ?1 AND folder = ?1 AND at_uid > 0 AND at_uid IN (SELECT value FROM json_each(?2))`,
		int64(folder), jsonList(uids))
	return found, s.fail("find messages by UID", err)
}
