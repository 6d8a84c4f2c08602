package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/linnet-mail/linnet/mailcore"
)

// anyDetached reports whether the folder has rows without UID at all; it nearly
// never has, and then arrivals need not be matched.
func (a *applier) anyDetached() (bool, error) {
	return one(a, value[bool], `SELECT EXISTS (SELECT 1 FROM message WHERE at_folder = ? AND at_uid = 0)`, int64(a.folder.id))
}

// match finds the row without UID that an arrival is, or a zero place. A message
// without Message-ID is the same only if its INTERNALDATE says so too.
func (a *applier) match(m *Arrival) (place, error) {
	received := seconds(m.Received)
	p, err := one(a, scanPlace, `SELECT `+placeColumns+` FROM message
		WHERE at_folder = ?1 AND at_uid = 0 AND msgid = ?2 AND size = ?3
		AND (received = ?4 OR ?2 <> '' AND (received = 0 OR ?4 = 0))
		ORDER BY received = ?4 DESC, id LIMIT 1`,
		int64(a.folder.id), m.Header.MessageID, m.Size, received)
	if errors.Is(err, ErrNotFound) || m.Header.MessageID == "" && received == 0 {
		return place{}, nil
	}
	return p, err
}

// attach gives a row the UID of its arrival, and its operations too.
func (a *applier) attach(p place, m *Arrival) (place, error) {
	now := p
	now.uid = m.UID
	if err := a.change(p, now); err != nil {
		return p, err
	}
	if p.waiting == 0 {
		return now, nil
	}
	if err := a.settle(p.id); err != nil {
		return p, err
	}
	return a.place(p.id)
}

// fill makes a stub a message.
func (a *applier) fill(p place, m *Arrival) (place, error) {
	conv, err := a.links.conversation(m.Header)
	if err != nil {
		return p, err
	}
	_, err = a.exec(`UPDATE message SET stub = 0, sorted = ?, received = ?, size = ?, conversation = ?, attachments = ?,
		msgid = ?, subject = ?, head = ? WHERE id = ?`,
		sortKey(m.Header.Date, m.Received, a.now), seconds(m.Received), m.Size, int64(conv), likelyAttachments(m.Header.ContentType),
		m.Header.MessageID, m.Header.Subject, packHeader(m.Header), int64(p.id))
	if err != nil {
		return p, err
	}
	a.count(p.folder) // its place in the list is another now
	// The index has passed a stub by without taking it.
	if err := a.indexAgain(p.id); err != nil {
		return p, err
	}
	a.done.New = append(a.done.New, p.id)
	if p, err = a.place(p.id); err != nil {
		return p, err
	}
	// The operations decided the flags already; nothing else is known of them.
	now := p
	now.flags = m.Flags
	if err := a.change(p, now); err != nil {
		return p, err
	}
	if err := a.replayFlags(now); err != nil {
		return p, err
	}
	if err := a.settle(p.id); err != nil {
		return p, err
	}
	return a.place(p.id)
}

// replayFlags makes the flag changes that wait on top of the server's flags.
func (t *tx) replayFlags(p place) error {
	ops, err := t.opsOf(p.id)
	if err != nil {
		return err
	}
	now := p
	for _, op := range ops {
		now.flags = op.Flags.Apply(now.flags)
	}
	return t.change(p, now)
}

// BeginGeneration starts a folder over after UIDVALIDITY changed: every row
// loses its UID, the cursor becomes {UIDValidity: v}. Apply re-attaches rows.
func (s *Store) BeginGeneration(ctx context.Context, folder mailcore.FolderID, v uint32) error {
	err := s.write(ctx, normal, func(t *tx) error {
		if _, err := t.folder(folder); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE message SET at_uid = 0 WHERE at_folder = ? AND at_uid > 0`, int64(folder)); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE folder SET known = 0 WHERE id = ?`, int64(folder)); err != nil {
			return err
		}
		if err := t.saveCursor(folder, Cursor{UIDValidity: v}); err != nil {
			return err
		}
		// No operation may hit an old UID.
		_, err := t.exec(`UPDATE pending SET uid = 0, uidvalidity = 0 WHERE folder = ? AND message IS NOT NULL`, int64(folder))
		return err
	})
	return s.fail("begin a generation", err)
}

// EndGeneration deletes what was not re-attached and returns how many pending
// operations had to be dropped. It may also be called after any complete
// comparison, to clear away rows that were moved here and never turned up.
func (s *Store) EndGeneration(ctx context.Context, folder mailcore.FolderID) (dropped int, err error) {
	err = s.write(ctx, normal, func(t *tx) error {
		lost, err := all(t, scanPlace, `SELECT `+placeColumns+` FROM message WHERE at_folder = ? AND at_uid = 0 AND waiting > 0`, int64(folder))
		if err != nil {
			return err
		}
		for _, p := range lost {
			dropped += p.waiting
			if err := t.remove(p); err != nil {
				return err
			}
		}
		return t.dropAll(`at_folder = ? AND at_uid = 0`, int64(folder))
	})
	return dropped, s.fail("end a generation", err)
}

// Location says where a message is on the server as far as known: not where it
// is shown while a move waits. A UID of 0 means that it is not known yet.
func (s *Store) Location(ctx context.Context, id mailcore.ID) (folder mailcore.FolderID, uid mailcore.UID, uidValidity uint32, err error) {
	err = each(s.reader(ctx), func(rows *sql.Rows) error {
		return rows.Scan(&folder, &uid, &uidValidity)
	}, `SELECT m.at_folder, m.at_uid, f.uidvalidity FROM message m JOIN folder f ON f.id = m.at_folder WHERE m.id = ?`, int64(id))
	if err == nil && folder == 0 {
		err = ErrNotFound
	}
	return folder, uid, uidValidity, s.fail("locate message", err)
}
