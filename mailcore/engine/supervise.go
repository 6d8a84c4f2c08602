package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

const (
	shortestWait = time.Second
	longestWait  = 5 * time.Minute
	busyWait     = 2 * time.Minute // at least, when the server says it has no room for us
	healthy      = time.Minute     // a connection that lived so long starts the ladder anew
)

// backoff doubles the wait from one to the next failure, with full jitter: any
// time up to the bound, so that many clients do not come back at once.
type backoff struct {
	bound  time.Duration
	jitter func(time.Duration) time.Duration // a random time below the given one; nil: rand
}

// next returns how long to wait. lived is how long the connection worked, busy
// whether the server asked for patience.
func (b *backoff) next(lived time.Duration, busy bool) time.Duration {
	if lived >= healthy || b.bound == 0 {
		b.bound = shortestWait
	} else {
		b.bound = min(2*b.bound, longestWait)
	}
	jitter := b.jitter
	if jitter == nil {
		jitter = rand.N[time.Duration]
	}
	if busy {
		return busyWait + jitter(longestWait-busyWait)
	}
	return jitter(b.bound)
}

// superviseSync runs the worker again and again until ctx ends.
func (r *run) superviseSync(ctx context.Context) {
	var b backoff
	for {
		r.mu.Lock()
		r.connected = time.Time{}
		r.mu.Unlock()
		select { // what was asked for before this attempt is answered by it
		case <-r.retry:
		default:
		}
		err := r.worker.Run(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("worker ended")
		}
		if !r.pause(ctx, &b, err) {
			return
		}
	}
}

// pause shows why the connection is down and waits until it is worth trying
// again; false means that ctx has ended.
func (r *run) pause(ctx context.Context, b *backoff, err error) bool {
	cause := trouble.Explain(err)
	r.fail(err, cause.SignIn)
	defer r.resumed()
	if cause.SignIn {
		b.bound = 0
		select {
		case <-r.retry:
			return true
		case <-ctx.Done():
			return false
		}
	}
	wait := b.next(r.lived(), isBusy(err))
	r.log.Info("connection down", "problem", cause.Key, "detail", cause.Detail, "retry_in", wait.Round(time.Millisecond))
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.retry:
	case <-ctx.Done():
		return false
	}
	return true
}

// fail makes err the account's problem.
func (r *run) fail(err error, signIn bool) {
	p := asProblem(err)
	r.mu.Lock()
	r.down, r.signIn, r.paused = p, signIn, true
	r.mu.Unlock()
	r.e.publish(mailcore.AccountState{Account: r.id()})
}

func (r *run) resumed() {
	r.mu.Lock()
	r.paused = false
	r.mu.Unlock()
}

func (r *run) lived() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.connected.IsZero() {
		return 0
	}
	return r.e.now().Sub(r.connected)
}

// isBusy reports whether the server asked to be left alone for minutes.
func isBusy(err error) bool {
	var e *imap.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case imap.ResponseCodeLimit, imap.ResponseCodeUnavailable, imap.ResponseCodeInUse:
		return true
	}
	return false
}

// superviseSender keeps the sender going. Failures to send are the messages'
// own problems; what ends Run is the store's.
func (r *run) superviseSender(ctx context.Context) {
	var b backoff
	r.sender.Hurry() // what was put off by an earlier process
	for {
		started := r.e.now()
		err := r.sender.Run(ctx)
		if ctx.Err() != nil {
			return
		}
		r.log.Error("sender ended", "error", err)
		t := time.NewTimer(b.next(r.e.now().Sub(started), false))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
	}
}
