package store

import (
	"context"
	"errors"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// withOp runs f on a pending operation in a durable transaction. An operation
// that is gone (its message was expunged meanwhile) has no outcome to record.
func (s *Store) withOp(ctx context.Context, id OpID, f func(*tx, Op) error) error {
	return s.write(ctx, full, func(t *tx) error {
		op, err := t.op(id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return f(t, op)
	})
}

// OpDone removes a confirmed operation. For OpMove, newUID (0 if the server did
// not say) and its folder's UIDVALIDITY become the row's, and of later
// operations on the message; for OpFile and OpFind the outbox row becomes Done
// and lets go of its bytes.
//
// A newUID of another UIDVALIDITY than the cursor's is not kept: Apply attaches
// the row by its Message-ID then. An operation that is gone is no error.
func (s *Store) OpDone(ctx context.Context, op OpID, newUID mailcore.UID, uidValidity uint32) error {
	return s.OpsDone(ctx, []Outcome{{op, newUID, uidValidity}})
}

// Outcome is one confirmed operation; see OpDone for UID and UIDValidity.
type Outcome struct {
	Op          OpID
	UID         mailcore.UID
	UIDValidity uint32
}

// OpsDone is OpDone for many operations in one transaction: they were one
// command on the server, and are one wait for the disk here.
func (s *Store) OpsDone(ctx context.Context, list []Outcome) error {
	err := s.write(ctx, full, func(t *tx) error {
		for _, o := range list {
			op, err := t.op(o.Op)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err == nil {
				err = t.done(op, o)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s.fail("record a done operation", err)
}

func (t *tx) done(op Op, o Outcome) error {
	if err := t.dropOp(op.ID); err != nil {
		return err
	}
	switch op.Kind {
	case OpMove:
		return t.moved(op, o.UID, o.UIDValidity)
	case OpExpunge:
		p, err := t.place(op.Message)
		if err != nil {
			return err
		}
		return t.remove(p)
	case OpFile, OpFind:
		return t.finish(op.Outbox)
	default:
		return nil
	}
}

// moved puts a message where the server has moved it.
func (t *tx) moved(op Op, uid mailcore.UID, validity uint32) error {
	p, err := t.place(op.Message)
	if err != nil {
		return err
	}
	f, err := t.folder(op.Target)
	if err != nil {
		return err
	}
	if f.validity != validity {
		uid = 0
	}
	now := p
	now.at, now.uid = op.Target, uid
	if err := t.takeOver(p, now); err != nil {
		return err
	}
	if err := t.change(p, now); err != nil {
		return err
	}
	return t.settle(p.id)
}

// takeOver makes room where the message was moved to: when the connection was
// lost after the move, its new place may have been fetched as a message of its
// own. That one goes; operations on it go on for the message that was moved.
func (t *tx) takeOver(p, now place) error {
	if now.uid == 0 {
		return nil
	}
	twin, err := one(t, scanPlace, `SELECT `+placeColumns+` FROM message WHERE at_folder = ? AND at_uid = ? AND at_uid > 0`,
		int64(now.at), int64(now.uid))
	if errors.Is(err, ErrNotFound) || twin.id == p.id {
		return nil
	}
	if err != nil {
		return err
	}
	if twin.waiting > 0 {
		if err := t.adopt(twin.id, p.id); err != nil {
			return err
		}
		twin.waiting = 0
	}
	return t.remove(twin)
}

// adopt gives one message's operations to another.
func (t *tx) adopt(from, to messageID) error {
	r, err := t.exec(`UPDATE pending SET message = ? WHERE message = ?`, int64(to), int64(from))
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE message SET waiting = waiting + ? WHERE id = ?`, n, int64(to))
	return err
}

// OpRefused removes an operation that the server refused for good and takes its
// local effect back (a moved row returns, a hidden one is shown). The caller
// fetches the flags afresh. The outbox row of OpFile and OpFind keeps its state.
// An operation that is gone is no error.
func (s *Store) OpRefused(ctx context.Context, op OpID) error {
	err := s.withOp(ctx, op, func(t *tx, op Op) error {
		if err := t.dropOp(op.ID); err != nil || op.Message == 0 {
			return err
		}
		if op.Kind != OpFlags {
			return t.settle(op.Message)
		}
		p, err := t.place(op.Message)
		if err != nil {
			return err
		}
		// What another operation says of a flag stands.
		mask, err := t.pendingMask(p)
		if err != nil {
			return err
		}
		back := op.Flags.Inverse()
		now := p
		now.flags = mailcore.FlagDelta{Add: back.Add &^ mask, Remove: back.Remove &^ mask}.Apply(p.flags)
		return t.change(p, now)
	})
	return s.fail("take an operation back", err)
}

// OpRetry keeps an operation for a later attempt, and counts this one.
func (s *Store) OpRetry(ctx context.Context, op OpID, notBefore time.Time) error {
	err := s.withOp(ctx, op, func(t *tx, op Op) error {
		_, err := t.exec(`UPDATE pending SET attempts = attempts + 1, not_before = ? WHERE id = ?`, nanos(notBefore), int64(op.ID))
		return err
	})
	return s.fail("put an operation off", err)
}
