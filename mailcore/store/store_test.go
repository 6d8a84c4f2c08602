package store

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/mailcore"
)

// TestMain lets the model throw the same dice in every run of CI, which speaks
// of a commit; everywhere else each run looks somewhere new.
func TestMain(m *testing.M) {
	if os.Getenv("CI") == "true" {
		if err := flag.Set("rapid.seed", "20261123"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

const acct = mailcore.AccountID("a1")

// open makes a store in a fresh profile.
func openTest(t testing.TB) *Store {
	t.Helper()
	return reopen(t, filepath.Join(t.TempDir(), "profile", "mail.db"))
}

func reopen(t testing.TB, path string) *Store {
	t.Helper()
	s, rec, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if rec != nil {
		t.Fatalf("recovered from %+v", rec)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil && !errors.Is(err, errClosed) {
			t.Error(err)
		}
	})
	return s
}

func must[T any](t failer) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// folders gives an account an inbox, an archive and a trash.
func testFolders(t testing.TB, s *Store, account mailcore.AccountID) (inbox, archive, trash mailcore.FolderID) {
	t.Helper()
	_, err := s.SetFolders(context.Background(), account, []FolderInfo{
		{Path: "Trash", Delimiter: "/", Role: mailcore.RoleTrash, Selectable: true},
		{Path: "INBOX", Delimiter: "/", Role: mailcore.RoleInbox, Selectable: true, Subscribed: true},
		{Path: "Archive", Delimiter: "/", Role: mailcore.RoleArchive, Selectable: true},
	})
	ok(t, err)
	var ids []mailcore.FolderID
	for _, path := range []string{"INBOX", "Archive", "Trash"} {
		f := must[mailcore.Folder](t)(s.FolderByPath(context.Background(), account, path))
		ok(t, s.setCursor(f.ID, Cursor{UIDValidity: 7, UIDNext: 1, Backfilled: 1}))
		ids = append(ids, f.ID)
	}
	return ids[0], ids[1], ids[2]
}

func (s *Store) setCursor(f mailcore.FolderID, c Cursor) error {
	_, err := s.Apply(context.Background(), Batch{Folder: f, Cursor: &c})
	return err
}

var day = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// arrival makes a message whose fields follow from its UID.
func arrival(uid mailcore.UID) Arrival {
	when := day.Add(time.Duration(uid) * time.Minute)
	return Arrival{UID: uid, Received: when, Size: 1000 + int64(uid), Header: mailcore.Header{
		MessageID: fmt.Sprintf("m%d@example.org", uid),
		From:      []mailcore.Address{{Name: "Ann Author", Addr: "ann@example.org"}},
		To:        []mailcore.Address{{Name: "Bob", Addr: "bob@example.net"}, {Addr: "carol@example.net"}},
		Subject:   fmt.Sprintf("Message %d", uid), Date: when, ContentType: "text/plain",
	}}
}

func apply(t testing.TB, s *Store, b Batch) Applied {
	t.Helper()
	return must[Applied](t)(s.Apply(context.Background(), b))
}

func arrive(t testing.TB, s *Store, f mailcore.FolderID, uids ...mailcore.UID) []mailcore.ID {
	t.Helper()
	b := Batch{Folder: f}
	for _, u := range uids {
		b.Arrived = append(b.Arrived, arrival(u))
	}
	return apply(t, s, b).New
}

func TestMessageRoundTrip(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	a := arrival(5)
	a.Flags = mailcore.Seen | mailcore.Flagged
	a.Header.InReplyTo = "x@y"
	a.Header.References = []string{"r1@y", "x@y"}
	a.Header.ReplyTo = []mailcore.Address{{Name: "Änne \x00\x1f", Addr: "a@b"}}
	a.Header.Cc = []mailcore.Address{{Addr: "c@d"}}
	a.Header.Bcc = []mailcore.Address{{Addr: "e@f"}}
	a.Header.ListID = "list.example.org"
	a.Header.ContentType = "multipart/mixed"
	a.Header.Date = a.Header.Date.In(time.FixedZone("", 2*3600))
	id := apply(t, s, Batch{Folder: inbox, Arrived: []Arrival{a}}).New[0]
	m := must[mailcore.Message](t)(s.Message(ctx, id))
	if fmt.Sprint(m.Header) != fmt.Sprint(a.Header) {
		t.Errorf("header\n %v\nbecame\n %v", a.Header, m.Header)
	}
	if m.Account != acct || m.Folder != inbox || m.UID != 5 || m.Size != a.Size || m.Flags != a.Flags ||
		!m.Received.Equal(a.Received) || !m.Sorted.Equal(a.Header.Date) || !m.Attachments || m.BodyHere || m.Waiting {
		t.Errorf("row is %+v", m)
	}
	if by := must[mailcore.Message](t)(s.ByUID(ctx, inbox, 5)); by.ID != id {
		t.Errorf("ByUID gives %d, not %d", by.ID, id)
	}
	if _, err := s.Message(ctx, id+1); !errors.Is(err, ErrNotFound) {
		t.Errorf("missing message: %v", err)
	}
}

func TestListsAreNewestFirst(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, archive, trash := testFolders(t, s, acct)
	arrive(t, s, inbox, 1, 4, 5)
	arrive(t, s, archive, 2, 3, 6)
	arrive(t, s, trash, 9)
	uids := func(q mailcore.Query, limit, offset int) (list []mailcore.UID) {
		for _, m := range must[[]mailcore.Message](t)(s.Page(ctx, q, limit, offset)) {
			list = append(list, m.UID)
		}
		return list
	}
	for _, c := range []struct {
		q             mailcore.Query
		limit, offset int
		want          []mailcore.UID
	}{
		{mailcore.Query{}, 10, 0, []mailcore.UID{6, 5, 4, 3, 2, 1}},
		{mailcore.Query{}, 2, 3, []mailcore.UID{3, 2}},
		{mailcore.Query{}, 5, 6, nil},
		{mailcore.Query{Folder: inbox}, 10, 0, []mailcore.UID{5, 4, 1}},
		{mailcore.Query{Folder: inbox}, 1, 1, []mailcore.UID{4}},
		{mailcore.Query{Role: mailcore.RoleTrash}, 10, 0, []mailcore.UID{9}},
		{mailcore.Query{Account: "other"}, 10, 0, nil},
	} {
		if got := uids(c.q, c.limit, c.offset); !slices.Equal(got, c.want) {
			t.Errorf("%+v %d+%d: %v, want %v", c.q, c.offset, c.limit, got, c.want)
		}
	}
	if n := len(must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{}))); n != 6 {
		t.Errorf("list has %d", n)
	}
}

func TestFlagsFilterLists(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2, 3, 4)
	ok(t, s.Mark(ctx, ids[:2], mailcore.FlagDelta{Add: mailcore.Seen}))
	ok(t, s.Mark(ctx, ids[1:3], mailcore.FlagDelta{Add: mailcore.Flagged | mailcore.Answered}))
	for _, c := range []struct {
		q    mailcore.Query
		want []mailcore.ID
	}{
		{mailcore.Query{Folder: inbox, Unread: true}, []mailcore.ID{ids[3], ids[2]}},
		{mailcore.Query{Folder: inbox, Flags: mailcore.Flagged}, []mailcore.ID{ids[2], ids[1]}},
		{mailcore.Query{Folder: inbox, Flags: mailcore.Flagged | mailcore.Seen}, []mailcore.ID{ids[1]}},
		{mailcore.Query{Flags: mailcore.Answered, Unread: true}, []mailcore.ID{ids[2]}},
	} {
		if got := must[[]mailcore.ID](t)(s.List(ctx, c.q)); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, got, c.want)
		}
	}
}

func TestFileModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	path := filepath.Join(dir, "mail.db")
	s := reopen(t, path)
	inbox, _, _ := testFolders(t, s, acct)
	check := func(when string) {
		t.Helper()
		for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
			info, err := os.Stat(name)
			ok(t, err)
			if info.Mode().Perm() != want {
				t.Errorf("%s: %s is %o", when, filepath.Base(name), info.Mode().Perm())
			}
		}
	}
	check("after writing")
	must[any](t)(nil, each(s.w, discard, "PRAGMA wal_checkpoint(TRUNCATE)"))
	arrive(t, s, inbox, 1)
	check("after a checkpoint")
	ok(t, s.Close())
	ok(t, os.Chmod(path, 0o644))
	ok(t, os.Chmod(dir, 0o755))
	s = reopen(t, path)
	arrive(t, s, inbox, 2)
	check("after opening a file that others could read")
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}
