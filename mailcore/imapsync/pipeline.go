package imapsync

import (
	"context"
	"slices"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// Windows of headers: the first is small so that the screen fills at once, and
// at most two are in flight. Those that came are stored meanwhile.
const (
	firstWindow   = 100
	largestWindow = 1000
	inFlight      = 2
)

// A message that could not be had this often is asked for without its header,
// and then left out.
const (
	failuresForBare = 2
	failuresToSkip  = 3
)

// queue hands out windows of UIDs from one end of an ascending list.
type queue struct {
	uids        []mailcore.UID
	newestFirst bool
}

// next takes up to n UIDs. One that failed before comes alone.
func (q *queue) next(n int, failed map[mailcore.UID]int) []mailcore.UID {
	if len(q.uids) == 0 {
		return nil
	}
	n = min(n, len(q.uids))
	if len(failed) > 0 {
		n = q.untilFailed(n, failed)
	}
	var w []mailcore.UID
	if q.newestFirst {
		cut := len(q.uids) - n
		w, q.uids = q.uids[cut:], q.uids[:cut]
	} else {
		w, q.uids = q.uids[:n], q.uids[n:]
	}
	for len(w) > 1 && len(uidSet(w).String()) > maxSet {
		w = q.putBack(w)
	}
	return w
}

func (q *queue) untilFailed(n int, failed map[mailcore.UID]int) int {
	for i := range n {
		u := q.uids[i]
		if q.newestFirst {
			u = q.uids[len(q.uids)-1-i]
		}
		if failed[u] > 0 {
			return max(i, 1)
		}
	}
	return n
}

// putBack returns the half of w that is due later to the queue. Both are parts
// of one list, so it is enough to move the cut.
func (q *queue) putBack(w []mailcore.UID) []mailcore.UID {
	half := len(w) / 2
	if q.newestFirst {
		back := w[:len(w)-half]
		q.uids = append(q.uids[:len(q.uids):len(q.uids)], back...)
		return w[len(w)-half:]
	}
	q.uids = append(slices.Clone(w[half:]), q.uids...)
	return w[:half]
}

// pipeline fetches the headers of a queue, window by window, and stores them in
// order: what came while the last were being stored goes into the next
// transaction together.
type pipeline struct {
	l       *look
	queue   queue
	guess   bool                      // the UIDs may not all exist
	advance func(uids []mailcore.UID) // moves the ledger past a window; nil keeps it
	stored  func(store.Applied, store.Cursor)
	yield   func() bool // something more urgent waits
	size    int
	flight  []*window
	writing writing
}

// run reports false when it yielded before the queue was empty.
func (p *pipeline) run(ctx context.Context) (bool, error) {
	yielding := false
	for {
		if !yielding {
			p.fill()
		}
		if len(p.flight) == 0 {
			return len(p.queue.uids) == 0, p.flush(ctx)
		}
		win := p.flight[0]
		<-win.done
		p.flight = p.flight[1:]
		yielding = yielding || p.yield != nil && p.yield()
		if win.err == nil && !yielding {
			p.fill() // the server works while this window is stored
		}
		if err := p.settle(ctx, win); err != nil {
			p.land(ctx)
			return false, err
		}
	}
}

// land waits for the consumers of what is still in flight, and keeps the
// complete messages that they got.
func (p *pipeline) land(ctx context.Context) {
	_ = p.flush(ctx) // also where nothing is in flight
	for _, win := range p.flight {
		<-win.done
		p.salvage(ctx, win)
	}
	p.flight = nil
}

func (p *pipeline) fill() {
	for len(p.flight) < inFlight {
		uids := p.queue.next(p.grow(), p.l.mem.failed)
		if uids == nil {
			return
		}
		p.flight = append(p.flight, p.start(uids))
	}
}

func (p *pipeline) start(uids []mailcore.UID) *window {
	bare := len(uids) == 1 && p.l.mem.failed[uids[0]] >= failuresForBare
	return p.l.s.c.fetchHeaders(uidSet(uids), uids, bare)
}

// grow returns the size of the next window: 100, 200, 400 … 1,000.
func (p *pipeline) grow() int {
	p.size = min(max(p.size*2, firstWindow), largestWindow)
	if c := p.l.mem.ceiling; c > 0 {
		p.size = min(p.size, c)
	}
	return p.size
}

// settle stores a window, or does what can be done about one that failed.
func (p *pipeline) settle(ctx context.Context, win *window) error {
	l := p.l
	switch {
	case win.err == nil:
		l.mem.relax(win.uids)
		if err := p.again(ctx, win); err != nil {
			return err
		}
	case refusal(win.err) != nil:
		if err := p.piecewise(ctx, win); err != nil {
			return err
		}
	default:
		l.mem.blame(win, l.s.c.odd())
		p.salvage(ctx, win)
		return l.s.w.at(trouble.Fetch, "fetch headers of "+l.f.Path, win.err)
	}
	return p.store(ctx, win)
}

// keep leaves out what must not become a row: without UID EXPUNGE a message
// deleted for good stays on the server marked \Deleted.
func (l *look) keep(arrived []store.Arrival) []store.Arrival {
	if l.s.uidPlus() {
		return arrived
	}
	out := arrived[:0]
	for _, a := range arrived {
		if a.Flags.Has(mailcore.Deleted) {
			l.mem.skipped[a.UID] = true
		} else {
			out = append(out, a)
		}
	}
	return out
}
