package gui

import (
	"context"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/outbox"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// detour is the way that an account's mail takes instead of the usual one.
type detour struct {
	account mailcore.AccountID
	key     string // translation key
	args    map[string]any
}

func (m mail) detours(all []accounts.Account) []detour {
	var out []detour
	for _, a := range all {
		if key, args := m.outbox.Detour(a); key != "" {
			out = append(out, detour{mailcore.AccountID(a.ID), key, args})
		}
	}
	return out
}

// showBox shows the outbox or the local drafts, with the bars that belong there.
func (w *Window) showBox() {
	w.outbox.Set(w.boxRows())
	if w.place.Kind == folders.LocalDrafts {
		w.outbox.Notes(nil)
		return
	}
	w.outbox.Notes(w.sendNotes())
	if w.showsBox() { // the same stands there
		w.hushOffer()
	}
}

// sendNotes are the other ways to send: those that are offered, and those that
// were accepted and can be taken back.
func (w *Window) sendNotes() []outbox.Note {
	var notes []outbox.Note
	for _, o := range w.overview.offers {
		notes = append(notes, outbox.Note{Text: w.words.Say(o.Key, o.Args), Action: w.words.Say("instead.use"), Run: func() { w.sendThrough(o) }})
	}
	for _, d := range w.overview.detours {
		notes = append(notes, outbox.Note{Text: w.words.Say(d.key, d.args), Action: w.words.Say("instead.back"), Run: func() { w.sendAsBefore(d.account) }})
	}
	return notes
}

// offerWays tells of a new way to send once, above the messages. In the outbox,
// and when nothing is offered any more, that bar goes.
func (w *Window) offerWays() {
	var ways []string
	for _, o := range w.overview.offers {
		ways = append(ways, string(o.Account)+o.Way)
	}
	now := strings.Join(ways, "\n")
	if now == "" || w.showsBox() {
		w.hushOffer()
	}
	if now == w.offered {
		return
	}
	w.offered = now
	if now == "" || w.showsBox() {
		return
	}
	o := w.overview.offers[0]
	w.offerText = w.words.Say(o.Key, o.Args)
	w.tell(w.offerText, w.words.Say("instead.use"), func() { w.hush(); w.sendThrough(o) })
}

// hushOffer takes the bar away if it still tells of an offer.
func (w *Window) hushOffer() {
	if w.offerText != "" && w.notice.Text() == w.offerText {
		w.hush()
	}
}

func (w *Window) sendThrough(o engine.Offer) {
	w.act(func(ctx context.Context) error { return w.mail.outbox.Accept(ctx, o) }, w.loading.again)
}

func (w *Window) sendAsBefore(id mailcore.AccountID) {
	w.act(func(context.Context) error { return w.mail.outbox.AsBefore(id) }, w.loading.again)
}
