package gui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/compose"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// connect wires the composer and the first-start page to the window.
func (w *Window) connect(c Config) {
	w.composers = composers{open: w.openComposer, parseMailto: compose.ParseMailto}
	w.examine = c.Examine
	w.readPreset(c.Preset)
	if w.examine != nil {
		w.manager.Check = w.check
	}
	w.manager.Export, w.manager.Import = w.exportAccounts, w.importAccounts
	w.newSetup = func(first bool, done func()) fyne.CanvasObject { return w.setupPage(c, first, done) }
}

func (w *Window) openComposer(d mailcore.Draft) composer {
	return compose.Open(compose.Config{
		App: w.app, Words: w.words, Drafts: w.mail.drafts, Outbox: w.mail.outbox, Senders: w.senders(), Post: w.post, Now: w.now,
		Choose:   desktop.ChooseOpen,
		OnSent:   func(mailcore.OutboxID) { w.hurry(); w.loading.again() },
		OnClosed: func(one *compose.Composer) { w.composers.gone(one); w.loading.again() },
	}, d)
}

// senders returns every identity of every account that can send.
func (w *Window) senders() []compose.Sender {
	var out []compose.Sender
	for _, a := range w.overview.accounts {
		if a.Kept {
			continue
		}
		for _, i := range a.Identities {
			out = append(out, compose.Sender{
				Account: mailcore.AccountID(a.ID), Address: mailcore.Address{Name: i.Name, Addr: i.Email}, Label: a.Label,
			})
		}
	}
	return out
}

// setupPage returns the page that adds an account: the first one, or one more.
// The next account that was prepared is filled in.
func (w *Window) setupPage(c Config, first bool, done func()) fyne.CanvasObject {
	page := setup.Config{
		Words: w.words, Post: w.post, Detect: c.Detect, Services: c.Engine.SignInServices(), Preset: w.takePreset(), Add: w.addVerified,
		Done: func(accounts.Account) { done() },
	}
	if c.Examine != nil {
		page.Check = w.check
	}
	if first {
		page.Demo, page.Notice = c.LookAround, w.presetWrong
	} else {
		page.Cancelled = done
	}
	return setup.New(page)
}

// addVerified adds an account, and gives it what was prepared for it.
func (w *Window) addVerified(ctx context.Context, r setup.Request) (accounts.Account, error) {
	a, err := w.mail.accounts.Add(ctx, addRequest(r))
	if err != nil || r.Preset == nil {
		return a, err
	}
	// It is here and works: what fails from now on is told, and can be set by hand.
	a = r.Preset.Finish(a)
	err = w.mail.accounts.Update(ctx, a, "")
	if err == nil && r.Preset.Default {
		err = w.mail.accounts.SetDefault(mailcore.AccountID(a.ID))
	}
	if err != nil {
		w.post(func() { w.tellError(err) })
	}
	return a, nil
}
