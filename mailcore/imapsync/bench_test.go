package imapsync

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// messagesToSync is the size of the mailbox that the benchmarks sync.
const messagesToSync = 20_000

// BenchmarkHeaderSync syncs the headers of 20,000 messages into a new store, and
// compares that in the same run with a reader that sends the same FETCH over the
// same kind of connection and throws the answer away.
func BenchmarkHeaderSync(b *testing.B) {
	h := host.Get(b)
	u := h.NewUser(b)
	dir := b.TempDir()
	if err := mailtest.WriteMaildir(dir, messagesToSync, 7); err != nil {
		b.Fatal(err)
	}
	h.Import(b, u, dir)
	rawRead(b, h, u) // the server reads its files for the first time
	var ours, raw, first, again time.Duration
	for b.Loop() {
		raw += rawRead(b, h, u)
		s := newBenchAt(b, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, options{
			path: filepath.Join(b.TempDir(), "profile", strconv.Itoa(b.N), "mail.db"),
		})
		r, err := s.worker.SyncOnce(context.Background(), []string{"INBOX"}, false)
		if err != nil {
			b.Fatal(err)
		}
		if n := r.Folders[0].New; n != messagesToSync {
			b.Fatalf("%d messages", n)
		}
		ours += r.Listable
		first += r.FirstScreen
		began := time.Now()
		if _, err := s.worker.SyncOnce(context.Background(), []string{"INBOX"}, false); err != nil {
			b.Fatal(err)
		}
		again += time.Since(began)
		raw += rawRead(b, h, u)
		_ = s.store.Close()
	}
	n := float64(b.N)
	b.ReportMetric(ours.Seconds()/(raw.Seconds()/2), "x-raw-reader")
	b.ReportMetric(float64(first.Milliseconds())/n, "ms-first-screen")
	b.ReportMetric(float64(again.Milliseconds())/n, "ms-reopen")
	b.ReportMetric(float64(ours.Milliseconds())/n, "ms-sync")
	b.ReportMetric(float64(raw.Milliseconds())/n/2, "ms-raw")
	b.ReportMetric(0, "ns/op")
}

// rawRead fetches the headers of INBOX from a socket and looks at nothing but
// where lines end.
func rawRead(b *testing.B, h *mailtest.Host, u mailtest.User) time.Duration {
	began := time.Now()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(h.IMAP.Port))
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: h.Roots, ServerName: "localhost"})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReaderSize(c, 64<<10)
	fields := strings.Join(headerFields.HeaderFields, " ")
	for i, command := range []string{
		fmt.Sprintf("LOGIN %s %s", u.Login, u.Password), "SELECT INBOX (CONDSTORE)",
		"UID FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (" + fields + ")])",
	} {
		tag := fmt.Sprintf("a%d ", i)
		if _, err := fmt.Fprintf(c, "%s%s\r\n", tag, command); err != nil {
			b.Fatal(err)
		}
		for {
			line, err := r.ReadSlice('\n')
			if err != nil && err != bufio.ErrBufferFull {
				b.Fatal(err)
			}
			if strings.HasPrefix(string(line[:min(len(line), 8)]), tag) {
				break
			}
		}
	}
	return time.Since(began)
}
