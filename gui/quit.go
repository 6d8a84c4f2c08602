package gui

import (
	"context"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// quit closes the composers, which keep their drafts, and then the program. It
// says so when mail is still waiting to be sent.
func (w *Window) quit() {
	w.closeComposers(func() {
		var out []mailcore.Outgoing
		w.work(func(ctx context.Context) (err error) {
			out, err = w.mail.outbox.List(ctx, false)
			return err
		}, func(err error) {
			if err != nil {
				w.log.Warn("list the outbox before the end", "error", err)
			}
			o := overview{outgoing: out}
			waiting, stuck := o.waiting()
			w.quitWith(waiting - stuck)
		})
	})
}

// closeComposers closes one after the other; where one stays open, it says why
// and nothing is ended.
func (w *Window) closeComposers(then func()) {
	if len(w.composers.list) == 0 {
		then()
		return
	}
	one := w.composers.list[0]
	one.Close(func(closed bool) {
		if !closed {
			one.Window().RequestFocus()
			return
		}
		w.composers.gone(one)
		w.closeComposers(then)
	})
}

func (w *Window) quitWith(waiting int) {
	if waiting == 0 {
		w.end()
		return
	}
	text := w.words.Count("quit.waiting", waiting, assets.Args{"Number": w.number(waiting)})
	look.Ask(w.win, look.Asked{
		Title: w.words.Say("quit.title"), Text: text, Yes: w.words.Say("quit.yes"), No: w.words.Say("quit.wait"),
	}, w.end)
}

// end remembers the window's size and leaves.
func (w *Window) end() {
	w.remember()
	w.app.Quit()
}
