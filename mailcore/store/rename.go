package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// RenameFolder gives a folder and those below it their new paths, so that
// nothing has to be fetched again after a RENAME. What has one of these paths
// already, and holds nothing, is replaced: the server has let the path go.
// Something that holds messages or operations fails it with ErrTaken and leaves
// all as it was; the next LIST and the folder's UIDVALIDITY tell then what has
// become of it.
func (s *Store) RenameFolder(ctx context.Context, id mailcore.FolderID, path string) error {
	err := s.write(ctx, normal, func(t *tx) error {
		f, err := t.folder(id)
		if err != nil || f.info.Path == path {
			return err
		}
		return t.rename(f, path)
	})
	return s.fail("rename folder", err)
}

func (t *tx) rename(f *folderRow, path string) error {
	list, err := all(t, scanFolderRow, `SELECT `+folderRowColumns+` FROM folder WHERE account = ?`, f.account)
	if err != nil {
		return err
	}
	paths := newPaths(f, path, list)
	wanted := map[string]bool{}
	for _, p := range paths {
		wanted[p] = true
	}
	for _, other := range list {
		if paths[other.id] == "" && wanted[other.info.Path] {
			if err := t.makeWay(other); err != nil {
				return err
			}
		}
	}
	return t.setPaths(paths)
}

// newPaths says which folders of list get another path when f moves to path.
func newPaths(f *folderRow, path string, list []*folderRow) map[folderID]string {
	paths := map[folderID]string{f.id: path}
	if f.info.Delimiter == "" {
		return paths
	}
	for _, c := range list {
		if rest, below := strings.CutPrefix(c.info.Path, f.info.Path+f.info.Delimiter); below {
			paths[c.id] = path + f.info.Delimiter + rest
		}
	}
	return paths
}

// makeWay removes a folder that holds nothing: a placeholder that the server
// lists for the sake of what is below it, or a tombstone that was not swept yet.
func (t *tx) makeWay(f *folderRow) error {
	used, err := one(t, value[bool], `SELECT EXISTS (SELECT 1 FROM message WHERE folder = ?1)
		OR EXISTS (SELECT 1 FROM message WHERE at_folder = ?1 AND at_uid > 0)
		OR EXISTS (SELECT 1 FROM message WHERE at_folder = ?1 AND at_uid = 0)
		OR EXISTS (SELECT 1 FROM pending WHERE folder = ?1)
		OR EXISTS (SELECT 1 FROM pending WHERE target = ?1)`, int64(f.id))
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("%w: %q", ErrTaken, f.info.Path)
	}
	delete(t.folders, f.id)
	_, err = t.exec(`DELETE FROM folder WHERE id = ?`, int64(f.id))
	return err
}

// setPaths renames folders at once: the new path of one may be the old path of
// another, so all leave theirs first, for names that no server can give.
func (t *tx) setPaths(paths map[folderID]string) error {
	for id := range paths {
		if _, err := t.exec(`UPDATE folder SET path = ? WHERE id = ?`, fmt.Sprintf("\x00%d", id), int64(id)); err != nil {
			return err
		}
	}
	for id, path := range paths {
		if err := t.setPath(id, path); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) setPath(id folderID, path string) error {
	for _, q := range [...]string{
		`UPDATE folder SET path = ? WHERE id = ?`,
		`UPDATE pending SET path = ? WHERE folder = ?`,
		`UPDATE pending SET target_path = ? WHERE target = ?`,
	} {
		if _, err := t.exec(q, path, int64(id)); err != nil {
			return err
		}
	}
	delete(t.folders, id)
	return nil
}
