package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// Found is the answer to a search that went on on the servers. What is here was
// searched in any case.
type Found struct {
	IDs      []mailcore.ID     // each once, newest first
	OnServer []mailcore.Folder // searched on the server too
	HereOnly []mailcore.Folder // could not be searched on the server
	Err      error             // why not, nil if HereOnly is empty
}

// SearchEverywhere finds messages here and has the servers look for what is not
// here: bodies that were never fetched, and messages that the first sync has not
// reached. Of each folder the server's newest 1,000 count.
func (m *Messages) SearchEverywhere(ctx context.Context, q mailcore.Query) (Found, error) {
	ids, err := m.e.c.Store.List(ctx, q)
	if err != nil {
		return Found{}, m.e.problem(err)
	}
	want, folders, err := m.e.c.Store.Wants(ctx, q)
	if err != nil {
		return Found{}, m.e.problem(err)
	}
	var found Found
	for _, f := range folders {
		if !f.Selectable {
			continue
		}
		run, err := m.e.run(f.Account)
		if err != nil {
			return Found{}, err
		}
		bounded, done := run.during(ctx)
		more, err := run.worker.Search(bounded, f, want)
		done()
		if ctx.Err() != nil {
			return Found{}, m.e.problem(ctx.Err())
		}
		if err != nil {
			found.HereOnly, found.Err = append(found.HereOnly, f), errors.Join(found.Err, err)
			continue
		}
		found.OnServer = append(found.OnServer, f)
		ids = append(ids, more...)
	}
	found.Err = m.e.problem(found.Err)
	found.IDs, err = m.inOrder(ctx, ids, want.Attachment)
	return found, m.e.problem(err)
}

// inOrder sorts messages, each once, newest first. Those that a server found may
// turn out to have no attachment.
func (m *Messages) inOrder(ctx context.Context, ids []mailcore.ID, attachment bool) ([]mailcore.ID, error) {
	slices.Sort(ids)
	rows, err := m.e.c.Store.Rows(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b mailcore.Message) int {
		return cmp.Or(b.Sorted.Compare(a.Sorted), cmp.Compare(b.ID, a.ID))
	})
	sorted := make([]mailcore.ID, 0, len(rows))
	for _, r := range rows {
		if r.Attachments || !attachment {
			sorted = append(sorted, r.ID)
		}
	}
	return sorted, nil
}
