package store

import (
	"context"
	"slices"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

// Gmail shows labels as folders: All Mail holds nearly everything once more, and
// what is archived nowhere else.
func TestWhatAllMailRepeatsComesOnce(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	_, err := s.SetFolders(ctx, acct, []FolderInfo{
		{Path: "INBOX", Delimiter: "/", Role: mailcore.RoleInbox, Selectable: true},
		{Path: "[Gmail]/All Mail", Delimiter: "/", Role: mailcore.RoleAll, Selectable: true},
		{Path: "[Gmail]/Starred", Delimiter: "/", Role: mailcore.RoleStarred, Selectable: true},
		{Path: "[Gmail]/Spam", Delimiter: "/", Role: mailcore.RoleJunk, Selectable: true},
	})
	ok(t, err)
	folders := map[string]mailcore.FolderID{}
	for path, uids := range map[string][]mailcore.UID{
		"INBOX": {1, 2}, "[Gmail]/All Mail": {1, 2, 3, 4, 5}, "[Gmail]/Starred": {2, 4}, "[Gmail]/Spam": {5},
	} {
		f := must[mailcore.Folder](t)(s.FolderByPath(ctx, acct, path))
		folders[path] = f.ID
		b := Batch{Folder: f.ID, Cursor: &Cursor{UIDValidity: 7, UIDNext: 9, Backfilled: 1}}
		for _, u := range uids {
			b.Arrived = append(b.Arrived, arrival(u))
		}
		apply(t, s, b)
	}
	nameless := arrival(7)
	nameless.Header.MessageID = "" // cannot be known to be anywhere else
	apply(t, s, Batch{Folder: folders["[Gmail]/All Mail"], Arrived: []Arrival{nameless}})
	for {
		if n := must[int](t)(s.IndexNext(ctx, 100)); n == 0 {
			break
		}
	}
	for _, q := range []mailcore.Query{{}, {Account: acct}, {Text: "message"}} {
		var uids, where []int64
		for _, m := range must[[]mailcore.Message](t)(s.Page(ctx, q, 50, 0)) {
			uids, where = append(uids, int64(m.UID)), append(where, int64(m.Folder))
		}
		if !slices.Equal(uids, []int64{7, 5, 4, 3, 2, 1}) {
			t.Errorf("%+v: %v", q, uids)
			continue
		}
		if where[4] != int64(folders["INBOX"]) || where[2] != int64(folders["[Gmail]/All Mail"]) {
			t.Errorf("%+v: shown from %v", q, where)
		}
	}
	for path, want := range map[string]int{"[Gmail]/All Mail": 6, "[Gmail]/Starred": 2} {
		if n := len(must[[]mailcore.ID](t)(s.List(ctx, mailcore.Query{Folder: folders[path]}))); n != want {
			t.Errorf("%s itself shows %d", path, n)
		}
	}
}
