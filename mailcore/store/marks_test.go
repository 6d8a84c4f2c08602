package store

import (
	"context"
	"slices"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

// A page deep down is a piece of the whole list, also after changes above it and
// with messages of the same date around a mark.
func TestDeepPagesAreThePiecesOfTheList(t *testing.T) {
	ctx := context.Background()
	s := openTest(t)
	inbox, archive, _ := testFolders(t, s, acct)
	list := mailbox(3500)
	for i := range list[900:1300] {
		list[900+i].Header.Date = list[900].Header.Date
	}
	insert(t, s, inbox, list)
	check := func(q mailcore.Query) {
		t.Helper()
		whole, err := s.List(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, offset := range []int{0, 999, 1000, 1001, 1999, 2000, 2400, 3000, 3470, len(whole), 9000} {
			page, err := s.Page(ctx, q, 50, offset)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]mailcore.ID, len(page))
			for i, m := range page {
				got[i] = m.ID
			}
			want := whole[min(offset, len(whole)):min(offset+50, len(whole))]
			if !slices.Equal(got, want) {
				t.Fatalf("%+v at %d: %v, want %v", q, offset, got, want)
			}
		}
	}
	all, unread := mailcore.Query{Folder: inbox}, mailcore.Query{Folder: inbox, Unread: true}
	check(all)
	check(unread)
	ids, err := s.List(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Move(ctx, ids[:7], archive); err != nil {
		t.Fatal(err)
	}
	check(all)
	if err := s.Mark(ctx, ids[500:1100], mailcore.FlagDelta{Add: mailcore.Seen}); err != nil {
		t.Fatal(err)
	}
	check(all)
	check(unread)
	if _, err := s.Apply(ctx, Batch{Folder: inbox, Gone: []mailcore.UID{3300, 3301, 10}}); err != nil {
		t.Fatal(err)
	}
	check(all)
}
