package gui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// firstStart shows the first-start page as long as there is no account.
func (w *Window) firstStart() {
	if w.newSetup == nil || w.hasAccount() != w.setupOn {
		return
	}
	w.setupOn = !w.setupOn
	if !w.setupOn {
		w.win.SetContent(w.main)
		w.focusList()
		return
	}
	page := w.newSetup(true, w.loading.again)
	w.win.SetContent(page)
	focusFirst(w.win, page)
}

// addAccount shows the same page in a window of its own.
func (w *Window) addAccount() {
	if w.setupOn || w.newSetup == nil {
		return
	}
	win := w.app.NewWindow(w.words.Say("command.addaccount"))
	win.SetPadded(false)
	page := w.newSetup(false, func() { win.Close(); w.loading.again() })
	win.SetContent(page)
	if p, ok := page.(interface{ Close() }); ok {
		win.SetOnClosed(p.Close)
	}
	win.Resize(fyne.NewSize(640, 720))
	win.Show()
	focusFirst(win, page)
}

// focusFirst gives the keyboard to a page's first field.
func focusFirst(win fyne.Window, page fyne.CanvasObject) {
	if p, ok := page.(interface{ First() fyne.Focusable }); ok {
		win.Canvas().Focus(p.First())
	}
}

// removeAccount asks which account, and whether really.
func (w *Window) removeAccount() {
	all := w.overview.accounts
	if len(all) == 1 {
		w.confirmRemove(all[0])
		return
	}
	rows := look.Column(0)
	var d *dialog.CustomDialog
	for _, a := range all {
		rows.Add(look.NewLink(a.Title(), func() { d.Hide(); w.confirmRemove(a) }))
	}
	d = dialog.NewCustom(w.words.Say("remove.which"), w.words.Say("dialog.cancel"), rows, w.win)
	d.Show()
}

func (w *Window) confirmRemove(a accounts.Account) {
	setup.RemoveAccount(w.win, w.words, w.post, a.Email, func(ctx context.Context) error {
		return w.mail.accounts.Remove(ctx, mailcore.AccountID(a.ID))
	}, func(done bool) {
		if done {
			w.loading.again()
			w.model.Reload(nil)
		}
	})
}

// explainTrouble says what is wrong with an account, and offers what helps.
func (w *Window) explainTrouble(id mailcore.AccountID) {
	a, ok := w.overview.account(id)
	s := w.overview.status[id]
	if !ok {
		return
	}
	if w.askKeeping(s.Problem) {
		return
	}
	if s.Phase == mailcore.SignIn {
		w.signIn(a)
		return
	}
	if s.Problem == nil {
		return
	}
	w.tell(s.Problem.Sentence(w.words.Say), w.words.Say("trouble.tryagain"), func() {
		w.hush()
		w.work(func(context.Context) error { w.mail.accounts.Refresh(id); return nil }, func(error) { w.loading.again() })
	})
}

// signIn asks for the password again.
func (w *Window) signIn(a accounts.Account) {
	why := ""
	if p := w.overview.status[mailcore.AccountID(a.ID)].Problem; p != nil {
		why = p.Sentence(w.words.Say)
	}
	setup.SignInAgain(w.win, w.words, w.post, a.Email, why, func(ctx context.Context, password string) error {
		return w.mail.accounts.SignIn(ctx, mailcore.AccountID(a.ID), password)
	}, func(bool) { w.loading.again() })
}
