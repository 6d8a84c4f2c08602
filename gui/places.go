package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/mailcore"
)

// goTo shows a place.
func (w *Window) goTo(p folders.Place) {
	w.place = p
	w.sidebar.Go(p)
	w.visible(p)
	w.panes.setBoxed(w.showsBox())
	w.panes.setReading(false)
	w.clearReader()
	if w.showsBox() {
		w.showBox()
		return
	}
	w.list.ShowRecipients(w.showsSent())
	w.list.ShowAccounts(w.accountColours())
	w.openQuery()
}

// openQuery lists the place, or what is searched in it.
func (w *Window) openQuery() {
	w.model.Open(w.query())
	w.showEmpty()
}

// query returns what the list shows. A search from "all inboxes" looks
// everywhere; from a folder it looks there.
func (w *Window) query() mailcore.Query {
	text := w.searchText()
	switch w.place.Kind {
	case folders.Starred:
		return mailcore.Query{Flags: mailcore.Flagged, Text: text}
	case folders.Folder:
		return mailcore.Query{Folder: w.place.Folder, Text: text}
	}
	if text != "" {
		return mailcore.Query{Text: text}
	}
	return mailcore.Query{Role: mailcore.RoleInbox}
}

func (w *Window) searchText() string { return strings.TrimSpace(w.search.Text) }

// showsSent reports whether the list holds what the person wrote themselves.
func (w *Window) showsSent() bool {
	role := w.roleShown()
	return role == mailcore.RoleSent || role == mailcore.RoleDrafts
}

// roleShown returns the role of the folder on screen.
func (w *Window) roleShown() mailcore.Role {
	if w.place.Kind != folders.Folder {
		return mailcore.RoleNone
	}
	return w.overview.folder(w.place.Folder).Role
}

// searchTyped waits for the next letter, then searches.
func (w *Window) searchTyped(string) {
	if w.typing != nil {
		w.typing.Stop()
	}
	w.typing = time.AfterFunc(w.searchAfter, func() { w.post(w.runSearch) })
}

func (w *Window) runSearch() {
	if w.typing != nil {
		w.typing.Stop()
	}
	text := w.searchText()
	if text == w.lastSearch {
		return
	}
	w.lastSearch = text
	if w.showsBox() {
		w.goTo(folders.Place{Kind: folders.AllInboxes})
		return
	}
	w.clearReader()
	w.panes.setReading(false)
	w.openQuery()
}

// searchKey: Escape clears the search, Down goes to the list.
func (w *Window) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyEscape:
		w.endSearch()
	case fyne.KeyDown:
		w.runSearch()
		w.focusList()
	default:
		return false
	}
	return true
}

// endSearch shows the place again and gives the keyboard to the list.
func (w *Window) endSearch() {
	w.search.SetText("")
	w.runSearch()
	w.focusList()
}

// clearSearch empties the box without searching.
func (w *Window) clearSearch() {
	w.search.SetText("")
	w.lastSearch = ""
	if w.typing != nil {
		w.typing.Stop()
	}
}

func (w *Window) searchEverywhere() {
	w.place = folders.Place{Kind: folders.AllInboxes}
	w.sidebar.Go(w.place)
	w.visible(w.place)
	w.list.ShowRecipients(false)
	w.list.ShowAccounts(w.accountColours())
	w.openQuery()
}

func (w *Window) focusSearch() {
	if w.panes.readerInFront() {
		w.backToList()
	}
	w.win.Canvas().Focus(w.search)
	w.search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func (w *Window) focusList() {
	if !w.showsBox() {
		w.win.Canvas().Focus(w.list)
	}
}

// escape leaves what is in front: the reader of a narrow window, a notice, a
// search, a selection of several.
func (w *Window) escape() {
	switch {
	case w.panes.readerInFront():
		w.backToList()
	case w.notice.Visible():
		w.hush()
	case w.lastSearch != "":
		w.endSearch()
	case w.model.SelectedCount() > 1:
		w.model.Select(w.model.Cursor())
	}
}
