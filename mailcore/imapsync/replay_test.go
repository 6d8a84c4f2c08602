package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

func TestOfflineChangesReplayInOrder(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	for i := range 6 {
		b.append("INBOX", fmt.Sprintf("m%d", i))
	}
	b.sync()
	ctx := context.Background()
	id := func(s string) []mailcore.ID { return []mailcore.ID{b.row("INBOX", s).ID} }
	m0, m1, m2, m3 := id("m0"), id("m1"), id("m2"), id("m3")
	archive, trash := b.folder("Archive").ID, b.folder("Trash").ID
	b.must(b.store.Mark(ctx, append(m0, m1...), mailcore.FlagDelta{Add: mailcore.Seen}))
	b.must(b.store.Move(ctx, m0, archive))
	b.must(b.store.Mark(ctx, m0, mailcore.FlagDelta{Add: mailcore.Flagged, Remove: mailcore.Seen}))
	b.must(b.store.Move(ctx, m0, trash)) // through Archive on to Trash
	b.must(b.store.Move(ctx, m2, archive))
	b.must(b.store.Expunge(ctx, m3))
	b.sync()
	if p := b.pending(); len(p) != 0 {
		t.Fatalf("still pending: %+v", p)
	}
	for _, path := range []string{"INBOX", "Archive", "Trash"} {
		b.same(path)
	}
	if m := b.row("Trash", "m0"); m.ID != m0[0] || m.Flags != mailcore.Flagged {
		t.Errorf("m0 is %+v", m)
	}
	if m := b.row("Archive", "m2"); m.ID != m2[0] {
		t.Error("m2 is another row after the move")
	}
	if len(b.rows("INBOX")) != 3 || len(b.troubles()) != 0 || len(b.newMail()) != 0 {
		t.Errorf("%d in the inbox, problems %v, announced %v", len(b.rows("INBOX")), b.troubles(), b.newMail())
	}
}

func TestManyEqualChangesAreOneCommand(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 300, 1)
	b.sync()
	var ids []mailcore.ID
	for _, m := range b.rows("INBOX") {
		ids = append(ids, m.ID)
	}
	b.must(b.store.Mark(context.Background(), ids, mailcore.FlagDelta{Add: mailcore.Flagged}))
	r := b.sync()
	b.same("INBOX")
	if r.BytesOut > 5_000 {
		t.Errorf("%d octets of commands to star 300 messages", r.BytesOut)
	}
	b.must(b.store.Move(context.Background(), ids, b.folder("Archive").ID))
	r = b.sync()
	b.same("INBOX")
	b.same("Archive")
	if r.BytesOut > 6_000 || len(b.rows("Archive")) != 300 {
		t.Errorf("%d octets of commands to move %d messages", r.BytesOut, len(b.rows("Archive")))
	}
	for i, m := range b.rows("Archive") {
		if !slices.Contains(ids, m.ID) {
			t.Fatalf("row %d is new after the move", i)
		}
	}
}

func TestMoveToADeletedFolderIsRefused(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.host.Create(t, u, "Doomed")
	b.append("INBOX", "stay")
	b.sync()
	id := b.row("INBOX", "stay").ID
	b.must(b.store.Move(context.Background(), []mailcore.ID{id}, b.folder("Doomed").ID))
	if _, err := b.host.Doveadm("mailbox", "delete", "-u", u.Login, "Doomed"); err != nil {
		t.Fatal(err)
	}
	b.sync()
	b.same("INBOX")
	if m := b.row("INBOX", "stay"); m.ID != id || m.Waiting {
		t.Errorf("the row is %+v", m)
	}
	b.oneRefusal(store.OpMove)
}

// oneRefusal fails unless exactly one refused change was reported.
func (b *bench) oneRefusal(kind store.OpKind) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	var staged *trouble.Error
	if len(b.problems) != 1 || !errors.As(b.problems[0], &staged) || staged.Stage != trouble.Change {
		b.t.Fatalf("problems: %v", b.problems)
	}
	if len(b.ops) != 1 || b.ops[0].Kind != kind {
		b.t.Fatalf("operations: %+v", b.ops)
	}
}

// The folder goes while the worker believes it is there: the server says NO.
func TestMoveRefusedByTheServer(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.host.Create(t, u, "Doomed")
	b.append("INBOX", "stay")
	b.run()
	b.awaitWatching()
	if _, err := b.host.Doveadm("mailbox", "delete", "-u", u.Login, "Doomed"); err != nil {
		t.Fatal(err)
	}
	id := b.row("INBOX", "stay").ID
	b.must(b.store.Move(context.Background(), []mailcore.ID{id}, b.folder("Doomed").ID))
	b.worker.Poke()
	b.await("the refusal", func() bool { return len(b.troubles()) == 1 })
	b.oneRefusal(store.OpMove)
	b.await("the row back", func() bool { return len(b.rows("INBOX")) == 1 })
}

func TestOperationOnAMessageThatIsGone(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	one := b.append("INBOX", "one")
	b.append("INBOX", "two")
	two := uint32(2)
	b.sync()
	ctx := context.Background()
	b.must(b.store.Mark(ctx, []mailcore.ID{b.row("INBOX", "one").ID}, mailcore.FlagDelta{Add: mailcore.Seen}))
	b.must(b.store.Move(ctx, []mailcore.ID{b.row("INBOX", "two").ID}, b.folder("Archive").ID))
	b.host.Expunge(t, u, "INBOX", one, two)
	b.sync()
	b.same("INBOX")
	b.same("Archive")
	if len(b.pending()) != 0 || len(b.troubles()) != 0 {
		t.Errorf("pending %v, problems %v", b.pending(), b.troubles())
	}
}

// The connection is cut while the answers to the replay come: every change is
// made once, whatever was heard of it.
func TestReplayOverABadNetwork(t *testing.T) {
	h := host.Get(t)
	for after := int64(3_500); after < 8_000; after += 500 {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			if testing.Short() && after%1_500 != 0 {
				t.Skip("fewer places with -short")
			}
			t.Parallel()
			u := h.NewUser(t)
			proxy := mailtest.NewProxy(t, h.IMAP)
			server := proxy.Server(h.IMAP)
			b := newBenchShared(t, u, options{server: &server})
			for i := range 8 {
				b.append("INBOX", fmt.Sprintf("m%d", i))
			}
			b.sync()
			var ids []mailcore.ID
			for _, m := range b.rows("INBOX") {
				ids = append(ids, m.ID)
			}
			ctx := context.Background()
			b.must(b.store.Mark(ctx, ids[:4], mailcore.FlagDelta{Add: mailcore.Flagged}))
			b.must(b.store.Move(ctx, ids[2:6], b.folder("Archive").ID))
			b.must(b.store.Expunge(ctx, ids[6:7]))
			out := b.sendFrom("u", "filed once")
			b.must(b.store.Advance(ctx, mailcore.Outgoing{ID: out, State: mailcore.ToFile}, []mailcore.SendState{mailcore.Queued},
				&store.Op{Account: b.worker.id(), Kind: store.OpFile, Folder: b.folder("Sent").ID, Outbox: out}))
			proxy.Next(mailtest.Fault{Break: mailtest.Reset, After: after})
			_, _ = b.worker.SyncOnce(ctx, nil, false) // breaks off somewhere
			b.sync()
			b.sync()
			for _, path := range []string{"INBOX", "Archive", "Sent"} {
				b.same(path)
			}
			if a, i, s := len(b.rows("Archive")), len(b.rows("INBOX")), len(b.rows("Sent")); a != 4 || i != 3 || s != 1 {
				t.Errorf("%d in Archive, %d in INBOX, %d in Sent", a, i, s)
			}
			for _, m := range b.rows("Archive") {
				if !slices.Contains(ids, m.ID) {
					t.Error("a moved message is another row")
				}
			}
		})
	}
}

// sendFrom puts a message into the outbox.
func (b *bench) sendFrom(name, subject string) mailcore.OutboxID {
	b.t.Helper()
	id := strings.ReplaceAll(subject, " ", "-") + "@example.org"
	out := mailcore.Outgoing{
		Account: b.worker.id(), State: mailcore.Queued, From: name + "@linnet.test", Recipients: []string{"x@linnet.test"},
		Subject: subject, MessageID: id, Created: time.Now(),
		Draft: mailcore.Draft{Bcc: []mailcore.Address{{Addr: "secret@linnet.test"}}},
	}
	n, err := b.store.Enqueue(context.Background(), out, mail(subject), 0)
	b.must(err)
	return n
}

func (b *bench) waitForFiling(out mailcore.OutboxID, kind store.OpKind, state mailcore.SendState, folder mailcore.FolderID) {
	b.t.Helper()
	b.must(b.store.Advance(context.Background(), mailcore.Outgoing{ID: out, State: state}, []mailcore.SendState{mailcore.Queued},
		&store.Op{Account: b.worker.id(), Kind: kind, Folder: folder, Outbox: out}))
}

func (b *bench) state(out mailcore.OutboxID) mailcore.SendState {
	b.t.Helper()
	o, err := b.store.Outgoing(context.Background(), out)
	b.must(err)
	return o.State
}

func TestSentCopyIsFiledOnce(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.sync()
	out := b.sendFrom("u", "to be filed")
	b.waitForFiling(out, store.OpFile, mailcore.ToFile, b.folder("Sent").ID)
	b.sync()
	b.same("Sent")
	got := b.host.Fetch(t, u, "Sent")
	if len(got) != 1 || !strings.Contains(string(got[0].Raw), "secret@linnet.test") || got[0].Flags[0] != "\\Seen" {
		t.Fatalf("Sent has %d messages: %+v", len(got), got)
	}
	if s := b.state(out); s != mailcore.Done {
		t.Errorf("outbox row is %s", s)
	}
	again := b.sendFrom("u", "to be filed") // the server has it already
	b.waitForFiling(again, store.OpFile, mailcore.ToFile, b.folder("Sent").ID)
	b.sync()
	if n := len(b.host.Fetch(t, u, "Sent")); n != 1 || b.state(again) != mailcore.Done {
		t.Errorf("%d messages in Sent", n)
	}
	if len(b.newMail()) != 0 {
		t.Error("a sent copy was announced as new mail")
	}
}

func TestMissingSentFolderIsMade(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.sync()
	sent := b.folder("Sent").ID
	out := b.sendFrom("u", "no folder yet")
	b.waitForFiling(out, store.OpFile, mailcore.ToFile, sent)
	b.must(b.worker.DeleteFolder(context.Background(), sent))
	b.sync()
	if n := len(b.host.Fetch(t, u, "Sent")); n != 1 || b.state(out) != mailcore.Done {
		t.Errorf("%d messages in Sent, outbox row is %s", n, b.state(out))
	}
}

func TestUnknownOutcomeIsLookedUp(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{pace: func(p *pace) { p.find = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond} }})
	b.sync()
	sent := b.folder("Sent").ID
	found, missing := b.sendFrom("u", "arrived"), b.sendFrom("u", "lost")
	b.append("Sent", "arrived")
	b.waitForFiling(found, store.OpFind, mailcore.Unknown, sent)
	b.waitForFiling(missing, store.OpFind, mailcore.Unknown, sent)
	b.run()
	b.await("the end of the search", func() bool { return len(b.pending()) == 0 })
	if b.state(found) != mailcore.Done || b.state(missing) != mailcore.Unknown {
		t.Errorf("found is %s, missing is %s", b.state(found), b.state(missing))
	}
}

func TestNextGroupKeepsTheOrderOfAMessage(t *testing.T) {
	seen := mailcore.FlagDelta{Add: mailcore.Seen}
	ops := []store.Op{
		{ID: 1, Kind: store.OpFlags, Message: 1, UID: 1, Flags: seen},
		{ID: 2, Kind: store.OpMove, Message: 1, UID: 1, Target: 9},
		{ID: 3, Kind: store.OpFlags, Message: 2, UID: 2, Flags: seen},
		{ID: 4, Kind: store.OpFlags, Message: 1, Flags: seen},
		{ID: 5, Kind: store.OpMove, Message: 3, UID: 3, Target: 9},
		{ID: 6, Kind: store.OpFlags, Message: 3, UID: 3, Flags: seen},
		{ID: 7, Kind: store.OpFlags, Message: 4, UID: 4, Flags: seen, NotBefore: time.Now().Add(time.Hour)},
	}
	ids := func(g []store.Op) (out []store.OpID) {
		for _, op := range g {
			out = append(out, op.ID)
		}
		return out
	}
	aside := replayed{}
	for _, want := range [][]store.OpID{{1, 3}, {5}, nil} {
		g := nextGroup(ops, aside, time.Now())
		if !slices.Equal(ids(g), want) {
			t.Fatalf("got %v, want %v", ids(g), want)
		}
		for _, op := range g {
			aside[op.ID] = true
		}
	}
	ops = slices.DeleteFunc(ops, func(op store.Op) bool { return aside[op.ID] })
	if g := nextGroup(ops, replayed{}, time.Now()); !slices.Equal(ids(g), []store.OpID{2}) {
		t.Fatalf("got %v", ids(g))
	}
}
