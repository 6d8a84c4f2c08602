package outbox

import (
	"context"
	"errors"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// send takes one queued message through the state table. lost is not nil when
// the connection cannot be used for another message; err is the store's.
func (s *Sender) send(ctx context.Context, sub *submission, o mailcore.Outgoing) (lost, err error) {
	raw, err := s.Store.OutgoingRaw(ctx, o.ID)
	if err == nil {
		o.State = mailcore.Sending
		err = s.advance(ctx, o, nil, mailcore.Queued)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // cancelled by the person, or found in Sent, a moment ago
	}
	if err != nil {
		return nil, err
	}
	result := sub.submit(ctx, o, raw, func() error {
		pending := o
		pending.State = mailcore.DotPending
		return s.advance(ctx, pending, nil, mailcore.Sending)
	})
	return result.lost, s.settle(ctx, o, result)
}

// settle records what a submission came to.
func (s *Sender) settle(ctx context.Context, o mailcore.Outgoing, r result) error {
	during := []mailcore.SendState{mailcore.Sending, mailcore.DotPending}
	switch r.outcome {
	case accepted:
		return s.accepted(ctx, o)
	case unanswered:
		return s.unanswered(ctx, o, r.err)
	case refused:
		o.State, o.Problem = mailcore.Refused, s.problem(r.err)
		return s.advance(ctx, o, nil, during...)
	case interrupted:
		o.State = mailcore.Queued
		return s.advance(ctx, o, nil, during...)
	default:
		return s.putOff(ctx, o, during, r.err)
	}
}

// accepted hands the message over for filing. The server has it, so this
// commit is tried until it holds or the program ends: a full disk must not turn
// "accepted" into "unknown".
func (s *Sender) accepted(ctx context.Context, o mailcore.Outgoing) error {
	o.State, o.Problem, o.NextTry = mailcore.ToFile, nil, time.Time{}
	op := s.sentOp(ctx, o)
	for {
		err := s.advance(ctx, o, op, mailcore.DotPending)
		if err == nil || errors.Is(err, store.ErrNotFound) {
			s.Filed()
			return nil
		}
		s.Log.Error("record an accepted message", "outbox", o.ID, "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(acceptRetry):
		}
	}
}

const acceptRetry = 5 * time.Second

// unanswered keeps a message whose fate nobody knows. Where the server files
// sent mail itself, a look into Sent can still tell.
func (s *Sender) unanswered(ctx context.Context, o mailcore.Outgoing, why error) error {
	o.State, o.Problem = mailcore.Unknown, s.maybeSent(why)
	op := s.searchOp(ctx, o)
	err := s.advance(ctx, o, op, mailcore.DotPending)
	if err == nil && op != nil {
		s.Filed()
	}
	return err
}

// putOff queues a message for its next try, or gives up after giveUp. What keeps
// us from the server (no network, no password) is no reason to give up, and what
// a person sends once more after that time is tried more than once.
func (s *Sender) putOff(ctx context.Context, o mailcore.Outgoing, from []mailcore.SendState, why error) error {
	now := s.Now()
	o.Attempts++
	o.State, o.Problem = mailcore.Queued, s.problem(why)
	o.NextTry = now.Add(delay(o.Attempts))
	if now.Sub(o.Created) >= giveUp && o.Attempts > 1 && reached(why) {
		o.State = mailcore.Refused
	}
	return s.advance(ctx, o, nil, from...)
}

// reached reports whether a failure came after the server was reached and had
// taken the sign-in.
func reached(err error) bool {
	var staged *trouble.Error
	if !errors.As(err, &staged) {
		return true
	}
	switch staged.Stage {
	case trouble.Resolve, trouble.Dial, trouble.Keyring, trouble.Auth:
		return false
	}
	return true
}

// advance commits a step and announces it. A step is never abandoned because
// the program is being closed: ctx's values count, its end does not.
func (s *Sender) advance(ctx context.Context, o mailcore.Outgoing, op *store.Op, from ...mailcore.SendState) error {
	if err := s.Store.Advance(context.WithoutCancel(ctx), o, from, op); err != nil {
		return err
	}
	s.Publish(mailcore.SendChanged{Outbox: o.ID})
	return nil
}

// sentOp is the operation that brings an accepted message into Sent: our own
// copy, or a look whether the server's is there.
func (s *Sender) sentOp(ctx context.Context, o mailcore.Outgoing) *store.Op {
	kind := store.OpFile
	if s.Account.Sent == accounts.SentByServer {
		kind = store.OpFind
	}
	return s.op(ctx, o, kind)
}

// searchOp is the look into Sent for a message of unknown fate, nil where the
// server does not file sent mail and the look could tell nothing.
func (s *Sender) searchOp(ctx context.Context, o mailcore.Outgoing) *store.Op {
	if s.Account.Sent != accounts.SentByServer {
		return nil
	}
	return s.op(ctx, o, store.OpFind)
}

func (s *Sender) op(ctx context.Context, o mailcore.Outgoing, kind store.OpKind) *store.Op {
	op := &store.Op{Account: s.account, Kind: kind, Outbox: o.ID, Created: s.Now()}
	folders, err := s.Store.Folders(context.WithoutCancel(ctx), s.account)
	if err != nil {
		return op // imapsync finds the Sent folder itself when Folder is 0
	}
	for _, f := range folders {
		if f.Role == mailcore.RoleSent {
			op.Folder = f.ID
			break
		}
	}
	return op
}

// reclaim puts right what a step that could not be committed, or an earlier
// process, left behind: no submission is under way when it runs. A message found
// sending was not handed over; of one found dot-pending nobody knows.
func (s *Sender) reclaim(ctx context.Context) error {
	all, err := s.Store.Outbox(ctx, false)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Account != s.account {
			continue
		}
		if err := s.reclaimOne(ctx, o); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (s *Sender) reclaimOne(ctx context.Context, o mailcore.Outgoing) error {
	from := o.State
	switch {
	case from == mailcore.Sending:
		o.State = mailcore.Queued
		return s.advance(ctx, o, nil, from)
	case from == mailcore.DotPending, from == mailcore.Unknown && o.Problem == nil:
		o.State, o.Problem = mailcore.Unknown, s.maybeSent(errInterrupted)
		op := s.searchOp(ctx, o)
		if err := s.advance(ctx, o, op, from); err != nil {
			return err
		}
		if op != nil {
			s.Filed()
		}
	}
	return nil
}
