package gui

import (
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/messages"
	"github.com/linnet-mail/linnet/gui/outbox"
	"github.com/linnet-mail/linnet/gui/reader"
	"github.com/linnet-mail/linnet/mailcore"
)

// build makes the views and wires their intents.
func (w *Window) build() {
	w.buildSidebar()
	w.buildList()
	open := w.openAttachment
	if w.opened == nil {
		open = nil
	}
	w.reader = reader.New(reader.Config{
		Words: w.words, Messages: w.mail.messages, Post: w.post, Now: w.now, Own: w.isOwn,
		OnOpened: w.onScreen, OnLink: w.followLink, OnReply: func() { w.run("reply") },
		OnSave: w.saveAttachment, OnOpen: open, OnAll: w.saveAll,
	})
	w.outbox = outbox.New(w.words, w.now)
	w.outbox.OnRetry, w.outbox.OnEdit, w.outbox.OnDelete = w.retry, w.editOutgoing, w.deleteOutgoing
	w.outbox.OnOpenDraft, w.outbox.OnDiscard = w.openDraft, w.discardDraft
	w.several = newSeveral()
	w.notice = look.NewNotice("", "", nil)
	w.notice.Hide()
}

func (w *Window) buildSidebar() {
	w.sidebar = folders.New(w.words, w.state.Expanded)
	w.sidebar.OnGo = func(p folders.Place) { w.clearSearch(); w.goTo(p) }
	w.sidebar.OnTrouble = w.explainTrouble
	w.sidebar.OnAccountMenu = w.accountMenu
	w.sidebar.OnExpanded = func() { w.state.Expanded = w.sidebar.Expanded() }
	w.sidebar.OnKey = w.runKey
	w.status = look.NewParagraph("", look.Label)
}

func (w *Window) buildList() {
	w.model = messages.NewModel(w.ctx, w.mail.messages, w.post)
	w.model.OnFailed = w.tellError
	w.list = messages.NewList(w.model, w.words, messages.NewDates(w.words, w.now))
	w.list.OnShow = w.showMessage
	w.list.OnOpen = w.openMessage
	w.list.OnSelection = w.selectionChanged
	w.list.OnMenu = func(at fyne.Position) { w.popUp(contextItems, at) }
	w.list.OnKey = func(e *fyne.KeyEvent) {
		if e.Name == desktop.KeyMenu {
			w.popUp(contextItems, w.list.CursorPosition())
			return
		}
		w.runKey(e)
	}
	w.search = look.NewEntry()
	w.search.SetPlaceHolder(w.words.Say("search.placeholder"))
	w.search.OnChanged = w.searchTyped
	w.search.OnSubmitted = func(string) { w.runSearch(); w.focusList() }
	w.search.OnKey = w.searchKey
	w.empty = newEmptyView(w.words, w.searchEverywhere)
}

// layout puts the views into the window.
func (w *Window) layout() {
	newMessage := look.NewPrimary(w.words.Say("command.new"), func() { w.run("new") })
	side := container.NewBorder(
		look.Pad(newMessage, 12, 12, 16, 12), look.Pad(w.status, 8, 12, 12, 16), nil, nil, w.sidebar)
	listTop := look.Pad(look.Frameless(w.search, look.ChipPaper), 8, 12, 8, 12)
	list := container.NewBorder(listTop, nil, nil, nil, container.NewStack(w.list, w.empty.view))
	reading := container.NewBorder(look.Column(0, w.tools.view, look.NewLine()), nil, nil, nil, container.NewStack(w.reader, w.several.view))
	w.panes = newPanes(
		look.On(look.Sidebar, side), look.On(look.Surface, list), look.On(look.Surface, reading),
		look.On(look.Surface, w.outbox), w.notice, w.state.Sidebar, w.state.List)
	w.panes.onNarrow = w.narrowChanged
	w.main = w.panes
	w.win.SetContent(w.main)
}

func (w *Window) popUp(names []string, at fyne.Position) {
	items := w.menuItems(names, true)
	if len(items) > 0 {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), w.win.Canvas(), at)
	}
}

// followLink opens a web address in the browser, a mail address in a composer.
func (w *Window) followLink(u *url.URL) {
	if u.Scheme == "mailto" {
		w.composeURL(u.String())
		return
	}
	w.openWeb(u)
}

// isOwn reports whether an address is one of the person's own.
func (w *Window) isOwn(address string) bool { return w.overview.own(address) }

// onScreen begins the time after which a message counts as read, and gives the
// keyboard to the text that a person opened.
func (w *Window) onScreen(id mailcore.ID) {
	if w.toText == id {
		w.win.Canvas().Focus(w.reader.Text())
	}
	w.toText = 0
	w.countAsRead(id)
}
