package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

// precious fills a store with what must survive, beside other mail, and returns
// the closed file's path.
func precious(t *testing.T, messages int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "profile", "mail.db")
	s := reopen(t, path)
	ctx := context.Background()
	inbox, archive, _ := testFolders(t, s, acct)
	insert(t, s, inbox, mailbox(messages))
	ids := must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Folder: inbox}))
	for i := range 5 {
		d := testDraft()
		d.Subject = fmt.Sprintf("draft %d", i)
		d.Original = ids[0]
		must[mailcore.DraftID](t)(s.SaveDraft(ctx, d))
		raw := []byte(strings.Repeat(fmt.Sprintf("message %d\r\n", i), 2000))
		must[mailcore.OutboxID](t)(s.Enqueue(ctx, mailcore.Outgoing{Account: acct, Subject: fmt.Sprintf("out %d", i), Draft: testDraft()}, raw, 0))
	}
	ok(t, s.Advance(ctx, mailcore.Outgoing{ID: 1, State: mailcore.ToFile}, []mailcore.SendState{mailcore.Queued}, &Op{Kind: OpFile, Folder: archive}))
	ok(t, s.Advance(ctx, mailcore.Outgoing{ID: 2, State: mailcore.Done}, []mailcore.SendState{mailcore.Queued}, nil))
	ok(t, s.Mark(ctx, ids[:2], mailcore.FlagDelta{Add: mailcore.Flagged}))
	ok(t, s.Move(ctx, ids[1:2], archive))
	ok(t, s.Expunge(ctx, ids[2:3]))
	must[int](t)(s.IndexNext(ctx, 1000))
	ok(t, s.Close())
	return path
}

func edit(t *testing.T, path string, f func([]byte) []byte) {
	t.Helper()
	b := must[[]byte](t)(os.ReadFile(path))
	ok(t, os.WriteFile(path, f(b), 0o600))
}

// openRecovering opens a store that may recover, and checks that it then works.
func openRecovering(t *testing.T, path string) (*Store, *Recovery) {
	t.Helper()
	s, rec, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, rec
}

func TestDestroyedFirstPageLosesNothing(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"zeros":  func(b []byte) []byte { clear(b[:pageSize]); return b },
		"header": func(b []byte) []byte { copy(b, "not a database at all"); return b },
		"schema": func(b []byte) []byte { clear(b[200:pageSize]); return b },
		"renamed": func(b []byte) []byte {
			return []byte(strings.Replace(string(b), "CREATE TABLE draft (", "CREATE TABLE drafu (", 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := precious(t, 50)
			edit(t, path, damage)
			s, rec := openRecovering(t, path)
			if rec == nil || rec.Drafts != 5 || rec.Outbox != 5 || rec.Pending != 5 {
				t.Fatalf("recovery: %+v", rec)
			}
			checkSalvaged(t, s, rec)
		})
	}
}

// checkSalvaged checks what must be there when everything could be salvaged.
func checkSalvaged(t *testing.T, s *Store, rec *Recovery) {
	t.Helper()
	ctx := context.Background()
	if _, err := os.Stat(rec.SetAside); err != nil {
		t.Error(err)
	}
	drafts := must[[]mailcore.Draft](t)(s.Drafts(ctx))
	d := must[mailcore.Draft](t)(s.Draft(ctx, drafts[0].ID))
	if len(drafts) != 5 || d.Subject != "draft 4" || d.ID != 5 || d.Original != 0 || string(d.Attachments[0].Data) != "\x00\x01\x02" {
		t.Errorf("draft: %+v", d)
	}
	out := must[[]mailcore.Outgoing](t)(s.Outbox(ctx, true))
	if len(out) != 5 || out[0].State != mailcore.ToFile || out[1].State != mailcore.Done || out[4].State != mailcore.Queued {
		t.Errorf("outbox: %+v", out)
	}
	if raw := must[[]byte](t)(s.OutgoingRaw(ctx, 3)); string(raw) != strings.Repeat("message 2\r\n", 2000) {
		t.Errorf("raw has %d bytes", len(raw))
	}
	ops := pending(t, s)
	if len(ops) != 5 || ops[0].Kind != OpFile || ops[0].Outbox != 1 || ops[1].UID != 50 || ops[1].UIDValidity != 7 || ops[3].Kind != OpMove || ops[4].Kind != OpExpunge {
		t.Fatalf("pending: %+v", ops)
	}
	if f := must[mailcore.Folder](t)(s.Folder(ctx, ops[3].Target)); f.Path != "Archive" || f.Account != acct {
		t.Errorf("target: %+v", f)
	}
	if n := len(must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{}))); n != 0 {
		t.Errorf("%d stubs are shown", n)
	}
	refetch(t, s, ops)
	ok(t, s.Check(ctx))
}

// refetch syncs again after a recovery: stubs become messages.
func refetch(t *testing.T, s *Store, ops []Op) {
	t.Helper()
	inbox, archive, _ := testFolders(t, s, acct)
	if inbox != ops[1].Folder {
		t.Fatalf("the inbox is another folder now")
	}
	insert(t, s, inbox, mailbox(50))
	if m := message(t, s, ops[1].Message); m.Subject == "" || !m.Flags.Has(mailcore.Flagged) || !m.Waiting || m.UID != 50 {
		t.Errorf("marked message: %+v", m)
	}
	if m := message(t, s, ops[3].Message); m.Folder != archive || m.Subject == "" {
		t.Errorf("moved message: %+v", m)
	}
	f := must[mailcore.Folder](t)(s.Folder(context.Background(), inbox))
	if f.Total != 48 {
		t.Errorf("the inbox shows %d", f.Total)
	}
	checkCounts(t, s)
}

// checkCounts compares the kept numbers with a recount.
func checkCounts(t failer, s *Store) {
	t.Helper()
	wrong := must[[]string](t)(all(s.reader(context.Background()), value[string], `SELECT path || ' ' || total || ' ' || unread || ' ' || known FROM folder f WHERE
		total <> (SELECT count(*) FROM message WHERE folder = f.id) OR
		unread <> (SELECT count(*) FROM message WHERE folder = f.id AND flags & 1 = 0) OR
		known <> (SELECT count(*) FROM message WHERE at_folder = f.id AND at_uid > 0)`))
	if len(wrong) > 0 {
		t.Errorf("wrong numbers: %v", wrong)
	}
	stale := must[int](t)(one(s.reader(context.Background()), value[int],
		`SELECT count(*) FROM message m WHERE waiting <> (SELECT count(*) FROM pending WHERE message = m.id)`))
	if stale != 0 {
		t.Errorf("%d messages have a wrong number of waiting operations", stale)
	}
}

// TestDamageAnywhere flips and cuts at many places: a store always opens, or
// says that it is damaged and recovers at the next start, and it never crashes.
func TestDamageAnywhere(t *testing.T) {
	whole := must[[]byte](t)(os.ReadFile(precious(t, 300)))
	r := rand.New(rand.NewPCG(3, 4))
	rounds := 60
	if testing.Short() {
		rounds = 10
	}
	for i := range rounds {
		b := append([]byte{}, whole...)
		at := r.IntN(len(b))
		what := ""
		switch i % 4 {
		case 0:
			what = fmt.Sprintf("flip %d", at)
			b[at] ^= byte(1 + r.IntN(255))
		case 1:
			at = at / pageSize * pageSize
			what = fmt.Sprintf("page %d", at/pageSize+1)
			for j := range pageSize {
				b[at+j] = byte(r.IntN(256))
			}
		case 2:
			what = fmt.Sprintf("cut at %d", at)
			b = b[:at]
		case 3:
			what = fmt.Sprintf("zero 64 KB at %d", at)
			clear(b[at:min(len(b), at+1<<16)])
		}
		path := filepath.Join(t.TempDir(), "mail.db")
		ok(t, os.WriteFile(path, b, 0o600))
		useDamaged(t, what, path)
	}
}

func useDamaged(t *testing.T, what, path string) {
	t.Helper()
	for range 2 {
		s, _, err := Open(context.Background(), path)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		err = exercise(s)
		if cerr := s.Close(); err == nil && cerr != nil && !errors.Is(cerr, ErrDamaged) {
			t.Errorf("%s: close: %v", what, cerr)
		}
		if err == nil {
			return
		}
		if !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	t.Errorf("%s: still damaged after a recovery", what)
}

// exercise uses everything that the file holds.
func exercise(s *Store) error {
	ctx := context.Background()
	_, e1 := s.Page(ctx, mailcore.Query{}, 1000, 0)
	_, e2 := s.Drafts(ctx)
	_, e3 := s.Outbox(ctx, true)
	_, e4 := s.Pending(ctx, "")
	_, e5 := s.List(ctx, mailcore.Query{Text: "person"})
	_, e6 := s.SaveDraft(ctx, testDraft())
	_, e7 := s.SetFolders(ctx, acct, []FolderInfo{{Path: "INBOX"}})
	return errors.Join(e1, e2, e3, e4, e5, e6, e7)
}

func TestNewerVersionIsLeftAlone(t *testing.T) {
	path := precious(t, 5)
	s, _ := openRecovering(t, path)
	must[any](t)(s.w.exec("PRAGMA user_version = 99"))
	ok(t, s.Close())
	before := must[[]byte](t)(os.ReadFile(path))
	if _, _, err := Open(context.Background(), path); !errors.Is(err, ErrNewer) {
		t.Fatalf("newer file: %v", err)
	}
	if after := must[[]byte](t)(os.ReadFile(path)); string(after) != string(before) {
		t.Error("the file was changed")
	}
	if names := must[[]os.DirEntry](t)(os.ReadDir(filepath.Dir(path))); len(names) != 1 {
		t.Errorf("left beside it: %v", names)
	}
}

func TestDiskFull(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	arrive(t, s, inbox, 1)
	n := must[int](t)(one(s.w, value[int], "PRAGMA page_count"))
	ok(t, each(s.w, discard, fmt.Sprintf("PRAGMA max_page_count = %d", n+2)))
	var err error
	for range 50 {
		if _, err = s.SaveDraft(ctx, mailcore.Draft{Text: strings.Repeat("x", 5000)}); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("disk full: %v", err)
	}
	if list := must[[]mailcore.Message](t)(s.Page(ctx, mailcore.Query{}, 10, 0)); len(list) != 1 {
		t.Error("reading does not work any more")
	}
	ok(t, each(s.w, discard, "PRAGMA max_page_count = 100000"))
	must[mailcore.DraftID](t)(s.SaveDraft(ctx, testDraft()))
	ok(t, s.Check(ctx))
}

func TestReadOnlyProfile(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("root writes everywhere; a path below a file stands in for a read-only folder")
	}
	file := filepath.Join(t.TempDir(), "file")
	ok(t, os.WriteFile(file, nil, 0o400))
	if _, _, err := Open(context.Background(), filepath.Join(file, "mail.db")); err == nil {
		t.Error("opened below a file")
	}
	s, ctx := openTest(t), context.Background()
	ok(t, each(s.w, discard, "PRAGMA query_only = 1"))
	if _, err := s.SaveDraft(ctx, testDraft()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("read-only: %v", err)
	}
}

// TestDamageBesideWAL damages a file whose last commits are in its WAL, as a
// process that was killed leaves it.
func TestDamageBesideWAL(t *testing.T) {
	path := precious(t, 50)
	s, _ := openRecovering(t, path)
	must[mailcore.DraftID](t)(s.SaveDraft(context.Background(), testDraft()))
	killed := filepath.Join(t.TempDir(), "mail.db")
	for _, suffix := range []string{"", "-wal"} {
		ok(t, copyFile(path+suffix, killed+suffix))
	}
	edit(t, killed, func(b []byte) []byte { clear(b[:pageSize]); return b })
	after, rec := openRecovering(t, killed)
	if list := must[[]mailcore.Draft](t)(after.Drafts(context.Background())); len(list) != 6 {
		t.Errorf("%d drafts, %+v", len(list), rec)
	}
	ok(t, after.Check(context.Background()))
}

func TestInterruptedRecovery(t *testing.T) {
	path := precious(t, 5)
	edit(t, path, func(b []byte) []byte { clear(b[:pageSize]); return b })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Open(ctx, path); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	// The new file was complete, the damaged one set aside, then the power went.
	ok(t, os.WriteFile(recoveringName(path), []byte("rest of an earlier try"), 0o600))
	_, err := rebuild(context.Background(), path, recoveringName(path))
	ok(t, err)
	must[string](t)(setAside(path))
	s, rec := openRecovering(t, path)
	if rec != nil || len(must[[]mailcore.Draft](t)(s.Drafts(context.Background()))) != 5 {
		t.Errorf("after the second half: %+v", rec)
	}
}
