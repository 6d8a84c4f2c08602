package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// outgoing is the part of an outbox row that never changes.
type outgoing struct {
	From       string
	Recipients []string
	To         []mailcore.Address
	Subject    string
	MessageID  string
	Size       int64
	Draft      mailcore.Draft
}

// Enqueue puts a built message into the outbox in state Queued and removes the
// draft it was written in (0 if none), in one transaction (synchronous FULL).
// A zero Created means now; Size is that of raw.
func (s *Store) Enqueue(ctx context.Context, o mailcore.Outgoing, raw []byte, draft mailcore.DraftID) (mailcore.OutboxID, error) {
	if o.Created.IsZero() {
		o.Created = time.Now()
	}
	o.Size = int64(len(raw))
	content, err := packOutgoing(o)
	if err != nil {
		return 0, classify("queue a message", err)
	}
	problem, err := packProblem(o.Problem)
	if err != nil {
		return 0, classify("queue a message", err)
	}
	hashes := hashAll(o.Draft.Attachments)
	err = s.write(ctx, full, func(t *tx) error {
		r, err := t.exec(`INSERT INTO outbox (account, state, attempts, next_try, created, problem, content, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			o.Account, mailcore.Queued, o.Attempts, nanos(o.NextTry), nanos(o.Created), problem, content, notNil(raw))
		if err != nil {
			return err
		}
		id, err := r.LastInsertId()
		if err != nil {
			return err
		}
		o.ID = mailcore.OutboxID(id)
		if _, err := t.exec(`DELETE FROM draft WHERE id = ?`, int64(draft)); err != nil {
			return err
		}
		return t.putAttachments("outbox", id, o.Draft.Attachments, hashes)
	})
	if err != nil {
		return 0, s.fail("queue a message", err)
	}
	return o.ID, nil
}

func packOutgoing(o mailcore.Outgoing) (string, error) {
	b, err := json.Marshal(outgoing{o.From, o.Recipients, o.To, o.Subject, o.MessageID, o.Size, withoutData(o.Draft)})
	return string(b), err
}

func packProblem(p *mailcore.Problem) (string, error) {
	if p == nil {
		return "", nil
	}
	b, err := json.Marshal(p)
	return string(b), err
}

const outgoingColumns = `id, account, state, attempts, next_try, created, problem, content`

func scanOutgoing(rows *sql.Rows) (mailcore.Outgoing, error) {
	var o mailcore.Outgoing
	var next, created int64
	var problem, content string
	err := rows.Scan(&o.ID, &o.Account, &o.State, &o.Attempts, &next, &created, &problem, &content)
	if err != nil {
		return o, err
	}
	o.NextTry, o.Created = fromNanos(next), fromNanos(created)
	var c outgoing
	if err := json.Unmarshal([]byte(content), &c); err != nil {
		return o, err
	}
	o.From, o.Recipients, o.To, o.Subject, o.MessageID, o.Size, o.Draft = c.From, c.Recipients, c.To, c.Subject, c.MessageID, c.Size, c.Draft
	if problem != "" {
		o.Problem = &mailcore.Problem{}
		err = json.Unmarshal([]byte(problem), o.Problem)
	}
	return o, err
}

// Outbox lists the outbox in order of creation, without attachment data; Done
// rows only with done.
func (s *Store) Outbox(ctx context.Context, done bool) ([]mailcore.Outgoing, error) {
	list, err := all(s.reader(ctx), scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE ? OR state <> 'done' ORDER BY id`, done)
	return list, s.fail("list the outbox", err)
}

// Outgoing returns one outbox row, its draft with attachment data (unless it is
// Done), or ErrNotFound.
func (s *Store) Outgoing(ctx context.Context, id mailcore.OutboxID) (mailcore.Outgoing, error) {
	r := s.reader(ctx)
	o, err := one(r, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE id = ?`, int64(id))
	if err == nil {
		err = fillAttachments(r, "outbox", int64(id), &o.Draft)
	}
	return o, s.fail("read an outgoing message", err)
}

// OutgoingRaw returns the bytes to submit, or ErrNotFound; a Done row has none.
func (s *Store) OutgoingRaw(ctx context.Context, id mailcore.OutboxID) ([]byte, error) {
	raw, err := one(s.reader(ctx), value[[]byte], `SELECT raw FROM outbox WHERE id = ? AND state <> 'done'`, int64(id))
	return raw, s.fail("read an outgoing message", err)
}

// states writes a list of states as JSON, the form in which SQL takes sets.
func states(list []mailcore.SendState) string {
	b, err := json.Marshal(list)
	if err != nil || list == nil {
		return "[]" // strings always marshal
	}
	return string(b)
}

// Advance moves an outbox row from one of the states from to the row's new
// state, attempts, next try and problem in one transaction (synchronous FULL),
// adding op to the pending operations if it is not nil. It fails with
// ErrNotFound when the row is not in one of those states: nobody else's step is
// ever undone.
func (s *Store) Advance(ctx context.Context, o mailcore.Outgoing, from []mailcore.SendState, op *Op) error {
	problem, err := packProblem(o.Problem)
	if err != nil {
		return classify("advance an outgoing message", err)
	}
	err = s.write(ctx, full, func(t *tx) error {
		account, err := one(t, value[string], `SELECT account FROM outbox WHERE id = ? AND state IN (SELECT value FROM json_each(?))`,
			int64(o.ID), states(from))
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE outbox SET state = ?, attempts = ?, next_try = ?, problem = ? WHERE id = ?`,
			o.State, o.Attempts, nanos(o.NextTry), problem, int64(o.ID))
		if err == nil && o.State == mailcore.Done {
			err = t.finish(o.ID)
		}
		if err != nil || op == nil {
			return err
		}
		add := *op
		add.Account, add.Outbox = accountID(account), o.ID
		return t.addOp(add)
	})
	return s.fail("advance an outgoing message", err)
}

// finish makes an outbox row Done. The message is in the Sent folder: its bytes
// and its attachments need not be kept a second time.
func (t *tx) finish(id mailcore.OutboxID) error {
	_, err := t.exec(`UPDATE outbox SET state = ?, next_try = 0, problem = '', raw = x'' WHERE id = ?`, mailcore.Done, int64(id))
	if err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM attachment WHERE outbox = ?`, int64(id))
	return err
}

// DeleteOutgoing removes a row that is in one of the states from, with the
// operations that wait for it. It fails with ErrNotFound when the row is not in
// one of those states.
func (s *Store) DeleteOutgoing(ctx context.Context, id mailcore.OutboxID, from ...mailcore.SendState) error {
	err := s.write(ctx, full, func(t *tx) error {
		r, err := t.exec(`DELETE FROM outbox WHERE id = ? AND state IN (SELECT value FROM json_each(?))`, int64(id), states(from))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return orNotFound(err)
		}
		_, err = t.exec(`DELETE FROM pending WHERE outbox = ? AND message IS NULL`, int64(id))
		return err
	})
	return s.fail("delete an outgoing message", err)
}

func orNotFound(err error) error {
	if err == nil {
		return ErrNotFound
	}
	return err
}

// RecoverOutbox puts right what a crash left of an earlier process, once at
// start: Sending becomes Queued, DotPending becomes Unknown. It returns the rows
// that are now Unknown because of that.
func (s *Store) RecoverOutbox(ctx context.Context) ([]mailcore.Outgoing, error) {
	var list []mailcore.Outgoing
	err := s.write(ctx, full, func(t *tx) (err error) {
		list, err = all(t, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox WHERE state = 'dot-pending' ORDER BY id`)
		if err != nil {
			return err
		}
		for i := range list {
			list[i].State = mailcore.Unknown
		}
		_, err = t.exec(`UPDATE outbox SET state = CASE state WHEN 'sending' THEN 'queued' ELSE 'unknown' END
			WHERE state IN ('sending', 'dot-pending')`)
		return err
	})
	if err != nil {
		return nil, s.fail("recover the outbox", err)
	}
	return list, nil
}
