package engine

import (
	"context"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/imapsync"
)

// Entry is what is known of one folder: what the server says, what is here, and
// when the two were last compared.
type Entry struct {
	Folder  mailcore.Folder // with Checked, the time of the last comparison
	Server  int             // messages there when last compared
	Here    int             // of those
	LeftOut int             // messages that the server has and could not give
	Err     error           // why the folder could not be opened when last tried, nil if it could
}

// UpToDate reports whether everything is here that the server had when the folder
// was last compared, and that it could be compared when last tried.
func (e Entry) UpToDate() bool {
	return e.Folder.Complete && !e.Folder.Checked.IsZero() && e.LeftOut == 0 && e.Err == nil
}

// ledger is the entries of an account's folders that can hold messages.
type ledger []Entry

// Ledger returns what is known of each of an account's folders. The status line
// and the report of SyncOnce are made from it.
func (a *Accounts) Ledger(ctx context.Context, id mailcore.AccountID) ([]Entry, error) {
	r, err := a.e.run(id)
	if err != nil {
		return nil, err
	}
	l, err := a.e.ledger(ctx, id, r.worker.LeftOut())
	return l, a.e.problem(err)
}

// ledger reads the entries of an account; left is what its worker could not get.
func (e *Engine) ledger(ctx context.Context, id mailcore.AccountID, left []imapsync.LeftOut) (ledger, error) {
	folders, err := e.c.Store.Folders(ctx, id)
	if err != nil {
		return nil, err
	}
	var l ledger
	for _, f := range folders {
		if !f.Selectable {
			continue
		}
		entry := Entry{Folder: f, Server: f.ServerTotal, Here: f.ServerTotal}
		if i := slices.IndexFunc(left, func(x imapsync.LeftOut) bool { return x.Folder == f.ID }); i >= 0 {
			entry.LeftOut, entry.Err = left[i].Messages, left[i].Err
		}
		entry.Here -= entry.LeftOut
		if !f.Complete {
			if entry.Here, err = e.c.Store.KnownCount(ctx, f.ID); err != nil {
				return nil, err
			}
		}
		l = append(l, entry)
	}
	return l, nil
}

// sum counts what is here and what is missing, and reports whether every folder
// was compared and is complete.
func (l ledger) sum(s *mailcore.Status) bool {
	complete := len(l) > 0
	for _, e := range l {
		s.Here += e.Folder.Total
		if e.Folder.Checked.IsZero() {
			complete = false
		}
		if missing := e.Server - e.Here; missing > 0 && !e.Folder.Complete {
			s.Missing += missing
			complete = false
		}
	}
	return complete
}

// problem is the first thing that cannot be had, nil if there is none.
func (l ledger) problem() *mailcore.Problem {
	for _, e := range l {
		p := mailcore.Problem{Args: map[string]any{"Folder": e.Folder.Name(), "Number": e.LeftOut}, When: time.Now()}
		switch {
		case e.Err != nil:
			p.Key, p.Action, p.Detail = "engine.folder-left-out", "engine.folder-left-out.action", e.Err.Error()
		case e.LeftOut > 0:
			p.Key, p.Action = "engine.messages-left-out", "engine.messages-left-out.action"
		default:
			continue
		}
		return &p
	}
	return nil
}
