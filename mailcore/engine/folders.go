package engine

import (
	"context"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// Folders reads and changes folders.
type Folders struct{ e *Engine }

// List returns an account's folders, or all with "".
func (f *Folders) List(ctx context.Context, account mailcore.AccountID) ([]mailcore.Folder, error) {
	list, err := f.e.c.Store.Folders(ctx, account)
	return list, f.e.problem(err)
}

// Create makes a folder on the server, now.
func (f *Folders) Create(ctx context.Context, account mailcore.AccountID, path string) error {
	if err := checkName(path); err != nil {
		return err
	}
	r, err := f.e.run(account)
	if err != nil {
		return err
	}
	ctx, done := r.during(ctx)
	defer done()
	return f.changed(account, r.worker.CreateFolder(ctx, path))
}

// Rename gives a folder another path on the server, now.
func (f *Folders) Rename(ctx context.Context, id mailcore.FolderID, path string) error {
	if err := checkName(path); err != nil {
		return err
	}
	folder, r, err := f.movable(ctx, id)
	if err != nil {
		return err
	}
	ctx, done := r.during(ctx)
	defer done()
	return f.changed(folder.Account, r.worker.RenameFolder(ctx, id, path))
}

// Delete removes a folder with its messages on the server, now.
func (f *Folders) Delete(ctx context.Context, id mailcore.FolderID) error {
	folder, r, err := f.movable(ctx, id)
	if err != nil {
		return err
	}
	ctx, done := r.during(ctx)
	defer done()
	return f.changed(folder.Account, r.worker.DeleteFolder(ctx, id))
}

// Visible tells the engine which folder is on screen: it is compared first and
// more often. 0 means none.
func (f *Folders) Visible(id mailcore.FolderID) {
	f.e.mu.Lock()
	f.e.visible = id
	f.e.mu.Unlock()
	for _, r := range f.e.current() {
		r.worker.Visible(id)
	}
}

// movable returns a folder that a person may rename or delete: not the inbox.
func (f *Folders) movable(ctx context.Context, id mailcore.FolderID) (mailcore.Folder, *run, error) {
	folder, err := f.e.c.Store.Folder(ctx, id)
	if err != nil {
		return folder, nil, f.e.problem(err)
	}
	if folder.Role == mailcore.RoleInbox {
		return folder, nil, problemf("engine.inbox-stays", "", nil)
	}
	r, err := f.e.run(folder.Account)
	return folder, r, err
}

func (f *Folders) changed(account mailcore.AccountID, err error) error {
	if err != nil {
		return f.e.problem(err)
	}
	f.e.publish(mailcore.FolderChanged{Account: account})
	return nil
}

// checkName refuses what no server takes; the rest is the server's to say.
func checkName(path string) error {
	if strings.TrimSpace(path) == "" || strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return problemf("engine.bad-folder-name", "", nil)
	}
	return nil
}
