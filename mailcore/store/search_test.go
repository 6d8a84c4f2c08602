package store

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

func TestBodies(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, _ := testFolders(t, s, acct)
	ids := arrive(t, s, inbox, 1, 2, 3)
	noise := make([]byte, 4000)
	for i := range noise {
		noise[i] = byte(rand.N(256))
	}
	for i, raw := range [][]byte{bytes.Repeat([]byte("compressible\r\n"), 500), noise} {
		if _, err := s.Raw(ctx, ids[i]); !errors.Is(err, ErrNotFound) {
			t.Errorf("no body yet: %v", err)
		}
		ok(t, s.PutBody(ctx, ids[i], Body{Raw: raw, Text: "text", Snippet: "sn", Attachments: true}))
		if got := must[[]byte](t)(s.Raw(ctx, ids[i])); !bytes.Equal(got, raw) {
			t.Errorf("body %d differs", i)
		}
	}
	if m := message(t, s, ids[0]); !m.BodyHere || m.Snippet != "sn" || !m.Attachments {
		t.Errorf("row: %+v", m)
	}
	list := must[[]mailcore.Message](t)(s.WithoutBody(ctx, inbox, 1<<20, 10))
	if len(list) != 1 || list[0].ID != ids[2] {
		t.Errorf("without body: %+v", list)
	}
	if list := must[[]mailcore.Message](t)(s.WithoutBody(ctx, inbox, 10, 10)); len(list) != 0 {
		t.Errorf("too big ones are listed: %+v", list)
	}
	if err := s.PutBody(ctx, 999, Body{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("body of nothing: %v", err)
	}
}

// found searches, and returns UIDs.
func found(t testing.TB, s *Store, text string) (uids []mailcore.UID) {
	t.Helper()
	for _, m := range must[[]mailcore.Message](t)(s.Page(context.Background(), mailcore.Query{Text: text}, 50, 0)) {
		uids = append(uids, m.UID)
	}
	return uids
}

func TestSearch(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	inbox, _, trash := testFolders(t, s, acct)
	a, b, c := arrival(1), arrival(2), arrival(3)
	a.Header.Subject = "Grüße aus Zürich — \"quoted\" offer"
	b.Header.Subject = "東京タワーの写真"
	c.Header.From = []mailcore.Address{{Name: "Zoë Quick", Addr: "zoe.quick@sub.example.com"}}
	ids := apply(t, s, Batch{Folder: inbox, Arrived: []Arrival{a, b, c}}).New
	arrive(t, s, trash, 9)
	if n := must[int](t)(s.Unindexed(ctx)); n != 4 {
		t.Errorf("%d to index", n)
	}
	if n := must[int](t)(s.IndexNext(ctx, 3)); n != 3 {
		t.Errorf("indexed %d", n)
	}
	if n := must[int](t)(s.IndexNext(ctx, 3)) + must[int](t)(s.IndexNext(ctx, 3)); n != 1 {
		t.Errorf("indexed %d more", n)
	}
	ok(t, s.PutBody(ctx, ids[0], Body{Raw: []byte("x"), Text: "the walrus and\x00the carpenter"}))
	if n := must[int](t)(s.Unindexed(ctx)); n != 1 {
		t.Errorf("%d to index", n)
	}
	must[int](t)(s.IndexNext(ctx, 10))
	for text, want := range map[string]int{
		"grusse": 0, "gruße": 1, "GRÜSS": 0, "zurich": 1, "Zür": 1, `"aus zurich"`: 1, `"zurich aus"`: 0, "zurich gru": 1, "zurich nothing": 0,
		"東京": 1, "タワー": 1, "京東": 0, "zoe": 1, "quick@sub": 1, "zoe.quick@sub.example.com": 1, "example": 3, "bob": 3,
		"walrus": 1, "carpenter zurich": 1, "message": 1, `"`: 0, `"the carpenter`: 1, "*": 0, "-": 0, "zurich -": 1, "NEAR(": 0, "a XOR b": 0, "subject:x": 0,
		"\x00\xff": 0, "(": 0, "zurich NOT": 0, "^zurich": 1, "' OR 1=1 --": 0, "  ": 3,
	} {
		if got := found(t, s, text); len(got) != want {
			t.Errorf("%q finds %v, want %d", text, got, want)
		}
	}
	if got := found(t, s, "example"); len(got) != 3 || got[0] != 3 || got[2] != 1 {
		t.Errorf("order: %v", got)
	}
	apply(t, s, Batch{Folder: inbox, Gone: []mailcore.UID{1}})
	if got := found(t, s, "walrus"); len(got) != 0 {
		t.Errorf("deleted message found: %v", got)
	}
	ok(t, s.Check(ctx))
}

func TestSearchOperators(t *testing.T) {
	s := openTest(t)
	inbox, archive, trash := testFolders(t, s, acct)
	a, b, c := arrival(1), arrival(2), arrival(3)
	a.Header.From = []mailcore.Address{{Name: "Ada Lovelace", Addr: "ada@engines.example"}}
	a.Header.Subject, a.Header.ContentType = "engine drawings", "multipart/mixed"
	a.Header.Date, a.Received = time.Date(2024, 2, 29, 12, 0, 0, 0, time.Local), time.Date(2024, 2, 29, 12, 1, 0, 0, time.Local)
	b.Header.From, b.Header.To = []mailcore.Address{{Addr: "bob@example.org"}}, []mailcore.Address{{Name: "Ada Lovelace", Addr: "ada@engines.example"}}
	b.Header.Subject, b.Flags = "re: about Ada", mailcore.Seen|mailcore.Flagged
	b.Header.Date, b.Received = time.Date(2024, 3, 1, 0, 0, 0, 0, time.Local), time.Date(2024, 3, 1, 0, 0, 0, 0, time.Local)
	c.Header.Subject, c.Header.Date, c.Received = "engine", time.Date(2025, 7, 1, 9, 0, 0, 0, time.Local), time.Date(2025, 7, 1, 9, 0, 0, 0, time.Local)
	apply(t, s, Batch{Folder: inbox, Arrived: []Arrival{a, b}})
	apply(t, s, Batch{Folder: archive, Arrived: []Arrival{c}})
	arrive(t, s, trash, 9)
	must[int](t)(s.IndexNext(context.Background(), 10))
	for text, want := range map[string][]mailcore.UID{
		"from:ada": {1}, "FROM:Lovel": {1}, `from:"ada lovelace"`: {1}, `from:"lovelace engines"`: nil, "to:ada": {2}, "from:ada@engines.example": {1},
		"subject:engine": {3, 1}, "subject:engine from:ada": {1}, "engine has:attachment": {1}, "has:attachment": {1},
		"is:unread": {3, 1}, "is:read": {2}, "is:starred": {2}, "is:unread engine": {3, 1}, "in:archive": {3}, "in:archive engine": {3},
		"in:INBOX engine": {2, 1}, "in:trash": {9}, "in:nowhere": nil, "in:nowhere engine": nil,
		"before:2024-03-01": {1}, "after:2024-03-01 before:2025": {2}, "after:2024-03": {3, 2}, "after:2024/3/1 engine": {3, 2}, "before:2025 engine": {2, 1},
		"ada": {2, 1}, "re: ada": {2}, "re:": {2}, "is:nothing": nil, "before:yesterday": nil, "from:": nil, "subject:re ada": {2},
	} {
		if got := found(t, s, text); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	q := mailcore.Query{Folder: inbox, Text: "in:archive engine"}
	if list := must[[]mailcore.ID](t)(s.List(context.Background(), q)); len(list) != 1 {
		t.Errorf("another folder than the one on screen: %v", list)
	}
}

func FuzzSearch(f *testing.F) {
	for _, seed := range []string{`"`, `a"b`, "x*", "NEAR(a b)", "a:b", "\x00", "^", "{a}", "-a", "日本", "from:a", `to:"`, "before:2024-02-30", "after:9999", "in:x is:unread"} {
		f.Add(seed)
	}
	s := openTest(f)
	inbox, _, _ := testFolders(f, s, acct)
	arrive(f, s, inbox, 1)
	must[int](f)(s.IndexNext(context.Background(), 10))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.List(context.Background(), mailcore.Query{Text: text}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestSettings(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	ok(t, s.SetSetting(ctx, "k", "v"))
	ok(t, s.SetSetting(ctx, "k", "w"))
	if v := must[string](t)(s.Setting(ctx, "k")); v != "w" {
		t.Errorf("setting is %q", v)
	}
	ok(t, s.SetSetting(ctx, "k", ""))
	if v := must[string](t)(s.Setting(ctx, "k")); v != "" {
		t.Errorf("setting is %q", v)
	}
}
