package gui

import (
	"context"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// feedGap is the least time between two posts to the screen: about ten a second.
const feedGap = 100 * time.Millisecond

// news is what happened since the last post, merged: what is to be reloaded.
type news struct {
	messages bool          // rows came, went or changed …
	ids      []mailcore.ID // … these, nil for any
	folders  bool          // folders, counts, or an account's state
	outbox   bool
	drafts   bool
}

func (n news) empty() bool { return !n.messages && !n.folders && !n.outbox && !n.drafts }

// add merges an event into what is to be reloaded.
func (n *news) add(e mailcore.Event) {
	switch e := e.(type) {
	case mailcore.MessagesChanged:
		n.addMessages(e.IDs)
	case mailcore.NewMail:
		n.addMessages(e.IDs)
	case mailcore.FolderChanged, mailcore.AccountState:
		n.folders = true
	case mailcore.SendChanged:
		n.outbox = true
	case mailcore.DraftsChanged:
		n.drafts = true
	default: // Resync, and what a later engine may say
		*n = news{messages: true, folders: true, outbox: true, drafts: true}
	}
}

// fewIDs bounds the ids that are kept apart; more mean "any".
const fewIDs = 500

func (n *news) addMessages(ids []mailcore.ID) {
	n.folders = true // counts
	any := n.messages && n.ids == nil || ids == nil || len(n.ids)+len(ids) > fewIDs
	n.messages = true
	if any {
		n.ids = nil
		return
	}
	n.ids = append(slices.Clip(n.ids), ids...)
}

// feed is the only subscriber to the engine's events, and the one place where
// they cross to the UI goroutine. Events are merged; the screen gets the first
// at once and then one post in feedGap, never a second before the first is done.
type feed struct {
	stream eventStream
	post   func(func())
	show   func(news) // on the UI goroutine
	gap    time.Duration

	done  chan struct{} // a post has been shown
	hurry chan struct{} // the next is the answer to a person's own action
}

func newFeed(stream eventStream, post func(func()), show func(news)) *feed {
	return &feed{
		stream: stream, post: post, show: show, gap: feedGap,
		done: make(chan struct{}, 1), hurry: make(chan struct{}, 1),
	}
}

// Hurry makes what comes next go to the screen without waiting.
func (f *feed) Hurry() {
	select {
	case f.hurry <- struct{}{}:
	default:
	}
}

// run reads events until ctx ends.
func (f *feed) run(ctx context.Context) {
	defer f.stream.Close()
	events := make(chan mailcore.Event)
	go f.read(ctx, events)
	var (
		pending news
		busy    bool             // a post is on its way
		quiet   <-chan time.Time // closed when the gap is over; nil: it is
	)
	for {
		if !busy && quiet == nil && !pending.empty() {
			f.send(pending)
			pending, busy, quiet = news{}, true, time.After(f.gap)
		}
		select {
		case e, ok := <-events:
			if !ok {
				return
			}
			pending.add(e)
		case <-f.done:
			busy = false
		case <-quiet:
			quiet = nil
		case <-f.hurry:
			quiet = nil
		case <-ctx.Done():
			return
		}
	}
}

func (f *feed) read(ctx context.Context, events chan<- mailcore.Event) {
	defer close(events)
	for {
		e, err := f.stream.Next(ctx)
		if err != nil {
			return
		}
		select {
		case events <- e:
		case <-ctx.Done():
			return
		}
	}
}

func (f *feed) send(n news) {
	f.post(func() {
		f.show(n)
		f.done <- struct{}{} // has room: there is never a second post on its way
	})
}
