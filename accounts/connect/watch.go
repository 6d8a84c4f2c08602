package connect

import (
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

const (
	// A line end or so many octets are progress; a server that drips less in
	// the time for it has stalled.
	progressOctets = 512
	// What we sent may still be on its way: time for it at a slow line's rate
	// (octets a second), to a limit.
	slowLine     = 16 << 10
	maxAllowance = 5 * time.Minute
)

// watch measures how long a server has left something unanswered. Its owner
// holds the lock for every method but begin.
type watch struct {
	limits Limits
	alarm  func() // takes the owner's lock
	timer  *time.Timer

	waiting  string    // what is due, "" for nothing
	since    time.Time // of the last progress, either way
	heardAny bool      // since we last sent
	sending  bool      // a write is under way
	unheard  int       // octets sent since we last heard
	drip     int       // octets heard since the last progress
	idle     time.Time // when IDLE began, zero outside
	inIdle   bool      // the caller says so
}

// begin waits for the greeting.
func (w *watch) begin(limits Limits, alarm func()) {
	w.limits, w.alarm = limits, alarm
	w.waiting, w.since = "the greeting", time.Now()
	w.timer = time.AfterFunc(limits.First, alarm)
}

func (w *watch) end() { w.timer.Stop() }

// send begins a write of n octets, sent ends it.
func (w *watch) send(n int) {
	w.since, w.heardAny, w.sending = time.Now(), false, true
	w.unheard += n
}

func (w *watch) sent() {
	w.sending = false
	if !w.heardAny {
		w.since = time.Now()
	}
}

func (w *watch) heard(n int, progress bool) {
	w.drip += n
	if progress || !w.heardAny || w.drip >= progressOctets {
		w.since, w.drip = time.Now(), 0
	}
	w.heardAny, w.unheard = true, 0
}

// heardLine counts a greeting that came before the watch began.
func (w *watch) heardLine() { w.waiting, w.heardAny = "", true }

func (w *watch) idling(on bool) {
	w.inIdle = on
	w.idle = time.Time{}
	if on {
		w.idle = time.Now()
	}
}

// arm sets what is due; idle says that the server is in IDLE. A timer that is
// early finds that out and is set anew, so it need not be moved each time.
func (w *watch) arm(waiting string, idle bool) {
	if waiting != w.waiting && w.waiting == "" {
		w.since, w.drip = time.Now(), 0
	}
	w.waiting = waiting
	switch {
	case idle && w.idle.IsZero():
		w.idle = time.Now()
	case !idle && !w.inIdle:
		w.idle = time.Time{}
	}
	if at, ok := w.expires(); ok {
		w.timer.Reset(time.Until(at))
	} else {
		w.timer.Stop()
	}
}

// expires returns when patience ends, if anything is due.
func (w *watch) expires() (time.Time, bool) {
	if w.waiting != "" {
		return w.since.Add(w.patience()), true
	}
	if !w.idle.IsZero() {
		return w.idle.Add(w.limits.Idle), true
	}
	return time.Time{}, false
}

func (w *watch) patience() time.Duration {
	if w.heardAny || w.sending {
		return w.limits.Progress
	}
	allowance := time.Duration(w.unheard) * time.Second / slowLine
	return w.limits.First + min(allowance, maxAllowance)
}

// late returns the stall when patience has ended, and sets the timer if not.
func (w *watch) late() error {
	at, ok := w.expires()
	if !ok {
		return nil
	}
	if left := time.Until(at); left > 0 {
		w.timer.Reset(left)
		return nil
	}
	if w.waiting != "" {
		return &trouble.StallError{Waiting: w.waiting, For: w.patience()}
	}
	return &trouble.StallError{Waiting: "IDLE not renewed", For: w.limits.Idle}
}
