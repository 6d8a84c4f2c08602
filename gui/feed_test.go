package gui

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// stream is a fake subscription.
type stream struct{ events chan mailcore.Event }

func (s *stream) Next(ctx context.Context) (mailcore.Event, error) {
	select {
	case e, ok := <-s.events:
		if !ok {
			return nil, errors.New("closed")
		}
		return e, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *stream) Close() {}

// queue is the UI goroutine of a test: what is posted waits until it is drained.
type queue struct {
	mu   sync.Mutex
	jobs []func()
}

func (q *queue) post(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, f)
}

func (q *queue) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs)
}

func (q *queue) drain() {
	for {
		q.mu.Lock()
		if len(q.jobs) == 0 {
			q.mu.Unlock()
			return
		}
		f := q.jobs[0]
		q.jobs = q.jobs[1:]
		q.mu.Unlock()
		f()
	}
}

func (q *queue) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for q.drain(); !done(); q.drain() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

func startFeed(t *testing.T, gap time.Duration) (*feed, *stream, *queue, *[]news) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s, q := &stream{events: make(chan mailcore.Event)}, &queue{}
	var got []news
	f := newFeed(s, q.post, func(n news) { got = append(got, n) })
	f.gap = gap
	ended := make(chan struct{})
	go func() { f.run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return f, s, q, &got
}

func TestFeedMergesAStorm(t *testing.T) {
	f, s, q, got := startFeed(t, time.Hour)
	for i := range 1000 {
		s.events <- mailcore.MessagesChanged{IDs: []mailcore.ID{mailcore.ID(i)}}
	}
	s.events <- mailcore.SendChanged{}
	s.events <- mailcore.MessagesChanged{} // once this is read, the one before has been merged
	q.until(t, "the first post", func() bool { return len(*got) == 1 })
	if n := (*got)[0]; !n.messages || len(n.ids) != 1 {
		t.Errorf("the first event is not shown at once: %+v", n)
	}
	if q.waiting() != 0 {
		t.Error("a second post came within the gap")
	}
	f.Hurry()
	q.until(t, "the second post", func() bool { return len(*got) == 2 })
	if n := (*got)[1]; !n.messages || n.ids != nil || !n.outbox || !n.folders || n.drafts {
		t.Errorf("merged to %+v", n)
	}
}

func TestFeedWaitsForTheScreen(t *testing.T) {
	_, s, q, got := startFeed(t, time.Nanosecond)
	s.events <- mailcore.DraftsChanged{}
	deadline := time.Now().Add(10 * time.Second)
	for q.waiting() == 0 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	for range 50 { // the screen has not shown the first yet
		s.events <- mailcore.Resync{}
	}
	if n := q.waiting(); n != 1 {
		t.Fatalf("%d posts are on their way", n)
	}
	q.until(t, "the rest", func() bool { return len(*got) >= 2 }) // a third if the last events came late
	if !(*got)[1].messages || (*got)[1].ids != nil {
		t.Errorf("a resync became %+v", (*got)[1])
	}
}

func TestNewsKeepsFewIDsApart(t *testing.T) {
	var n news
	n.add(mailcore.MessagesChanged{IDs: []mailcore.ID{1}})
	n.add(mailcore.NewMail{IDs: []mailcore.ID{2}})
	if len(n.ids) != 2 {
		t.Errorf("ids are %v", n.ids)
	}
	n.add(mailcore.MessagesChanged{})
	n.add(mailcore.MessagesChanged{IDs: []mailcore.ID{3}})
	if n.ids != nil || !n.messages {
		t.Errorf("any became %v", n.ids)
	}
}
