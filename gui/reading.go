package gui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/mailcore"
)

// showMessage puts the chosen message into the reader, if that is on screen.
func (w *Window) showMessage(id mailcore.ID) {
	if w.panes.narrow && !w.panes.reading {
		return
	}
	w.read(id)
}

func (w *Window) read(id mailcore.ID) {
	if m, ok := w.model.Cached(id); ok {
		w.stopCounting()
		w.reader.Open(m)
		return
	}
	w.work(func(ctx context.Context) error {
		rows, err := w.mail.messages.Rows(ctx, []mailcore.ID{id})
		if err == nil && len(rows) == 1 {
			w.post(func() {
				if w.model.IsSelected(id) {
					w.stopCounting()
					w.reader.Open(rows[0])
				}
			})
		}
		return err
	}, func(err error) {
		if err != nil {
			w.tellError(err)
		}
	})
}

// openMessage is a double click or Return: the message is read, the keyboard
// goes to its text; a draft goes on in the composer.
func (w *Window) openMessage(id mailcore.ID) {
	if m, ok := w.model.Cached(id); ok && m.Flags.Has(mailcore.DraftFlag) && w.roleShown() == mailcore.RoleDrafts {
		w.continueServerDraft(id)
		return
	}
	w.panes.setReading(true)
	w.read(id)
	if _, here := w.reader.Content(); here {
		w.win.Canvas().Focus(w.reader.Text())
		return
	}
	w.toText = id // as soon as the text is here
}

func (w *Window) openChosen() {
	if id := w.chosen(); id != 0 {
		w.openMessage(id)
	}
}

// backToList brings the list of a narrow window to the front again.
func (w *Window) backToList() {
	w.panes.setReading(false)
	w.stopCounting()
	w.toText = 0
	w.list.ScrollToID(w.model.Cursor())
	w.focusList()
}

func (w *Window) clearReader() {
	w.stopCounting()
	w.reader.Clear()
}

// narrowChanged fits list and toolbar to a window that became narrow or wide.
func (w *Window) narrowChanged() {
	w.list.OpenOnClick = w.panes.narrow
	if !w.panes.narrow && w.model.SelectedCount() == 1 && w.reader.Shown() == 0 {
		w.read(w.model.Cursor())
	}
	w.tools.view.Refresh()
}

// countAsRead marks a message read once it was on screen for a moment.
func (w *Window) countAsRead(id mailcore.ID) {
	w.stopCounting()
	m, here := w.model.Cached(id)
	if here && m.Flags.Has(mailcore.Seen) {
		return
	}
	w.seen = time.AfterFunc(w.seenAfter, func() {
		w.post(func() {
			if w.reader.Shown() == id && (!w.panes.narrow || w.panes.reading) {
				w.mark([]mailcore.ID{id}, mailcore.FlagDelta{Add: mailcore.Seen})
			}
		})
	})
}

func (w *Window) stopCounting() {
	if w.seen != nil {
		w.seen.Stop()
	}
}

// step goes to the next or previous message, also from within the reader.
func (w *Window) step(by int) {
	if w.showsBox() {
		return
	}
	w.list.Step(by)
}

// selectAll selects what has the keyboard: text in an entry or in the reader,
// else all messages.
func (w *Window) selectAll() {
	focused := w.win.Canvas().Focused()
	if s, ok := focused.(fyne.Shortcutable); ok && focused != fyne.Focusable(w.list) {
		s.TypedShortcut(&fyne.ShortcutSelectAll{})
		return
	}
	if w.place.Kind != folders.Outbox && w.place.Kind != folders.LocalDrafts {
		w.model.SelectAll()
		w.focusList()
	}
}

// selectionChanged follows the list's selection.
func (w *Window) selectionChanged() {
	if w.tools != nil {
		w.tools.update()
	}
	w.showEmpty()
	w.syncMenu()
	n := w.model.SelectedCount()
	w.several.set(n > 1, w.words.Count("selected", n, assets.Args{"Number": w.number(n)}))
	if shown := w.reader.Shown(); shown != 0 && w.model.Loaded() && w.model.Place(shown) < 0 && w.model.SelectedCount() == 0 {
		w.clearReader()
	}
}
