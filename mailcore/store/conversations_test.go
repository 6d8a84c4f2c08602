package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
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

// The hashes are stored: another function would tear every conversation apart.
func TestLinkHashStaysTheSame(t *testing.T) {
	for _, id := range []string{"a@b", "", "ü\x00\xff@example.org"} {
		f := fnv.New64a()
		f.Write([]byte("a1\x00" + id))
		if got, want := linkHash("a1", id), int64(f.Sum64()); got != want {
			t.Errorf("%q has the hash %d, want %d", id, got, want)
		}
	}
}

// A long thread is tied by its root and its nearest messages, each once.
func TestLinkHashesOfALongThread(t *testing.T) {
	h := mailcore.Header{MessageID: "me@x", InReplyTo: "r199@x"}
	for i := range 200 {
		h.References = append(h.References, fmt.Sprintf("r%d@x", i))
	}
	list := appendLinkHashes([]int64{1}, acct, h)
	if len(list) != 1+1+maxReferences || list[0] != 1 || list[1] != linkHash(acct, "me@x") || list[2] != linkHash(acct, "r199@x") {
		t.Errorf("%d hashes: %v", len(list), list[:3])
	}
	for id, want := range map[string]bool{"r0@x": true, "r1@x": false, "r136@x": false, "r137@x": true} {
		if slices.Contains(list, linkHash(acct, id)) != want {
			t.Errorf("%s is looked at: %v", id, !want)
		}
	}
}

// One batch is written in several statements: what comes late in it must find
// what came first, written or not.
func TestLateLinksInALargeBatch(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	b := Batch{Folder: inbox}
	for n := 1; n <= 2*chunks[0]+10; n++ {
		b.Arrived = append(b.Arrived, thread(n, 0))
	}
	last := len(b.Arrived) + 1
	b.Arrived = append(b.Arrived, thread(last, 1, 300, last-1))
	again := thread(2, 0)
	again.Flags = mailcore.Seen
	b.Arrived = append(b.Arrived, again)
	ids := apply(t, s, b).New
	if len(ids) != last {
		t.Fatalf("%d new messages, want %d", len(ids), last)
	}
	rows := must[[]mailcore.Message](t)(s.Rows(ctx, []mailcore.ID{ids[last-1], ids[0], ids[299], ids[last-2], ids[1]}))
	for _, m := range rows[1:4] {
		if m.Conversation != rows[0].Conversation {
			t.Errorf("%s is in conversation %d, want %d", m.MessageID, m.Conversation, rows[0].Conversation)
		}
	}
	if rows[4].Conversation == rows[0].Conversation || !rows[4].Flags.Has(mailcore.Seen) {
		t.Errorf("row: %+v", rows[4])
	}
	checkCounts(t, s)
}
