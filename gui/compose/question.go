package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// question asks, over the window, whether the message shall really be thrown
// away. The keyboard is on the harmless answer.
type question struct {
	pop     *widget.PopUp
	yes, no *look.Button
}

const questionWidth = 95 * look.Unit

func newQuestion(w *assets.Words, win fyne.Window, discard func()) *question {
	q := &question{}
	q.no = look.NewWord(w.Say("compose.keep"), func() { q.pop.Hide() })
	q.yes = look.NewDanger(w.Say("compose.discard"), func() { q.pop.Hide(); discard() })
	title := look.NewParagraph(w.Say("compose.discard_title"), look.Style{Size: 16, Bold: true})
	text := look.NewParagraph(w.Say("compose.discard_text"), look.Plain)
	buttons := look.Row(2*look.Unit, layout.NewSpacer(), q.no, q.yes)
	body := look.Pad(look.Column(3*look.Unit, title, text, buttons), 5*look.Unit, 5*look.Unit, 4*look.Unit, 5*look.Unit)
	q.pop = widget.NewModalPopUp(body, win.Canvas())
	q.pop.Show()
	width := min(questionWidth, win.Canvas().Size().Width-4*look.Unit)
	body.Resize(fyne.NewSize(width, body.Size().Height))
	q.pop.Resize(fyne.NewSize(width, body.MinSize().Height))
	win.Canvas().Focus(q.no)
	return q
}
