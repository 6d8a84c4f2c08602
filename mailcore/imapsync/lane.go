package imapsync

import (
	"context"
	"errors"
	"time"
)

// sleepy waits for more jobs and reports true when the lane has ended.
func (l *lane) sleepy(w *Worker, c *conn) bool {
	t := time.NewTimer(w.pace.linger)
	defer t.Stop()
	for {
		running := w.runContext()
		if c == nil || running == nil {
			return l.ends(w)
		}
		c.Idling(true)
		over := false
		select {
		case <-l.wake:
		case <-t.C:
			over = true
		case <-c.Closed():
			over = true
		case <-running.Done():
			over = true
		}
		c.Idling(false)
		if over {
			return l.ends(w)
		}
		if l.hasWork(w) {
			return false
		}
	}
}

func (l *lane) hasWork(w *Worker) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waitingJob(w)
}

// waitingJob reports whether a job waits for the lane. The caller holds mu.
func (l *lane) waitingJob(w *Worker) bool {
	if w.runContext() != nil && time.Now().Before(l.denied) {
		return false
	}
	for _, j := range l.jobs {
		if !j.started {
			return true
		}
	}
	return false
}

// ends takes leave, unless there is work.
func (l *lane) ends(w *Worker) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waitingJob(w) {
		return false
	}
	l.over = nil
	return true
}

// needsSession reports whether jobs wait that the lane cannot do.
func (l *lane) needsSession() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.jobs) > 0 && time.Now().Before(l.denied)
}

// serveOver does waiting jobs over the session's connection.
func (l *lane) serveOver(ctx context.Context, s *session) error {
	for l.needsSession() {
		j := l.next(nil)
		if j == nil {
			return nil
		}
		err := j.run(ctx, s.c)
		l.end(j, err)
		if err != nil && refusal(err) == nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	return nil
}
