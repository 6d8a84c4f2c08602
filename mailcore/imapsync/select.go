package imapsync

import (
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// look is one comparison of a folder with the server, from SELECT on. The
// numbers of the SELECT hold for all of it: what happens later is for the next.
type look struct {
	s      *session
	f      mailcore.Folder
	mem    *folderMemory
	exists int
	next   mailcore.UID // UIDNEXT
	modSeq uint64       // HIGHESTMODSEQ read before anything is fetched; 0: no CONDSTORE
	cur    store.Cursor
	old    store.Cursor // as found
	fresh  bool         // nothing of this UIDVALIDITY is here yet
	report *FolderReport
}

// choose selects a folder, and reads where its sync stands.
func (s *session) choose(ctx context.Context, f mailcore.Folder) (*look, error) {
	data, err := s.w.selectFolder(s.c, f)
	if err != nil {
		return nil, err
	}
	cur, err := s.w.c.Store.Cursor(ctx, f.ID)
	if err != nil {
		return nil, s.w.at(trouble.Storage, "read cursor", err)
	}
	l := &look{
		s: s, f: f, exists: int(data.NumMessages), next: mailcore.UID(data.UIDNext),
		cur: cur, old: cur,
	}
	if s.c.caps.Has(imap.CapCondStore) { // some say it without offering to use it
		l.modSeq = data.HighestModSeq
	}
	l.mem = s.w.memory.folder(f.ID, data.UIDValidity)
	if l.next == 0 {
		if err := l.findUIDNext(); err != nil {
			return nil, err
		}
	}
	if cur.UIDValidity != 0 && cur.UIDValidity != data.UIDValidity {
		if err := s.w.c.Store.BeginGeneration(ctx, f.ID, data.UIDValidity); err != nil {
			return nil, s.w.at(trouble.Storage, "start folder over", err)
		}
		s.w.c.Log.Info("imapsync: the server renumbered a folder", "folder", f.Path)
		delete(s.plans, f.ID)
		l.cur = store.Cursor{}
	}
	l.begin(data.UIDValidity)
	return l, nil
}

// begin sets the ledger of a folder of which nothing is here.
func (l *look) begin(uidValidity uint32) {
	if l.cur.UIDValidity != 0 && l.cur.Backfilled != 0 {
		return
	}
	l.fresh = true
	l.cur = store.Cursor{
		UIDValidity: uidValidity, UIDNext: l.next, HighestModSeq: l.modSeq,
		Backfilled: max(l.next, 1), ServerTotal: l.exists,
	}
}

// selectFolder sends SELECT. An answer NO comes back as a *folderTrouble: the
// connection and the other folders are well.
func (w *Worker) selectFolder(c *conn, f mailcore.Folder) (*imap.SelectData, error) {
	forget(c.pushed)
	c.selected = 0
	data, err := c.Select(f.Path, &imap.SelectOptions{CondStore: c.caps.Has(imap.CapCondStore)}).Wait()
	if err != nil {
		err = w.at(trouble.Fetch, "open folder "+f.Path, err)
		if refusal(err) != nil {
			return nil, &folderTrouble{f, err}
		}
		return nil, err
	}
	c.selected, c.selection = f.ID, data
	return data, nil
}

// folderTrouble is a folder that cannot be opened or read now.
type folderTrouble struct {
	folder mailcore.Folder
	err    error
}

func (t *folderTrouble) Error() string { return fmt.Sprintf("folder %s: %v", t.folder.Path, t.err) }
func (t *folderTrouble) Unwrap() error { return t.err }

// findUIDNext works out UIDNEXT where SELECT did not say it (RFC 2060).
func (l *look) findUIDNext() error {
	l.next = 1
	if l.exists == 0 {
		return nil
	}
	msgs, err := l.s.c.Fetch(imap.SeqSetNum(uint32(l.exists)), &imap.FetchOptions{UID: true}).Collect()
	if err != nil {
		return l.s.w.at(trouble.Fetch, "ask for the last message of "+l.f.Path, err)
	}
	for _, m := range msgs {
		l.next = max(l.next, mailcore.UID(m.UID)+1)
	}
	return nil
}

// apply stores a batch with the cursor as it is then, and says so.
func (l *look) apply(ctx context.Context, b store.Batch) (store.Applied, error) {
	b = l.complete(b)
	a, err := l.write(ctx, b)
	if err == nil {
		l.tell(b, a)
	}
	return a, err
}

// complete puts the folder and the cursor as it is now to a batch.
func (l *look) complete(b store.Batch) store.Batch {
	b.Folder = l.f.ID
	cur := l.cur
	b.Cursor = &cur
	return b
}

// write stores a complete batch. It may run beside what else the look does.
func (l *look) write(ctx context.Context, b store.Batch) (store.Applied, error) {
	a, err := l.s.w.c.Store.Apply(ctx, b)
	return a, l.s.w.at(trouble.Storage, "store "+l.f.Path, err)
}

// tell says what a stored batch changed.
func (l *look) tell(b store.Batch, a store.Applied) {
	if l.report != nil {
		l.report.New += len(a.New)
		l.report.Changed += a.Changed
		l.report.Removed += a.Removed
	}
	if len(a.New)+a.Changed+a.Removed > 0 || len(b.Arrived) > 0 {
		l.s.w.c.Publish(mailcore.MessagesChanged{Account: l.s.w.id(), Folders: []mailcore.FolderID{l.f.ID}})
		l.s.w.c.Publish(mailcore.FolderChanged{Account: l.s.w.id()})
	}
}

// finish records that the folder is as the server had it at SELECT.
func (l *look) finish(ctx context.Context) error {
	first := l.old.Backfilled != 1 || l.fresh
	l.cur.Backfilled, l.cur.ServerTotal, l.cur.Checked = 1, l.exists, time.Now()
	if _, err := l.apply(ctx, store.Batch{}); err != nil {
		return err
	}
	l.s.w.memory.leave(LeftOut{Folder: l.f.ID, Messages: len(l.mem.unreadable)})
	if first {
		l.s.w.c.Publish(mailcore.FolderChanged{Account: l.s.w.id()})
	}
	if !first && !l.s.unplaced[l.f.ID] {
		return nil
	}
	delete(l.s.unplaced, l.f.ID)
	return l.endGeneration(ctx)
}

// endGeneration drops rows without UID that the server turned out not to have:
// left by an old UIDVALIDITY, or moved here and moved on by somebody else. Which
// of them there are may have been forgotten by a restart, so it is done once
// after each folder's first look, too.
func (l *look) endGeneration(ctx context.Context) error {
	w := l.s.w
	dropped, err := w.c.Store.EndGeneration(ctx, l.f.ID)
	if err != nil {
		return w.at(trouble.Storage, "start folder over", err)
	}
	if dropped > 0 {
		err := fmt.Errorf("folder %s was renumbered by the server, %d changes could not be kept", l.f.Path, dropped)
		w.c.Problem(ctx, &ChangesDropped{Folder: l.f.Path, Changes: dropped, Err: w.at(trouble.Change, "replay", err)}, nil)
	}
	w.c.Publish(mailcore.MessagesChanged{Account: w.id(), Folders: []mailcore.FolderID{l.f.ID}})
	return nil
}

// ChangesDropped is given to Config.Problem when a folder got a new UIDVALIDITY
// and changes that had not reached the server had no message any more.
type ChangesDropped struct {
	Folder  string
	Changes int
	Err     error // a *trouble.Error with stage Change
}

func (e *ChangesDropped) Error() string { return e.Err.Error() }

// Unwrap returns the staged error.
func (e *ChangesDropped) Unwrap() error { return e.Err }
