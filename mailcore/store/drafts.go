package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// withoutData returns a draft whose attachments have names and types only.
func withoutData(d mailcore.Draft) mailcore.Draft {
	d.Attachments = slices.Clone(d.Attachments)
	for i := range d.Attachments {
		d.Attachments[i].Data = nil
	}
	return d
}

func packDraft(d mailcore.Draft) (string, error) {
	b, err := json.Marshal(withoutData(d))
	return string(b), err
}

// SaveDraft stores a draft (synchronous FULL) and returns its id. A draft whose
// row is gone is stored anew under its old id: what is being written is never
// lost. Attachment data that did not change is not written again. A zero Changed
// means now.
func (s *Store) SaveDraft(ctx context.Context, d mailcore.Draft) (mailcore.DraftID, error) {
	if d.Changed.IsZero() {
		d.Changed = time.Now()
	}
	content, err := packDraft(d)
	if err != nil {
		return 0, classify("save draft", err)
	}
	hashes := hashAll(d.Attachments)
	err = s.write(ctx, full, func(t *tx) error {
		r, err := t.exec(`INSERT INTO draft (id, account, changed, content) VALUES (nullif(?, 0), ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET account = excluded.account, changed = excluded.changed, content = excluded.content`,
			int64(d.ID), d.Account, nanos(d.Changed), content)
		if err != nil {
			return err
		}
		if d.ID == 0 {
			id, err := r.LastInsertId()
			if err != nil {
				return err
			}
			d.ID = mailcore.DraftID(id)
		}
		return t.putAttachments("draft", int64(d.ID), d.Attachments, hashes)
	})
	return d.ID, s.fail("save draft", err)
}

func hashAll(list []mailcore.Attachment) [][]byte {
	hashes := make([][]byte, len(list))
	for i, a := range list {
		h := sha256.Sum256(a.Data)
		hashes[i] = h[:]
	}
	return hashes
}

// putAttachments makes the attachment rows of an owner ("draft" or "outbox")
// those of list.
func (t *tx) putAttachments(owner string, id int64, list []mailcore.Attachment, hashes [][]byte) error {
	type row struct {
		id   int64
		hash string
	}
	have, err := all(t, func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.id, &r.hash)
		return r, err
	}, `SELECT id, hash FROM attachment WHERE `+owner+` = ?`, id)
	if err != nil {
		return err
	}
	for i, a := range list {
		j := slices.IndexFunc(have, func(r row) bool { return r.hash == string(hashes[i]) })
		if j >= 0 {
			_, err = t.exec(`UPDATE attachment SET place = ? WHERE id = ?`, i, have[j].id)
			have = slices.Delete(have, j, j+1)
		} else {
			_, err = t.exec(`INSERT INTO attachment (`+owner+`, place, hash, data) VALUES (?, ?, ?, ?)`, id, i, hashes[i], notNil(a.Data))
		}
		if err != nil {
			return err
		}
	}
	for _, r := range have {
		if _, err := t.exec(`DELETE FROM attachment WHERE id = ?`, r.id); err != nil {
			return err
		}
	}
	return nil
}

// fillAttachments loads the data that belongs to a draft's attachments.
func fillAttachments(src source, owner string, id int64, d *mailcore.Draft) error {
	return each(src, func(rows *sql.Rows) error {
		var place int
		var data []byte
		if err := rows.Scan(&place, &data); err != nil {
			return err
		}
		if place >= 0 && place < len(d.Attachments) {
			d.Attachments[place].Data = data
		}
		return nil
	}, `SELECT place, data FROM attachment WHERE `+owner+` = ?`, id)
}

func scanDraft(rows *sql.Rows) (mailcore.Draft, error) {
	var d mailcore.Draft
	var id, changed int64
	var content string
	if err := rows.Scan(&id, &changed, &content); err != nil {
		return d, err
	}
	err := json.Unmarshal([]byte(content), &d)
	d.ID, d.Changed = mailcore.DraftID(id), fromNanos(changed)
	return d, err
}

// Drafts lists the drafts, last changed first, without attachment data.
func (s *Store) Drafts(ctx context.Context) ([]mailcore.Draft, error) {
	list, err := all(s.reader(ctx), scanDraft, `SELECT id, changed, content FROM draft ORDER BY changed DESC, id DESC`)
	return list, s.fail("list drafts", err)
}

// Draft returns one draft whole, or ErrNotFound.
func (s *Store) Draft(ctx context.Context, id mailcore.DraftID) (mailcore.Draft, error) {
	r := s.reader(ctx)
	d, err := one(r, scanDraft, `SELECT id, changed, content FROM draft WHERE id = ?`, int64(id))
	if err == nil {
		err = fillAttachments(r, "draft", int64(id), &d)
	}
	return d, s.fail("read draft", err)
}

// DeleteDraft removes a draft; one that is gone is no error.
func (s *Store) DeleteDraft(ctx context.Context, id mailcore.DraftID) error {
	err := s.write(ctx, full, func(t *tx) error {
		_, err := t.exec(`DELETE FROM draft WHERE id = ?`, int64(id))
		return err
	})
	return s.fail("delete draft", err)
}

// Setting returns a small value stored under key, "" if there is none.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	v, err := one(s.reader(ctx), value[string], `SELECT value FROM setting WHERE key = ?`, key)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return v, s.fail("read setting", err)
}

// SetSetting stores a small value under key; "" removes it.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	err := s.write(ctx, normal, func(t *tx) error {
		if value == "" {
			_, err := t.exec(`DELETE FROM setting WHERE key = ?`, key)
			return err
		}
		_, err := t.exec(`INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)`, key, value)
		return err
	})
	return s.fail("store setting", err)
}
