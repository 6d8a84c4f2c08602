package imapsync

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// CreateFolder creates a folder on the server now, and updates the store. path
// uses the server's delimiter.
func (w *Worker) CreateFolder(ctx context.Context, path string) error {
	return w.manage(ctx, func(c *conn) error {
		return w.at(trouble.Folders, "create folder "+path, w.makeFolder(c, path, ""))
	})
}

// RenameFolder gives a folder another path on the server now. Its messages stay
// as they are here.
func (w *Worker) RenameFolder(ctx context.Context, id mailcore.FolderID, path string) error {
	f, err := w.c.Store.Folder(ctx, id)
	if err != nil {
		return w.at(trouble.Storage, "read folder", err)
	}
	return w.manage(ctx, func(c *conn) error {
		if err := c.Rename(f.Path, path, nil).Wait(); err != nil {
			return w.at(trouble.Folders, "rename folder "+f.Path, err)
		}
		_ = c.Unsubscribe(f.Path).Wait() // a courtesy: the name is gone
		_ = c.Subscribe(path).Wait()
		w.renameHere(ctx, f, path)
		return nil
	})
}

// renameHere keeps a renamed folder's rows. Where it cannot be done (the path is
// taken, or it is the inbox, which a server empties instead of renaming it) the
// list, which is read next, puts it right.
func (w *Worker) renameHere(ctx context.Context, f mailcore.Folder, path string) {
	if f.Role == mailcore.RoleInbox {
		return
	}
	if err := w.c.Store.RenameFolder(ctx, f.ID, path); err != nil {
		w.c.Log.Warn("imapsync: a renamed folder is fetched anew", "error", err)
	}
}

// DeleteFolder deletes a folder and its messages on the server now.
func (w *Worker) DeleteFolder(ctx context.Context, id mailcore.FolderID) error {
	f, err := w.c.Store.Folder(ctx, id)
	if err != nil {
		return w.at(trouble.Storage, "read folder", err)
	}
	return w.manage(ctx, func(c *conn) error {
		if c.selected == id { // nobody deletes the folder that is open
			c.selected = 0
			if c.caps.Has(imap.CapUnselect) {
				_ = c.Unselect().Wait()
			}
		}
		if err := c.Delete(f.Path).Wait(); err != nil {
			return w.at(trouble.Folders, "delete folder "+f.Path, err)
		}
		_ = c.Unsubscribe(f.Path).Wait()
		return nil
	})
}

// manage changes folders over the interactive connection and lists them anew.
func (w *Worker) manage(ctx context.Context, change func(*conn) error) error {
	err := w.lane.do(ctx, w, &job{run: func(ctx context.Context, c *conn) error {
		if err := change(c); err != nil {
			return err
		}
		_, err := w.listFolders(ctx, c)
		return err
	}})
	w.Refresh()
	return err
}

// makeFolder creates and subscribes a folder, telling its use where the server
// wants to know.
func (w *Worker) makeFolder(c *conn, path string, use imap.MailboxAttr) error {
	var o *imap.CreateOptions
	if use != "" && c.caps.Has(imap.CapCreateSpecialUse) {
		o = &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{use}}
	}
	err := c.Create(path, o).Wait()
	if err != nil && o != nil && refusal(err) != nil {
		err = c.Create(path, nil).Wait() // some refuse the use, not the folder
	}
	if err != nil {
		return err
	}
	if err := c.Subscribe(path).Wait(); err != nil && refusal(err) == nil {
		return err
	}
	return nil
}
