package engine_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// has tells whether a server's mailbox holds a message with a subject, and its flags.
func has(messages []mailtest.Stored, subject string, flags ...string) bool {
	return slices.ContainsFunc(messages, func(m mailtest.Stored) bool {
		if !bytes.Contains(m.Raw, []byte("Subject: "+subject+"\r\n")) {
			return false
		}
		for _, f := range flags {
			if !slices.ContainsFunc(m.Flags, func(g string) bool { return strings.EqualFold(f, g) }) {
				return false
			}
		}
		return true
	})
}

func TestJourneyAMessageArrives(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Already there", "Old news."), nil, time.Now().Add(-time.Hour))
	p := newProfile(t, h.Roots)
	e := p.open(false)
	account := p.add(u)
	s := watching(t, e, account.ID)
	if s.Here != 1 || s.Missing != 0 || s.Problem != nil || s.Checked.IsZero() {
		t.Errorf("status = %+v", s)
	}

	sub := e.Subscribe()
	defer sub.Close()
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Just now", "Fresh news."), nil, time.Now())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var announced []mailcore.ID
	for len(announced) == 0 {
		ev, err := sub.Next(ctx)
		if err != nil {
			t.Fatalf("no NewMail: %v", err)
		}
		if n, ok := ev.(mailcore.NewMail); ok {
			announced = n.IDs
		}
	}
	m := await(t, e, mailcore.RoleInbox, "Just now")
	if !slices.Equal(announced, []mailcore.ID{m.ID}) {
		t.Errorf("announced %v, arrived %d (the old message is no news)", announced, m.ID)
	}
	content, err := e.Messages().Open(t.Context(), m.ID)
	if err != nil || strings.TrimSpace(content.Text) != "Fresh news." {
		t.Errorf("opened %q, %v", content.Text, err)
	}
	until(t, "the text can be found", func() bool {
		ids, err := e.Messages().List(t.Context(), mailcore.Query{Text: "fresh"})
		return err == nil && slices.Equal(ids, []mailcore.ID{m.ID})
	})
}

func TestSyncOnceWorksBesideTheWorkers(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	e := p.open(false)
	account := p.add(u)
	watching(t, e, account.ID)
	h.Append(t, u, "Archive", letter("ada@example.org", u.Email, "Filed elsewhere", "Text."), nil, time.Now())
	id := mailcore.AccountID(account.ID)
	report, err := e.Accounts().SyncOnce(t.Context(), engine.SyncRequest{Account: id, Bodies: true})
	if err != nil || len(report.Folders) < 5 || report.BytesIn == 0 {
		t.Errorf("%+v, %v", report, err)
	}
	m := await(t, e, mailcore.RoleArchive, "Filed elsewhere")
	until(t, "its body is here", func() bool {
		row, err := e.Messages().Get(t.Context(), m.ID)
		return err == nil && row.BodyHere
	})
	_, err = e.Accounts().SyncOnce(t.Context(), engine.SyncRequest{Account: id, Folders: []string{"No such folder"}})
	var problem *mailcore.Problem
	if !errors.As(err, &problem) || problem.Key != "engine.no-such-folder" {
		t.Errorf("a folder that is not there: %v", err)
	}
	watching(t, e, account.ID)
}

func TestJourneyAReplyIsSentAndFiled(t *testing.T) {
	h := host.Get(t)
	ada, bob := h.NewUser(t), h.NewUser(t)
	h.Append(t, bob, "INBOX", letter("Ada <"+ada.Email+">", bob.Email, "Lunch", "At noon?"), nil, time.Now())
	p := newProfile(t, h.Roots)
	e := p.open(false)
	account := p.add(bob)
	m := await(t, e, mailcore.RoleInbox, "Lunch")

	draft, err := e.Drafts().Answer(t.Context(), mailcore.Reply, m.ID, func(c mailcore.Content) string { return "Ada wrote:" })
	if err != nil {
		t.Fatal(err)
	}
	if len(draft.To) != 1 || draft.To[0].Addr != ada.Email || draft.Subject != "Re: Lunch" || draft.From.Addr != bob.Email ||
		!strings.Contains(draft.Text, "> At noon?") {
		t.Errorf("draft = %+v", draft)
	}
	draft.Text = "Yes, at noon.\n\n" + draft.Text
	draft.Bcc = []mailcore.Address{{Addr: bob.Email}}
	if draft.ID, err = e.Drafts().Save(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	id, err := e.Outbox().Send(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := e.Drafts().List(t.Context()); len(left) != 0 {
		t.Errorf("drafts left: %v", left)
	}
	until(t, "sent and filed", func() bool {
		o, err := e.Outbox().Get(t.Context(), id)
		if err != nil || o.Problem != nil {
			t.Fatalf("outbox: %+v, %v", o.Problem, err)
		}
		return o.State == mailcore.Done
	})
	got := h.Await(t, ada, "INBOX", func(l []mailtest.Stored) bool { return has(l, "Re: Lunch") })
	if !bytes.Contains(got[0].Raw, []byte("In-Reply-To: <Lunch@letters.test>")) || bytes.Contains(got[0].Raw, []byte("Bcc")) {
		t.Errorf("delivered:\n%s", got[0].Raw)
	}
	sent := h.Fetch(t, bob, "Sent")
	if len(sent) != 1 || !has(sent, "Re: Lunch", `\Seen`) || !bytes.Contains(sent[0].Raw, []byte("Bcc: ")) {
		t.Errorf("sent folder: %+v", sent)
	}
	h.Await(t, bob, "INBOX", func(l []mailtest.Stored) bool { return has(l, "Lunch", `\Answered`) })
	await(t, e, mailcore.RoleSent, "Re: Lunch")
	watching(t, e, account.ID)
}

func TestJourneyChangesMadeOfflineReachTheServer(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{})
	u := h.User(1)
	for _, s := range []string{"Mark me", "Move me", "Delete me"} {
		h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, s, s), nil, time.Now())
	}
	p := newProfile(t, h.Roots)
	e := p.open(false)
	account := u.Account()
	if err := e.Accounts().Adopt(t.Context(), account, u.Password); err != nil {
		t.Fatal(err)
	}
	watching(t, e, account.ID)
	h.StopDovecot(t)
	id := mailcore.AccountID(account.ID)
	until(t, "the status tells that there is no connection", func() bool {
		s, err := e.Accounts().Status(t.Context(), id)
		return err == nil && s.Phase != mailcore.Watching && s.Problem != nil
	})

	mark, move, del := await(t, e, mailcore.RoleInbox, "Mark me"), await(t, e, mailcore.RoleInbox, "Move me"), await(t, e, mailcore.RoleInbox, "Delete me")
	m := e.Messages()
	if err := m.Mark(t.Context(), []mailcore.ID{mark.ID}, mailcore.FlagDelta{Add: mailcore.Flagged | mailcore.Seen}); err != nil {
		t.Fatal(err)
	}
	if err := m.MoveTo(t.Context(), []mailcore.ID{move.ID}, mailcore.RoleArchive); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(t.Context(), []mailcore.ID{del.ID}); err != nil {
		t.Fatal(err)
	}
	if err := m.Delete(t.Context(), []mailcore.ID{del.ID}); err != nil { // and from the trash for good
		t.Fatal(err)
	}
	if left := rows(t, e, mailcore.RoleInbox); len(left) != 1 || !left[0].Flags.Has(mailcore.Flagged|mailcore.Seen) || !left[0].Waiting {
		t.Errorf("inbox at once: %+v", left)
	}
	if _, ok := find(t, e, mailcore.RoleArchive, "Move me"); !ok {
		t.Error("not in the archive at once")
	}
	if s, _ := e.Accounts().Status(t.Context(), id); s.Waiting == 0 {
		t.Errorf("status = %+v", s)
	}

	h.StartDovecot(t)
	e.Accounts().Refresh(id)
	h.Await(t, u, "INBOX", func(l []mailtest.Stored) bool { return len(l) == 1 && has(l, "Mark me", `\Seen`, `\Flagged`) })
	h.Await(t, u, "Archive", func(l []mailtest.Stored) bool { return len(l) == 1 && has(l, "Move me") })
	h.Await(t, u, "Trash", func(l []mailtest.Stored) bool { return len(l) == 0 })
	until(t, "nothing waits", func() bool {
		s, err := e.Accounts().Status(t.Context(), id)
		return err == nil && s.Waiting == 0 && s.Phase == mailcore.Watching && s.Problem == nil
	})
	if a, ok := find(t, e, mailcore.RoleArchive, "Move me"); !ok || a.ID != move.ID {
		t.Errorf("the moved message has another identity: %d, was %d", a.ID, move.ID)
	}
}

func TestThreeMessagesWaitForTheServerAndArriveOnce(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Users: 2, Postfix: true})
	ada, bob := h.User(1), h.User(2)
	p := newProfile(t, h.Roots)
	e := p.open(false)
	account := ada.Account()
	if err := e.Accounts().Adopt(t.Context(), account, ada.Password); err != nil {
		t.Fatal(err)
	}
	watching(t, e, account.ID)
	h.StopPostfix(t)
	subjects := []string{"First", "Second", "Third"}
	var ids []mailcore.OutboxID
	for _, s := range subjects {
		d := e.Drafts().New("")
		d.To, d.Subject, d.Text = []mailcore.Address{{Addr: bob.Email}}, s, "Text of "+s
		id, err := e.Outbox().Send(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	until(t, "all wait with a reason", func() bool {
		list, err := e.Outbox().List(t.Context(), false)
		return err == nil && len(list) == 3 && !slices.ContainsFunc(list, func(o mailcore.Outgoing) bool {
			return o.State != mailcore.Queued
		}) && list[0].Problem != nil
	})
	p.close() // a restart in between loses nothing
	e = p.open(false)
	h.StartPostfix(t)
	if err := e.Outbox().Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "all are done", func() bool {
		for _, id := range ids {
			if o, err := e.Outbox().Get(t.Context(), id); err != nil || o.State != mailcore.Done {
				return false
			}
		}
		return true
	})
	h.Await(t, bob, "INBOX", func(l []mailtest.Stored) bool { return len(l) >= 3 })
	if err := e.Outbox().Flush(t.Context()); err != nil { // nothing more is sent
		t.Fatal(err)
	}
	got := h.Fetch(t, bob, "INBOX")
	if len(got) != 3 || len(h.Fetch(t, ada, "Sent")) != 3 {
		t.Errorf("%d delivered, %d filed", len(got), len(h.Fetch(t, ada, "Sent")))
	}
	for _, s := range subjects {
		if !has(got, s) {
			t.Errorf("%s was not delivered", s)
		}
	}
}
