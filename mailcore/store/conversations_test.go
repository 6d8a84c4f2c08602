package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

// thread makes a message with these links; its UID is its number.
func thread(n int, inReplyTo int, refs ...int) Arrival {
	id := func(n int) string { return fmt.Sprintf("m%d@example.org", n) }
	a := arrival(mailcore.UID(n))
	if inReplyTo != 0 {
		a.Header.InReplyTo = id(inReplyTo)
	}
	for _, r := range refs {
		a.Header.References = append(a.Header.References, id(r))
	}
	return a
}

// TestConversationsInAnyOrder brings the same mail in many orders and windows.
func TestConversationsInAnyOrder(t *testing.T) {
	mail := []Arrival{
		thread(1, 0), thread(2, 1), thread(3, 2), thread(4, 0, 1, 2, 3), // answers to answers
		thread(5, 0), thread(6, 0, 5, 99), thread(7, 99), // 99 never arrives, but ties 6 and 7
		thread(8, 0),
		thread(10, 0), thread(11, 0, 10), thread(12, 0), thread(13, 0, 12), thread(14, 11, 13), // 14 joins two
	}
	group := map[mailcore.UID]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2, 8: 3, 10: 4, 11: 4, 12: 4, 13: 4, 14: 4}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(mail), func(i, j int) { mail[i], mail[j] = mail[j], mail[i] })
		s := openTest(t)
		inbox, _, _ := testFolders(t, s, acct)
		other, _, _ := testFolders(t, s, "other")
		apply(t, s, Batch{Folder: other, Arrived: mail})
		for rest := mail; len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			apply(t, s, Batch{Folder: inbox, Arrived: rest[:n]})
			rest = rest[n:]
		}
		of := map[int]mailcore.ConversationID{}
		for _, m := range must[[]mailcore.Message](t)(s.Page(context.Background(), mailcore.Query{Folder: inbox}, 100, 0)) {
			g := group[m.UID]
			if of[g] == 0 {
				of[g] = m.Conversation
			}
			if of[g] != m.Conversation {
				t.Fatalf("seed %d: message %d is in conversation %d, its group in %d", seed, m.UID, m.Conversation, of[g])
			}
		}
		if ids := must[[]mailcore.ID](t)(s.Conversation(context.Background(), of[4])); len(ids) != 5 || of[1] == of[2] || of[2] == of[3] {
			t.Errorf("seed %d: %v in %v", seed, ids, of)
		}
		ok(t, s.Close())
	}
}

func TestCancelledContext(t *testing.T) {
	s := openTest(t)
	inbox, _, _ := testFolders(t, s, acct)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, e1 := s.Apply(ctx, Batch{Folder: inbox, Arrived: mailbox(10)})
	_, e2 := s.List(ctx, mailcore.Query{})
	_, e3 := s.SaveDraft(ctx, testDraft())
	_, e4 := s.Pending(ctx, acct)
	_, e5 := s.IndexNext(ctx, 5)
	for i, err := range []error{e1, e2, e3, e4, e5} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	if n := len(must[[]mailcore.ID](t)(s.List(context.Background(), mailcore.Query{}))); n != 0 {
		t.Errorf("%d messages of a cancelled batch", n)
	}
	arrive(t, s, inbox, 1)
}
