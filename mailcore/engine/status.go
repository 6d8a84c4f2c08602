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
		ledger, err := a.e.ledger(ctx, id, nil)
		ledger.sum(&s)
		s.Missing = 0 // nobody will ever fetch it
		return s, a.e.problem(err)
	}
	r, err := a.e.run(id)
	if err != nil {
		return mailcore.Status{}, err
	}
	s := r.phase()
	ledger, err := a.e.ledger(ctx, id, r.worker.LeftOut())
	if err != nil {
		return mailcore.Status{}, a.e.problem(err)
	}
	complete := ledger.sum(&s)
	if s.Problem == nil {
		s.Problem = ledger.problem()
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
