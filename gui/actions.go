package gui

import (
	"context"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// targets returns the messages that a command is about: the selected ones, else
// the one in the reader.
func (w *Window) targets() []mailcore.ID {
	if w.showsBox() {
		return nil
	}
	if w.model.SelectedCount() > 0 {
		return w.model.Selected()
	}
	if id := w.reader.Shown(); id != 0 {
		return []mailcore.ID{id}
	}
	return nil
}

// chosen returns the one message that a command is about, 0 if none or several.
func (w *Window) chosen() mailcore.ID {
	if w.showsBox() || w.model.SelectedCount() > 1 {
		return 0
	}
	if ids := w.targets(); len(ids) == 1 {
		return ids[0]
	}
	return 0
}

func (w *Window) someChosen() bool {
	return !w.showsBox() && (w.model.SelectedCount() > 0 || w.reader.Shown() != 0)
}
func (w *Window) oneChosen() bool   { return w.chosen() != 0 }
func (w *Window) hasAccount() bool  { return len(w.overview.accounts) > 0 }
func (w *Window) canWrite() bool    { return len(w.overview.working()) > 0 }
func (w *Window) canAnswer() bool   { return w.oneChosen() && w.canWrite() }
func (w *Window) hasMessages() bool { return !w.showsBox() && w.model.Len() > 0 }

func (w *Window) canArchive() bool { return w.someChosen() && w.roleShown() != mailcore.RoleArchive }
func (w *Window) canJunk() bool    { return w.someChosen() && w.roleShown() != mailcore.RoleJunk }
func (w *Window) canUnjunk() bool  { return w.someChosen() && w.roleShown() == mailcore.RoleJunk }

// anyOf reports whether one of the chosen messages is so, as far as is known
// without reading; where many are chosen, it says yes.
func (w *Window) anyOf(is func(mailcore.Flags) bool) bool {
	if !w.someChosen() {
		return false
	}
	if w.model.SelectedCount() > 50 {
		return true
	}
	for _, id := range w.targets() {
		if m, ok := w.model.Cached(id); !ok || is(m.Flags) {
			return true
		}
	}
	return false
}

func (w *Window) anyUnread() bool {
	return w.anyOf(func(f mailcore.Flags) bool { return !f.Has(mailcore.Seen) })
}

func (w *Window) anyRead() bool {
	return w.anyOf(func(f mailcore.Flags) bool { return f.Has(mailcore.Seen) })
}

func (w *Window) anyStarred() bool {
	return w.anyOf(func(f mailcore.Flags) bool { return f.Has(mailcore.Flagged) })
}

func (w *Window) anyPlain() bool {
	return w.anyOf(func(f mailcore.Flags) bool { return !f.Has(mailcore.Flagged) })
}

func (w *Window) markRead() { w.mark(w.targets(), mailcore.FlagDelta{Add: mailcore.Seen}) }

// markUnread also ends the counting that would make it read again.
func (w *Window) markUnread() {
	w.stopCounting()
	w.mark(w.targets(), mailcore.FlagDelta{Remove: mailcore.Seen})
}

func (w *Window) star()   { w.mark(w.targets(), mailcore.FlagDelta{Add: mailcore.Flagged}) }
func (w *Window) unstar() { w.mark(w.targets(), mailcore.FlagDelta{Remove: mailcore.Flagged}) }

// mark changes flags on the screen at once, then in the store.
func (w *Window) mark(ids []mailcore.ID, d mailcore.FlagDelta) {
	w.model.Patch(ids, func(m *mailcore.Message) { m.Flags = d.Apply(m.Flags) })
	w.tools.update()
	w.hurry()
	w.work(func(ctx context.Context) error { return w.mail.messages.Mark(ctx, ids, d) }, func(err error) {
		if err != nil {
			w.tellError(err)
			w.model.Reload(ids)
		}
	})
}

func (w *Window) archive() {
	w.take(w.targets(), func(ctx context.Context, ids []mailcore.ID) error {
		return w.mail.messages.MoveTo(ctx, ids, mailcore.RoleArchive)
	})
}

func (w *Window) junk() {
	w.take(w.targets(), func(ctx context.Context, ids []mailcore.ID) error {
		return w.mail.messages.MoveTo(ctx, ids, mailcore.RoleJunk)
	})
}

func (w *Window) notJunk() {
	w.take(w.targets(), func(ctx context.Context, ids []mailcore.ID) error {
		return w.mail.messages.MoveTo(ctx, ids, mailcore.RoleInbox)
	})
}

// delete moves to Trash; from there (and from Junk) it asks first, since that
// cannot be undone.
func (w *Window) delete() {
	ids := w.targets()
	remove := func() { w.take(ids, w.mail.messages.Delete) }
	if role := w.roleShown(); role != mailcore.RoleTrash && role != mailcore.RoleJunk {
		remove()
		return
	}
	w.confirm("delete.forever.title", w.words.Count("delete.forever", len(ids), assets.Args{"Number": w.number(len(ids))}),
		"delete.forever.yes", remove)
}

// take moves messages out of the list: they go from the screen at once, and the
// next one takes their place.
func (w *Window) take(ids []mailcore.ID, do func(context.Context, []mailcore.ID) error) {
	if len(ids) == 0 {
		return
	}
	w.hush()
	leaves := w.leavesList()
	if leaves {
		next := w.model.After(ids)
		w.model.Hide(ids)
		w.goNext(next)
	}
	w.hurry()
	w.work(func(ctx context.Context) error { return do(ctx, ids) }, func(err error) {
		if err != nil {
			w.tellError(err)
			w.model.Unhide(ids)
			return
		}
		w.model.Settle(ids)
		w.loading.again()
	})
}

// leavesList reports whether what is moved is gone from the list: it stays in a
// search and among the starred.
func (w *Window) leavesList() bool {
	return w.lastSearch == "" && (w.place.Kind == folders.Folder || w.place.Kind == folders.AllInboxes)
}

// goNext selects and shows what took the place of what went.
func (w *Window) goNext(next mailcore.ID) {
	if next == 0 {
		w.clearReader()
		w.panes.setReading(false)
		return
	}
	w.model.Select(next)
	w.list.ScrollToID(next)
	w.showMessage(next)
}

// confirm asks before what cannot be undone.
func (w *Window) confirm(titleKey, text, yesKey string, yes func()) {
	look.Ask(w.win, look.Asked{
		Title: w.words.Say(titleKey), Text: text, Yes: w.words.Say(yesKey), No: w.words.Say("dialog.cancel"), Harm: true,
	}, yes)
}

func (w *Window) getMail() {
	w.hush()
	accounts := w.overview.accounts
	w.work(func(context.Context) error {
		for _, a := range accounts {
			w.mail.accounts.Refresh(mailcore.AccountID(a.ID))
		}
		return nil
	}, func(error) { w.loading.again() })
}
