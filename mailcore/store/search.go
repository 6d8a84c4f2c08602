package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/linnet-mail/linnet/mailcore"
)

// idBits is how many bits of a search row's number are the message's id; the
// rest is its date, so that the newest are found first without sorting. More
// than 268 million messages in one profile's life would not be searchable.
const idBits = 28

// document is what the index takes of a message.
type document struct {
	id, sorted                        int64
	sender, recipients, subject, body string
}

// row is the number of a document in the index.
func (d document) row() int64 { return d.sorted<<idBits | d.id }

const documentQuery = `SELECT m.id, m.sorted, m.subject, m.head, ifnull(b.text_packing, 0), ifnull(b.text, x'')
	FROM message m LEFT JOIN body b ON b.message = m.id WHERE m.stub = 0 AND `

func scanDocument(rows *sql.Rows) (document, error) {
	var d document
	var head, text sql.RawBytes
	var packing int
	if err := rows.Scan(&d.id, &d.sorted, &d.subject, &head, &packing, &text); err != nil {
		return d, err
	}
	h, err := unpackHeader(head)
	if err != nil {
		h = mailcore.Header{} // the rest can still be found
	}
	d.sender = searchable(addressText(h.From, h.ReplyTo))
	d.recipients = searchable(addressText(h.To, h.Cc, h.Bcc))
	d.subject = searchable(d.subject)
	if body, err := unpack(packing, text); err == nil {
		d.body = searchable(string(body))
	}
	return d, nil
}

func addressText(lists ...[]mailcore.Address) string {
	var b strings.Builder
	for _, list := range lists {
		for _, a := range list {
			b.WriteString(a.Name + " " + a.Addr + "\n")
		}
	}
	return b.String()
}

// indexAgain queues a message that the index has passed already.
func (t *tx) indexAgain(id messageID) error {
	_, err := t.exec(`INSERT OR IGNORE INTO search_again (message) SELECT ?1 WHERE ?1 <= (SELECT last FROM search_cursor)`, int64(id))
	return err
}

// IndexNext adds up to limit messages to the full-text index and returns how
// many it did; 0 means all is searchable, and some space that big deletes left
// is given back then. It keeps its own stored cursor. Each call is one short
// transaction: call it between other work.
func (s *Store) IndexNext(ctx context.Context, limit int) (int, error) {
	n := 0
	err := s.write(ctx, normal, func(t *tx) (err error) {
		if n, err = t.indexQueued(limit); err != nil || n == limit {
			return err
		}
		more, err := t.indexNew(limit - n)
		n += more
		return err
	})
	if err != nil {
		return 0, s.fail("index messages", err)
	}
	if n == 0 { // nothing else to do: a good moment
		err = s.fail("give space back", s.tidy(ctx))
	}
	return n, err
}

// indexQueued takes messages whose text came after they were indexed.
func (t *tx) indexQueued(limit int) (int, error) {
	ids, err := all(t, value[int64], `SELECT message FROM search_again ORDER BY message DESC LIMIT ?`, limit)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	docs, err := t.documents(documentQuery+`m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id DESC`, jsonList(ids))
	if err != nil {
		return 0, err
	}
	done := ids
	if len(docs) > 0 && docs[len(docs)-1].id > ids[len(ids)-1] { // it was too much text for one step
		done = ids[:slices.Index(ids, docs[len(docs)-1].id)+1]
	}
	rows := make([]int64, len(docs))
	for i, d := range docs {
		rows[i] = d.row()
	}
	if _, err := t.exec(`DELETE FROM search WHERE rowid IN (SELECT value FROM json_each(?))`, jsonList(rows)); err != nil {
		return 0, err
	}
	if _, err := t.exec(`DELETE FROM search_again WHERE message IN (SELECT value FROM json_each(?))`, jsonList(done)); err != nil {
		return 0, err
	}
	return len(done), t.index(docs)
}

// indexNew goes on behind the cursor.
func (t *tx) indexNew(limit int) (int, error) {
	n := 0
	for n < limit {
		docs, err := t.documents(documentQuery+`m.id > (SELECT last FROM search_cursor) ORDER BY m.id LIMIT ?`, limit-n)
		if err != nil || len(docs) == 0 {
			return n, err
		}
		n += len(docs)
		last := docs[len(docs)-1].id
		if err := t.index(docs); err != nil {
			return n, err
		}
		if _, err = t.exec(`UPDATE search_cursor SET last = ?`, last); err != nil {
			return n, err
		}
	}
	return n, nil
}

// indexText is about how many bytes of text are held in memory at once.
const indexText = 8 << 20

var errEnough = errors.New("enough text")

// documents reads what a query gives, up to about indexText.
func (t *tx) documents(query string, args ...any) ([]document, error) {
	var docs []document
	size := 0
	err := each(t, func(rows *sql.Rows) error {
		d, err := scanDocument(rows)
		if err != nil {
			return err
		}
		docs = append(docs, d)
		if size += len(d.body); size >= indexText {
			return errEnough
		}
		return t.ctx.Err()
	}, query, args...)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return docs, err
}

// index adds documents. In ascending order, and one statement for each: at each
// step back, and at each statement that takes several rows, the index would write
// a segment of its own, and merge them all later.
func (t *tx) index(docs []document) error {
	slices.SortFunc(docs, func(a, b document) int { return cmp.Compare(a.row(), b.row()) })
	for _, d := range docs {
		_, err := t.exec(`INSERT INTO search (rowid, sender, recipients, subject, body) VALUES (?, ?, ?, ?, ?)`,
			d.row(), d.sender, d.recipients, d.subject, d.body)
		if err != nil {
			return err
		}
	}
	return nil
}

// Unindexed counts the messages that the next calls of IndexNext will do.
func (s *Store) Unindexed(ctx context.Context) (int, error) {
	n, err := one(s.reader(ctx), value[int], `SELECT (SELECT count(*) FROM search_again)
		+ (SELECT count(*) FROM message WHERE id > (SELECT last FROM search_cursor) AND stub = 0)`)
	return n, s.fail("count what is not indexed", err)
}

// search returns limit ids that match from offset on, newest first.
func (r reader) search(q mailcore.Query, t terms, folders []int64, limit, offset int) ([]messageID, error) {
	if limit < 0 || limit > maxFound {
		limit = maxFound
	}
	where, args := condition(q)
	more, moreArgs := t.condition()
	once, err := r.once(q, t, "m")
	if err != nil {
		return nil, err
	}
	where += more + once
	first, last := t.rows()
	// CROSS JOIN fixes the order: the index gives the newest first, and the
	// query ends as soon as it has enough.
	return all(r, scanID, `SELECT m.id FROM search CROSS JOIN message m ON m.id = search.rowid & 268435455
		WHERE search MATCH ? AND search.rowid BETWEEN ? AND ? AND m.folder IN (SELECT value FROM json_each(?))`+where+`
		ORDER BY search.rowid DESC LIMIT ? OFFSET ?`,
		slices.Concat([]any{strings.Join(t.match, " AND "), first, last, jsonList(folders)}, args, moreArgs, []any{limit, offset})...)
}

// isWordRune is the tokenizer's idea of what words are made of.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r)
}

// unspaced are scripts that do not put spaces between words: each character is
// indexed as a word, and what is typed is looked for as a phrase of them.
var unspaced = [...]*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func isUnspaced(r rune) bool { return r >= 0x0e00 && unicode.In(r, unspaced[:]...) }

// searchable makes text fit for the index and for a search alike: valid UTF-8
// without NUL (which would end it), unspaced scripts spaced out.
func searchable(text string) string {
	text = strings.ToValidUTF8(text, " ")
	if !strings.ContainsFunc(text, func(r rune) bool { return r == 0 || isUnspaced(r) }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == 0:
			b.WriteByte(' ')
		case isUnspaced(r):
			b.WriteByte(' ')
			b.WriteRune(r)
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
