package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

func testDraft() mailcore.Draft {
	return mailcore.Draft{
		Account: acct, From: mailcore.Address{Name: "Me", Addr: "me@example.org"},
		To: []mailcore.Address{{Addr: "you@example.org"}}, Subject: "Hello", Text: "line\r\nline",
		Kind:        mailcore.Reply,
		Attachments: []mailcore.Attachment{{Name: "a.bin", Type: "x/y", Data: []byte{0, 1, 2}}, {Name: "b", Data: []byte("b")}},
	}
}

func TestDrafts(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	d := testDraft()
	d.ID = must[mailcore.DraftID](t)(s.SaveDraft(ctx, d))
	d.Attachments = append(d.Attachments[1:], mailcore.Attachment{Name: "c", Data: []byte("b")})
	d.Text = "changed"
	if id := must[mailcore.DraftID](t)(s.SaveDraft(ctx, d)); id != d.ID {
		t.Fatalf("draft %d became %d", d.ID, id)
	}
	got := must[mailcore.Draft](t)(s.Draft(ctx, d.ID))
	if got.Text != "changed" || len(got.Attachments) != 2 || string(got.Attachments[0].Data) != "b" || string(got.Attachments[1].Data) != "b" ||
		got.Attachments[1].Name != "c" || got.Changed.IsZero() || got.To[0].Addr != "you@example.org" {
		t.Errorf("draft: %+v", got)
	}
	if list := must[[]mailcore.Draft](t)(s.Drafts(ctx)); len(list) != 1 || list[0].Attachments[0].Data != nil || list[0].Attachments[0].Name != "b" {
		t.Errorf("list: %+v", list)
	}
	ok(t, s.DeleteDraft(ctx, d.ID))
	ok(t, s.DeleteDraft(ctx, d.ID))
	if _, err := s.Draft(ctx, d.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted draft: %v", err)
	}
	if n := must[int](t)(one(s.reader(ctx), value[int], `SELECT count(*) FROM attachment`)); n != 0 {
		t.Errorf("%d attachments left behind", n)
	}
}

func TestOutboxSteps(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	draft := testDraft()
	draft.ID = must[mailcore.DraftID](t)(s.SaveDraft(ctx, draft))
	raw := bytes.Repeat([]byte("From: me\r\n\x00\xff"), 1000)
	o := mailcore.Outgoing{Account: acct, From: "me@example.org", Recipients: []string{"you@example.org", "bcc@example.org"}, Subject: "Hello", MessageID: "id@x", Draft: draft}
	id := must[mailcore.OutboxID](t)(s.Enqueue(ctx, o, raw, draft.ID))
	if _, err := s.Draft(ctx, draft.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the draft is still there: %v", err)
	}
	got := must[mailcore.Outgoing](t)(s.Outgoing(ctx, id))
	if got.State != mailcore.Queued || got.Size != int64(len(raw)) || len(got.Recipients) != 2 || string(got.Draft.Attachments[0].Data) != "\x00\x01\x02" || got.Created.IsZero() {
		t.Errorf("row: %+v", got)
	}
	if b := must[[]byte](t)(s.OutgoingRaw(ctx, id)); !bytes.Equal(b, raw) {
		t.Error("raw differs")
	}
	got.State, got.Attempts, got.NextTry = mailcore.Sending, 1, time.Now().Add(time.Minute)
	got.Problem = &mailcore.Problem{Key: "k", Args: map[string]any{"a": "b"}, When: time.Now()}
	ok(t, s.Advance(ctx, got, []mailcore.SendState{mailcore.Queued}, nil))
	if err := s.Advance(ctx, got, []mailcore.SendState{mailcore.Queued}, nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("a step from the wrong state: %v", err)
	}
	if err := s.DeleteOutgoing(ctx, id, mailcore.Queued, mailcore.Refused); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted while sending: %v", err)
	}
	again := must[[]mailcore.Outgoing](t)(s.Outbox(ctx, false))[0]
	if again.Problem == nil || again.Problem.Args["a"] != "b" || !again.NextTry.Equal(got.NextTry) || again.Attempts != 1 {
		t.Errorf("row: %+v", again)
	}
	got.State, got.Problem = mailcore.ToFile, nil
	ok(t, s.Advance(ctx, got, []mailcore.SendState{mailcore.Sending, mailcore.DotPending}, &Op{Kind: OpFile, Folder: inbox}))
	op := pending(t, s)[0]
	if op.Kind != OpFile || op.Outbox != id || op.Account != acct || op.Folder != inbox {
		t.Errorf("operation: %+v", op)
	}
	ok(t, s.OpDone(ctx, op.ID, 0, 0))
	if list := must[[]mailcore.Outgoing](t)(s.Outbox(ctx, false)); len(list) != 0 {
		t.Errorf("still waiting: %+v", list)
	}
	if list := must[[]mailcore.Outgoing](t)(s.Outbox(ctx, true)); len(list) != 1 || list[0].State != mailcore.Done || list[0].Problem != nil {
		t.Errorf("done: %+v", list)
	}
	checkLetGo(t, s, id)
	ok(t, s.DeleteOutgoing(ctx, id, mailcore.Done))
}

// checkLetGo fails if a Done row keeps what is in the Sent folder now, or has
// forgotten what it was.
func checkLetGo(t *testing.T, s *Store, id mailcore.OutboxID) {
	t.Helper()
	ctx := context.Background()
	if _, err := s.OutgoingRaw(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("raw of a done row: %v", err)
	}
	kept := must[int](t)(one(s.reader(ctx), value[int],
		`SELECT length(raw) + (SELECT count(*) FROM attachment WHERE outbox = ?1) FROM outbox WHERE id = ?1`, int64(id)))
	if kept != 0 {
		t.Errorf("a done row keeps its bytes or attachments")
	}
	o := must[mailcore.Outgoing](t)(s.Outgoing(ctx, id))
	if o.Size == 0 || o.MessageID == "" || len(o.Draft.Attachments) != 2 || o.Draft.Attachments[0].Name != "a.bin" {
		t.Errorf("done row: %+v", o)
	}
}

func TestAdvanceToDoneLetsGoOfBytes(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	o := mailcore.Outgoing{Account: acct, MessageID: "id@x", Draft: testDraft()}
	o.ID = must[mailcore.OutboxID](t)(s.Enqueue(ctx, o, []byte("raw"), 0))
	o.State = mailcore.Done
	ok(t, s.Advance(ctx, o, []mailcore.SendState{mailcore.Queued}, nil))
	checkLetGo(t, s, o.ID)
}

func TestSpaceIsGivenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile", "mail.db")
	s, ctx := reopen(t, path), context.Background()
	const mega = 1 << 20
	id := must[mailcore.OutboxID](t)(s.Enqueue(ctx, mailcore.Outgoing{Account: acct}, make([]byte, 24*mega), 0))
	ok(t, s.DeleteOutgoing(ctx, id, mailcore.Queued))
	free := func() int { return must[int](t)(one(s.w, value[int], "PRAGMA freelist_count")) }
	before := free()
	if before < 24*mega/pageSize {
		t.Fatalf("%d pages are free", before)
	}
	must[int](t)(s.IndexNext(ctx, 100))
	if n := free(); n != before-quiet {
		t.Errorf("%d of %d pages are free after a quiet moment", n, before)
	}
	ok(t, s.Close())
	if size := must[os.FileInfo](t)(os.Stat(path)).Size(); size < spare*pageSize || size > (spare+200)*pageSize {
		t.Errorf("the file has %d bytes", size)
	}
	ok(t, reopen(t, path).Check(ctx))
}

func TestRecoverOutbox(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	want := map[mailcore.OutboxID]mailcore.SendState{}
	for from, to := range map[mailcore.SendState]mailcore.SendState{
		mailcore.Queued: mailcore.Queued, mailcore.Sending: mailcore.Queued, mailcore.DotPending: mailcore.Unknown,
		mailcore.ToFile: mailcore.ToFile, mailcore.Refused: mailcore.Refused, mailcore.Unknown: mailcore.Unknown,
	} {
		id := must[mailcore.OutboxID](t)(s.Enqueue(ctx, mailcore.Outgoing{Account: acct}, nil, 0))
		ok(t, s.Advance(ctx, mailcore.Outgoing{ID: id, State: from}, []mailcore.SendState{mailcore.Queued}, nil))
		want[id] = to
	}
	unknown := must[[]mailcore.Outgoing](t)(s.RecoverOutbox(ctx))
	if len(unknown) != 1 || unknown[0].State != mailcore.Unknown {
		t.Errorf("unknown: %+v", unknown)
	}
	for _, o := range must[[]mailcore.Outgoing](t)(s.Outbox(ctx, true)) {
		if o.State != want[o.ID] {
			t.Errorf("row %d is %s, want %s", o.ID, o.State, want[o.ID])
		}
	}
}
