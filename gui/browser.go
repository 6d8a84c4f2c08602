package gui

import (
	"context"
	"net/url"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// signInBrowser offers to sign an account in again through the browser.
func (w *Window) signInBrowser(a accounts.Account, why string) {
	setup.SignInBrowserAgain(w.win, w.words, w.post, a.Email, why, func(ctx context.Context, open func(*url.URL) error, back func()) error {
		return w.mail.accounts.SignInBrowser(ctx, mailcore.AccountID(a.ID), engine.Browser{Open: open, Back: back})
	}, func(bool) { w.loading.again() })
}

// addRequest is what the engine needs of a filled-in page.
func addRequest(r setup.Request) engine.AddRequest {
	out := engine.AddRequest{Name: r.Name, Email: r.Email, Password: r.Password, IMAP: r.IMAP, SMTP: r.SMTP, Sent: r.Sent}
	if b := r.Browser; b != nil {
		out.Browser = &engine.Browser{OAuth: b.OAuth, Secret: b.Secret, Open: b.Open, Back: b.Back}
	}
	return out
}
