package imapsync

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// job is something a person waits for.
type job struct {
	id   mailcore.ID // two jobs for one message are one; 0 for what is not a body
	size int64
	run  func(context.Context, *conn) error

	waiting int
	started bool
	quit    bool               // broken off
	cancel  context.CancelFunc // once started
	done    chan struct{}
	err     error
}

// lane is the interactive connection: dialled when a job comes, kept for a few
// minutes while Run runs, and closed at once when it does not. Where the server
// has no place for it, the session does the jobs between two windows.
type lane struct {
	wake chan struct{} // capacity 1: there may be a job, or Run began or ended

	mu     sync.Mutex
	jobs   []*job
	over   chan struct{} // closed when the goroutine ends; nil if there is none
	denied time.Time     // the server refused this connection: not again before
}

// cheap is the size up to which a body is fetched to its end though nobody
// waits for it any more: breaking the connection off would cost more.
const cheap = 256 << 10

// do has j done, and waits for it or for the end of ctx.
func (l *lane) do(ctx context.Context, w *Worker, j *job) error {
	j = l.add(w, j)
	select {
	case <-j.done:
		return j.err
	case <-ctx.Done():
		l.leave(w, j)
		return ctx.Err()
	}
}

func (l *lane) add(w *Worker, j *job) *job {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, have := range l.jobs {
		if j.id != 0 && have.id == j.id && !have.quit {
			have.waiting++
			return have
		}
	}
	j.waiting, j.done = 1, make(chan struct{})
	l.jobs = append(l.jobs, j)
	if w.runContext() != nil && time.Now().Before(l.denied) {
		notify(w.todo.wake)
	} else {
		l.start(w)
	}
	return j
}

// start makes sure that somebody serves. The caller holds mu.
func (l *lane) start(w *Worker) {
	if l.over == nil {
		over := make(chan struct{})
		l.over = over
		go func() {
			defer close(over)
			l.serve(w)
		}()
	}
	notify(l.wake)
}

// runEnded lets the lane do what the session was to do, and ends it if nobody
// waits for anything.
func (l *lane) runEnded(w *Worker) {
	l.mu.Lock()
	l.denied = time.Time{}
	wanted := false
	for _, j := range l.jobs {
		if j.waiting == 0 && j.cancel != nil {
			j.breakOff()
		}
		wanted = wanted || j.waiting > 0
	}
	over := l.over
	if wanted {
		l.start(w)
	}
	l.mu.Unlock()
	notify(l.wake)
	if over != nil && !wanted {
		<-over
	}
}

// leave is called by one who does not wait any more.
func (l *lane) leave(w *Worker, j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if j.waiting--; j.waiting > 0 {
		return
	}
	switch {
	case !j.started:
		l.drop(j)
	case j.cancel == nil: // the session does it
	case j.size > cheap || w.runContext() == nil:
		j.breakOff()
	default:
		time.AfterFunc(patience, func() { l.giveUp(j) })
	}
}

// patience is how long a job that nobody waits for may hold up those behind it.
const patience = 2 * time.Second

// giveUp breaks a job off that nobody waits for.
func (l *lane) giveUp(j *job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if j.waiting == 0 {
		j.breakOff()
	}
}

// breakOff ends a started job. The caller holds the lane's mu.
func (j *job) breakOff() {
	j.quit = true
	j.cancel()
}

func (l *lane) drop(j *job) {
	for i, have := range l.jobs {
		if have == j {
			l.jobs = append(l.jobs[:i:i], l.jobs[i+1:]...)
			return
		}
	}
}

// next starts the newest job: what was clicked last is what is looked at.
func (l *lane) next(cancel context.CancelFunc) *job {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.jobs) - 1; i >= 0; i-- {
		if j := l.jobs[i]; !j.started {
			j.started, j.cancel = true, cancel
			return j
		}
	}
	return nil
}

// end answers a job.
func (l *lane) end(j *job, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(j)
	j.err = err
	close(j.done)
}

// serve does jobs until none is left, and then lingers while Run runs.
func (l *lane) serve(w *Worker) {
	var c *conn
	defer func() {
		if c != nil {
			c.close()
		}
	}()
	for {
		c = l.work(w, c)
		if l.sleepy(w, c) {
			return
		}
	}
}

// work does all jobs there are. It returns the connection to keep, nil for none.
func (l *lane) work(w *Worker, c *conn) *conn {
	for {
		ctx, cancel := context.WithCancel(context.Background())
		j := l.next(cancel)
		if j == nil {
			cancel()
			return c
		}
		var stop bool
		c, stop = l.attempt(ctx, w, c, j)
		cancel()
		if stop {
			return nil
		}
	}
}

// attempt does one job, over a new connection if the old one turns out dead. It
// reports true if the session has to do the rest.
func (l *lane) attempt(ctx context.Context, w *Worker, c *conn, j *job) (*conn, bool) {
	for fresh := c == nil; ; fresh = true {
		if c == nil {
			var err error
			if c, err = w.dialFor(context.Background(), ctx); err != nil {
				return nil, l.refusedDial(w, j, err)
			}
		}
		stop := context.AfterFunc(ctx, func() { c.IMAPConn.Close() })
		err := j.run(ctx, c)
		stop()
		if !c.brokenBy(err) {
			l.end(j, err)
			return c, false
		}
		err = c.because(err)
		c.close()
		c = nil
		if fresh || ctx.Err() != nil {
			l.end(j, err)
			return nil, false
		}
	}
}

// brokenBy reports whether the connection ended; a command that fails for that
// comes back a moment earlier.
func (c *conn) brokenBy(err error) bool {
	if err == nil || refusal(err) != nil || errors.Is(err, ErrGone) {
		return false
	}
	select {
	case <-c.Closed():
		return true
	case <-time.After(time.Second):
		return false
	}
}

// refusedDial answers a job that has no connection. Where the server only has no
// place for one more, the session does it.
func (l *lane) refusedDial(w *Worker, j *job, err error) bool {
	if !crowded(err) || w.runContext() == nil {
		l.end(j, err)
		return false
	}
	w.c.Log.Info("imapsync: no interactive connection", "error", err)
	l.mu.Lock()
	defer l.mu.Unlock()
	j.started, j.cancel = false, nil
	l.denied = time.Now().Add(crowdedWait)
	notify(w.todo.wake)
	return true
}
