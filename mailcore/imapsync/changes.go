package imapsync

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// plainFlags is how many of the newest messages' flags are compared at each look
// on a server without CONDSTORE.
const plainFlags = 1000

// newMail fetches what came since the folder was looked at last, and announces
// it: what was stored before the connection broke, too.
func (l *look) newMail(ctx context.Context) error {
	if l.fresh || l.next <= l.cur.UIDNext {
		return nil
	}
	var ids []mailcore.ID
	err := l.fetchNew(ctx, func(a store.Applied, _ store.Cursor) {
		ids = append(ids, a.New...)
		l.s.rowsStored(len(a.New))
	})
	return errors.Join(err, l.announce(ctx, ids))
}

func (l *look) fetchNew(ctx context.Context, stored func(store.Applied, store.Cursor)) error {
	uids, guess, err := l.arrivals(l.cur.UIDNext)
	if err != nil {
		return err
	}
	if n := len(uids); n > 2*firstWindow {
		// Long away: the newest first, for the screen; the ledger moves only as
		// the rest comes in order.
		p := pipeline{l: l, queue: queue{uids: uids[n-firstWindow:]}, stored: stored}
		if _, err := p.run(ctx); err != nil {
			return err
		}
		uids = uids[:n-firstWindow]
	}
	p := pipeline{l: l, queue: queue{uids: uids}, guess: guess, stored: stored}
	p.advance = func(w []mailcore.UID) { l.cur.UIDNext = w[len(w)-1] + 1 }
	if _, err := p.run(ctx); err != nil {
		return err
	}
	l.cur.UIDNext = l.next
	_, err = l.apply(ctx, store.Batch{})
	return err
}

// arrivals lists the UIDs from first on. Few are guessed, which saves a round
// trip; the count check finds out if a guess was wrong.
func (l *look) arrivals(first mailcore.UID) (uids []mailcore.UID, guess bool, err error) {
	if l.next-first > firstWindow {
		uids, err = l.search(first, l.next-1)
		return l.wanted(from(uids, first)), false, err
	}
	uids = make([]mailcore.UID, 0, l.next-first)
	for u := first; u < l.next; u++ {
		uids = append(uids, u)
	}
	return l.wanted(uids), true, nil
}

// announce publishes NewMail for messages that nobody has read and that were
// not put there by the person's own doing.
func (l *look) announce(ctx context.Context, ids []mailcore.ID) error {
	switch l.f.Role {
	case mailcore.RoleSent, mailcore.RoleDrafts, mailcore.RoleTrash, mailcore.RoleJunk:
		return nil
	case mailcore.RoleAll, mailcore.RoleStarred:
		return nil // it holds what is elsewhere too, and is announced there
	}
	rows, err := l.s.w.c.Store.Rows(ctx, ids)
	if err != nil {
		return l.s.w.at(trouble.Storage, "read new mail", err)
	}
	if l.f.Role == mailcore.RoleInbox {
		l.mem.vanishing.came(rows, time.Now())
	}
	var unread []mailcore.ID
	for _, r := range rows {
		if !r.Flags.Has(mailcore.Seen) && !r.Flags.Has(mailcore.Deleted) {
			unread = append(unread, r.ID)
		}
	}
	if len(unread) > 0 {
		l.s.w.c.Publish(mailcore.NewMail{Account: l.s.w.id(), Folder: l.f.ID, IDs: unread})
	}
	return nil
}

// changes fetches changed flags of what was here before.
func (l *look) changes(ctx context.Context) error {
	first, last := l.cur.Backfilled, l.old.UIDNext-1
	if l.fresh || last < first || l.exists == 0 {
		l.cur.HighestModSeq = l.modSeq
		return nil
	}
	switch {
	case l.modSeq == 0:
		return l.plainChanges(ctx, first, last)
	case l.modSeq == l.cur.HighestModSeq:
		return nil
	case l.cur.HighestModSeq == 0 || l.modSeq < l.cur.HighestModSeq:
		// The mark means nothing here any more.
		return l.flags(ctx, uidRange(first, last), 0)
	}
	return l.flags(ctx, uidRange(first, last), l.cur.HighestModSeq)
}

// plainChanges compares the flags of the newest messages, or of all when the
// folder was opened or it is time again.
func (l *look) plainChanges(ctx context.Context, first, last mailcore.UID) error {
	all := l.s.opened == l.f.ID || time.Since(l.mem.fullFlags) >= l.s.w.pace.fullFlags
	if all {
		if err := l.flags(ctx, uidRange(first, last), 0); err != nil {
			return err
		}
		l.mem.fullFlags = time.Now()
		if l.s.opened == l.f.ID {
			l.s.opened = 0
		}
		return nil
	}
	here, err := l.s.w.c.Store.UIDs(ctx, l.f.ID)
	if err != nil {
		return l.s.w.at(trouble.Storage, "list messages", err)
	}
	here = below(here, last+1)
	if n := len(here); n > plainFlags {
		first = here[n-plainFlags]
	}
	return l.flags(ctx, uidRange(first, last), 0)
}

// flags fetches the flags of a range, only those changed since a mod-sequence
// if that is not 0, and stores them. The new mark, read at SELECT, is saved
// with the last of them.
func (l *look) flags(ctx context.Context, set imap.UIDSet, since uint64) error {
	cmd := l.s.c.Fetch(set, &imap.FetchOptions{UID: true, Flags: true, ChangedSince: since})
	batches := make(chan []store.FlagState, 2)
	var fetchErr error
	go func() {
		defer close(batches)
		fetchErr = consumeFlags(cmd, batches)
	}()
	var err error
	for b := range batches {
		if err == nil { // the consumer must be let run to its end
			_, err = l.apply(ctx, store.Batch{Flags: b})
		}
	}
	if err != nil {
		return err
	}
	if fetchErr != nil {
		return l.s.w.at(trouble.Fetch, "fetch flags of "+l.f.Path, fetchErr)
	}
	l.cur.HighestModSeq = l.modSeq
	_, err = l.apply(ctx, store.Batch{})
	return err
}

// consumeFlags reads the answers of a FETCH of flags and hands them on in
// batches.
func consumeFlags(cmd *imapclient.FetchCommand, batches chan<- []store.FlagState) error {
	var b []store.FlagState
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		var s store.FlagState
		got := false
		for item := m.Next(); item != nil; item = m.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				s.UID = mailcore.UID(item.UID)
			case imapclient.FetchItemDataFlags:
				s.Flags, got = flagsFrom(item.Flags), true
			}
		}
		if s.UID == 0 || !got {
			continue
		}
		if b = append(b, s); len(b) == changeBatch {
			batches <- b
			b = nil
		}
	}
	if len(b) > 0 {
		batches <- b
	}
	return cmd.Close()
}
