package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

var (
	read   = mailcore.FlagDelta{Add: mailcore.Seen}
	unread = mailcore.FlagDelta{Remove: mailcore.Seen}
)

func pending(t testing.TB, s *Store) []Op {
	t.Helper()
	return must[[]Op](t)(s.Pending(context.Background(), acct))
}

func waiting(t testing.TB, s *Store) int {
	t.Helper()
	return must[int](t)(s.Waiting(context.Background(), acct))
}

func message(t testing.TB, s *Store, id mailcore.ID) mailcore.Message {
	t.Helper()
	return must[mailcore.Message](t)(s.Message(context.Background(), id))
}

func TestMarkRecordsWhatChanged(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2)
	ok(t, s.Mark(ctx, ids, read))
	ok(t, s.Mark(ctx, ids, read)) // nothing left to change
	ops := pending(t, s)
	if len(ops) != 2 || ops[0].UID != 1 || ops[0].UIDValidity != 7 || ops[0].Folder != inbox || ops[0].Flags != read || ops[0].Kind != OpFlags {
		t.Fatalf("pending: %+v", ops)
	}
	if m := message(t, s, ids[0]); !m.Flags.Has(mailcore.Seen) || !m.Waiting {
		t.Errorf("row: %+v", m)
	}
	f := must[mailcore.Folder](t)(s.Folder(ctx, inbox))
	if f.Total != 2 || f.Unread != 0 {
		t.Errorf("folder: %+v", f)
	}
	ok(t, s.OpDone(ctx, ops[0].ID, 0, 0))
	ok(t, s.OpDone(ctx, ops[0].ID, 0, 0)) // twice is no error
	if m := message(t, s, ids[0]); m.Waiting || !m.Flags.Has(mailcore.Seen) {
		t.Errorf("row after done: %+v", m)
	}
	ok(t, s.OpRefused(ctx, ops[1].ID))
	if m := message(t, s, ids[1]); m.Waiting || m.Flags.Has(mailcore.Seen) {
		t.Errorf("row after refusal: %+v", m)
	}
}

func TestInverseMarksCancelUntilRead(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1)
	ok(t, s.Mark(ctx, ids, read))
	ok(t, s.Mark(ctx, ids, unread))
	if n := waiting(t, s); n != 0 {
		t.Fatalf("%d operations wait after a pair", n)
	}
	ok(t, s.Mark(ctx, ids, read))
	first := pending(t, s) // from now on it may be on its way
	ok(t, s.Mark(ctx, ids, unread))
	ops := pending(t, s)
	if len(ops) != 2 || ops[0].ID != first[0].ID || ops[1].Flags != unread {
		t.Fatalf("pending: %+v", ops)
	}
	// The first is refused: what the second says stands.
	ok(t, s.OpRefused(ctx, ops[0].ID))
	if m := message(t, s, ids[0]); m.Flags.Has(mailcore.Seen) || !m.Waiting {
		t.Errorf("row: %+v", m)
	}
}

func TestMoves(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, trash := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2, 3)
	ok(t, s.Move(ctx, ids[:1], archive))
	if m := message(t, s, ids[0]); m.Folder != archive || m.UID != 0 || !m.Waiting {
		t.Fatalf("moved row: %+v", m)
	}
	ok(t, s.Move(ctx, ids[:1], trash)) // not read yet: the same operation
	if ops := must[int](t)(s.Waiting(ctx, acct)); ops != 1 {
		t.Fatalf("%d operations", ops)
	}
	ok(t, s.Move(ctx, ids[:1], inbox)) // back: nothing left
	if n := waiting(t, s); n != 0 {
		t.Fatalf("%d operations", n)
	}
	if m := message(t, s, ids[0]); m.Folder != inbox || m.UID != 1 {
		t.Fatalf("row came back as %+v", m)
	}
	ok(t, s.Move(ctx, ids[:1], archive))
	pending(t, s)
	ok(t, s.Mark(ctx, ids[:1], read))
	ok(t, s.Move(ctx, ids[:1], trash))
	ops := pending(t, s)
	if len(ops) != 3 || ops[0].Folder != inbox || ops[0].UID != 1 || ops[0].Target != archive ||
		ops[1].Folder != archive || ops[1].UID != 0 || ops[2].Folder != archive || ops[2].Target != trash {
		t.Fatalf("pending: %+v", ops)
	}
	if u := must[[]mailcore.UID](t)(s.UIDs(ctx, inbox)); !slices.Equal(u, []mailcore.UID{1, 2, 3}) {
		t.Errorf("UIDs of the inbox: %v", u)
	}
	ok(t, s.OpDone(ctx, ops[0].ID, 41, 7))
	ops = pending(t, s)
	if len(ops) != 2 || ops[0].UID != 41 || ops[0].UIDValidity != 7 || ops[1].UID != 41 || ops[1].Folder != archive {
		t.Fatalf("pending after the first move: %+v", ops)
	}
	ok(t, s.OpRefused(ctx, ops[1].ID))
	if m := message(t, s, ids[0]); m.Folder != archive || m.UID != 41 || !m.Flags.Has(mailcore.Seen) {
		t.Errorf("row: %+v", m)
	}
}

func TestMoveWithoutUIDIsAttachedByApply(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1)
	ok(t, s.PutBody(ctx, ids[0], Body{Raw: []byte("raw")}))
	ok(t, s.Move(ctx, ids, archive))
	ok(t, s.OpDone(ctx, pending(t, s)[0].ID, 0, 0))
	ok(t, s.Mark(ctx, ids, read))
	if op := pending(t, s)[0]; op.Folder != archive || op.UID != 0 {
		t.Fatalf("operation on an unknown UID: %+v", op)
	}
	a := arrival(1)
	a.UID = 90
	done := apply(t, s, Batch{Folder: archive, Arrived: []Arrival{a, arrival(91)}})
	if len(done.New) != 1 {
		t.Errorf("new: %v", done.New)
	}
	m := message(t, s, ids[0])
	if m.UID != 90 || m.Folder != archive || !m.BodyHere || !m.Flags.Has(mailcore.Seen) {
		t.Errorf("row: %+v", m)
	}
	if op := pending(t, s)[0]; op.UID != 90 || op.UIDValidity != 7 {
		t.Errorf("operation: %+v", op)
	}
}

func TestMoveTakesOverItsTwin(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1)
	ok(t, s.Move(ctx, ids, archive))
	op := pending(t, s)[0]
	// The server has moved it, the answer was lost, the archive is synced.
	a := arrival(1)
	a.UID = 50
	twin := apply(t, s, Batch{Folder: archive, Arrived: []Arrival{a}}).New
	ok(t, s.Mark(ctx, twin, read))
	ok(t, s.OpDone(ctx, op.ID, 50, 7))
	list := must[[]mailcore.Message](t)(s.Page(ctx, mailcore.Query{Folder: archive}, 10, 0))
	if len(list) != 1 || list[0].ID != ids[0] || list[0].UID != 50 {
		t.Fatalf("archive: %+v", list)
	}
	if ops := pending(t, s); len(ops) != 1 || ops[0].Message != ids[0] || ops[0].UID != 50 || !list[0].Waiting {
		t.Errorf("pending: %+v", ops)
	}
}

func TestExpunge(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2)
	ok(t, s.Expunge(ctx, ids))
	if n := len(must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{}))); n != 0 {
		t.Errorf("%d still shown", n)
	}
	if got := apply(t, s, Batch{Folder: inbox, Arrived: []Arrival{arrival(1)}}); len(got.New) != 0 {
		t.Errorf("hidden message is new again")
	}
	ops := pending(t, s)
	ok(t, s.OpDone(ctx, ops[0].ID, 0, 0))
	ok(t, s.OpRefused(ctx, ops[1].ID))
	if u := must[[]mailcore.UID](t)(s.UIDs(ctx, inbox)); !slices.Equal(u, []mailcore.UID{2}) {
		t.Errorf("UIDs: %v", u)
	}
	if m := message(t, s, ids[1]); m.Folder != inbox {
		t.Errorf("refused: %+v", m)
	}
}

func TestGoneDropsOperations(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2)
	ok(t, s.Mark(ctx, ids[:1], read))
	ok(t, s.Move(ctx, ids[:1], archive))
	done := apply(t, s, Batch{Folder: inbox, Gone: []mailcore.UID{1, 9}})
	if done.Removed != 1 || waiting(t, s) != 0 {
		t.Errorf("%+v, %d wait", done, waiting(t, s))
	}
	if _, err := s.Message(ctx, ids[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("gone message: %v", err)
	}
}

func TestServerFlagsWinButForPending(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1)
	ok(t, s.Mark(ctx, ids, read))
	done := apply(t, s, Batch{Folder: inbox, Flags: []FlagState{{UID: 1, Flags: mailcore.Flagged}, {UID: 8, Flags: mailcore.Seen}}})
	if m := message(t, s, ids[0]); m.Flags != mailcore.Seen|mailcore.Flagged || done.Changed != 1 {
		t.Errorf("flags %b, %+v", m.Flags, done)
	}
	ok(t, s.OpDone(ctx, pending(t, s)[0].ID, 0, 0))
	apply(t, s, Batch{Folder: inbox, Flags: []FlagState{{UID: 1}}})
	if m := message(t, s, ids[0]); m.Flags != 0 {
		t.Errorf("flags %b", m.Flags)
	}
}

func TestGenerations(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2, 3, 4)
	ok(t, s.PutBody(ctx, ids[0], Body{Raw: []byte("one")}))
	ok(t, s.Mark(ctx, ids[:2], read))
	ok(t, s.Move(ctx, ids[2:3], archive))
	ok(t, s.BeginGeneration(ctx, inbox, 8))
	if c := must[Cursor](t)(s.Cursor(ctx, inbox)); c != (Cursor{UIDValidity: 8}) {
		t.Errorf("cursor: %+v", c)
	}
	for _, op := range pending(t, s) {
		if op.UID != 0 || op.UIDValidity != 0 {
			t.Errorf("operation keeps an old UID: %+v", op)
		}
	}
	// 1 and 3 come back, 2 and 4 do not.
	one, three := arrival(1), arrival(3)
	one.UID, three.UID = 101, 103
	if done := apply(t, s, Batch{Folder: inbox, Arrived: []Arrival{one, three}}); len(done.New) != 0 {
		t.Errorf("new: %v", done.New)
	}
	if n := must[int](t)(s.EndGeneration(ctx, inbox)); n != 1 {
		t.Errorf("%d operations dropped", n)
	}
	ops := pending(t, s)
	if len(ops) != 2 || ops[0].UID != 101 || ops[1].UID != 103 || ops[1].UIDValidity != 8 || ops[1].Target != archive {
		t.Errorf("pending: %+v", ops)
	}
	if m := message(t, s, ids[0]); m.UID != 101 || !m.BodyHere || !m.Flags.Has(mailcore.Seen) {
		t.Errorf("row: %+v", m)
	}
	if m := message(t, s, ids[2]); m.Folder != archive || m.UID != 0 {
		t.Errorf("moved row: %+v", m)
	}
}

func TestFoldersThatGo(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, trash := testFolders(t, s, acct)
	arrived := arrive(t, s, archive, 1, 2, 3)
	ok(t, s.Move(ctx, arrived[:1], inbox))
	back := arrive(t, s, inbox, 4)
	ok(t, s.Move(ctx, back, archive))
	ok(t, s.Mark(ctx, arrived[1:2], read))
	list := []FolderInfo{
		{Path: "INBOX", Delimiter: "/", Role: mailcore.RoleInbox, Selectable: true, Subscribed: true},
		{Path: "Trash", Delimiter: "/", Role: mailcore.RoleTrash, Selectable: true},
	}
	if !must[bool](t)(s.SetFolders(ctx, acct, list)) || must[bool](t)(s.SetFolders(ctx, acct, list)) {
		t.Error("changed is wrong")
	}
	if _, err := s.SetFolders(ctx, acct, nil); err == nil {
		t.Error("an empty list was taken")
	}
	fs := must[[]mailcore.Folder](t)(s.Folders(ctx, acct))
	if len(fs) != 2 || fs[0].ID != inbox || fs[1].ID != trash || fs[0].Total != 2 {
		t.Errorf("folders: %+v", fs)
	}
	if m := message(t, s, back[0]); m.Folder != inbox || m.UID != 4 {
		t.Errorf("moved to the removed folder: %+v", m)
	}
	ops := pending(t, s)
	if len(ops) != 1 || ops[0].Message != arrived[0] {
		t.Fatalf("pending: %+v", ops)
	}
	if f := must[mailcore.Folder](t)(s.Folder(ctx, ops[0].Folder)); f.Path != "Archive" {
		t.Errorf("the operation's folder: %+v", f)
	}
	ok(t, s.OpRefused(ctx, ops[0].ID))
	if _, err := s.Message(ctx, arrived[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("a message of a folder that is no more: %v", err)
	}
	must[bool](t)(s.SetFolders(ctx, acct, list))
	if _, err := s.Folder(ctx, archive); !errors.Is(err, ErrNotFound) {
		t.Errorf("tombstone: %v", err)
	}
}

func TestRetryKeepsAnOperation(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ok(t, s.Mark(ctx, arrive(t, s, inbox, 1), read))
	later := time.Now().Add(time.Hour)
	ok(t, s.OpRetry(ctx, pending(t, s)[0].ID, later))
	if op := pending(t, s)[0]; op.Attempts != 1 || !op.NotBefore.Equal(later) {
		t.Errorf("%+v", op)
	}
}

func TestRemoveAccount(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	other, _, _ := testFolders(t, s, "other")
	ok(t, s.Mark(ctx, arrive(t, s, inbox, 1, 2), read))
	arrive(t, s, other, 1)
	must[int](t)(s.IndexNext(ctx, 100))
	must[mailcore.DraftID](t)(s.SaveDraft(ctx, mailcore.Draft{Account: acct}))
	must[mailcore.OutboxID](t)(s.Enqueue(ctx, mailcore.Outgoing{Account: acct}, []byte("x"), 0))
	ok(t, s.RemoveAccount(ctx, acct))
	if n := waiting(t, s) + len(must[[]mailcore.Draft](t)(s.Drafts(ctx))) + len(must[[]mailcore.Outgoing](t)(s.Outbox(ctx, true))); n != 0 {
		t.Errorf("%d things left", n)
	}
	if list := must[[]mailcore.Message](t)(s.Page(ctx, mailcore.Query{Text: "message"}, 10, 0)); len(list) != 1 || list[0].Account != "other" {
		t.Errorf("left: %+v", list)
	}
	ok(t, s.Check(ctx))
}

// An archived account's mail is here, as it was shown, and waits for nobody.
func TestArchive(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	other, _, _ := testFolders(t, s, "other")
	ids := arrive(t, s, inbox, 1, 2, 3)
	arrive(t, s, other, 1)
	ok(t, s.Mark(ctx, ids[:1], read))
	ok(t, s.Move(ctx, ids[1:2], archive))
	ok(t, s.Expunge(ctx, ids[2:]))
	must[int](t)(s.IndexNext(ctx, 100))
	for range 2 { // the second time changes nothing
		ok(t, s.Archive(ctx, acct))
		if n := waiting(t, s); n != 0 {
			t.Errorf("%d operations wait", n)
		}
		if m := must[mailcore.Message](t)(s.Message(ctx, ids[0])); !m.Flags.Has(mailcore.Seen) || m.Waiting {
			t.Errorf("%+v", m)
		}
		if list := must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Folder: archive})); len(list) != 1 {
			t.Errorf("moved: %v", list)
		}
		if list := must[[]mailcore.Message](t)(s.Page(ctx, mailcore.Query{Text: "message"}, 10, 0)); len(list) != 3 {
			t.Errorf("found: %+v", list)
		}
		if list := must[[]mailcore.Message](t)(s.Page(ctx, mailcore.Query{Role: mailcore.RoleInbox}, 10, 0)); len(list) != 1 || list[0].Account != "other" {
			t.Errorf("all inboxes: %+v", list)
		}
		if list := must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Role: mailcore.RoleInbox, Account: acct})); len(list) != 1 {
			t.Errorf("its own inbox: %v", list)
		}
	}
	ok(t, s.Archive(ctx, "other"))
	if list := must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Role: mailcore.RoleInbox})); len(list) != 0 {
		t.Errorf("all inboxes: %v", list)
	}
	ok(t, s.RemoveAccount(ctx, acct))
	ok(t, s.Check(ctx))
}

// A message is moved whose folder has lost it to somebody else meanwhile. The
// server has nothing against that (RFC 6851: OK, and no COPYUID), so the row
// waits in the target for a UID that never comes. The first whole comparison
// with no operation under way clears it away.
func TestMovedAfterSomebodyElseExpungedIt(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1)
	other := arrive(t, s, archive, 9)
	ok(t, s.Move(ctx, ids, archive))
	ok(t, s.OpDone(ctx, pending(t, s)[0].ID, 0, 0))
	if m := message(t, s, ids[0]); m.Folder != archive || m.Waiting {
		t.Fatalf("row: %+v", m)
	}
	apply(t, s, Batch{Folder: inbox, Cursor: &Cursor{UIDValidity: 7, UIDNext: 2, Backfilled: 1}})
	apply(t, s, Batch{Folder: archive, Flags: []FlagState{{9, 0}}, Cursor: &Cursor{UIDValidity: 7, UIDNext: 10, Backfilled: 1}})
	if n := must[int](t)(s.EndGeneration(ctx, archive)); n != 0 {
		t.Errorf("%d operations dropped, none was waiting", n)
	}
	if list := must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Folder: archive})); !slices.Equal(list, other) {
		t.Errorf("archive: %v, want %v", list, other)
	}
	checkCounts(t, s)
}
