// Package messages is in charge of the message list: which messages it shows
// (the sorted ids of a query, with a cache of rows that is filled off the UI
// goroutine), which of them are selected, and the widget that draws them.
//
// Selection and place are kept by message id, so that arriving mail moves
// neither. The list reports what a person wants and decides nothing.
package messages

import (
	"context"

	"github.com/linnet-mail/linnet/mailcore"
)

// Source is what the list reads; both calls may take time and are made off the
// UI goroutine.
type Source interface {
	// List returns the ids of a query, newest first.
	List(ctx context.Context, q mailcore.Query) ([]mailcore.ID, error)
	// Rows returns messages for ids in that order; what is gone is left out.
	Rows(ctx context.Context, ids []mailcore.ID) ([]mailcore.Message, error)
}

// Post runs a function on the UI goroutine, soon.
type Post func(func())
