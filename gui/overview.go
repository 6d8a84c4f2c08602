package gui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/outbox"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// overview is everything around the messages: accounts with their state,
// folders, outbox and drafts, as last read.
type overview struct {
	accounts []accounts.Account
	folders  []mailcore.Folder
	status   map[mailcore.AccountID]mailcore.Status
	outgoing []mailcore.Outgoing
	drafts   []mailcore.Draft
	offers   []engine.Offer // other ways to send
	detours  []detour       // those that were accepted
}

// reloader reads something off the UI goroutine: one reading at a time, and one
// more when something changed meanwhile.
type reloader struct {
	load        func(done func())
	busy, dirty bool
	after       []func() // run once after the next reading
}

// then runs f after the next reading, or after the one that is on its way.
func (r *reloader) then(f func()) {
	r.after = append(r.after, f)
	if !r.busy {
		r.again()
	}
}

func (r *reloader) again() {
	if r.busy {
		r.dirty = true
		return
	}
	r.busy = true
	r.load(func() {
		r.busy = false
		after := r.after
		r.after = nil
		for _, f := range after {
			f()
		}
		if r.dirty {
			r.dirty = false
			r.again()
		}
	})
}

func (w *Window) loadOverview(done func()) {
	var o overview
	w.work(func(ctx context.Context) (err error) {
		o, err = w.mail.overview(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.tellError(err)
		} else {
			w.takeOverview(o)
		}
		done()
	})
}

func (m mail) overview(ctx context.Context) (overview, error) {
	o := overview{accounts: m.accounts.List(), status: map[mailcore.AccountID]mailcore.Status{}}
	var err error
	if o.folders, err = m.folders.List(ctx, ""); err != nil {
		return o, fmt.Errorf("list folders: %w", err)
	}
	for _, a := range o.accounts {
		id := mailcore.AccountID(a.ID)
		if o.status[id], err = m.accounts.Status(ctx, id); err != nil {
			return o, fmt.Errorf("state of %s: %w", a.Email, err)
		}
	}
	if o.outgoing, err = m.outbox.List(ctx, false); err != nil {
		return o, fmt.Errorf("list the outbox: %w", err)
	}
	if o.drafts, err = m.drafts.List(ctx); err != nil {
		return o, fmt.Errorf("list drafts: %w", err)
	}
	if o.offers, err = m.outbox.Offers(ctx); err != nil {
		return o, fmt.Errorf("look for other ways to send: %w", err)
	}
	o.detours = m.detours(o.accounts)
	return o, nil
}

// takeOverview shows what was read.
func (w *Window) takeOverview(o overview) {
	o.drafts = slices.DeleteFunc(o.drafts, func(d mailcore.Draft) bool { return w.composers.has(d.ID) })
	w.overview = o
	waiting, stuck := o.waiting()
	w.sidebar.Set(folders.Content{Accounts: w.sidebarAccounts(), Waiting: waiting, Stuck: stuck, Drafts: len(o.drafts)})
	w.status.Set(w.statusText())
	w.showBox()
	w.offerWays()
	w.showEmpty()
	w.list.ShowRecipients(w.showsSent())
	w.list.ShowAccounts(w.accountColours())
	w.selectionChanged()
	w.firstStart()
	w.mindKeeping()
	w.leaveLostPlace()
	w.warnOfCertificate()
}

// leaveLostPlace goes to the inboxes when the folder on screen is gone.
func (w *Window) leaveLostPlace() {
	lost := w.place.Kind == folders.Folder && w.overview.folder(w.place.Folder).ID == 0
	if lost || w.place.Kind == folders.LocalDrafts && len(w.overview.drafts) == 0 {
		w.goTo(folders.Place{Kind: folders.AllInboxes})
	}
}

func (w *Window) sidebarAccounts() []folders.Account {
	var out []folders.Account
	for _, a := range w.overview.accounts {
		id := mailcore.AccountID(a.ID)
		one := folders.Account{ID: id, Title: a.Title(), Colour: a.Colour, Kept: a.Kept, Trouble: w.shortTrouble(w.overview.status[id])}
		for _, f := range w.overview.folders {
			if f.Account == id {
				one.Folders = append(one.Folders, f)
			}
		}
		out = append(out, one)
	}
	return out
}

// waiting returns how many messages are in the outbox, and how many of them
// need the person.
func (o *overview) waiting() (waiting, stuck int) {
	for _, m := range o.outgoing {
		switch m.State {
		case mailcore.Refused, mailcore.Unknown:
			stuck++
			waiting++
		case mailcore.Queued, mailcore.Sending, mailcore.DotPending:
			waiting++
		}
	}
	return waiting, stuck
}

func (o *overview) folder(id mailcore.FolderID) mailcore.Folder {
	for _, f := range o.folders {
		if f.ID == id {
			return f
		}
	}
	return mailcore.Folder{}
}

func (o *overview) own(address string) bool {
	for _, a := range o.accounts {
		if strings.EqualFold(a.Email, address) {
			return true
		}
		for _, i := range a.Identities {
			if strings.EqualFold(i.Email, address) {
				return true
			}
		}
	}
	return false
}

func (o *overview) account(id mailcore.AccountID) (accounts.Account, bool) {
	for _, a := range o.accounts {
		if mailcore.AccountID(a.ID) == id {
			return a, true
		}
	}
	return accounts.Account{}, false
}

// boxRows returns what the outbox view shows: what waits, or the local drafts.
func (w *Window) boxRows() ([]mailcore.Outgoing, []mailcore.Draft, outbox.Kind) {
	if w.place.Kind == folders.LocalDrafts {
		return nil, w.overview.drafts, outbox.Drafts
	}
	var rows []mailcore.Outgoing
	for _, m := range w.overview.outgoing {
		if m.State != mailcore.ToFile && m.State != mailcore.Done {
			rows = append(rows, m)
		}
	}
	return rows, nil, outbox.Waiting
}
