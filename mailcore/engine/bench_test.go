package engine

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// TestBench is "make bench": what a person waits for, as ratios to the least that
// the same work can cost on this machine. It asserts no times.
func TestBench(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("LINNET_BENCH"))
	if err != nil || n < 1 {
		t.Skip("make bench runs this")
	}
	h := mailtest.Start(t, mailtest.Options{})
	dir := filepath.Join(t.TempDir(), "Maildir")
	if err := mailtest.WriteMaildir(dir, n, 1); err != nil {
		t.Fatal(err)
	}
	h.Import(t, h.User(1), dir)
	rawFetch(t, h, n) // once for nothing: Dovecot fills its own cache
	b := bench{t: t, h: h, path: filepath.Join(t.TempDir(), "mail.db"), accounts: filepath.Join(t.TempDir(), "accounts.json")}

	raw := rawFetch(t, h, n)
	b.open()
	report := b.sync(n)
	b.close()
	reopen := b.reopen(5)
	again := b.syncAgain()
	b.open()
	defer b.close()
	first, deep := median(50, func() { b.page(0) }), median(50, func() { b.page(n * 9 / 10) })
	words := []string{"Invoice", "Invoice March", "Grüße", fmt.Sprint(n / 2)}
	found := map[string]time.Duration{}
	for _, w := range words {
		found[w] = median(20, func() { b.search(w) })
	}

	out := func(what string, d time.Duration, remark string) {
		fmt.Printf("%-42s %12s   %s\n", what, d.Round(10*time.Microsecond), remark)
	}
	fmt.Printf("%d messages, Dovecot on loopback, TLS\n", n)
	out("a raw reader of the same FETCH", raw, "1.0")
	out("sync: all rows stored", seconds(report.Listable), fmt.Sprintf("%.1f × raw", seconds(report.Listable).Seconds()/raw.Seconds()))
	out("sync: first 100 rows stored", seconds(report.FirstScreen), "")
	out("sync: searchable", seconds(report.Searchable), fmt.Sprintf("%.1f × raw", seconds(report.Searchable).Seconds()/raw.Seconds()))
	out("sync again, nothing new", again, fmt.Sprintf("%.3f × the first", again.Seconds()/seconds(report.Listable).Seconds()))
	out("re-open: from the file to the first page", reopen, "median of 5")
	out("a list page of 50, newest", first, "median of 50")
	out("a list page of 50, nine tenths down", deep, fmt.Sprintf("%.1f × newest", deep.Seconds()/first.Seconds()))
	for _, w := range words {
		out("a search: "+w, found[w], "median of 20")
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func median(times int, do func()) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		do()
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return took[times/2]
}

// rawFetch reads what a header sync reads, and does nothing with it.
func rawFetch(t *testing.T, h *mailtest.Host, n int) time.Duration {
	t.Helper()
	u := h.User(1)
	conn, err := tls.Dial("tcp", fmt.Sprintf("localhost:%d", h.IMAP.Port), &tls.Config{RootCAs: h.Roots})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	fmt.Fprintf(conn, "a LOGIN %s %s\r\nb EXAMINE INBOX\r\nc UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS "+
		"(From To Cc Subject Date Message-ID In-Reply-To References List-Id Content-Type Reply-To)])\r\n", u.Login, u.Password)
	r := bufio.NewReaderSize(conn, 64<<10)
	rows := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, "c ") {
			break
		}
		if i := strings.LastIndexByte(line, '{'); strings.HasSuffix(line, "}\r\n") && strings.HasPrefix(line, "* ") {
			rows++
			size, _ := strconv.ParseInt(line[i+1:len(line)-3], 10, 64)
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				t.Fatal(err)
			}
		}
	}
	if rows != n {
		t.Fatalf("the raw reader saw %d of %d messages", rows, n)
	}
	return time.Since(began)
}

// bench is one profile that is opened and closed again.
type bench struct {
	t              *testing.T
	h              *mailtest.Host
	path, accounts string
	store          *store.Store
	engine         *Engine
	inbox          mailcore.FolderID
}

func (b *bench) open() {
	b.t.Helper()
	var err error
	if b.store, _, err = store.Open(b.t.Context(), b.path); err != nil {
		b.t.Fatal(err)
	}
	file, err := accounts.OpenFile(b.accounts)
	if err != nil {
		b.t.Fatal(err)
	}
	u, secrets := b.h.User(1), accounts.Memory()
	if err := errors.Join(file.Put(u.Account()), secrets.Set(b.t.Context(), u.Account().ID, u.Password)); err != nil {
		b.t.Fatal(err)
	}
	b.engine = New(Config{Store: b.store, Accounts: file, Secrets: secrets, Dialer: &connect.Dialer{Roots: b.h.Roots}, Offline: true})
	if err := b.engine.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) close() {
	b.t.Helper()
	if err := errors.Join(b.engine.Close(), b.store.Close()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) sync(n int) SyncReport {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer cancel()
	report, err := b.engine.Accounts().SyncOnce(ctx, SyncRequest{Folders: []string{"INBOX"}})
	if err != nil {
		b.t.Fatal(err)
	}
	folders, err := b.engine.Folders().List(ctx, "")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range folders {
		if f.Role == mailcore.RoleInbox {
			b.inbox = f.ID
		}
	}
	if ids, err := b.engine.Messages().List(ctx, mailcore.Query{Folder: b.inbox}); err != nil || len(ids) != n {
		b.t.Fatalf("%d of %d messages synced: %v", len(ids), n, err)
	}
	return report
}

func (b *bench) syncAgain() time.Duration {
	b.t.Helper()
	b.open()
	defer b.close()
	began := time.Now()
	if _, err := b.engine.Accounts().SyncOnce(b.t.Context(), SyncRequest{Folders: []string{"INBOX"}}); err != nil {
		b.t.Fatal(err)
	}
	return time.Since(began)
}

// reopen is the median time from the file to the first page.
func (b *bench) reopen(times int) time.Duration {
	b.t.Helper()
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		b.open()
		b.page(0)
		took[i] = time.Since(began)
		b.close()
	}
	slices.Sort(took)
	return took[times/2]
}

func (b *bench) page(offset int) {
	b.t.Helper()
	rows, err := b.engine.Messages().Page(b.t.Context(), mailcore.Query{Folder: b.inbox}, 50, offset)
	if err != nil || len(rows) == 0 {
		b.t.Fatalf("page at %d: %d rows, %v", offset, len(rows), err)
	}
}

func (b *bench) search(words string) {
	b.t.Helper()
	rows, err := b.engine.Messages().Page(b.t.Context(), mailcore.Query{Text: words}, 50, 0)
	if err != nil || len(rows) == 0 {
		b.t.Fatalf("search %q: %d rows, %v", words, len(rows), err)
	}
}
