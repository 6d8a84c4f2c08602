package autodetect

import (
	"context"
	"slices"
	"sync"
	"time"
)

// try is one way among several that lead to the same end.
type try[T any] struct {
	wait time.Duration // from the start, unless all before it have ended sooner; never falls along a list
	do   func(ctx context.Context) (value T, good bool)
}

// outcome is what became of a try.
type outcome[T any] struct {
	value      T
	done, good bool
}

// race does all tries side by side. They stand in order of preference: it ends
// when the best that can still be good is there, or when those that are
// preferred to a good one have had their grace, and cancels the rest. It returns
// when all goroutines have.
func race[T any](ctx context.Context, grace time.Duration, tries []try[T]) []outcome[T] {
	ctx, cancel := context.WithCancel(ctx)
	r := &runner[T]{tries: tries, out: make([]outcome[T], len(tries)), ended: make(chan ended[T], len(tries)), begin: time.Now()}
	defer r.wg.Wait()
	defer cancel()
	var late <-chan time.Time
	for {
		r.start(ctx)
		if r.settled() {
			return r.out
		}
		select {
		case e := <-r.ended:
			r.out[e.index] = outcome[T]{value: e.value, done: true, good: e.good}
			if e.good && late == nil {
				late = time.After(grace)
			}
		case <-r.due():
		case <-late:
			return r.out
		case <-ctx.Done():
			return r.out
		}
	}
}

type ended[T any] struct {
	index int
	value T
	good  bool
}

type runner[T any] struct {
	tries []try[T]
	out   []outcome[T]
	ended chan ended[T]
	begin time.Time
	next  int // the first that was not started
	wg    sync.WaitGroup
}

// start starts what is due.
func (r *runner[T]) start(ctx context.Context) {
	for r.next < len(r.tries) && (time.Since(r.begin) >= r.tries[r.next].wait || r.idle()) {
		index := r.next
		r.next++
		r.wg.Go(func() {
			value, good := r.tries[index].do(ctx)
			r.ended <- ended[T]{index, value, good}
		})
	}
}

// idle says that all that were started have ended.
func (r *runner[T]) idle() bool {
	return !slices.ContainsFunc(r.out[:r.next], func(o outcome[T]) bool { return !o.done })
}

// due rings when the next one is to start, nil if there is none.
func (r *runner[T]) due() <-chan time.Time {
	if r.next == len(r.tries) {
		return nil
	}
	return time.After(time.Until(r.begin.Add(r.tries[r.next].wait)))
}

// settled says that waiting brings nothing better.
func (r *runner[T]) settled() bool {
	for _, o := range r.out {
		if !o.done {
			return false
		}
		if o.good {
			return true
		}
	}
	return true
}

// first returns the most preferred good value.
func first[T any](out []outcome[T]) (value T, ok bool) {
	for _, o := range out {
		if o.good {
			return o.value, true
		}
	}
	return value, false
}
