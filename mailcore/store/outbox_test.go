package store

import (
	"bytes"
	"context"
	"errors"
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
	ok(t, s.DeleteOutgoing(ctx, id, mailcore.Done))
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
