package engine

import (
	"context"

	"github.com/linnet-mail/linnet/mailcore"
)

// Status returns an account's state: what its worker does, what the store holds
// and lacks, and what waits.
func (a *Accounts) Status(ctx context.Context, id mailcore.AccountID) (mailcore.Status, error) {
	if _, kept := a.e.kept(id); kept {
		s := mailcore.Status{Account: id, Phase: mailcore.Kept}
		_, err := a.e.ledger(ctx, &s)
		s.Missing = 0 // nobody will ever fetch it
		return s, a.e.problem(err)
	}
	r, err := a.e.run(id)
	if err != nil {
		return mailcore.Status{}, err
	}
	s := r.phase()
	complete, err := a.e.ledger(ctx, &s)
	if err != nil {
		return mailcore.Status{}, a.e.problem(err)
	}
	if s.Waiting, err = a.e.c.Store.Waiting(ctx, id); err != nil {
		return mailcore.Status{}, a.e.problem(err)
	}
	if s.Phase == mailcore.Watching && !complete {
		s.Phase = mailcore.Syncing // whatever the worker believes, it is not all here
	}
	return s, nil
}

// phase is what the run itself knows.
func (r *run) phase() mailcore.Status {
	p := r.worker.Progress()
	s := mailcore.Status{
		Account: r.id(), Phase: p.Phase, Folder: p.Folder, Done: p.Done, Total: p.Total, Checked: p.Checked,
	}
	if s.Phase == "" {
		s.Phase = mailcore.Offline
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.signIn:
		s.Phase, s.Problem = mailcore.SignIn, r.down
	case r.down != nil:
		if s.Phase != mailcore.Connecting {
			s.Phase = mailcore.Offline
		}
		s.Problem = r.down
	case r.notice != nil:
		s.Problem = r.notice
	default:
		s.Problem = r.e.keyringProblem()
	}
	return s
}

// ledger counts what is here and what is missing, and reports whether every
// folder was compared and is complete.
func (e *Engine) ledger(ctx context.Context, s *mailcore.Status) (bool, error) {
	folders, err := e.c.Store.Folders(ctx, s.Account)
	if err != nil {
		return false, err
	}
	complete := len(folders) > 0
	for _, f := range folders {
		s.Here += f.Total
		if !f.Selectable {
			continue
		}
		if f.Checked.IsZero() {
			complete = false
		}
		if f.Complete {
			continue
		}
		known, err := e.c.Store.KnownCount(ctx, f.ID)
		if err != nil {
			return false, err
		}
		if missing := f.ServerTotal - known; missing > 0 {
			s.Missing += missing
			complete = false
		}
	}
	return complete, nil
}
