package imapsync

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// changeBatch is how many flags or removals are stored in one transaction.
const changeBatch = 2000

// look brings one folder up to date: new mail, then changes, then what is gone,
// then the rest of the headers, newest first. It reports false when something
// more urgent came in between; all that was done is stored.
func (s *session) look(ctx context.Context, f mailcore.Folder) (done bool, err error) {
	err = s.turn(ctx, func() error {
		l, err := s.choose(ctx, f)
		if err == nil {
			l.report = s.reportFor(f)
			done, err = l.run(ctx)
		}
		return err
	})
	var t *folderTrouble
	if err != nil && refusal(err) != nil && !errors.As(err, &t) {
		err = &folderTrouble{f, err}
	}
	if errors.As(err, &t) {
		s.w.memory.leave(LeftOut{Folder: f.ID, Err: t.err})
	}
	return done, err
}

func (l *look) run(ctx context.Context) (bool, error) {
	if err := l.newMail(ctx); err != nil {
		return false, err
	}
	if err := l.changes(ctx); err != nil {
		return false, err
	}
	plan, err := l.compare(ctx)
	if err != nil {
		return false, err
	}
	done, err := l.backfill(ctx, plan)
	if err != nil || !done {
		return false, err
	}
	return true, l.finish(ctx)
}

// compare finds what was removed on the server and what is missing here. It
// returns the UIDs still to be fetched below the ledger's mark. Where counts
// agree nothing is asked.
func (l *look) compare(ctx context.Context) ([]mailcore.UID, error) {
	if l.fresh {
		return nil, nil // backfill asks itself, together with the first window
	}
	known, err := l.s.w.c.Store.KnownCount(ctx, l.f.ID)
	if err != nil {
		return nil, l.s.w.at(trouble.Storage, "count messages", err)
	}
	if l.cur.Backfilled == 1 && known+len(l.mem.skipped) == l.exists {
		return nil, nil
	}
	if plan, ok := l.s.plans[l.f.ID]; ok && l.cur.Backfilled != 1 {
		return below(plan, l.cur.Backfilled), nil
	}
	return l.compareAll(ctx)
}

func (l *look) compareAll(ctx context.Context) ([]mailcore.UID, error) {
	there, err := l.search(1, l.next-1)
	if err != nil {
		return nil, err
	}
	here, err := l.s.w.c.Store.UIDs(ctx, l.f.ID)
	if err != nil {
		return nil, l.s.w.at(trouble.Storage, "list messages", err)
	}
	if err := l.remove(ctx, minus(below(here, l.next), there)); err != nil {
		return nil, err
	}
	l.forgetSkipped(there)
	missing := l.wanted(minus(there, here))
	if err := l.repair(ctx, from(missing, l.cur.Backfilled)); err != nil {
		return nil, err
	}
	return below(missing, l.cur.Backfilled), nil
}

// remove drops what the server has not any more.
func (l *look) remove(ctx context.Context, gone []mailcore.UID) error {
	l.went(ctx, gone)
	for len(gone) > 0 {
		n := min(changeBatch, len(gone))
		if _, err := l.apply(ctx, store.Batch{Gone: gone[:n]}); err != nil {
			return err
		}
		gone = gone[n:]
	}
	return nil
}

// repair fetches messages that should have been here already.
func (l *look) repair(ctx context.Context, missing []mailcore.UID) error {
	if len(missing) == 0 {
		return nil
	}
	l.s.w.c.Log.Info("imapsync: fetching what was missed", "folder", l.f.Path, "messages", len(missing))
	p := pipeline{l: l, queue: queue{uids: missing, newestFirst: true}}
	_, err := p.run(ctx)
	return err
}

// wanted leaves out what can not be fetched or must not be stored.
func (l *look) wanted(uids []mailcore.UID) []mailcore.UID {
	if len(l.mem.skipped) == 0 {
		return uids
	}
	var out []mailcore.UID
	for _, u := range uids {
		if !l.mem.skipped[u] {
			out = append(out, u)
		}
	}
	return out
}

// forgetSkipped drops skipped UIDs that the server has not any more, so that
// counts stay comparable.
func (l *look) forgetSkipped(there []mailcore.UID) {
	if len(l.mem.skipped) == 0 {
		return
	}
	exist := map[mailcore.UID]bool{}
	for _, u := range there {
		exist[u] = true
	}
	for u := range l.mem.skipped {
		if !exist[u] {
			delete(l.mem.skipped, u)
			delete(l.mem.unreadable, u)
		}
	}
}

// search lists the UIDs from first to last that exist, ascending.
func (l *look) search(first, last mailcore.UID) ([]mailcore.UID, error) {
	if l.exists == 0 || last < first {
		return nil, nil
	}
	return l.readSearch(l.startSearch(first, last))
}

// searching is a SEARCH in flight.
type searching interface {
	Wait() (*imap.SearchData, error)
}

func (l *look) startSearch(first, last mailcore.UID) searching {
	var options *imap.SearchOptions
	if l.s.c.caps.Has(imap.CapESearch) {
		options = &imap.SearchOptions{ReturnAll: true}
	}
	return l.s.c.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{uidRange(first, last)}}, options)
}

func (l *look) readSearch(cmd searching) ([]mailcore.UID, error) {
	data, err := cmd.Wait()
	if err == nil {
		var uids []mailcore.UID
		if uids, err = expand(data, l.exists); err == nil {
			return below(uids, l.next), nil
		}
	}
	return nil, l.s.w.at(trouble.Fetch, "list the messages of "+l.f.Path, err)
}
