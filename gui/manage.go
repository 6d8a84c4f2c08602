package gui

import (
	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// manageAccounts shows the account settings.
func (w *Window) manageAccounts() { w.openSettings("") }

// editAccount shows the settings of the account that is meant.
func (w *Window) editAccount() { w.openSettings(string(w.accountMeant())) }

// accountMeant is the account whose menu was opened, or whose folder is shown, or
// the first.
func (w *Window) accountMeant() mailcore.AccountID {
	if w.menuAccount != "" {
		return w.menuAccount
	}
	if w.place.Kind == folders.Folder {
		return w.overview.folder(w.place.Folder).Account
	}
	if len(w.overview.accounts) > 0 {
		return mailcore.AccountID(w.overview.accounts[0].ID)
	}
	return ""
}

// accountMenu is the menu of an account in the sidebar.
func (w *Window) accountMenu(id mailcore.AccountID, at fyne.Position) {
	w.menuAccount = id
	w.popUp(accountItems, at)
}

// openSettings shows the account settings in a window of their own; there is one
// at most.
func (w *Window) openSettings(edit string) {
	w.menuAccount = ""
	if w.setupOn {
		return
	}
	if w.managing != nil {
		w.managing.Close()
	}
	win := w.app.NewWindow(w.words.Say("command.accounts"))
	win.SetPadded(false)
	c := w.manager
	c.Words, c.Post, c.Window, c.Accounts = w.words, w.post, win, w.mail.accounts
	c.Add = w.addAccount
	c.Changed = func() { w.loading.again(); w.model.Reload(nil) }
	c.Closed = win.Close
	page := setup.NewManager(c, edit)
	w.managing, w.settingsPage = win, page
	win.SetContent(page)
	win.Canvas().SetOnTypedKey(page.TypedKey)
	win.SetOnClosed(func() {
		page.Close()
		if w.managing == win {
			w.managing, w.settingsPage = nil, nil
		}
	})
	win.Resize(fyne.NewSize(640, 720))
	win.Show()
	focusFirst(win, page)
}

// reloadSettings shows in the account settings what changed elsewhere.
func (w *Window) reloadSettings() {
	if w.settingsPage != nil {
		w.settingsPage.Reload()
	}
}

// combined reports whether the list may hold mail of several accounts.
func (w *Window) combined() bool {
	return w.place.Kind != folders.Folder && len(w.overview.accounts) > 1
}

// accountColours are the dots of the rows; nil where all mail is one account's.
func (w *Window) accountColours() map[mailcore.AccountID]string {
	if !w.combined() {
		return nil
	}
	out := map[mailcore.AccountID]string{}
	for _, a := range w.overview.accounts {
		out[mailcore.AccountID(a.ID)] = a.Colour
	}
	return out
}

// working are the accounts that have a server.
func (o *overview) working() []accounts.Account {
	var out []accounts.Account
	for _, a := range o.accounts {
		if !a.Kept {
			out = append(out, a)
		}
	}
	return out
}
