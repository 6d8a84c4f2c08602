package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// benchSize is the mailbox that the first issue's figures speak of.
const benchSize = 20_000

// window is how many messages a sync window brings.
const window = 1000

// mailbox makes n arrivals that look like a person's mail: long ids, several
// recipients, half of them answers in conversations.
func mailbox(n int) []Arrival {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]Arrival, n)
	for i := range list {
		uid := mailcore.UID(n - i) // newest first, as sync brings them
		when := day.Add(time.Duration(uid) * 7 * time.Minute)
		h := mailcore.Header{
			MessageID: fmt.Sprintf("CAF%d.%x.JavaMail@mail.server%d.example.org", uid, uint64(uid)*0x9e3779b97f4a7c15, uid%50),
			From:      []mailcore.Address{{Name: fmt.Sprintf("Person Number%d", r.IntN(800)), Addr: fmt.Sprintf("person%d@example%d.org", r.IntN(800), r.IntN(90))}},
			To:        []mailcore.Address{{Name: "The Owner", Addr: "owner@example.net"}, {Name: "Somebody Else", Addr: fmt.Sprintf("else%d@example.com", r.IntN(90))}},
			Subject:   fmt.Sprintf("Re: meeting %d about the quarterly report of department %d", r.IntN(5000), r.IntN(40)),
			Date:      when, ContentType: "multipart/alternative",
		}
		if uid%2 == 0 {
			root := uid - uid%16 + 1
			h.References = []string{fmt.Sprintf("root%d@example.org", root), fmt.Sprintf("mid%d@example.org", root)}
			h.InReplyTo = h.References[1]
		}
		list[i] = Arrival{UID: uid, Received: when, Size: 4000 + int64(r.IntN(30000)), Header: h, Flags: mailcore.Flags(r.IntN(2))}
	}
	return list
}

func insert(b testing.TB, s *Store, folder mailcore.FolderID, list []Arrival) {
	for len(list) > 0 {
		n := min(window, len(list))
		if _, err := s.Apply(context.Background(), Batch{Folder: folder, Arrived: list[:n]}); err != nil {
			b.Fatal(err)
		}
		list = list[n:]
	}
}

func benchStore(b *testing.B) (*Store, mailcore.FolderID) {
	s := openTest(b)
	inbox, _, _ := testFolders(b, s, acct)
	return s, inbox
}

func BenchmarkInsert(b *testing.B) {
	list := mailbox(benchSize)
	for b.Loop() {
		b.StopTimer()
		s, inbox := benchStore(b)
		b.StartTimer()
		insert(b, s, inbox, list)
	}
	b.ReportMetric(float64(benchSize)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkIndex(b *testing.B) {
	list := mailbox(benchSize)
	for b.Loop() {
		b.StopTimer()
		s, inbox := benchStore(b)
		insert(b, s, inbox, list)
		b.StartTimer()
		indexAll(b, s)
	}
	b.ReportMetric(float64(benchSize)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func indexAll(b testing.TB, s *Store) {
	for {
		n, err := s.IndexNext(context.Background(), 2000)
		if err != nil {
			b.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func BenchmarkRead(b *testing.B) {
	s, inbox := benchStore(b)
	insert(b, s, inbox, mailbox(benchSize))
	indexAll(b, s)
	ctx := context.Background()
	for name, f := range map[string]func() (int, error){
		"list":     func() (int, error) { l, err := s.List(ctx, mailcore.Query{Folder: inbox}); return len(l), err },
		"list-all": func() (int, error) { l, err := s.List(ctx, mailcore.Query{}); return len(l), err },
		"list-unread": func() (int, error) {
			l, err := s.List(ctx, mailcore.Query{Folder: inbox, Unread: true})
			return len(l), err
		},
		"page-first": func() (int, error) { l, err := s.Page(ctx, mailcore.Query{Folder: inbox}, 50, 0); return len(l), err },
		"page-offset": func() (int, error) {
			l, err := s.Page(ctx, mailcore.Query{Folder: inbox}, 50, benchSize-100)
			return len(l), err
		},
		"search":      func() (int, error) { l, err := s.Page(ctx, mailcore.Query{Text: "person7"}, 50, 0); return len(l), err },
		"search-many": func() (int, error) { l, err := s.List(ctx, mailcore.Query{Text: "quarterly rep"}); return len(l), err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if n, err := f(); err != nil || n == 0 {
					b.Fatal(n, err)
				}
			}
		})
	}
}

func BenchmarkReopen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "p", "mail.db")
	s := reopen(b, path)
	inbox, _, _ := testFolders(b, s, acct)
	insert(b, s, inbox, mailbox(benchSize))
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, _, err := Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Page(context.Background(), mailcore.Query{Folder: inbox}, 50, 0); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
