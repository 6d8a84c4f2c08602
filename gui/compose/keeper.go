package compose

import (
	"context"
	"sync"

	"github.com/linnet-mail/linnet/mailcore"
)

// keeper talks to the engine for one composer: one call after the other, in
// order, off the UI goroutine. It knows the draft's id, so that a message is
// never kept twice.
type keeper struct {
	drafts Drafts
	outbox Outbox
	post   func(func())

	mu      sync.Mutex
	queue   []job
	running bool
	id      mailcore.DraftID // changed by the running job only
}

// job is one call; done runs on the UI goroutine.
type job struct {
	save bool // may be replaced by a newer one that follows it
	do   func(ctx context.Context) error
	done func(error)
}

func newKeeper(c Config, id mailcore.DraftID) *keeper {
	return &keeper{drafts: c.Drafts, outbox: c.Outbox, post: c.Post, id: id}
}

// save stores the draft.
func (k *keeper) save(d mailcore.Draft, done func(error)) {
	k.add(job{save: true, done: done, do: func(ctx context.Context) error {
		_, err := k.store(ctx, d)
		return err
	}})
}

// send puts the message into the outbox. The draft is stored first, so that
// nothing is lost whatever happens then.
func (k *keeper) send(d mailcore.Draft, done func(mailcore.OutboxID, error)) {
	var sent mailcore.OutboxID
	k.add(job{done: func(err error) { done(sent, err) }, do: func(ctx context.Context) error {
		d, err := k.store(ctx, d)
		if err != nil {
			return err
		}
		sent, err = k.outbox.Send(ctx, d)
		return err
	}})
}

// discard removes the draft, if it was ever stored.
func (k *keeper) discard(done func(error)) {
	k.add(job{done: done, do: func(ctx context.Context) error {
		if k.known() == 0 {
			return nil
		}
		err := k.drafts.Discard(ctx, k.known())
		if err == nil {
			k.know(0)
		}
		return err
	}})
}

// store saves the draft under the id it has, or learns the one it gets.
func (k *keeper) store(ctx context.Context, d mailcore.Draft) (mailcore.Draft, error) {
	d.ID = k.known()
	id, err := k.drafts.Save(ctx, d)
	if err == nil {
		k.know(id)
		d.ID = id
	}
	return d, err
}

// known is the draft's id, 0 if it is not stored.
func (k *keeper) known() mailcore.DraftID {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.id
}

func (k *keeper) know(id mailcore.DraftID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.id = id
}

func (k *keeper) add(j job) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if n := len(k.queue); n > 0 && j.save && k.queue[n-1].save {
		k.queue[n-1] = merge(k.queue[n-1], j)
	} else {
		k.queue = append(k.queue, j)
	}
	if !k.running {
		k.running = true
		go k.work()
	}
}

// merge makes one save of two that wait: the newer content, both told.
func merge(old, new job) job {
	told := new.done
	new.done = func(err error) { old.done(err); told(err) }
	return new
}

// work does what waits and ends. The calls are local and short; they must not
// be given up half-way, so they have no time limit.
func (k *keeper) work() {
	for {
		k.mu.Lock()
		if len(k.queue) == 0 {
			k.running = false
			k.mu.Unlock()
			return
		}
		j := k.queue[0]
		k.queue = k.queue[1:]
		k.mu.Unlock()
		err := j.do(context.Background())
		k.post(func() { j.done(err) })
	}
}
