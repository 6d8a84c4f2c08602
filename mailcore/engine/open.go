package engine

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// Open returns a message's content, fetching its body if need be (cancellable).
func (m *Messages) Open(ctx context.Context, id mailcore.ID) (mailcore.Content, error) {
	raw, err := m.Raw(ctx, id)
	if err != nil {
		return mailcore.Content{}, err
	}
	c, err := rfc822.Parse(raw)
	if err != nil {
		return mailcore.Content{}, unreadable(err)
	}
	return c, nil
}

// Raw returns a message's bytes, fetching them if need be.
func (m *Messages) Raw(ctx context.Context, id mailcore.ID) ([]byte, error) {
	raw, err := m.e.c.Store.Raw(ctx, id)
	if !errors.Is(err, store.ErrNotFound) {
		return raw, m.e.problem(err)
	}
	row, err := m.e.c.Store.Message(ctx, id)
	if err != nil {
		return nil, m.e.problem(fmt.Errorf("open message %d: %w", id, err))
	}
	if err := m.fetch(ctx, row); err != nil {
		return nil, err
	}
	raw, err = m.e.c.Store.Raw(ctx, id)
	return raw, m.e.problem(err)
}

// fetch brings a body here. Without a connection the answer is not the
// network's trouble, which the status line tells, but that the text comes later.
func (m *Messages) fetch(ctx context.Context, row mailcore.Message) error {
	r, err := m.e.run(row.Account)
	if err != nil {
		return err
	}
	ctx, done := r.during(ctx)
	defer done()
	err = r.worker.FetchBody(ctx, row.ID)
	if err == nil || ctx.Err() != nil || !trouble.Explain(err).Temporary || local(err) != nil {
		return m.e.problem(err)
	}
	r.log.Info("body not fetched", "message", row.ID, "error", err)
	p := asProblem(err)
	return &failure{Problem: &mailcore.Problem{
		Key: "engine.not-here", Action: "engine.not-here.action", Detail: p.Detail, When: p.When,
	}, cause: err}
}

// SaveAttachment writes attachment index of a message to w, byte-exact.
func (m *Messages) SaveAttachment(ctx context.Context, id mailcore.ID, index int, w io.Writer) error {
	raw, err := m.Raw(ctx, id)
	if err != nil {
		return err
	}
	data, err := rfc822.AttachmentData(raw, index)
	if err != nil {
		return unreadable(err)
	}
	if _, err := w.Write(data); err != nil {
		return &failure{Problem: &mailcore.Problem{
			Key: "engine.not-saved", Action: "engine.not-saved.action", Detail: err.Error(), When: m.e.now(),
		}, cause: err}
	}
	return nil
}

func unreadable(err error) error {
	return &failure{Problem: &mailcore.Problem{
		Key: "engine.unreadable", Action: "engine.unreadable.action", Detail: err.Error(),
	}, cause: err}
}
