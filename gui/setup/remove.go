package setup

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Remover is the engine's, as removing an account needs it.
type Remover interface {
	Remove(ctx context.Context, id mailcore.AccountID) error
	Keep(ctx context.Context, id mailcore.AccountID, whole bool) error
}

// RemoveAccount asks whether an account shall be removed from this computer, and
// whether its mail shall stay to be read. What is missing is fetched first; when
// that fails, the person may keep what is here. The engine is called on a
// goroutine of its own.
func RemoveAccount(win fyne.Window, w *assets.Words, post func(func()), a accounts.Account, engine Remover, closed func(done bool)) *Dialog {
	d := &Dialog{words: w, post: post, win: win, closed: closed, busyText: w.Say("accounts.remove.busy")}
	id := mailcore.AccountID(a.ID)
	whole := true
	text := w.Say("accounts.remove.kept.text")
	if !a.Kept {
		text = w.Say("accounts.remove.text")
		d.keep = widget.NewCheck(w.Say("accounts.remove.keep"), func(on bool) {
			d.busyText = w.Say(map[bool]string{true: "accounts.remove.fetching", false: "accounts.remove.busy"}[on])
			whole = true
			d.yes.SetText(w.Say("accounts.remove.yes"))
		})
	}
	d.do = func(ctx context.Context, _ string) error {
		if !d.keeping {
			return engine.Remove(ctx, id)
		}
		return engine.Keep(ctx, id, whole)
	}
	d.failed = func() {
		if d.keep != nil && d.keep.Checked {
			whole = false // asked for once more, it is enough
			d.yes.SetText(w.Say("accounts.remove.partly"))
			d.busyText = w.Say("accounts.remove.busy")
		}
	}
	d.yes = look.NewDanger(w.Say("accounts.remove.yes"), d.confirm)
	d.show(w.Say("accounts.remove.title", assets.Args{"Address": a.Email}), text)
	win.Canvas().Focus(d.no)
	return d
}

// askRemove asks over the settings.
func (m *Manager) askRemove(a accounts.Account) {
	m.question = RemoveAccount(m.c.Window, m.c.Words, m.c.Post, a, m.c.Accounts, func(done bool) {
		if m.closed {
			return
		}
		if done {
			m.c.Changed()
			m.showList()
			m.Reload()
		}
	})
}
