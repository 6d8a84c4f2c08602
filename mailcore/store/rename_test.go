package store

import (
	"context"
	"errors"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

// setPaths makes an account's folders those of paths and returns their ids.
func setPaths(t *testing.T, s *Store, paths ...string) map[string]mailcore.FolderID {
	t.Helper()
	var list []FolderInfo
	for _, p := range paths {
		list = append(list, FolderInfo{Path: p, Delimiter: "/", Selectable: true})
	}
	must[bool](t)(s.SetFolders(context.Background(), acct, list))
	return folderPaths(t, s)
}

func folderPaths(t *testing.T, s *Store) map[string]mailcore.FolderID {
	t.Helper()
	ids := map[string]mailcore.FolderID{}
	for _, f := range must[[]mailcore.Folder](t)(s.Folders(context.Background(), acct)) {
		ids[f.Path] = f.ID
	}
	return ids
}

// checkPaths fails if the folders are not these.
func checkPaths(t *testing.T, s *Store, want map[string]mailcore.FolderID) {
	t.Helper()
	have := folderPaths(t, s)
	for path, id := range want {
		if have[path] != id {
			t.Errorf("%q is folder %d, want %d", path, have[path], id)
		}
	}
	if len(have) != len(want) {
		t.Errorf("folders %v, want %v", have, want)
	}
}

func TestRenameOntoAnEmptyFolder(t *testing.T) {
	s := openTest(t)
	ids := setPaths(t, s, "INBOX", "a", "a/x", "b", "b/x", "b/y")
	ok(t, s.RenameFolder(context.Background(), ids["a"], "b"))
	checkPaths(t, s, map[string]mailcore.FolderID{"INBOX": ids["INBOX"], "b": ids["a"], "b/x": ids["a/x"], "b/y": ids["b/y"]})
}

func TestRenameAlongItsOwnPath(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	ids := setPaths(t, s, "INBOX", "a", "a/a", "a/a/a")
	ok(t, s.RenameFolder(ctx, ids["a"], "a/a"))
	down := map[string]mailcore.FolderID{"INBOX": ids["INBOX"], "a/a": ids["a"], "a/a/a": ids["a/a"], "a/a/a/a": ids["a/a/a"]}
	checkPaths(t, s, down)
	ok(t, s.RenameFolder(ctx, ids["a"], "a"))
	checkPaths(t, s, ids)
}

func TestRenameOntoAFolderWithMail(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	ids := setPaths(t, s, "INBOX", "a", "a/x", "b", "b/x")
	arrive(t, s, ids["b/x"], 1)
	if err := s.RenameFolder(ctx, ids["a"], "b"); !errors.Is(err, ErrTaken) {
		t.Errorf("rename: %v", err)
	}
	checkPaths(t, s, ids)
	if f := must[mailcore.Folder](t)(s.Folder(ctx, ids["b/x"])); f.Total != 1 {
		t.Errorf("folder: %+v", f)
	}
}

// A folder that has left the server keeps its path while an operation names it.
func TestRenameOntoATombstone(t *testing.T) {
	s, ctx := openTest(t), context.Background()
	ids := setPaths(t, s, "INBOX", "a", "b")
	ok(t, s.setCursor(ids["b"], Cursor{UIDValidity: 7, UIDNext: 1, Backfilled: 1}))
	moved := arrive(t, s, ids["b"], 1)
	ok(t, s.Move(ctx, moved, ids["INBOX"]))
	setPaths(t, s, "INBOX", "a")
	if err := s.RenameFolder(ctx, ids["a"], "b"); !errors.Is(err, ErrTaken) {
		t.Errorf("rename: %v", err)
	}
	checkPaths(t, s, map[string]mailcore.FolderID{"INBOX": ids["INBOX"], "a": ids["a"]})
	ok(t, s.OpDone(ctx, pending(t, s)[0].ID, 0, 0)) // nothing names it any more
	ok(t, s.RenameFolder(ctx, ids["a"], "b"))
	checkPaths(t, s, map[string]mailcore.FolderID{"INBOX": ids["INBOX"], "b": ids["a"]})
	checkCounts(t, s)
}
