package imapsync

import (
	"context"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// The server finds what is not here: text of bodies, and messages that the first
// sync has not reached, which come without moving the ledger.
func TestSearchOnTheServer(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	proxy := mailtest.NewProxy(t, h.IMAP)
	server := proxy.Server(h.IMAP)
	b := newBench(t, u, options{server: &server})
	b.append("INBOX", "the very oldest")
	b.corpus("INBOX", 450, 1)
	proxy.Next(mailtest.Fault{Break: mailtest.Cut, After: 100_000})
	if _, err := b.worker.SyncOnce(context.Background(), []string{"INBOX"}, false); err == nil {
		t.Fatal("the cut came too late for this test")
	}
	before := b.cursor("INBOX")
	if before.Backfilled < 3 {
		t.Fatalf("all is here: %+v", before)
	}
	find := func(text string) []mailcore.Message {
		t.Helper()
		want, _, err := b.store.Wants(context.Background(), mailcore.Query{Text: text})
		b.must(err)
		ids, err := b.worker.Search(context.Background(), b.folder("INBOX"), want)
		b.must(err)
		rows, err := b.store.Rows(context.Background(), ids)
		b.must(err)
		return rows
	}
	for text, subject := range map[string]string{
		`"this is the very oldest"`:           "the very oldest", // its body
		"subject:oldest from:ada":             "the very oldest",
		"after:2026-11-01 before:2026-11-03":  "the very oldest",
		"is:unread to:u@linnet.test from:ada": "the very oldest",
	} {
		if got := find(text); len(got) != 1 || got[0].Subject != subject {
			t.Errorf("%q finds %d: %+v", text, len(got), got)
		}
	}
	if got := find("subject:oldest is:read"); len(got) != 0 {
		t.Errorf("it was not read: %+v", got)
	}
	if got := find("subject:Grüße"); len(got) == 0 {
		t.Error("nothing beyond ASCII is found")
	}
	if after := b.cursor("INBOX"); after != before {
		t.Errorf("the ledger moved: %+v, %+v", before, after)
	}
	b.sync()
	b.same("INBOX")
	if len(b.newMail()) > 0 {
		t.Error("what was found was announced as new mail")
	}
}

// What belongs to an old numbering of the folder is not stored.
func TestSearchAcrossARenumbering(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "one")
	b.sync()
	f, now := b.folder("INBOX"), time.Now()
	a, err := b.store.Apply(context.Background(), store.Batch{
		Folder: f.ID, UIDValidity: b.cursor("INBOX").UIDValidity + 1, Arrived: []store.Arrival{{UID: 77, Received: now}},
	})
	b.must(err)
	if len(a.New) != 0 || len(b.rows("INBOX")) != 1 {
		t.Errorf("stored: %+v", a)
	}
}

func (b *bench) cursor(path string) store.Cursor {
	b.t.Helper()
	c, err := b.store.Cursor(context.Background(), b.folder(path).ID)
	b.must(err)
	return c
}
