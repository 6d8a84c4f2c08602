package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/linnet-mail/linnet/mailcore"
)

// ErrClosed ends a subscription's stream.
var ErrClosed = errors.New("engine: subscription closed")

const (
	// maxPending bounds what a subscriber may leave unread, after merging.
	maxPending = 64
	// maxIDs is how many message ids a merged event names; with more it means any.
	maxIDs = 256
)

// bus hands events to all subscriptions. The zero value is ready.
type bus struct {
	mu     sync.Mutex
	subs   map[*Subscription]struct{}
	closed bool
}

// Subscribe returns a stream of events. A slow reader's events merge; past a
// bound they become one Resync. Publishing never blocks.
func (e *Engine) Subscribe() *Subscription { return e.bus.subscribe() }

func (b *bus) subscribe() *Subscription {
	s := &Subscription{bus: b, ready: make(chan struct{}, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		s.closed = true
		return s
	}
	if b.subs == nil {
		b.subs = map[*Subscription]struct{}{}
	}
	b.subs[s] = struct{}{}
	return s
}

func (b *bus) publish(ev mailcore.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range b.subs {
		s.add(ev)
	}
}

func (b *bus) close() {
	b.mu.Lock()
	subs := b.subs
	b.subs, b.closed = nil, true
	b.mu.Unlock()
	for s := range subs {
		s.end()
	}
}

// Subscription is one reader of events.
type Subscription struct {
	bus   *bus
	ready chan struct{} // holds a token when there is something to look at

	mu      sync.Mutex
	pending []mailcore.Event
	closed  bool
}

// Next returns the next event, or ctx's error, or ErrClosed after Close or when
// the engine has closed and all events were read.
func (s *Subscription) Next(ctx context.Context) (mailcore.Event, error) {
	for {
		if ev, ok, err := s.take(); ok || err != nil {
			return ev, err
		}
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends the subscription; a waiting Next returns.
func (s *Subscription) Close() {
	s.bus.mu.Lock()
	delete(s.bus.subs, s)
	s.bus.mu.Unlock()
	s.end()
}

func (s *Subscription) take() (mailcore.Event, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) > 0 {
		ev := s.pending[0]
		s.pending = slices.Delete(s.pending, 0, 1)
		return ev, true, nil
	}
	if s.closed {
		s.wake() // for another Next that waits
		return nil, false, ErrClosed
	}
	return nil, false, nil
}

func (s *Subscription) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.wake()
}

func (s *Subscription) wake() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

func (s *Subscription) add(ev mailcore.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.wake()
	if len(s.pending) > 0 && s.pending[0] == mailcore.Event(mailcore.Resync{}) {
		return // everything is reloaded anyway
	}
	switch {
	case ev == mailcore.Event(mailcore.Resync{}):
		s.pending = append(s.pending[:0], ev)
	case s.merges(ev):
	case len(s.pending) >= maxPending:
		s.pending = append(s.pending[:0], mailcore.Resync{})
	default:
		s.pending = append(s.pending, ev)
	}
}

// merges puts ev into an event that waits already, if one asks for the same.
func (s *Subscription) merges(ev mailcore.Event) bool {
	for i, old := range s.pending {
		if merged, ok := merge(old, ev); ok {
			s.pending[i] = merged
			return true
		}
	}
	return false
}

// merge makes one event of two that ask for the same things to be reloaded.
func merge(old, ev mailcore.Event) (mailcore.Event, bool) {
	switch ev := ev.(type) {
	case mailcore.MessagesChanged:
		if old, ok := old.(mailcore.MessagesChanged); ok && old.Account == ev.Account {
			return mailcore.MessagesChanged{
				Account: ev.Account, Folders: uniteFolders(old.Folders, ev.Folders), IDs: uniteIDs(old.IDs, ev.IDs),
			}, true
		}
	case mailcore.NewMail:
		if old, ok := old.(mailcore.NewMail); ok && old.Account == ev.Account && old.Folder == ev.Folder {
			return mailcore.NewMail{Account: ev.Account, Folder: ev.Folder, IDs: unite(old.IDs, ev.IDs)}, true
		}
	default: // plain values that name what changed
		return ev, old == ev
	}
	return nil, false
}

// uniteIDs keeps the meaning of nil: any message.
func uniteIDs(a, b []mailcore.ID) []mailcore.ID {
	if a == nil || b == nil || len(a)+len(b) > maxIDs {
		return nil
	}
	return unite(a, b)
}

// uniteFolders keeps the meaning of an empty list: any folder.
func uniteFolders(a, b []mailcore.FolderID) []mailcore.FolderID {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return unite(a, b)
}

func unite[T comparable](a, b []T) []T {
	out := slices.Clone(a)
	seen := make(map[T]bool, len(a))
	for _, x := range a {
		seen[x] = true
	}
	for _, x := range b {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}
