package engine

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	lookEvery = 15 * time.Second
	// overslept is how much longer than it asked for a loop must have slept for
	// the machine to have slept too.
	overslept = 30 * time.Second
)

// lookOut notices that the machine slept, or that its network is another one:
// connections may be dead without a word then, timers stood still, and a server
// that was out of reach may be there again.
func (e *Engine) lookOut(ctx context.Context) {
	l := lookout{now: e.now, addresses: addresses}
	l.changed()
	for {
		sleep(ctx, lookEvery)
		if ctx.Err() != nil {
			return
		}
		if l.changed() {
			e.log.Info("awake, or on another network")
			e.resume()
		}
	}
}

// resume has every account looked at now. A refused sign-in still waits for the
// person.
func (e *Engine) resume() {
	for _, r := range e.current() {
		r.worker.Refresh()
		r.sender.Hurry()
		r.mu.Lock()
		signIn := r.signIn
		r.mu.Unlock()
		if !signIn {
			token(r.retry)
		}
	}
}

// lookout compares the clock and the network with what they were.
type lookout struct {
	now       func() time.Time
	addresses func() string // "" without a network

	wall time.Time // without the monotonic clock, which sleeps too
	at   string
}

// changed reports whether there is reason to look at everything anew.
func (l *lookout) changed() bool {
	wall, at := l.now().Round(0), l.addresses()
	slept := !l.wall.IsZero() && wall.Sub(l.wall) > lookEvery+overslept
	moved := at != "" && at != l.at && !l.wall.IsZero()
	l.wall, l.at = wall, at
	return slept || moved
}

// addresses lists this computer's addresses but loopback and link-local ones,
// which come and go without a network.
func addresses() string {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var out []string
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			out = append(out, n.String())
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
