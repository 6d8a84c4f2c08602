package imapsync

import (
	"context"

	"github.com/linnet-mail/linnet/mailcore/store"
)

// mostGathered is how many messages wait for the store before a pipeline waits
// for it too. It bounds the memory, and the time of one transaction, which is
// what a person's own change may have to wait for.
const mostGathered = 4000

// writing is what of a pipeline goes into the store beside its fetching.
type writing struct {
	gathered []store.Arrival
	waits    bool         // gathered, or the ledger's step past it, is not stored yet
	under    chan written // what is being stored, nil for nothing
	failed   bool         // the ledger has moved past what could not be stored
}

// written is how storing a batch ended.
type written struct {
	batch   store.Batch
	applied store.Applied
	err     error
}

// store takes a window over. It is stored at once if nothing else is being
// stored, else with those that come meanwhile.
func (p *pipeline) store(ctx context.Context, win *window) error {
	if p.advance != nil {
		p.advance(win.uids)
	}
	w := &p.writing
	w.gathered, w.waits = append(w.gathered, p.l.keep(win.arrived)...), true
	if w.under != nil && len(w.gathered) < mostGathered {
		select {
		case done := <-w.under:
			if err := p.wrote(done); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return p.write(ctx)
}

// write begins to store what was gathered, once what is being stored is.
func (p *pipeline) write(ctx context.Context) error {
	if err := p.await(); err != nil {
		return err
	}
	w := &p.writing
	b := p.l.complete(store.Batch{Arrived: w.gathered})
	under := make(chan written, 1)
	w.gathered, w.waits, w.under = nil, false, under
	go func() {
		a, err := p.l.write(ctx, b)
		under <- written{b, a, err}
	}()
	return nil
}

// await waits until nothing is being stored.
func (p *pipeline) await() error {
	if p.writing.under == nil {
		return nil
	}
	return p.wrote(<-p.writing.under)
}

func (p *pipeline) wrote(done written) error {
	p.writing.under = nil
	if done.err != nil {
		p.writing.failed = true
		return done.err
	}
	p.l.tell(done.batch, done.applied)
	if p.stored != nil {
		p.stored(done.applied, *done.batch.Cursor)
	}
	return nil
}

// flush ends with everything stored that was taken over.
func (p *pipeline) flush(ctx context.Context) error {
	if p.writing.waits && !p.writing.failed {
		if err := p.write(ctx); err != nil {
			return err
		}
	}
	return p.await()
}

// salvage stores the complete messages of a window that broke off. The ledger
// does not move, and the error that came first counts.
func (p *pipeline) salvage(ctx context.Context, win *window) {
	if err := p.flush(ctx); err != nil || p.writing.failed {
		return
	}
	a, err := p.l.apply(ctx, store.Batch{Arrived: p.l.keep(win.arrived)})
	if err == nil && p.stored != nil {
		p.stored(a, p.l.cur)
	}
}
