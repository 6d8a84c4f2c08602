package setup

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/look"
)

// Dialog is a small modal question over a window. It closes when what it asks
// for is done, and stays with the reason when it could not be.
type Dialog struct {
	words    *assets.Words
	post     func(func())
	win      fyne.Window
	pop      *widget.PopUp
	body     *fyne.Container
	least    float32 // height
	password *field  // nil where none is asked for
	again    *field  // the same once more; nil where once is enough
	progress *look.Paragraph
	notice   *look.Notice
	yes, no  *look.Button
	do       func(ctx context.Context, password string) error
	busyText string
	closed   func(done bool)
	failed   func()        // nil, or what is to be done before a failure is shown
	keep     *widget.Check // nil where nothing can be kept
	keeping  bool          // ticked when Yes was pressed
	cancel   context.CancelFunc
	run      int
}

// SignInAgain asks for the password of address; why says in a sentence what is
// wrong with the one there was, "" if that is not known. signIn is called on a
// goroutine of its own; closed, if any, learns whether it went well.
func SignInAgain(win fyne.Window, w *assets.Words, post func(func()), address, why string, signIn func(ctx context.Context, password string) error, closed func(done bool)) *Dialog {
	d := &Dialog{words: w, post: post, win: win, do: signIn, closed: closed, busyText: w.Say("setup.again.busy")}
	d.password = newField(w.Say("setup.password"), look.NewPassword())
	d.password.entry.OnSubmitted = func(string) { d.confirm() }
	d.password.entry.OnKey = d.key
	d.yes = look.NewPrimary(w.Say("setup.again.yes"), d.confirm)
	if why == "" {
		why = w.Say("setup.again.text", assets.Args{"Address": address})
	}
	d.show(w.Say("setup.again.title", assets.Args{"Address": address}), why)
	win.Canvas().Focus(d.password.entry)
	return d
}

// SignInBrowserAgain offers to sign address in again through the browser; why
// says in a sentence what is wrong, "" if that is not known. signIn is called on
// a goroutine of its own, with a way to show an address in the browser.
func SignInBrowserAgain(win fyne.Window, w *assets.Words, post func(func()), address, why string, signIn func(ctx context.Context, open func(*url.URL) error, back func()) error, closed func(done bool)) *Dialog {
	d := &Dialog{words: w, post: post, win: win, closed: closed, busyText: w.Say("setup.browser.waiting")}
	open := func(u *url.URL) error { return desktop.OpenWeb(fyne.CurrentApp(), u) }
	d.do = func(ctx context.Context, _ string) error {
		return signIn(ctx, open, func() { post(func() { d.progress.Set(w.Say("setup.again.busy")); d.fit() }) })
	}
	d.yes = look.NewPrimary(w.Say("setup.browser.again"), d.confirm)
	if why == "" {
		why = w.Say("setup.browser.again_text", assets.Args{"Address": address})
	}
	d.show(w.Say("setup.again.title", assets.Args{"Address": address}), why)
	win.Canvas().Focus(d.yes)
	return d
}

const dialogWidth = 105 * look.Unit

func (d *Dialog) show(title, text string) {
	d.cancel = func() {}
	d.no = look.NewWord(d.words.Say("setup.cancel"), d.Close)
	d.no.OnEscape, d.yes.OnEscape = d.Close, d.Close
	d.progress = look.NewParagraph("", look.Plain.With(look.Muted))
	d.progress.Hide()
	d.notice = look.NewNotice("", "", nil)
	d.notice.Hide()
	parts := []fyne.CanvasObject{look.NewParagraph(title, look.Style{Size: 16, Bold: true}), look.NewParagraph(text, look.Plain)}
	for _, f := range d.fields() {
		parts = append(parts, f.box)
	}
	if d.keep != nil {
		parts = append(parts, d.keep)
	}
	parts = append(parts, d.progress, d.notice, look.Row(2*look.Unit, layout.NewSpacer(), d.no, d.yes))
	d.body = look.Pad(look.Column(3*look.Unit, parts...), 5*look.Unit, 5*look.Unit, 4*look.Unit, 5*look.Unit)
	d.pop = showModal(d.win.Canvas(), d.body, dialogWidth)
	d.least = d.pop.Content.MinSize().Height
	d.fit()
}

// fit gives the dialog its width, then the height that this leads to; it never
// gets lower than it began.
func (d *Dialog) fit() {
	width := min(dialogWidth, d.win.Canvas().Size().Width-4*look.Unit)
	d.body.Resize(fyne.NewSize(width, d.body.Size().Height))
	d.body.Refresh()
	d.pop.Resize(fyne.NewSize(width, max(d.body.MinSize().Height, d.least)))
	d.pop.Refresh()
}

// key: Escape closes the dialog.
func (d *Dialog) key(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyEscape {
		return false
	}
	d.Close()
	return true
}

// confirm does what was asked for.
func (d *Dialog) confirm() {
	if d.yes.Disabled() {
		return
	}
	password := ""
	if d.password != nil {
		password = d.password.entry.Text
		if !d.complete() {
			d.fit()
			return
		}
	}
	d.keeping = d.keep != nil && d.keep.Checked
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.run++
	run := d.run
	d.busy(true)
	go func() {
		err := d.do(ctx, password)
		d.post(func() {
			if run == d.run {
				d.ended(err)
			}
		})
	}()
}

func (d *Dialog) ended(err error) {
	d.cancel()
	d.busy(false)
	if err == nil {
		d.end(true)
		return
	}
	if d.failed != nil {
		d.failed()
	}
	d.notice.Set(explain(d.words, err, "setup.trouble"), "", nil)
	d.notice.Show()
	d.fit()
	if d.password != nil {
		d.win.Canvas().Focus(d.password.entry)
	}
}

func (d *Dialog) busy(on bool) {
	d.notice.Hide()
	d.progress.Set(d.busyText)
	d.progress.Hidden = !on
	if on {
		d.yes.Disable()
	} else {
		d.yes.Enable()
	}
	if d.keep != nil && on {
		d.keep.Disable()
	} else if d.keep != nil {
		d.keep.Enable()
	}
	for _, f := range d.fields() {
		if on {
			f.entry.Disable()
		} else {
			f.entry.Enable()
		}
	}
	d.fit()
}

// Close gives up and closes the dialog.
func (d *Dialog) Close() {
	d.cancel()
	d.run++
	d.end(false)
}

func (d *Dialog) end(done bool) {
	for _, f := range d.fields() {
		f.entry.SetText("")
	}
	d.pop.Hide()
	if d.closed != nil {
		d.closed(done)
		d.closed = nil
	}
}
