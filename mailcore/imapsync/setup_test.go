package imapsync

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

var host = mailtest.NewShared(mailtest.Options{Users: 40})

func TestMain(m *testing.M) { os.Exit(host.Run(m)) }

// bench is one computer with one account: a store, a worker, and what the
// worker says.
type bench struct {
	t      testing.TB
	host   *mailtest.Host
	user   mailtest.User
	store  *store.Store
	worker *Worker

	mu       sync.Mutex
	events   []mailcore.Event
	problems []error
	ops      []store.Op
	dials    int
}

// options change the worker that newBench makes.
type options struct {
	server   *accounts.Server // instead of the host's, through a proxy
	path     string           // of the store; "" for a new one
	prefetch Prefetch
	pace     func(*pace)
}

func newBench(t testing.TB, u mailtest.User, o options) *bench {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		if !t.Failed() {
			noneLeft(t, leaks)
		}
	})
	h := host.Get(t)
	return newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, o)
}

// noneLeft fails if goroutines stay. A proxy's go once the server has closed its
// side, which a busy machine may take longer for than goleak waits.
func noneLeft(t testing.TB, known goleak.Option) {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		err := goleak.Find(known)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Error(err)
			return
		}
	}
}

// newBenchShared is for tests that run in parallel with others, whose goroutines
// are not leaks.
func newBenchShared(t testing.TB, u mailtest.User, o options) *bench {
	t.Helper()
	h := host.Get(t)
	return newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, o)
}

func newBenchAt(t testing.TB, h *mailtest.Host, u mailtest.User, a accounts.Account, d connect.Dialer, password string, o options) *bench {
	t.Helper()
	if o.path == "" {
		o.path = filepath.Join(t.TempDir(), "profile", "mail.db")
	}
	st, _, err := store.Open(context.Background(), o.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	b := &bench{t: t, host: h, user: u, store: st}
	if o.server != nil {
		user := a.IMAP.User
		a.IMAP = *o.server
		a.IMAP.User = user
	}
	b.worker = New(Config{
		Account: a, Store: st, Publish: b.event, Problem: b.problem, Prefetch: o.prefetch,
		Dial: func(ctx context.Context, handler *imapclient.UnilateralDataHandler) (*connect.IMAPConn, error) {
			b.mu.Lock()
			b.dials++
			b.mu.Unlock()
			return d.IMAP(ctx, a.IMAP, func(context.Context, bool) (connect.Credential, error) {
				return connect.Credential{User: a.IMAP.User, Secret: password}, nil
			}, handler)
		},
	})
	if o.pace != nil {
		o.pace(&b.worker.pace)
	}
	return b
}

func (b *bench) event(e mailcore.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, e)
}

func (b *bench) problem(_ context.Context, err error, op *store.Op) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, err)
	if op != nil {
		b.ops = append(b.ops, *op)
	}
}

// newMail returns the ids of all NewMail events so far.
func (b *bench) newMail() []mailcore.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []mailcore.ID
	for _, e := range b.events {
		if n, ok := e.(mailcore.NewMail); ok {
			ids = append(ids, n.IDs...)
		}
	}
	return ids
}

func (b *bench) troubles() []error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.problems)
}

// sync does one SyncOnce of everything.
func (b *bench) sync() Report {
	b.t.Helper()
	r, err := b.worker.SyncOnce(context.Background(), nil, false)
	if err != nil {
		b.t.Fatalf("sync: %v", err)
	}
	return r
}

// run runs the worker until the returned function is called.
func (b *bench) run() (stop func()) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			if err := b.worker.Run(ctx); err != nil && ctx.Err() == nil {
				time.Sleep(50 * time.Millisecond)
			}
		}
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) folder(path string) mailcore.Folder {
	b.t.Helper()
	folders, err := b.store.Folders(context.Background(), b.worker.id())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range folders {
		if f.Path == path {
			return f
		}
	}
	b.t.Fatalf("no folder %q in %v", path, folders)
	return mailcore.Folder{}
}

// rows returns the messages shown in a folder, newest first.
func (b *bench) rows(path string) []mailcore.Message {
	b.t.Helper()
	list, err := b.store.Page(context.Background(), mailcore.Query{Folder: b.folder(path).ID}, 1<<20, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// row returns the message of a folder with a subject.
func (b *bench) row(path, subject string) mailcore.Message {
	b.t.Helper()
	for _, m := range b.rows(path) {
		if m.Subject == subject {
			return m
		}
	}
	b.t.Fatalf("no message %q in %s", subject, path)
	return mailcore.Message{}
}

// await polls until ok, or fails after a generous while.
func (b *bench) await(what string, ok func() bool) {
	b.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			b.t.Fatalf("still waiting for %s; problems: %v, progress: %+v", what, b.troubles(), b.worker.Progress())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (b *bench) awaitWatching() {
	b.t.Helper()
	b.await("watching", func() bool { return b.worker.Progress().Phase == mailcore.Watching })
}

func (b *bench) pending() []store.Op {
	b.t.Helper()
	ops, err := b.store.Pending(context.Background(), b.worker.id())
	if err != nil {
		b.t.Fatal(err)
	}
	return ops
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// mail makes a short message.
func mail(subject string) []byte {
	return fmt.Appendf(nil, "From: Ada <ada@example.org>\r\nTo: u@linnet.test\r\nSubject: %s\r\n"+
		"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%s@example.org>\r\n\r\nHello, this is %s.\r\n",
		subject, strings.ReplaceAll(subject, " ", "-"), subject)
}

// append puts a message into a mailbox as another client would.
func (b *bench) append(mailbox, subject string, flags ...string) uint32 {
	b.t.Helper()
	return b.host.Append(b.t, b.user, mailbox, mail(subject), flags, time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC))
}

// same fails unless what is shown of a mailbox is what the server has.
func (b *bench) same(path string) {
	b.t.Helper()
	if diff := b.differences(path); diff != "" {
		b.t.Fatalf("%s differs from the server: %s", path, diff)
	}
}

// differences compares UIDs, flags and Message-IDs.
func (b *bench) differences(path string) string {
	b.t.Helper()
	here := map[uint32]mailcore.Message{}
	for _, m := range b.rows(path) {
		here[uint32(m.UID)] = m
	}
	there := b.host.Fetch(b.t, b.user, path)
	for _, s := range there {
		m, ok := here[s.UID]
		switch {
		case !ok:
			return fmt.Sprintf("UID %d is missing (%d here, %d there)", s.UID, len(here), len(there))
		case !strings.Contains(string(s.Raw), m.MessageID):
			return fmt.Sprintf("UID %d has Message-ID %q", s.UID, m.MessageID)
		case m.Flags != flagsOf(s.Flags):
			return fmt.Sprintf("UID %d has flags %b, %v there", s.UID, m.Flags, s.Flags)
		}
	}
	if len(here) != len(there) {
		return fmt.Sprintf("%d messages here, %d there", len(here), len(there))
	}
	return ""
}

func flagsOf(names []string) mailcore.Flags {
	var f mailcore.Flags
	for _, n := range names {
		for _, known := range flagNames {
			if strings.EqualFold(n, string(known.name)) {
				f |= known.bit
			}
		}
	}
	return f
}

// corpus fills a mailbox with n generated messages.
func (b *bench) corpus(mailbox string, n int, seed uint64) {
	b.t.Helper()
	b.host.ImportMessages(b.t, b.user, mailbox, mailtest.Messages(n, seed))
}

// connections counts the user's connections to the server.
func (b *bench) connections() int {
	b.t.Helper()
	out, err := b.host.Doveadm("who", "-1", b.user.Login)
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Count(out, b.user.Login+" ")
}
