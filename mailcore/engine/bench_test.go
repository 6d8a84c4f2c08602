//go:build unix

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

// TestBench is "make bench" and "make bench-large": what a person waits for, as
// ratios to neomutt on the same mailbox and to the least that the same work can
// cost on this machine, all in one run. It asserts no times.
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
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	rawFetch(t, h, n) // once for nothing: Dovecot fills its own cache
	b := bench{t: t, h: h, n: n, dir: t.TempDir(), accounts: filepath.Join(t.TempDir(), "accounts.json")}
	b.other, _ = newNeomutt(t, h, h.User(1))
	fmt.Printf("%d messages, Dovecot on loopback, TLS\n", n)
	b.firstSync(pairs)
	b.nothingNew(5)
	b.changes()
	b.reading()
}

// pairs is how often the first sync is measured, with neomutt's beside it.
const pairs = 3

// bench is one profile that is opened and closed again.
type bench struct {
	t             *testing.T
	h             *mailtest.Host
	n             int // messages
	dir, accounts string
	path          string   // of the store
	other         *neomutt // nil if not installed
	store         *store.Store
	engine        *Engine
}

func (b *bench) say(what string, d time.Duration, remark string, args ...any) {
	fmt.Printf("%-46s %10s   %s\n", what, d.Round(10*time.Microsecond), fmt.Sprintf(remark, args...))
}

// sayCost says what took how long, with the processor's time.
func (b *bench) sayCost(what string, list []cost, remark string, args ...any) {
	c := medianCost(list)
	used := ""
	if c.processor > 0 {
		used = fmt.Sprintf("%.2f s of processor", c.processor.Seconds())
	}
	b.say(what, c.clock, "%-22s %s", used, fmt.Sprintf(remark, args...))
}

// firstSync measures pairs of neomutt's first opening and ours, each with nothing
// there before.
func (b *bench) firstSync(times int) {
	var raw, theirs, ours, first, searchable []cost
	memory := int64(0)
	for i := range times {
		raw = append(raw, cost{clock: rawFetch(b.t, b.h, b.n)})
		if b.other != nil {
			b.other.forget()
			theirs = append(theirs, b.other.open(fmt.Sprintf("Msgs:%d", b.n)))
		}
		b.path = filepath.Join(b.dir, fmt.Sprint(i), "mail.db")
		b.open()
		var report SyncReport
		forgetPeak()
		all := spent(func() { report = b.sync() })
		memory = max(memory, peakMemory())
		b.close()
		first = append(first, cost{clock: seconds(report.FirstScreen)})
		ours = append(ours, cost{clock: seconds(report.Listable)})
		searchable = append(searchable, cost{seconds(report.Searchable), all.processor})
	}
	b.sayCost("a raw reader of the same FETCH", raw, "")
	if b.other != nil {
		b.sayCost("neomutt, first opening", theirs, "")
	}
	b.sayCost("sync: first 100 rows stored", first, "")
	b.sayCost("sync: all stored, threaded and listable", ours, "%s", b.ratios(ours, raw, theirs))
	b.sayCost("sync: searchable", searchable, "%s", b.ratios(searchable, raw, theirs))
	fmt.Printf("resident memory while syncing: %d MB at most\n", memory>>20)
}

// ratios compares medians: of the clock with the raw reader, and of clock and
// processor with neomutt.
func (b *bench) ratios(ours, raw, theirs []cost) string {
	o := medianCost(ours)
	s := ""
	if r := medianCost(raw); r.clock > 0 {
		s = fmt.Sprintf("%.1f × raw", o.clock.Seconds()/r.clock.Seconds())
	}
	if t := medianCost(theirs); t.clock > 0 {
		s += fmt.Sprintf("   %.3f × neomutt", o.clock.Seconds()/t.clock.Seconds())
		if o.processor > 0 {
			s += fmt.Sprintf(" (processor: %.3f ×)", o.processor.Seconds()/t.processor.Seconds())
		}
	}
	return s
}

// nothingNew measures opening again when nothing changed.
func (b *bench) nothingNew(times int) {
	var theirs, ours, file []cost
	for range times {
		if b.other != nil {
			theirs = append(theirs, b.other.open(fmt.Sprintf("Msgs:%d", b.n)))
		}
		file = append(file, spent(func() {
			b.open()
			b.page(0)
		}))
		ours = append(ours, spent(func() { b.sync() }))
		b.close()
	}
	if b.other != nil {
		b.sayCost("neomutt, opening again", theirs, "")
	}
	b.sayCost("sync again, nothing new", ours, "%s", b.ratios(ours, nil, theirs))
	b.sayCost("from the file to the first page", file, "")
}

// changes measures what 50 changed flags and 20 removals among all cost.
func (b *bench) changes() {
	u := b.h.User(1)
	step := uint32(b.n / 70)
	for i := range uint32(50) {
		b.h.Flag(b.t, u, "INBOX", 1+i*step, true, "$Forwarded")
	}
	gone := make([]uint32, 20)
	for i := range gone {
		gone[i] = uint32(51+i) * step
	}
	b.h.Expunge(b.t, u, "INBOX", gone...)
	b.n -= len(gone)
	b.open()
	defer b.close()
	var report SyncReport
	c := spent(func() { report = b.sync() })
	f := report.Folders[0]
	b.sayCost("sync of 50 changed and 20 removed", []cost{c}, "%d changed, %d removed, %.1f KB from SELECT on", f.Changed, f.Removed, float64(f.BytesIn)/1024)
}

// reading measures lists and searches, and the size of the file.
func (b *bench) reading() {
	b.open()
	defer b.close()
	for _, part := range []float64{0, 0.5, 0.9, 1} {
		offset := int(part * float64(b.n-50))
		p := spread(50, func() { b.page(offset) })
		b.say(fmt.Sprintf("a list page of 50 at %d", offset), p.half, "95 %% within %s", p.most.Round(10*time.Microsecond))
	}
	for _, w := range []string{"Invoice", "Invoice March", "Grüße", "Minu", "#" + fmt.Sprint(b.n/2)} {
		p := spread(40, func() { b.search(w) })
		b.say("a search: "+w, p.half, "95 %% within %s", p.most.Round(10*time.Microsecond))
	}
	info, err := os.Stat(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	fmt.Printf("the database has %d MB: %d octets a message\n", info.Size()>>20, info.Size()/int64(b.n))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// spread is what half and 95 in a hundred of some runs took at most.
func spread(times int, do func()) (p struct{ half, most time.Duration }) {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		do()
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	p.half, p.most = took[times/2], took[times*95/100]
	return p
}

// medianCost takes the middle of both parts by themselves.
func medianCost(list []cost) cost {
	if len(list) == 0 {
		return cost{}
	}
	clocks, processors := make([]time.Duration, len(list)), make([]time.Duration, len(list))
	for i, c := range list {
		clocks[i], processors[i] = c.clock, c.processor
	}
	slices.Sort(clocks)
	slices.Sort(processors)
	return cost{clocks[len(list)/2], processors[len(list)/2]}
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

func (b *bench) sync() SyncReport {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 60*time.Minute)
	defer cancel()
	report, err := b.engine.Accounts().SyncOnce(ctx, SyncRequest{Folders: []string{"INBOX"}})
	if err != nil {
		b.t.Fatal(err)
	}
	if f := report.Folders[0]; f.Total != b.n {
		b.t.Fatalf("%d of %d messages are here", f.Total, b.n)
	}
	return report
}

func (b *bench) page(offset int) {
	b.t.Helper()
	rows, err := b.engine.Messages().Page(b.t.Context(), mailcore.Query{Role: mailcore.RoleInbox}, 50, offset)
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
