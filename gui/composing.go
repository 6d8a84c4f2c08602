package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/mailcore"
)

// composer is a window in which a message is written.
type composer interface {
	Window() fyne.Window
	Draft() mailcore.DraftID
	// Close keeps the draft and closes; done is told whether the window is gone.
	Close(done func(closed bool))
}

// composers opens such windows and knows those that are open.
type composers struct {
	open        func(d mailcore.Draft) composer
	parseMailto func(url string) (mailcore.Draft, error)
	list        []composer
}

// gone forgets a window that was closed.
func (c *composers) gone(one composer) {
	for i, other := range c.list {
		if other == one {
			c.list = append(c.list[:i:i], c.list[i+1:]...)
			return
		}
	}
}

// has reports whether a draft is open in a window.
func (c *composers) has(id mailcore.DraftID) bool {
	return slices.ContainsFunc(c.list, func(one composer) bool { return one.Draft() == id })
}

// compose opens a window for a draft, or raises the one that has it already.
func (w *Window) compose(d mailcore.Draft) {
	for _, c := range w.composers.list {
		if d.ID != 0 && c.Draft() == d.ID {
			c.Window().RequestFocus()
			return
		}
	}
	w.composers.list = append(w.composers.list, w.composers.open(d))
}

func (w *Window) newMessage() {
	w.hush()
	w.compose(w.mail.drafts.New(w.accountShown()))
}

// accountShown returns the account of the folder on screen, "" for the first.
func (w *Window) accountShown() mailcore.AccountID {
	if w.place.Kind == folders.Folder {
		return w.overview.folder(w.place.Folder).Account
	}
	return ""
}

// composeURL opens a composer for a mailto: address. It never sends.
func (w *Window) composeURL(url string) {
	d, err := w.composers.parseMailto(url)
	if err != nil {
		w.tell(w.words.Say("mailto.bad"), "", nil)
		return
	}
	if !w.canWrite() {
		w.tell(w.words.Say("mailto.noaccount"), "", nil)
		return
	}
	fresh := w.mail.drafts.New(w.accountShown())
	d.Account, d.From, d.Kind = fresh.Account, fresh.From, mailcore.NewMessage
	w.compose(d)
}

func (w *Window) reply()    { w.answer(mailcore.Reply) }
func (w *Window) replyAll() { w.answer(mailcore.ReplyAll) }
func (w *Window) forward()  { w.answer(mailcore.Forward) }

func (w *Window) answer(kind mailcore.DraftKind) {
	id := w.chosen()
	if id == 0 {
		return
	}
	w.hush()
	var d mailcore.Draft
	w.work(func(ctx context.Context) (err error) {
		d, err = w.mail.drafts.Answer(ctx, kind, id, w.attribution)
		return err
	}, func(err error) {
		if err != nil {
			w.tellError(err)
			return
		}
		w.compose(d)
	})
}

// attribution is the line above a quotation.
func (w *Window) attribution(c mailcore.Content) string {
	name := ""
	if len(c.From) > 0 {
		if name = c.From[0].Name; name == "" {
			name = c.From[0].Addr
		}
	}
	if c.Date.IsZero() {
		return w.words.Say("answer.nodate", assets.Args{"Name": name})
	}
	at := c.Date.In(w.now().Location())
	return w.words.Say("answer.attribution", assets.Args{"Name": name, "Date": at.Format("2006-01-02"), "Time": at.Format("15:04")})
}

func (w *Window) openDraft(d mailcore.Draft) {
	var whole mailcore.Draft
	w.work(func(ctx context.Context) (err error) {
		whole, err = w.mail.drafts.Get(ctx, d.ID)
		return err
	}, func(err error) {
		if err != nil {
			w.tellError(err)
			return
		}
		w.compose(whole)
	})
}

func (w *Window) discardDraft(d mailcore.Draft) {
	w.confirm("draft.discard.title", w.words.Say("draft.discard"), "draft.discard.yes", func() {
		w.act(func(ctx context.Context) error { return w.mail.drafts.Discard(ctx, d.ID) }, w.loading.again)
	})
}

// continueServerDraft opens a message of the Drafts folder for writing. The
// original stays on the server: it belongs to whichever program wrote it.
func (w *Window) continueServerDraft(id mailcore.ID) {
	var c mailcore.Content
	w.work(func(ctx context.Context) (err error) {
		c, err = w.mail.messages.Open(ctx, id)
		return err
	}, func(err error) {
		if err != nil {
			w.tellError(err)
			return
		}
		d := w.mail.drafts.New(w.accountShown())
		d.To, d.Cc, d.Bcc, d.Subject, d.Text = c.To, c.Cc, c.Bcc, c.Subject, c.Text
		d.InReplyTo, d.References = c.InReplyTo, c.References
		w.compose(d)
	})
}

// retry sends a message of the outbox now. Where nobody knows whether it went
// out, it asks first.
func (w *Window) retry(m mailcore.Outgoing) {
	send := func() {
		w.act(func(ctx context.Context) error { return w.mail.outbox.Retry(ctx, m.ID) }, w.loading.again)
	}
	if m.State != mailcore.Unknown {
		send()
		return
	}
	w.confirm("box.unknown.title", w.words.Say("box.unknown.ask"), "box.again", send)
}

// editOutgoing makes a message of the outbox a draft again and opens it.
func (w *Window) editOutgoing(m mailcore.Outgoing) {
	var d mailcore.Draft
	w.work(func(ctx context.Context) (err error) {
		d, err = w.mail.outbox.Cancel(ctx, m.ID)
		return err
	}, func(err error) {
		w.loading.again()
		if err != nil {
			w.tellError(err)
			return
		}
		w.compose(d)
	})
}

func (w *Window) deleteOutgoing(m mailcore.Outgoing) {
	w.confirm("box.delete.title", w.words.Say("box.delete.ask"), "box.delete", func() {
		w.act(func(ctx context.Context) error {
			d, err := w.mail.outbox.Cancel(ctx, m.ID)
			if err != nil || d.ID == 0 {
				return err
			}
			return w.mail.drafts.Discard(ctx, d.ID)
		}, w.loading.again)
	})
}
