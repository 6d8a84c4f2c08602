package gui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
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
	page := w.newSetup(true, func() {
		w.loading.again()
		w.loading.then(w.addPrepared)
	})
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
	answered := false
	page := w.newSetup(false, func() {
		answered = true
		win.Close()
		w.loading.again()
		w.reloadSettings()
		w.addPrepared()
	})
	win.SetContent(page)
	win.SetOnClosed(func() {
		if p, ok := page.(interface{ Close() }); ok {
			p.Close()
		}
		if !answered {
			w.presets = nil // enough of it
		}
	})
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
	if aboutCertificate(s.Problem) {
		w.tellOfCertificate(a, s.Problem)
		return
	}
	if s.Phase == mailcore.Offline && w.canCheck() {
		w.tell(s.Problem.Sentence(w.words.Say), w.words.Say("doctor.why"), func() { w.hush(); w.check(a) })
		return
	}
	w.tell(s.Problem.Sentence(w.words.Say), w.words.Say("trouble.tryagain"), func() { w.hush(); w.reconnect(id) })
}

// signIn asks for the password again.
func (w *Window) signIn(a accounts.Account) {
	why := ""
	if p := w.overview.status[mailcore.AccountID(a.ID)].Problem; p != nil {
		why = p.Sentence(w.words.Say)
	}
	if a.OAuth != nil {
		w.signInBrowser(a, why)
		return
	}
	setup.SignInAgain(w.win, w.words, w.post, a.Email, why, func(ctx context.Context, password string) error {
		return w.mail.accounts.SignIn(ctx, mailcore.AccountID(a.ID), password)
	}, func(bool) { w.loading.again() })
}
