package imapsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestFetchBodyWithoutRun(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 40, 1)
	b.sync()
	ctx := context.Background()
	there := map[mailcore.UID][]byte{}
	seen := map[mailcore.UID]mailcore.Flags{}
	for _, s := range b.host.Fetch(t, u, "INBOX") {
		there[mailcore.UID(s.UID)], seen[mailcore.UID(s.UID)] = s.Raw, flagsOf(s.Flags)
	}
	var all sync.WaitGroup
	for _, m := range b.rows("INBOX") {
		all.Go(func() {
			if err := b.worker.FetchBody(ctx, m.ID); err != nil {
				t.Errorf("fetch: %v", err)
			}
		})
	}
	all.Wait()
	snippets := 0
	for _, m := range b.rows("INBOX") {
		raw, err := b.store.Raw(ctx, m.ID)
		b.must(err)
		if !m.BodyHere || !bytes.Equal(raw, there[m.UID]) {
			t.Errorf("UID %d: %d octets, want %d", m.UID, len(raw), len(there[m.UID]))
		}
		if m.Snippet != "" {
			snippets++
		}
	}
	if snippets < 35 {
		t.Errorf("%d of 40 have a snippet", snippets)
	}
	for _, s := range b.host.Fetch(t, u, "INBOX") {
		if flagsOf(s.Flags) != seen[mailcore.UID(s.UID)] {
			t.Errorf("UID %d has flags %v now", s.UID, s.Flags)
		}
	}
	if b.dials > 20 {
		t.Errorf("%d connections for 40 bodies", b.dials)
	}
}

func TestFetchBodyWhileRunning(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "one")
	b.append("INBOX", "two")
	b.run()
	b.awaitWatching()
	b.await("the watcher", func() bool { return b.connections() >= 2 })
	ctx := context.Background()
	b.must(b.worker.FetchBody(ctx, b.row("INBOX", "one").ID))
	b.must(b.worker.FetchBody(ctx, b.row("INBOX", "two").ID))
	if n := b.connections(); n != 3 {
		t.Errorf("%d connections, want 3", n)
	}
	b.append("INBOX", "three") // after the interactive connection's SELECT
	b.await("the new message", func() bool { return len(b.rows("INBOX")) == 3 })
	b.must(b.worker.FetchBody(ctx, b.row("INBOX", "three").ID))
	if m := b.row("INBOX", "three"); m.Snippet != "Hello, this is three." {
		t.Errorf("snippet %q", m.Snippet)
	}
}

func TestFetchBodyOfAMessageThatWaitsToBeMoved(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.append("INBOX", "one")
	b.sync()
	id := b.row("INBOX", "one").ID
	b.must(b.store.Move(context.Background(), []mailcore.ID{id}, b.folder("Archive").ID))
	b.must(b.worker.FetchBody(context.Background(), id))
	if m := b.row("Archive", "one"); !m.BodyHere {
		t.Error("no body")
	}
}

func TestFetchBodyOfAMessageThatIsGone(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	uid := b.append("INBOX", "one")
	b.sync()
	b.host.Expunge(t, u, "INBOX", uid)
	if err := b.worker.FetchBody(context.Background(), b.row("INBOX", "one").ID); !errors.Is(err, ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestFetchBodyEndsWithItsContext(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	proxy := mailtest.NewProxy(t, h.IMAP)
	server := proxy.Server(h.IMAP)
	b := newBench(t, u, options{server: &server})
	b.append("INBOX", "one")
	b.sync()
	proxy.Set(mailtest.Fault{Break: mailtest.Stall, After: 1_000})
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := b.worker.FetchBody(ctx, b.row("INBOX", "one").ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	proxy.Heal()
	proxy.Drop(true)
	b.must(b.worker.FetchBody(context.Background(), b.row("INBOX", "one").ID))
}

// Wherever the connection breaks, no part of a message is kept as if it were
// the whole.
func TestShortBodyIsNeverKept(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	proxy := mailtest.NewProxy(t, h.IMAP)
	server := proxy.Server(h.IMAP)
	b := newBench(t, u, options{server: &server})
	big := append(mail("big"), bytes.Repeat([]byte("A line of a long message.\r\n"), 8_000)...)
	b.host.Append(t, u, "INBOX", big, nil, time.Now())
	b.sync()
	id := b.row("INBOX", "big").ID
	for after := int64(4_000); after < 200_000; after += 37_000 {
		proxy.Set(mailtest.Fault{Break: mailtest.Cut, After: after})
		if err := b.worker.FetchBody(context.Background(), id); err == nil {
			t.Fatalf("no error after %d octets", after)
		}
		if b.row("INBOX", "big").BodyHere {
			t.Fatalf("a body cut after %d octets was kept", after)
		}
	}
	proxy.Heal()
	b.must(b.worker.FetchBody(context.Background(), id))
	if raw, err := b.store.Raw(context.Background(), id); err != nil || !bytes.Equal(raw, big) {
		t.Errorf("%d octets, want %d (%v)", len(raw), len(big), err)
	}
}

func TestPrefetch(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{prefetch: Prefetch{Newest: 30, MaxSize: 100_000}})
	b.corpus("INBOX", 60, 1)
	b.corpus("Archive", 5, 2)
	b.host.Append(t, u, "INBOX", append(mail("too big"), bytes.Repeat([]byte("0123456789abcdef\r\n"), 8_000)...), nil, time.Now())
	b.run()
	b.await("bodies of the newest", func() bool {
		return b.hasInbox() && b.worker.Progress().Phase == mailcore.Watching && b.bodies("INBOX") == 29
	})
	if n := b.bodies("Archive"); n != 0 {
		t.Errorf("%d bodies of a folder nobody looks at", n)
	}
	b.worker.Visible(b.folder("Archive").ID)
	b.await("bodies of the visible folder", func() bool { return b.bodies("Archive") == 5 })
}

func (b *bench) bodies(path string) int {
	n := 0
	for _, m := range b.rows(path) {
		if m.BodyHere {
			n++
		}
	}
	return n
}

func TestSyncOnceWithBodies(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", 130, 1)
	r, err := b.worker.SyncOnce(context.Background(), []string{"INBOX"}, true)
	b.must(err)
	if r.Bodies != 130 || b.bodies("INBOX") != 130 {
		t.Errorf("%d bodies, %d here", r.Bodies, b.bodies("INBOX"))
	}
	if _, err := b.worker.SyncOnce(context.Background(), []string{"Nowhere"}, true); err == nil {
		t.Error("a folder that is not there was synced")
	}
}

func TestFolderManagement(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.sync()
	ctx := context.Background()
	b.must(b.worker.CreateFolder(ctx, "Projects/Ünïcode & more"))
	f := b.folder("Projects/Ünïcode & more")
	b.append("Projects/Ünïcode & more", "one")
	b.sync()
	id := b.row("Projects/Ünïcode & more", "one").ID
	b.must(b.worker.RenameFolder(ctx, f.ID, "Renamed"))
	if now := b.folder("Renamed"); now.ID != f.ID {
		t.Error("a renamed folder is another one")
	}
	b.sync()
	b.same("Renamed")
	if b.row("Renamed", "one").ID != id {
		t.Error("its message is another one")
	}
	b.must(b.worker.DeleteFolder(ctx, b.folder("Renamed").ID))
	folders, err := b.store.Folders(ctx, b.worker.id())
	b.must(err)
	for _, f := range folders {
		if f.Path == "Renamed" {
			t.Error("the folder is still there")
		}
	}
	if err := b.worker.CreateFolder(ctx, "INBOX"); refusal(err) == nil {
		t.Errorf("creating INBOX: %v", err)
	}
}

// A server that has one place for an account gets one connection, which does
// everything.
func TestOneConnectionMustDo(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Dovecot: "mail_max_userip_connections = 1\n"})
	u := h.User(1)
	b := newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, options{})
	h.ImportMessages(t, u, "INBOX", mailtest.Messages(20, 1))
	b.run()
	b.awaitWatching()
	b.must(b.worker.FetchBody(context.Background(), b.rows("INBOX")[0].ID))
	if !b.rows("INBOX")[0].BodyHere {
		t.Error("no body")
	}
	h.ImportMessages(t, u, "INBOX", mailtest.Messages(1, 99))
	b.await("new mail", func() bool { return len(b.rows("INBOX")) == 21 })
}

// plainCapabilities is what an old server offers.
const plainCapabilities = "protocol imap {\n  imap_capability = %s\n}\n"

// Servers without CONDSTORE, ESEARCH, LIST-STATUS, MOVE, IDLE, and one that has
// not even UIDPLUS.
func TestPlainServers(t *testing.T) {
	for name, caps := range map[string]string{"uidplus": "IMAP4rev1 UIDPLUS", "nothing": "IMAP4rev1"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "uidplus" {
				t.Skip("one kind of old server with -short")
			}
			h := mailtest.Start(t, mailtest.Options{Dovecot: fmt.Sprintf(plainCapabilities, caps)})
			u := h.User(1)
			b := newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, options{})
			h.ImportMessages(t, u, "INBOX", mailtest.Messages(320, 1))
			b.sync()
			b.same("INBOX")
			h.Flag(t, u, "INBOX", 5, true, "\\Flagged", "\\Answered")
			h.Expunge(t, u, "INBOX", 7, 300)
			b.append("INBOX", "new here")
			b.sync()
			b.same("INBOX")
			ctx := context.Background()
			rows := b.rows("INBOX")
			b.must(b.store.Mark(ctx, ids(rows[:3]), mailcore.FlagDelta{Add: mailcore.Seen, Remove: mailcore.Flagged}))
			b.must(b.store.Move(ctx, ids(rows[3:6]), b.folder("Archive").ID))
			b.must(b.store.Mark(ctx, ids(rows[3:4]), mailcore.FlagDelta{Add: mailcore.Flagged}))
			b.must(b.store.Expunge(ctx, ids(rows[6:7])))
			b.sync()
			b.sync()
			b.same("Archive")
			if got := b.rows("Archive"); len(got) != 3 || !sameIDs(got, rows[3:6]) {
				t.Errorf("Archive has %d messages", len(got))
			}
			if p := b.pending(); len(p) != 0 {
				t.Errorf("pending: %+v", p)
			}
			if name == "nothing" {
				b.onlyMarkedDeleted(315, 4)
				return
			}
			b.same("INBOX")
		})
	}
}

// onlyMarkedDeleted fails unless what was moved or deleted here is hidden here,
// and marked \Deleted on a server that cannot expunge it alone.
func (b *bench) onlyMarkedDeleted(shown, marked int) {
	b.t.Helper()
	n := 0
	for _, s := range b.host.Fetch(b.t, b.user, "INBOX") {
		if strings.Contains(strings.Join(s.Flags, " "), "\\Deleted") {
			n++
		}
	}
	if got := len(b.rows("INBOX")); got != shown || n != marked {
		b.t.Errorf("%d shown, %d marked \\Deleted; want %d and %d", got, n, shown, marked)
	}
}

func ids(rows []mailcore.Message) []mailcore.ID {
	out := make([]mailcore.ID, len(rows))
	for i, m := range rows {
		out[i] = m.ID
	}
	return out
}

func sameIDs(a, b []mailcore.Message) bool {
	have := map[mailcore.ID]bool{}
	for _, m := range a {
		have[m.ID] = true
	}
	for _, m := range b {
		if !have[m.ID] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestPlainServerWhileRunning(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Dovecot: fmt.Sprintf(plainCapabilities, "IMAP4rev1 UIDPLUS")})
	u := h.User(1)
	b := newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, options{
		pace: func(p *pace) { p.poll, p.pollSeen = 50*time.Millisecond, 50*time.Millisecond },
	})
	uid := b.append("INBOX", "one")
	b.run()
	b.awaitWatching()
	h.Flag(t, u, "INBOX", uid, true, "\\Flagged")
	b.await("the star", func() bool { return b.row("INBOX", "one").Flags.Has(mailcore.Flagged) })
	b.append("INBOX", "two")
	b.await("new mail", func() bool { return len(b.newMail()) == 1 })
	b.append("Archive", "three")
	b.await("mail elsewhere", func() bool { return len(b.rows("Archive")) == 1 })
}
