package store

import (
	"bytes"
	"compress/flate"
	"context"
	"database/sql"
	"io"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// Body is a whole message with what was read out of it.
type Body struct {
	Raw         []byte // as fetched
	Text        string // for the full-text index
	Snippet     string
	Attachments bool
}

// How a body's bytes are packed.
const (
	asIs     = 0
	deflated = 1
)

// maxIndexed bounds the text of one message in the index, in bytes: a log file
// sent as text would outweigh years of mail.
const maxIndexed = 1 << 20

// pack deflates data if that makes it smaller.
func pack(data []byte) (packing int, packed []byte) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return asIs, data
	}
	if _, err := w.Write(data); err != nil || w.Close() != nil || b.Len() >= len(data) {
		return asIs, data
	}
	return deflated, b.Bytes()
}

func unpack(packing int, data []byte) ([]byte, error) {
	if packing == asIs {
		return data, nil
	}
	return io.ReadAll(flate.NewReader(bytes.NewReader(data)))
}

// notNil keeps an empty value from becoming NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// PutBody stores a body and queues it for the full-text index. A message that
// is gone meanwhile is ErrNotFound.
func (s *Store) PutBody(ctx context.Context, id mailcore.ID, b Body) error {
	packing, raw := pack(b.Raw)
	text := b.Text
	if len(text) > maxIndexed {
		text = strings.ToValidUTF8(text[:maxIndexed], "")
	}
	textPacking, packedText := pack([]byte(text))
	err := s.write(ctx, normal, func(t *tx) error {
		if _, err := t.place(id); err != nil {
			return err
		}
		_, err := t.exec(`INSERT OR REPLACE INTO body (message, packing, raw, text_packing, text) VALUES (?, ?, ?, ?, ?)`,
			int64(id), packing, notNil(raw), textPacking, notNil(packedText))
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE message SET body = 1, snippet = ?, attachments = ? WHERE id = ?`, b.Snippet, b.Attachments, int64(id))
		if err != nil {
			return err
		}
		return t.indexAgain(id)
	})
	return s.fail("store a body", err)
}

// Raw returns the stored bytes of a message, or ErrNotFound if its body is not here.
func (s *Store) Raw(ctx context.Context, id mailcore.ID) ([]byte, error) {
	raw, err := one(s.reader(ctx), func(rows *sql.Rows) ([]byte, error) {
		var packing int
		var packed []byte
		if err := rows.Scan(&packing, &packed); err != nil {
			return nil, err
		}
		return unpack(packing, packed)
	}, `SELECT packing, raw FROM body WHERE message = ?`, int64(id))
	return raw, s.fail("read a body", err)
}

// WithoutBody returns, newest first, up to limit messages of a folder without a
// stored body and of at most maxSize octets. Messages that the server has
// elsewhere, because their move still waits, are left out.
func (s *Store) WithoutBody(ctx context.Context, folder mailcore.FolderID, maxSize int64, limit int) ([]mailcore.Message, error) {
	list, err := all(s.reader(ctx), scanMessage, `SELECT `+messageColumns+messageTable+`
		WHERE m.folder = ?1 AND m.at_folder = ?1 AND m.at_uid > 0 AND m.body = 0 AND m.size <= ?2
		ORDER BY m.sorted DESC, m.id DESC LIMIT ?3`, int64(folder), maxSize, limit)
	return list, s.fail("list messages without body", err)
}
