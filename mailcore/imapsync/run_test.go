package imapsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestNewMailThroughIDLE(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "old")
	stop := b.run()
	b.awaitWatching()
	b.await("the watcher", func() bool { return b.connections() >= 2 })
	b.append("INBOX", "new")
	b.await("the new message", func() bool { return len(b.newMail()) == 1 })
	m, err := b.store.Message(context.Background(), b.newMail()[0])
	b.must(err)
	if m.Subject != "new" || len(b.rows("INBOX")) != 2 {
		t.Errorf("announced %q", m.Subject)
	}
	stop()
	if p := b.worker.Progress().Phase; p != mailcore.Offline {
		t.Errorf("phase %q after the end", p)
	}
}

func TestFlagsAndRemovalsReachARunningWorker(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "one")
	two := b.append("INBOX", "two")
	b.run()
	b.awaitWatching()
	b.host.Flag(t, u, "INBOX", two, true, "\\Flagged")
	b.await("the star", func() bool { return b.row("INBOX", "two").Flags.Has(mailcore.Flagged) })
	b.host.Expunge(t, u, "INBOX", two)
	b.await("the removal", func() bool { return len(b.rows("INBOX")) == 1 })
}

func TestVisibleFolderIsWatched(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.run()
	b.awaitWatching()
	archive := b.folder("Archive").ID
	b.worker.Visible(archive)
	b.append("Archive", "first")
	b.await("mail in the visible folder", func() bool { return len(b.rows("Archive")) == 1 })
	time.Sleep(300 * time.Millisecond) // IDLE there has begun, most likely
	b.append("Archive", "second")
	b.await("more mail in the visible folder", func() bool { return len(b.rows("Archive")) == 2 })
}

func TestOtherFoldersArePolled(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{pace: func(p *pace) { p.poll = 100 * time.Millisecond }})
	b.run()
	b.awaitWatching()
	b.append("Junk", "somewhere else")
	b.await("mail found by polling", func() bool { return len(b.rows("Junk")) == 1 })
	if len(b.newMail()) != 0 {
		t.Error("junk was announced")
	}
	b.host.Create(t, u, "Fresh folder")
	b.append("Fresh folder", "in the fresh folder")
	b.await("a new folder", func() bool {
		folders, err := b.store.Folders(context.Background(), b.worker.id())
		b.must(err)
		for _, f := range folders {
			if f.Path == "Fresh folder" && f.Total == 1 {
				return true
			}
		}
		return false
	})
}

func TestPokeReplaysAtOnce(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "one")
	b.run()
	b.awaitWatching()
	id := b.row("INBOX", "one").ID
	b.must(b.store.Mark(context.Background(), []mailcore.ID{id}, mailcore.FlagDelta{Add: mailcore.Seen}))
	b.worker.Poke()
	b.host.Await(t, u, "INBOX", func(s []mailtest.Stored) bool { return len(s[0].Flags) > 0 && s[0].Flags[0] == "\\Seen" })
	b.must(b.store.Move(context.Background(), []mailcore.ID{id}, b.folder("Archive").ID))
	b.worker.Poke()
	b.host.Await(t, u, "Archive", func(s []mailtest.Stored) bool { return len(s) == 1 })
	b.await("the row in Archive", func() bool {
		rows := b.rows("Archive")
		return len(rows) == 1 && rows[0].ID == id && rows[0].UID != 0 && !rows[0].Waiting
	})
}

// The connection is cut at several places of a first sync; each time the worker
// goes on, and the end is as without cuts.
func TestConnectionCutAnywhere(t *testing.T) {
	h := host.Get(t)
	for _, kind := range []mailtest.Break{mailtest.Cut, mailtest.Reset} {
		for i, after := range []int64{3_000, 9_000, 40_000, 41_000, 100_500, 230_001} {
			t.Run(fmt.Sprint(kind, after), func(t *testing.T) {
				if testing.Short() && i%3 != 2 {
					t.Skip("fewer places with -short")
				}
				t.Parallel()
				u := h.NewUser(t)
				proxy := mailtest.NewProxy(t, h.IMAP)
				server := proxy.Server(h.IMAP)
				b := newBenchShared(t, u, options{server: &server})
				b.corpus("INBOX", 450, 1)
				b.corpus("Archive", 120, 2)
				proxy.Set(mailtest.Fault{Break: kind, After: after})
				var err error
				for range 3 {
					_, err = b.worker.SyncOnce(context.Background(), nil, false)
				}
				var staged *trouble.Error
				if err != nil && !errors.As(err, &staged) {
					t.Errorf("no stage: %v", err)
				}
				proxy.Heal()
				b.sync()
				b.same("INBOX")
				b.same("Archive")
				if len(b.newMail()) > 0 {
					t.Error("backfill was announced as new mail")
				}
			})
		}
	}
}

// A worker whose connections all break now and then ends up with everything.
func TestRunOverABadNetwork(t *testing.T) {
	u := host.Get(t).NewUser(t)
	proxy := mailtest.NewProxy(t, host.Get(t).IMAP)
	server := proxy.Server(host.Get(t).IMAP)
	b := newBench(t, u, options{server: &server, prefetch: Prefetch{Newest: 20, MaxSize: 1 << 20}})
	b.corpus("INBOX", 700, 3)
	proxy.Set(mailtest.Fault{Break: mailtest.Reset, After: 120_000})
	b.run()
	b.await("all headers", func() bool { return b.hasInbox() && len(b.rows("INBOX")) == 700 })
	proxy.Heal()
	b.await("a complete inbox", func() bool { return b.folder("INBOX").Complete })
	b.same("INBOX")
}

func (b *bench) hasInbox() bool {
	folders, err := b.store.Folders(context.Background(), b.worker.id())
	b.must(err)
	return len(folders) > 0
}

func TestLosingTheWatcherLosesNothing(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.run()
	b.awaitWatching()
	b.await("the watcher", func() bool { return b.connections() >= 2 })
	if _, err := b.host.Doveadm("kick", u.Login); err != nil {
		t.Fatal(err)
	}
	b.append("INBOX", "after the kick")
	b.await("mail after both connections were lost", func() bool { return len(b.rows("INBOX")) == 1 })
}

func TestUIDValidityChange(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.host.Create(t, u, "Work")
	for i := range 5 {
		b.append("Work", fmt.Sprintf("m%d", i))
	}
	b.sync()
	kept := b.row("Work", "m1")
	b.must(b.worker.FetchBody(context.Background(), kept.ID))
	lost := b.row("Work", "m3")
	ctx := context.Background()
	b.must(b.store.Mark(ctx, []mailcore.ID{kept.ID, lost.ID}, mailcore.FlagDelta{Add: mailcore.Flagged}))
	b.recreate("Work", "m4", "m0", "m1", "m9")
	b.sync()
	b.same("Work")
	now := b.row("Work", "m1")
	if now.ID != kept.ID || !now.BodyHere || !now.Flags.Has(mailcore.Flagged) {
		t.Errorf("m1 did not survive: %+v", now)
	}
	var dropped *ChangesDropped
	if p := b.troubles(); len(p) != 1 || !errors.As(p[0], &dropped) || dropped.Changes != 1 {
		t.Errorf("problems: %v", p)
	}
	if len(b.pending()) != 0 {
		t.Errorf("still pending: %v", b.pending())
	}
	if len(b.newMail()) != 0 {
		t.Error("a new generation was announced as new mail")
	}
	b.sync()
	b.same("Work")
}

// recreate deletes a mailbox and makes it again with other UIDs.
func (b *bench) recreate(mailbox string, subjects ...string) {
	b.t.Helper()
	if _, err := b.host.Doveadm("mailbox", "delete", "-u", b.user.Login, mailbox); err != nil {
		b.t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // UIDVALIDITY is made of seconds
	b.host.Create(b.t, b.user, mailbox)
	for _, s := range subjects {
		b.append(mailbox, s)
	}
}

func TestUIDValidityChangeUnderwayIsFinishedLater(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	proxy := mailtest.NewProxy(t, h.IMAP)
	server := proxy.Server(h.IMAP)
	b := newBench(t, u, options{server: &server})
	b.host.Create(t, u, "Work")
	b.corpus("Work", 400, 1)
	b.sync()
	if _, err := b.host.Doveadm("mailbox", "delete", "-u", u.Login, "Work"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	b.host.Create(t, u, "Work")
	b.corpus("Work", 380, 1)
	proxy.Next(mailtest.Fault{Break: mailtest.Cut, After: 100_000})
	if _, err := b.worker.SyncOnce(context.Background(), nil, false); err == nil {
		t.Fatal("the cut came too late for this test")
	}
	b.sync()
	b.same("Work")
	if n := len(b.rows("Work")); n != 380 {
		t.Errorf("%d rows", n)
	}
}

func TestWrongPasswordHasItsStage(t *testing.T) {
	u := host.Get(t).NewUser(t)
	u.Password = "wrong"
	b := newBench(t, u, options{})
	err := b.worker.Run(context.Background())
	var staged *trouble.Error
	if !errors.As(err, &staged) || staged.Stage != trouble.Auth {
		t.Errorf("got %v", err)
	}
}

func TestLostConnectionIsNamed(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	proxy := mailtest.NewProxy(t, h.IMAP)
	server := proxy.Server(h.IMAP)
	b := newBench(t, u, options{server: &server})
	b.corpus("INBOX", 300, 1)
	proxy.Set(mailtest.Fault{Break: mailtest.Reset, After: 60_000})
	err := b.worker.Run(context.Background())
	var staged *trouble.Error
	if !errors.As(err, &staged) || staged.Stage != trouble.Fetch || !endOfNetwork(err) {
		t.Errorf("got %v", err)
	}
}

// endOfNetwork reports whether err says how the network ended. A reset is told
// once, to whoever reads or writes first: if the next FETCH was just being sent,
// the reader only finds the end.
func endOfNetwork(err error) bool {
	for _, end := range []error{syscall.ECONNRESET, syscall.EPIPE, io.ErrUnexpectedEOF} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}
