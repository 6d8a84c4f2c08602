package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// backfill fetches the headers that were never here, newest first. plan holds
// the UIDs to fetch; sizing windows by it and not by ranges of numbers makes
// gaps of millions cost nothing. It reports false when it yielded.
func (l *look) backfill(ctx context.Context, plan []mailcore.UID) (bool, error) {
	if l.fresh {
		var err error
		if plan, err = l.firstScreen(ctx); err != nil {
			return false, err
		}
	}
	if len(plan) == 0 {
		delete(l.s.plans, l.f.ID)
		return true, nil
	}
	l.s.plans[l.f.ID] = plan
	total := len(plan)
	p := pipeline{l: l, queue: queue{uids: plan, newestFirst: true}, size: firstWindow}
	p.advance = func(uids []mailcore.UID) { l.cur.Backfilled = uids[0] }
	left := total
	p.stored = func(a store.Applied, cur store.Cursor) {
		left = len(below(plan, cur.Backfilled))
		l.s.say(l.f.Path, l.exists-left, l.exists)
		l.s.rowsStored(len(a.New))
	}
	p.yield = func() bool { return l.s.urgent(l.f.ID) }
	l.s.say(l.f.Path, l.exists-left, l.exists)
	done, err := p.run(ctx)
	if done {
		delete(l.s.plans, l.f.ID)
	}
	return done, err
}

// firstScreen fetches the newest messages by sequence number, which needs no
// answer first, and in the same breath asks which others there are. It returns
// those. Sequence numbers are safe here: no EXPUNGE may come before the FETCH
// is answered (RFC 9051 section 7.5.1).
func (l *look) firstScreen(ctx context.Context) ([]mailcore.UID, error) {
	if l.exists == 0 {
		return nil, nil
	}
	if l.mem.ceiling > 0 || len(l.mem.failed) > 0 {
		there, err := l.search(1, l.next-1)
		return l.wanted(there), err
	}
	low := max(1, l.exists-firstWindow+1)
	win := l.s.c.fetchHeaders(imap.SeqSet{{Start: uint32(low), Stop: uint32(l.exists)}}, nil, false)
	var cmd searching
	if low > 1 {
		cmd = l.startSearch(1, l.next-1)
	}
	<-win.done
	if err := l.storeFirst(ctx, win); err != nil || cmd == nil {
		return nil, err
	}
	there, err := l.readSearch(cmd)
	return l.wanted(below(there, l.cur.Backfilled)), err
}

func (l *look) storeFirst(ctx context.Context, win *window) error {
	if win.err != nil {
		l.mem.ceiling = firstWindow / 2
	}
	arrived := win.arrived[:0]
	lowest := l.next
	for _, a := range win.arrived {
		if a.UID < l.next { // later ones are new mail, for the next look
			arrived = append(arrived, a)
			lowest = min(lowest, a.UID)
		}
	}
	if win.err == nil {
		l.cur.Backfilled = lowest
	}
	a, err := l.apply(ctx, store.Batch{Arrived: l.keep(arrived)})
	if err != nil {
		return err
	}
	l.s.rowsStored(len(a.New))
	return l.s.w.at(trouble.Fetch, "fetch headers of "+l.f.Path, win.err)
}
