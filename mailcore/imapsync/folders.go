package imapsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// statuses is what the server says of its folders without selecting them.
type statuses map[string]*imap.StatusData // by path

// listFolders brings the account's folder list up to date. Where the server
// offers it, the same answer holds the folders' counts.
func (w *Worker) listFolders(ctx context.Context, c *conn) (statuses, error) {
	data, err := c.List("", "*", listOptions(c.caps)).Collect()
	if err != nil {
		return nil, w.at(trouble.Folders, "list folders", err)
	}
	found := statuses{}
	infos := make([]store.FolderInfo, 0, len(data))
	seen := map[string]bool{}
	for _, l := range data {
		if l.Mailbox == "" || seen[l.Mailbox] {
			continue
		}
		seen[l.Mailbox] = true
		infos = append(infos, folderInfo(l, c.caps))
		if l.Status != nil {
			found[l.Mailbox] = l.Status
		}
	}
	if !slices.ContainsFunc(infos, func(f store.FolderInfo) bool { return f.Role == mailcore.RoleInbox }) {
		// RFC 9051 section 5.1: INBOX is always there. A list without it is not
		// complete, and folders missing from it must not be dropped.
		return nil, w.at(trouble.Folders, "list folders", fmt.Errorf("%d folders, but no INBOX", len(infos)))
	}
	assignRoles(infos)
	return found, w.setFolders(ctx, infos)
}

// setFolders stores the list. Moves into a folder that is gone are taken back
// with it, and the person is told.
func (w *Worker) setFolders(ctx context.Context, infos []store.FolderInfo) error {
	before, err := w.moves(ctx)
	if err != nil {
		return err
	}
	changed, err := w.c.Store.SetFolders(ctx, w.id(), infos)
	if err != nil {
		return w.at(trouble.Storage, "store folders", err)
	}
	if !changed {
		return nil
	}
	w.c.Publish(mailcore.FolderChanged{Account: w.id()})
	after, err := w.moves(ctx)
	if err != nil {
		return err
	}
	for id, op := range before {
		if _, still := after[id]; !still {
			w.c.Problem(ctx, w.at(trouble.Change, string(op.Kind), errTargetGone), &op)
			w.c.Publish(mailcore.MessagesChanged{Account: w.id(), Folders: []mailcore.FolderID{op.Folder, op.Target}})
		}
	}
	return nil
}

// errTargetGone is why a move is refused whose target was deleted meanwhile.
var errTargetGone = errors.New("the folder to move to is gone")

// moves lists the moves that wait.
func (w *Worker) moves(ctx context.Context) (map[store.OpID]store.Op, error) {
	n, err := w.c.Store.Waiting(ctx, w.id())
	if err != nil || n == 0 {
		return nil, w.at(trouble.Storage, "count pending operations", err)
	}
	ops, err := w.c.Store.Pending(ctx, w.id())
	if err != nil {
		return nil, w.at(trouble.Storage, "read pending operations", err)
	}
	found := map[store.OpID]store.Op{}
	for _, op := range ops {
		if op.Kind == store.OpMove {
			found[op.ID] = op
		}
	}
	return found, nil
}

func listOptions(caps imap.CapSet) *imap.ListOptions {
	o := &imap.ListOptions{}
	extended := caps.Has(imap.CapListExtended)
	o.ReturnSubscribed = extended
	o.ReturnSpecialUse = extended && caps.Has(imap.CapSpecialUse)
	if caps.Has(imap.CapListStatus) {
		o.ReturnStatus = statusOptions(caps)
	}
	if !o.ReturnSubscribed && o.ReturnStatus == nil {
		return nil
	}
	return o
}

func statusOptions(caps imap.CapSet) *imap.StatusOptions {
	return &imap.StatusOptions{
		NumMessages: true, UIDNext: true, UIDValidity: true, NumUnseen: true,
		HighestModSeq: caps.Has(imap.CapCondStore),
	}
}

func folderInfo(l *imap.ListData, caps imap.CapSet) store.FolderInfo {
	f := store.FolderInfo{
		Path:       l.Mailbox,
		Role:       roleByAttribute(l),
		Selectable: !hasAttribute(l, imap.MailboxAttrNoSelect) && !hasAttribute(l, imap.MailboxAttrNonExistent),
		Subscribed: hasAttribute(l, imap.MailboxAttrSubscribed) || !caps.Has(imap.CapListExtended),
	}
	if l.Delim != 0 {
		f.Delimiter = string(l.Delim)
	}
	return f
}

func hasAttribute(l *imap.ListData, want imap.MailboxAttr) bool {
	return slices.ContainsFunc(l.Attrs, func(a imap.MailboxAttr) bool {
		return strings.EqualFold(string(a), string(want))
	})
}

// askStatuses asks for the folders that the list told nothing about, all at
// once. A folder that refuses is left out.
func (w *Worker) askStatuses(c *conn, folders []mailcore.Folder, have statuses) error {
	type question struct {
		path string
		cmd  interface {
			Wait() (*imap.StatusData, error)
		}
	}
	var asked []question
	for _, f := range folders {
		if f.Selectable && have[f.Path] == nil {
			asked = append(asked, question{f.Path, c.Status(f.Path, statusOptions(c.caps))})
		}
	}
	for _, q := range asked {
		data, err := q.cmd.Wait()
		if err == nil {
			have[q.path] = data
		} else if refusal(err) == nil {
			return w.at(trouble.Folders, "ask for the state of "+q.path, err)
		}
	}
	return nil
}

// differs reports whether a folder's state on the server is not the one that
// was stored last.
func (w *Worker) differs(ctx context.Context, f mailcore.Folder, st *imap.StatusData) (bool, error) {
	cur, err := w.c.Store.Cursor(ctx, f.ID)
	if err != nil {
		return false, w.at(trouble.Storage, "read cursor", err)
	}
	known, err := w.c.Store.KnownCount(ctx, f.ID)
	if err != nil {
		return false, w.at(trouble.Storage, "count messages", err)
	}
	known += w.memory.skippedCount(f.ID)
	switch {
	case st == nil, cur.Backfilled != 1, cur.UIDValidity != st.UIDValidity:
		return true, nil
	case st.UIDNext != 0 && mailcore.UID(st.UIDNext) != cur.UIDNext:
		return true, nil
	case st.NumMessages != nil && int(*st.NumMessages) != known:
		return true, nil
	case st.HighestModSeq != 0 || cur.HighestModSeq != 0:
		return st.HighestModSeq != cur.HighestModSeq, nil
	}
	return st.NumUnseen != nil && int(*st.NumUnseen) != f.Unread, nil
}
