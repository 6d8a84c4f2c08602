package engine

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

func drain(t *testing.T, s *Subscription) []mailcore.Event {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // what waits is handed out all the same
	var out []mailcore.Event
	for {
		ev, err := s.Next(ctx)
		if err != nil {
			return out
		}
		out = append(out, ev)
	}
}

func TestEventsOfASlowReaderMerge(t *testing.T) {
	var b bus
	s := b.subscribe()
	defer s.Close()
	b.publish(mailcore.MessagesChanged{Account: "a", Folders: []mailcore.FolderID{1}, IDs: []mailcore.ID{10}})
	b.publish(mailcore.FolderChanged{Account: "a"})
	b.publish(mailcore.MessagesChanged{Account: "b", Folders: []mailcore.FolderID{9}})
	b.publish(mailcore.MessagesChanged{Account: "a", Folders: []mailcore.FolderID{1, 2}, IDs: []mailcore.ID{10, 11}})
	b.publish(mailcore.FolderChanged{Account: "a"})
	b.publish(mailcore.MessagesChanged{Account: "b", Folders: []mailcore.FolderID{9}, IDs: []mailcore.ID{5}})
	b.publish(mailcore.NewMail{Account: "a", Folder: 1, IDs: []mailcore.ID{10}})
	b.publish(mailcore.NewMail{Account: "a", Folder: 1, IDs: []mailcore.ID{11}})
	b.publish(mailcore.SendChanged{Outbox: 3})
	b.publish(mailcore.SendChanged{Outbox: 3})
	want := []mailcore.Event{
		mailcore.MessagesChanged{Account: "a", Folders: []mailcore.FolderID{1, 2}, IDs: []mailcore.ID{10, 11}},
		mailcore.FolderChanged{Account: "a"},
		mailcore.MessagesChanged{Account: "b", Folders: []mailcore.FolderID{9}}, // nil IDs stay "any"
		mailcore.NewMail{Account: "a", Folder: 1, IDs: []mailcore.ID{10, 11}},
		mailcore.SendChanged{Outbox: 3},
	}
	if got := drain(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func TestPastTheBoundOneResyncRemains(t *testing.T) {
	var b bus
	slow, quick := b.subscribe(), b.subscribe()
	defer slow.Close()
	defer quick.Close()
	for i := range maxPending * 3 {
		b.publish(mailcore.SendChanged{Outbox: mailcore.OutboxID(i)})
		if got := drain(t, quick); len(got) != 1 {
			t.Fatalf("quick reader got %v", got)
		}
	}
	if got := drain(t, slow); len(got) != 1 || got[0] != mailcore.Event(mailcore.Resync{}) {
		t.Errorf("slow reader got %d events, first %v", len(got), got[0])
	}
	b.publish(mailcore.DraftsChanged{})
	if got := drain(t, slow); len(got) != 1 || got[0] != mailcore.Event(mailcore.DraftsChanged{}) {
		t.Errorf("after the resync: %v", got)
	}
}

func TestMergedIDsStayBounded(t *testing.T) {
	var b bus
	s := b.subscribe()
	defer s.Close()
	for i := range maxIDs * 2 {
		b.publish(mailcore.MessagesChanged{Account: "a", Folders: []mailcore.FolderID{1}, IDs: []mailcore.ID{mailcore.ID(i)}})
	}
	got := drain(t, s)
	if len(got) != 1 || got[0].(mailcore.MessagesChanged).IDs != nil {
		t.Errorf("got %v", got)
	}
}

func TestPublishingNeverBlocksAndNothingIsMissed(t *testing.T) {
	var b bus
	s := b.subscribe()
	seen := make(chan mailcore.OutboxID, 1)
	go func() {
		var last mailcore.OutboxID
		for {
			ev, err := s.Next(context.Background())
			if err != nil {
				seen <- last
				return
			}
			if c, ok := ev.(mailcore.SendChanged); ok {
				last = max(last, c.Outbox)
			} else {
				last = 1 << 40 // a Resync covers everything so far
			}
		}
	}()
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 500 {
				b.publish(mailcore.SendChanged{Outbox: mailcore.OutboxID(w*1000 + i)})
			}
		})
	}
	writers.Wait()
	b.close()
	if last := <-seen; last < 7499 {
		t.Errorf("last event seen: %d", last)
	}
}

func TestNextEndsWithContextAndClose(t *testing.T) {
	var b bus
	s := b.subscribe()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Next = %v", err)
	}
	ended := make(chan error, 2)
	for range 2 {
		go func() { _, err := s.Next(context.Background()); ended <- err }()
	}
	s.Close()
	for range 2 {
		if err := <-ended; !errors.Is(err, ErrClosed) {
			t.Errorf("Next after Close = %v", err)
		}
	}
	b.publish(mailcore.DraftsChanged{}) // nobody listens any more
	if got := drain(t, s); len(got) != 0 {
		t.Errorf("closed subscription got %v", got)
	}
}
