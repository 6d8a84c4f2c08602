package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// userAgent names the program, not the machine nor its version.
const userAgent = "Linnet"

// Outbox is the send queue.
type Outbox struct{ e *Engine }

// Send builds a draft's message once, puts it into the outbox and returns after
// commit. A draft that cannot be sent (no recipient, bad address) is a Problem.
func (o *Outbox) Send(ctx context.Context, d mailcore.Draft) (mailcore.OutboxID, error) {
	a, err := o.sendingAccount(d.Account, d.From.Addr)
	if err != nil {
		return 0, err
	}
	d.Account = mailcore.AccountID(a.ID)
	if d.From.Addr == "" {
		d.From = identity(a)
	}
	row, err := o.envelope(d)
	if err != nil {
		return 0, err
	}
	row.MessageID = rfc822.NewMessageID(d.From.Addr)
	raw, err := rfc822.Build(d, rfc822.Options{MessageID: row.MessageID, Date: row.Created, UserAgent: userAgent})
	if err != nil {
		return 0, &failure{Problem: &mailcore.Problem{Key: "engine.not-built", Detail: err.Error(), When: o.e.now()}, cause: err}
	}
	id, err := o.enqueue(ctx, row, raw, d.ID)
	if err == nil {
		o.markOriginal(ctx, d)
	}
	return id, err
}

// envelope makes the outbox row of a draft.
func (o *Outbox) envelope(d mailcore.Draft) (mailcore.Outgoing, error) {
	from, err := envelopeAddress(d.From.Addr)
	if err != nil {
		return mailcore.Outgoing{}, err
	}
	recipients, err := envelopeRecipients(d.To, d.Cc, d.Bcc)
	if err != nil {
		return mailcore.Outgoing{}, err
	}
	now := o.e.now()
	return mailcore.Outgoing{
		Account: d.Account, State: mailcore.Queued, From: from, Recipients: recipients,
		To: d.To, Subject: d.Subject, Created: now, NextTry: now, Draft: d,
	}, nil
}

func (o *Outbox) enqueue(ctx context.Context, row mailcore.Outgoing, raw []byte, draft mailcore.DraftID) (mailcore.OutboxID, error) {
	row.Size = int64(len(raw))
	id, err := o.e.c.Store.Enqueue(ctx, row, raw, draft)
	if err != nil {
		return 0, o.e.problem(fmt.Errorf("put into outbox: %w", err))
	}
	o.e.publish(mailcore.SendChanged{Outbox: id})
	if draft != 0 {
		o.e.publish(mailcore.DraftsChanged{})
	}
	o.poke(row.Account)
	return id, nil
}

// markOriginal marks what was answered or forwarded. The message is on its way
// by now, so that a failure here is only logged.
func (o *Outbox) markOriginal(ctx context.Context, d mailcore.Draft) {
	delta := mailcore.FlagDelta{Add: mailcore.Answered}
	switch d.Kind {
	case mailcore.Forward:
		delta.Add = mailcore.Forwarded
	case mailcore.Reply, mailcore.ReplyAll:
	default:
		return
	}
	if d.Original == 0 {
		return
	}
	if err := o.e.Messages().Mark(ctx, []mailcore.ID{d.Original}, delta); err != nil {
		o.e.log.Info("original not marked", "message", d.Original, "error", err)
	}
}

// List returns what waits, was refused or is unknown; with done also what was sent.
func (o *Outbox) List(ctx context.Context, done bool) ([]mailcore.Outgoing, error) {
	list, err := o.e.c.Store.Outbox(ctx, done)
	return list, o.e.problem(err)
}

// Get returns one row.
func (o *Outbox) Get(ctx context.Context, id mailcore.OutboxID) (mailcore.Outgoing, error) {
	row, err := o.e.c.Store.Outgoing(ctx, id)
	return row, o.e.problem(err)
}

// Retry sends a waiting, refused or unknown message now. For unknown the caller
// has asked the person: it may arrive twice.
func (o *Outbox) Retry(ctx context.Context, id mailcore.OutboxID) error {
	row, err := o.e.c.Store.Outgoing(ctx, id)
	if err != nil {
		return o.e.problem(err)
	}
	row.State, row.Attempts, row.NextTry, row.Problem = mailcore.Queued, 0, o.e.now(), nil
	from := []mailcore.SendState{mailcore.Queued, mailcore.Refused, mailcore.Unknown}
	if err := o.e.c.Store.Advance(ctx, row, from, nil); err != nil {
		return o.e.problem(busy(err))
	}
	o.e.publish(mailcore.SendChanged{Outbox: id})
	o.poke(row.Account)
	return nil
}

// Cancel takes a message that is not being sent out of the outbox and makes it a
// draft again.
func (o *Outbox) Cancel(ctx context.Context, id mailcore.OutboxID) (mailcore.Draft, error) {
	row, err := o.e.c.Store.Outgoing(ctx, id)
	if err != nil {
		return mailcore.Draft{}, o.e.problem(err)
	}
	draft, err := o.asDraft(ctx, row)
	if err != nil {
		return draft, err
	}
	// The draft is stored first: nothing is lost if the program ends between.
	draft.ID, err = o.e.Drafts().Save(ctx, draft)
	if err != nil {
		return draft, err
	}
	err = o.e.c.Store.DeleteOutgoing(ctx, id, mailcore.Queued, mailcore.Refused, mailcore.Unknown)
	if err != nil {
		if derr := o.e.Drafts().Discard(ctx, draft.ID); derr != nil {
			err = errors.Join(err, derr)
		}
		return mailcore.Draft{}, o.e.problem(busy(err))
	}
	o.e.publish(mailcore.SendChanged{Outbox: id})
	return draft, nil
}

// asDraft returns the draft that a row was built from; for a finished message
// it is read from its bytes.
func (o *Outbox) asDraft(ctx context.Context, row mailcore.Outgoing) (mailcore.Draft, error) {
	draft := row.Draft
	draft.ID, draft.Account = 0, row.Account
	if draft.Kind != "" {
		return draft, nil
	}
	raw, err := o.e.c.Store.OutgoingRaw(ctx, row.ID)
	if err != nil {
		return draft, o.e.problem(busy(err))
	}
	c, err := rfc822.Parse(raw)
	if err != nil {
		return draft, unreadable(err)
	}
	draft.Kind, draft.Text = mailcore.NewMessage, c.Text
	draft.InReplyTo, draft.References = c.InReplyTo, c.References
	draft.Attachments = rfc822.ForwardAttachments(raw)
	return draft, nil
}

// Flush tries to send everything that waits, due or not, and returns when each
// message was accepted, refused or put off again.
func (o *Outbox) Flush(ctx context.Context) error {
	var failed error
	for _, a := range o.e.c.Accounts.List() {
		if a.Kept {
			continue
		}
		r, err := o.e.run(mailcore.AccountID(a.ID))
		if err == nil {
			err = o.submit(ctx, r)
		}
		failed = errors.Join(failed, err)
	}
	return o.e.problem(failed)
}

// Deliver sees a message through: it returns when the message was accepted,
// refused, put off to a later try, or is unknown. An accepted message's copy is
// filed as well if that is possible now.
func (o *Outbox) Deliver(ctx context.Context, id mailcore.OutboxID) error {
	row, err := o.Get(ctx, id)
	if err != nil {
		return err
	}
	r, err := o.e.run(row.Account)
	if err != nil {
		return err
	}
	if o.e.working(r) {
		return o.wait(ctx, id)
	}
	return o.e.problem(o.submit(ctx, r))
}

// submit sends what waits in an account's queue. Where no worker does so, the
// sent copies are filed here.
func (o *Outbox) submit(ctx context.Context, r *run) error {
	ctx, done := r.during(ctx)
	defer done()
	if err := r.sender.Flush(ctx); err != nil || o.e.working(r) {
		return err
	}
	pending, err := o.e.c.Store.Pending(ctx, r.id())
	copies := slices.ContainsFunc(pending, func(op store.Op) bool { return op.Outbox != 0 })
	if err != nil || !copies {
		return err
	}
	sent, err := o.e.roleFolder(ctx, r.id(), mailcore.RoleSent)
	if err == nil {
		_, err = r.worker.SyncOnce(ctx, []string{sent.Path}, false)
	}
	if err != nil { // the messages are sent, which was the task
		r.log.Info("sent copies wait for the next sync", "error", err)
	}
	return nil
}

// wait looks again whenever the outbox changes.
func (o *Outbox) wait(ctx context.Context, id mailcore.OutboxID) error {
	sub := o.e.Subscribe()
	defer sub.Close()
	for {
		row, err := o.Get(ctx, id)
		if err != nil || settled(row) {
			return err
		}
		if _, err := sub.Next(ctx); err != nil {
			return o.e.problem(err)
		}
	}
}

// settled reports whether nothing more will happen to a message soon.
func settled(o mailcore.Outgoing) bool {
	switch o.State {
	case mailcore.ToFile, mailcore.Done, mailcore.Refused, mailcore.Unknown:
		return true
	case mailcore.Queued:
		return o.Attempts > 0
	}
	return false
}

func (o *Outbox) poke(account mailcore.AccountID) {
	if r, err := o.e.run(account); err == nil {
		r.sender.Poke()
	}
}

// busy explains the store's "not in one of those states".
func busy(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return problemf("engine.being-sent", "", nil)
	}
	return err
}
