package gui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/compose"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// connect wires the composer and the first-start page to the window.
func (w *Window) connect(c Config) {
	w.composers = composers{open: w.openComposer, parseMailto: compose.ParseMailto}
	w.examine = c.Examine
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

// senders returns every identity of every account.
func (w *Window) senders() []compose.Sender {
	var out []compose.Sender
	for _, a := range w.overview.accounts {
		for _, i := range a.Identities {
			out = append(out, compose.Sender{
				Account: mailcore.AccountID(a.ID), Address: mailcore.Address{Name: i.Name, Addr: i.Email}, Label: a.Label,
			})
		}
	}
	return out
}

// setupPage returns the page that adds an account: the first one, or one more.
func (w *Window) setupPage(c Config, first bool, done func()) fyne.CanvasObject {
	page := setup.Config{
		Words: w.words, Post: w.post, Detect: c.Detect,
		Add: func(ctx context.Context, r setup.Request) (accounts.Account, error) {
			return w.mail.accounts.Add(ctx, engine.AddRequest{Name: r.Name, Email: r.Email, Password: r.Password, IMAP: r.IMAP, SMTP: r.SMTP, Sent: r.Sent})
		},
		Done: func(accounts.Account) { done() },
	}
	if c.Examine != nil {
		page.Check = w.check
	}
	if first {
		page.Demo = c.LookAround
	} else {
		page.Cancelled = done
	}
	return setup.New(page)
}
