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

// canCheck tells whether there is a connection to look at.
func (w *Window) canCheck() bool { return w.examine != nil && w.hasAccount() }

// checkConnection looks at the account that is shown, or asks which one.
func (w *Window) checkConnection() {
	all := w.overview.accounts
	if len(all) == 1 {
		w.check(all[0])
		return
	}
	rows := look.Column(0)
	var d *dialog.CustomDialog
	for _, a := range all {
		rows.Add(look.NewLink(a.Title(), func() { d.Hide(); w.check(a) }))
	}
	d = dialog.NewCustom(w.words.Say("doctor.which"), w.words.Say("dialog.cancel"), rows, w.win)
	d.Show()
}

// check shows the connection doctor for an account in a window of its own, or
// brings that to the front.
func (w *Window) check(a accounts.Account) {
	id := mailcore.AccountID(a.ID)
	if open := w.doctors[id]; open != nil {
		open.RequestFocus()
		return
	}
	win := w.app.NewWindow(w.words.Say("doctor.window"))
	win.SetPadded(false)
	view := setup.NewDoctor(setup.DoctorConfig{
		Words: w.words, Post: w.post, Account: a, Examine: w.examine, Well: func() { w.well(id) }, Close: win.Close,
	})
	win.SetContent(view)
	win.SetOnClosed(func() { view.Stop(); delete(w.doctors, id) })
	win.Canvas().SetOnTypedKey(view.Key)
	// Not higher than the main window, which fits the screen.
	win.Resize(fyne.NewSize(600, max(480, min(760, w.win.Canvas().Size().Height))))
	win.Show()
	win.Canvas().Focus(view.First())
	w.doctors[id] = win
	view.Start()
}

// well connects an account at once that the doctor has found nothing wrong with;
// one that is not added yet has no ID.
func (w *Window) well(id mailcore.AccountID) {
	if id != "" {
		w.reconnect(id)
	}
}

// reconnect tries an account again at once.
func (w *Window) reconnect(id mailcore.AccountID) {
	w.work(func(context.Context) error { w.mail.accounts.Refresh(id); return nil }, func(error) { w.loading.again() })
}
