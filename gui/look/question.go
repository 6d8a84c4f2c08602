package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Question asks, over a window, before something that cannot be undone. The
// keyboard is on the harmless answer.
type Question struct {
	Yes, No *Button
	pop     *widget.PopUp
}

// Asked is what a Question says. Harm marks a Yes that loses something.
type Asked struct {
	Title, Text, Yes, No string
	Harm                 bool
}

const questionWidth = 95 * Unit

// Ask shows a question; yes runs when it is answered so.
func Ask(win fyne.Window, a Asked, yes func()) *Question {
	q := &Question{}
	q.No = NewWord(a.No, func() { q.pop.Hide() })
	agree := func() { q.pop.Hide(); yes() }
	if q.Yes = NewPrimary(a.Yes, agree); a.Harm {
		q.Yes = NewDanger(a.Yes, agree)
	}
	body := Pad(Column(3*Unit,
		NewParagraph(a.Title, Style{Size: 16, Bold: true}),
		NewParagraph(a.Text, Plain),
		Row(2*Unit, layout.NewSpacer(), q.No, q.Yes),
	), 5*Unit, 5*Unit, 4*Unit, 5*Unit)
	q.pop = widget.NewModalPopUp(body, win.Canvas())
	q.pop.Show()
	width := min(questionWidth, win.Canvas().Size().Width-4*Unit)
	body.Resize(fyne.NewSize(width, body.Size().Height))
	q.pop.Resize(fyne.NewSize(width, body.MinSize().Height))
	win.Canvas().Focus(q.No)
	return q
}
