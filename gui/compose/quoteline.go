package compose

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// quoteLine stands for the original below the text: its first words in one
// line behind a bar, and what can be done with it.
type quoteLine struct {
	widget.BaseWidget
	bar     *look.Paper
	text    *look.Text
	actions []*look.Button
}

func newQuoteLine() *quoteLine {
	q := &quoteLine{bar: look.NewPaper(look.Line), text: look.NewText("", look.Body.With(look.Muted))}
	q.ExtendBaseWidget(q)
	q.Hide()
	return q
}

// showQuote folds the original into its line, or hides the line.
func (m *Composer) showQuote() {
	q, w := m.quoteLine, m.c.Words
	q.Hidden = m.quote == ""
	q.text.Set(beginning(m.quote))
	q.actions = nil
	if len(m.quote) <= editable {
		q.actions = append(q.actions, look.NewLink(w.Say("compose.show_quote"), m.spread))
	} else {
		q.text.Set(w.Say("compose.long_quote", assets.Args{"Size": size(w, len(m.quote)), "Text": beginning(m.quote)}))
	}
	q.actions = append(q.actions, look.NewLink(w.Say("compose.drop_quote"), m.dropQuote))
	q.Refresh()
	m.relayout()
}

// spread puts the original into the text, where it can be edited.
func (m *Composer) spread() {
	row, column := m.body.CursorRow, m.body.CursorColumn
	text := joinQuote(m.body.Text, m.quote)
	m.quote = ""
	m.body.SetText(text)
	m.body.CursorRow, m.body.CursorColumn = row, column
	m.body.Refresh()
	m.showQuote()
	m.win.Canvas().Focus(m.body)
}

// dropQuote leaves the original out.
func (m *Composer) dropQuote() {
	m.quote = ""
	m.changed()
	m.showQuote()
	m.win.Canvas().Focus(m.body)
}

func (m *Composer) ownBlank() bool { return strings.TrimSpace(m.body.Text) == "" }

// CreateRenderer makes the line's renderer.
func (q *quoteLine) CreateRenderer() fyne.WidgetRenderer { return &quoteRenderer{q} }

type quoteRenderer struct{ q *quoteLine }

func (r *quoteRenderer) Destroy() {}

func (r *quoteRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.q.bar, r.q.text}
	for _, a := range r.q.actions {
		objects = append(objects, a)
	}
	return objects
}

func (r *quoteRenderer) MinSize() fyne.Size { return fyne.NewSize(60*look.Unit, 24) }

func (r *quoteRenderer) Layout(size fyne.Size) {
	r.q.bar.Resize(fyne.NewSize(3, 23))
	x := size.Width
	for i := len(r.q.actions) - 1; i >= 0; i-- {
		a := r.q.actions[i]
		m := a.MinSize()
		x -= m.Width
		a.Move(fyne.NewPos(x, (24-m.Height)/2))
		a.Resize(m)
	}
	const indent = 15
	room := max(x-indent-look.Unit, 0)
	width := min(room, look.Body.Width(r.q.text.Text())+1)
	r.q.text.Move(fyne.NewPos(indent, 0))
	r.q.text.Resize(fyne.NewSize(width, 23))
	for _, a := range r.q.actions { // right behind the words
		a.Move(a.Position().SubtractXY(room-width, 0))
	}
}

func (r *quoteRenderer) Refresh() {
	r.Layout(r.q.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.q)
}
