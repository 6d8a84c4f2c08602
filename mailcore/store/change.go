package store

import (
	"context"
	"errors"

	"github.com/linnet-mail/linnet/mailcore"
)

// changeAll runs f for every message of ids that is here and shown, in one
// transaction.
func (s *Store) changeAll(ctx context.Context, ids []messageID, f func(*tx, place) error) error {
	return s.write(ctx, full, func(t *tx) error {
		for i, id := range ids {
			if i%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			p, err := t.place(id)
			if errors.Is(err, ErrNotFound) || err == nil && p.folder == 0 {
				continue // gone meanwhile: nothing to change
			}
			if err != nil {
				return err
			}
			if err := f(t, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// newOp begins an operation on a message. Its place is right once settle ran.
func (t *tx) newOp(p place, kind OpKind) (Op, error) {
	f, err := t.folder(p.at)
	if err != nil {
		return Op{}, err
	}
	op := Op{Account: f.account, Kind: kind, Message: p.id, Folder: p.at, UID: p.uid}
	if p.uid != 0 {
		op.UIDValidity = f.validity
	}
	return op, nil
}

// record adds an operation to a message and brings the message in line.
func (t *tx) record(op Op) error {
	if err := t.addOp(op); err != nil {
		return err
	}
	return t.settle(op.Message)
}

// Mark changes flags here at once and records pending operations in the same
// transaction (synchronous FULL). Inverse pairs that were not sent yet cancel.
// Messages that have the flags already are left alone.
func (s *Store) Mark(ctx context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error {
	err := s.changeAll(ctx, ids, func(t *tx, p place) error { return t.mark(p, d) })
	return s.fail("mark messages", err)
}

func (t *tx) mark(p place, d mailcore.FlagDelta) error {
	d.Add &^= p.flags
	d.Remove &= p.flags &^ d.Add
	now := p
	now.flags = d.Apply(p.flags)
	if now == p {
		return nil
	}
	if err := t.change(p, now); err != nil {
		return err
	}
	if p.waiting > 0 {
		var err error
		if d, err = t.cancelFlags(p.id, d); err != nil || d == (mailcore.FlagDelta{}) {
			return err
		}
	}
	op, err := t.newOp(p, OpFlags)
	if err != nil {
		return err
	}
	op.Flags = d
	if p.waiting == 0 { // it acts where the message is: nothing to settle
		return t.addOp(op)
	}
	return t.record(op)
}

// cancelFlags takes what d undoes out of operations that nobody has read yet,
// and returns what is left of d.
func (t *tx) cancelFlags(id messageID, d mailcore.FlagDelta) (mailcore.FlagDelta, error) {
	ops, err := t.opsOf(id)
	if err != nil {
		return d, err
	}
	for _, op := range ops {
		if op.Kind != OpFlags || t.taken.has(op) {
			continue
		}
		undone := mailcore.FlagDelta{Add: op.Flags.Add & d.Remove, Remove: op.Flags.Remove & d.Add}
		if undone == (mailcore.FlagDelta{}) {
			continue
		}
		d.Add &^= undone.Remove
		d.Remove &^= undone.Add
		op.Flags.Add &^= undone.Add
		op.Flags.Remove &^= undone.Remove
		if err := t.setDelta(op); err != nil {
			return d, err
		}
	}
	return d, nil
}

// setDelta stores an operation's flags, or drops it if none are left.
func (t *tx) setDelta(op Op) error {
	if op.Flags == (mailcore.FlagDelta{}) {
		return t.dropOp(op.ID)
	}
	_, err := t.exec(`UPDATE pending SET add_flags = ?, remove_flags = ? WHERE id = ?`,
		int64(op.Flags.Add), int64(op.Flags.Remove), int64(op.ID))
	return err
}

// Move moves messages here at once and records pending operations. Messages
// already in target, or of another account than target's, are left alone. A
// move that nobody has read through Pending yet is changed instead of followed
// by a second one: A to B to C becomes A to C, A to B to A nothing.
func (s *Store) Move(ctx context.Context, ids []mailcore.ID, target mailcore.FolderID) error {
	err := s.changeAll(ctx, ids, func(t *tx, p place) error {
		to, err := t.folder(target)
		if err != nil {
			return err
		}
		from, err := t.folder(p.at)
		if err != nil || p.folder == target || from.account != to.account || to.gone {
			return err
		}
		return t.move(p, target)
	})
	return s.fail("move messages", err)
}

func (t *tx) move(p place, target folderID) error {
	last, from, err := t.lastMove(p)
	if err != nil {
		return err
	}
	if last.ID == 0 || t.taken.has(last) {
		op, err := t.newOp(p, OpMove)
		if err != nil {
			return err
		}
		op.Target = target
		return t.record(op)
	}
	if from == target {
		err = t.dropOp(last.ID)
	} else {
		_, err = t.exec(`UPDATE pending SET target = ?, target_path = (SELECT path FROM folder WHERE id = ?1) WHERE id = ?`,
			int64(target), int64(last.ID))
	}
	if err != nil {
		return err
	}
	return t.settle(p.id)
}

// lastMove returns the last move that waits for a message (zero if none), and
// where it takes the message from.
func (t *tx) lastMove(p place) (last Op, from folderID, err error) {
	if p.waiting == 0 {
		return Op{}, p.at, nil
	}
	ops, err := t.opsOf(p.id)
	at := p.at
	for _, op := range ops {
		if op.Kind == OpMove {
			last, from, at = op, at, op.Target
		}
	}
	return last, from, err
}

// Expunge hides messages at once and records pending operations; the rows are
// deleted when the server confirms.
func (s *Store) Expunge(ctx context.Context, ids []mailcore.ID) error {
	err := s.changeAll(ctx, ids, func(t *tx, p place) error {
		op, err := t.newOp(p, OpExpunge)
		if err != nil {
			return err
		}
		return t.record(op)
	})
	return s.fail("expunge messages", err)
}
