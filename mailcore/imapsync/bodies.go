package imapsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// ErrGone is returned for a message that the server does not have any more, or
// whose place there is not known (it was moved, and not found again yet).
var ErrGone = errors.New("imapsync: the message is not on the server")

// How many bodies go into one FETCH when nobody waits for them.
const (
	bodiesAtOnce = 25
	octetsAtOnce = 2 << 20
)

// FetchBody brings a message's body into the store, ahead of all background
// work, over the interactive connection. It works while Run is not running too
// (it dials then). It never sets \Seen.
func (w *Worker) FetchBody(ctx context.Context, id mailcore.ID) error {
	m, err := w.c.Store.Message(ctx, id)
	if err != nil || m.BodyHere {
		return w.at(trouble.Storage, "read message", err)
	}
	return w.lane.do(ctx, w, &job{id: id, size: m.Size, run: func(ctx context.Context, c *conn) error {
		return w.fetchBody(ctx, c, id)
	}})
}

// fetchBody fetches one body over c.
func (w *Worker) fetchBody(ctx context.Context, c *conn, id mailcore.ID) error {
	folder, uid, validity, err := w.c.Store.Location(ctx, id)
	if err != nil {
		return w.at(trouble.Storage, "locate message", err)
	}
	f, err := w.c.Store.Folder(ctx, folder)
	if err != nil {
		return w.at(trouble.Storage, "read folder", err)
	}
	if uid == 0 {
		w.todo.look(folder)
		return w.at(trouble.Fetch, "fetch message from "+f.Path, ErrGone)
	}
	if c.selected != folder {
		if _, err := w.selectFolder(c, f); err != nil {
			return err
		}
	}
	if c.selection.UIDValidity != validity {
		c.selected = 0
		w.todo.look(folder)
		return w.at(trouble.Fetch, "fetch message from "+f.Path, fmt.Errorf("the folder was renumbered: %w", ErrGone))
	}
	return w.fetchAt(ctx, c, f, id, uid)
}

// fetchAt fetches a body from the selected folder. A message that came after
// the SELECT is seen by the server's other hand only after a NOOP.
func (w *Worker) fetchAt(ctx context.Context, c *conn, f mailcore.Folder, id mailcore.ID, uid mailcore.UID) error {
	places := map[mailcore.UID]mailcore.ID{uid: id}
	for range 2 {
		got, err := w.fetchBodies(ctx, c, places)
		if err != nil || len(got) > 0 {
			w.saidBodies(f.ID, got)
			return err
		}
		if err := c.Noop().Wait(); err != nil {
			return w.at(trouble.Fetch, "fetch message from "+f.Path, err)
		}
	}
	w.todo.look(f.ID)
	return w.at(trouble.Fetch, "fetch message from "+f.Path, ErrGone)
}

// fetchBodies fetches and stores the bodies of messages of the selected folder
// with one FETCH. What was stored is returned, with an error too.
func (w *Worker) fetchBodies(ctx context.Context, c *conn, at map[mailcore.UID]mailcore.ID) ([]mailcore.ID, error) {
	set := make([]mailcore.UID, 0, len(at))
	for u := range at {
		set = append(set, u)
	}
	cmd := c.Fetch(uidSet(sorted(set)), &imap.FetchOptions{
		UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	})
	var stored []mailcore.ID
	var storeErr error
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		uid, raw, whole := c.readBody(m)
		id, asked := at[uid]
		if !asked || !whole || storeErr != nil {
			continue // the answer must be read to its end in any case
		}
		if storeErr = w.putBody(ctx, id, raw); storeErr == nil {
			stored = append(stored, id)
		} else if errors.Is(storeErr, store.ErrNotFound) {
			storeErr = nil // gone meanwhile
		}
	}
	err := w.at(trouble.Fetch, "fetch messages", cmd.Close())
	if storeErr != nil {
		err = storeErr
	}
	return stored, err
}

// readBody reads one answer. whole is false if the literal ended before its
// announced size: that must never be kept.
func (c *conn) readBody(m *imapclient.FetchMessageData) (uid mailcore.UID, raw []byte, whole bool) {
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = mailcore.UID(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue // NIL: the server cannot read it
			}
			if raw, whole = readLiteral(item.Literal); !whole {
				c.cutShort()
			}
		}
	}
	return uid, raw, whole
}

// readLiteral reads a literal as long as announced. Memory grows with what
// really comes.
func readLiteral(l imap.LiteralReader) (raw []byte, whole bool) {
	var b bytes.Buffer
	b.Grow(int(min(l.Size(), 1<<20)) + bytes.MinRead)
	n, err := io.Copy(&b, l)
	return b.Bytes(), err == nil && n == l.Size()
}

// putBody stores a body with what can be read out of it. A message that cannot
// be understood is kept all the same.
func (w *Worker) putBody(ctx context.Context, id mailcore.ID, raw []byte) error {
	b := store.Body{Raw: raw}
	if content, err := rfc822.Parse(raw); err == nil {
		b.Text = content.Text
		b.Snippet = rfc822.Snippet(b.Text)
		for _, p := range content.Parts {
			b.Attachments = b.Attachments || !p.Inline
		}
	}
	if err := w.c.Store.PutBody(ctx, id, b); err != nil {
		return w.at(trouble.Storage, "store message", err)
	}
	return nil
}

// saidBodies publishes that bodies are here.
func (w *Worker) saidBodies(folder mailcore.FolderID, ids []mailcore.ID) {
	if len(ids) > 0 {
		w.c.Publish(mailcore.MessagesChanged{Account: w.id(), Folders: []mailcore.FolderID{folder}, IDs: ids})
	}
}
