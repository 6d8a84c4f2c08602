package imapsync

import (
	"context"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

func TestFirstSyncOfSeveralFolders(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 1234, 1)
	b.corpus("Lists/Go nuts", 150, 2)
	b.corpus("Archive", 3, 3)
	b.host.Create(t, u, "Grüße")
	b.append("Grüße", "umlaut folder")
	r := b.sync()
	for _, path := range []string{"INBOX", "Lists/Go nuts", "Archive", "Grüße", "Sent"} {
		b.same(path)
		if f := b.folder(path); !f.Complete || f.Checked.IsZero() {
			t.Errorf("%s is not complete: %+v", path, f)
		}
	}
	if len(b.newMail()) != 0 {
		t.Error("backfill was announced as new mail")
	}
	if p := b.worker.Progress(); p.Phase != mailcore.Offline || p.Folder != "" {
		t.Errorf("progress after the end: %+v", p)
	}
	if got := b.folder("Sent").Role; got != mailcore.RoleSent {
		t.Errorf("Sent has role %q", got)
	}
	total := 0
	for _, f := range r.Folders {
		total += f.New
		if f.Folder.Path == "INBOX" && (f.New != 1234 || f.BytesIn < 100_000) {
			t.Errorf("report says %+v", f)
		}
	}
	if total != 1234+150+3+1 || r.FirstScreen <= 0 || r.FirstScreen > r.Listable || r.Listable > r.Searchable {
		t.Errorf("report: %d new, %+v", total, r)
	}
}

func TestSecondSyncFetchesNothing(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 500, 1)
	first := b.sync()
	again := b.sync()
	for _, f := range again.Folders {
		if f.New+f.Changed+f.Removed > 0 {
			t.Errorf("%s changed: %+v", f.Folder.Path, f)
		}
	}
	if again.BytesIn > 20_000 || again.BytesIn > first.BytesIn/4 {
		t.Errorf("%d octets to find that nothing changed, %d at first", again.BytesIn, first.BytesIn)
	}
}

func TestChangesByAnotherClient(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 400, 1)
	b.sync()
	b.host.Flag(t, u, "INBOX", 17, true, "\\Flagged", "\\Seen", "$Forwarded")
	b.host.Flag(t, u, "INBOX", 18, false, "\\Seen")
	b.host.Expunge(t, u, "INBOX", 1, 100, 399, 400)
	b.append("INBOX", "after the expunge")
	r := b.sync()
	b.same("INBOX")
	for _, f := range r.Folders {
		if f.Folder.Path == "INBOX" && (f.New != 1 || f.Removed != 4 || f.Changed < 1) {
			t.Errorf("report says %+v", f)
		}
	}
	if n := len(b.newMail()); n != 1 {
		t.Errorf("%d new messages announced, want 1", n)
	}
	b.host.Expunge(t, u, "INBOX", 5)
	b.append("INBOX", "one for one") // the count stays the same
	b.sync()
	b.same("INBOX")
}

func TestAllMessagesRemoved(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 30, 1)
	b.sync()
	all := make([]uint32, 30)
	for i := range all {
		all[i] = uint32(i + 1)
	}
	b.host.Expunge(t, u, "INBOX", all...)
	b.sync()
	b.same("INBOX")
}

func TestHugeGapBetweenUIDs(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 250, 1)
	// 250 low UIDs, then the rest near the top of what Dovecot can count.
	if _, err := b.host.Doveadm("mailbox", "update", "-u", u.Login, "--min-next-uid", "2000000000", "INBOX"); err != nil {
		t.Skipf("this Dovecot cannot move UIDNEXT: %v", err)
	}
	b.corpus("INBOX", 120, 2)
	r := b.sync()
	b.same("INBOX")
	rows := b.rows("INBOX")
	if len(rows) != 370 {
		t.Fatalf("%d messages", len(rows))
	}
	if r.BytesOut > 10_000 {
		t.Errorf("%d octets of commands for 370 messages: empty windows were asked for", r.BytesOut)
	}
}

func TestLongAway(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 20, 1)
	b.sync()
	b.corpus("INBOX", 900, 2)
	b.sync()
	b.same("INBOX")
	if n := len(b.newMail()); n == 0 || n > 900 {
		t.Errorf("%d new messages announced", n)
	}
}

func TestTwoComputersConverge(t *testing.T) {
	u := host.Get(t).NewUser(t)
	one, two := newBench(t, u, options{}), newBench(t, u, options{})
	one.corpus("INBOX", 60, 1)
	one.sync()
	two.sync()
	ctx := context.Background()
	a, c := one.rows("INBOX"), two.rows("INBOX")
	one.must(one.store.Mark(ctx, []mailcore.ID{a[0].ID, a[1].ID}, mailcore.FlagDelta{Add: mailcore.Flagged}))
	two.must(two.store.Mark(ctx, []mailcore.ID{c[1].ID, c[2].ID}, mailcore.FlagDelta{Add: mailcore.Answered}))
	two.must(two.store.Move(ctx, []mailcore.ID{c[3].ID}, two.folder("Archive").ID))
	one.must(one.store.Expunge(ctx, []mailcore.ID{a[4].ID}))
	for range 2 {
		one.sync()
		two.sync()
	}
	for _, path := range []string{"INBOX", "Archive"} {
		one.same(path)
		two.same(path)
	}
	if got := one.rows("INBOX"); len(got) != 58 || !got[1].Flags.Has(mailcore.Flagged|mailcore.Answered) {
		t.Errorf("%d messages, flags %b", len(got), got[1].Flags)
	}
}
