package setup

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// mark stands before a line and says how things are.
type mark int

const (
	told    mark = iota // something to know
	going               // is going on
	fine                // is done
	wrong               // went wrong
	left                // was left out
	waiting             // has not begun
)

// span is a piece of a line in one style.
type span struct {
	text  string
	style look.Style
}

var plainSpan = look.Style{Size: look.TextSize}

// line is a mark, and text of several styles that wraps beside it.
type line struct {
	widget.BaseWidget
	mark  mark
	spans []span
	width float32
}

func newLine(m mark, spans ...span) *line {
	l := &line{mark: m, spans: spans}
	l.ExtendBaseWidget(l)
	return l
}

// text returns the whole text without the mark.
func (l *line) text() string {
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// AccessibilityLabel returns the text.
func (l *line) AccessibilityLabel() string { return l.text() }

// AccessibilityRole says that this is text.
func (l *line) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Resize remembers the width, on which the least height depends.
func (l *line) Resize(size fyne.Size) {
	l.width = size.Width
	l.BaseWidget.Resize(size)
}

// CreateRenderer makes the line's renderer.
func (l *line) CreateRenderer() fyne.WidgetRenderer { return &lineRenderer{l: l} }

const (
	markWidth  = 5.5 * look.Unit
	lineHeight = 26 // of the picture that the page is made after; wrapped rows stand closer
	wrapHeight = 20
)

// word is where one piece without a break stands. Words of one style that follow
// each other on a row are one piece: so they are spaced as the font wants it.
type word struct {
	span
	x, row float32
}

// words places the text from the mark to the width.
func (l *line) words(width float32) []word {
	var out []word
	x, row := float32(markWidth), float32(0)
	for _, s := range l.spans {
		for i, text := range strings.SplitAfter(s.text, " ") {
			w := s.style.Width(text)
			if x > markWidth && i+len(out) > 0 && x+s.style.Width(strings.TrimRight(text, " ")) > width {
				x, row = markWidth, row+1
			}
			switch last := len(out) - 1; {
			case text == "":
			case last >= 0 && out[last].row == row && out[last].style == s.style:
				out[last].text += text
			default:
				out = append(out, word{span{text, s.style}, x, row})
			}
			x += w
		}
	}
	return out
}

type lineRenderer struct {
	l       *line
	objects []fyne.CanvasObject
}

func (r *lineRenderer) Destroy()                     {}
func (r *lineRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *lineRenderer) MinSize() fyne.Size {
	width := r.l.width
	if width <= 0 {
		width = look.TextColumn
	}
	rows := float32(0)
	for _, w := range r.l.words(width) {
		rows = w.row
	}
	return fyne.NewSize(30*look.Unit, lineHeight+rows*wrapHeight)
}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.objects = r.objects[:0]
	r.put(word{span: r.l.mark.span()})
	if r.l.mark == fine || r.l.mark == wrong { // comes from another font, and stands higher there
		r.objects[0].Move(r.objects[0].Position().AddXY(0, 2))
	}
	for _, w := range r.l.words(size.Width) {
		r.put(w)
	}
}

func (r *lineRenderer) put(w word) {
	t := canvas.NewText(w.text, look.Colour(w.style.Ink))
	if w.style.Ink == "" {
		t.Color = look.Colour(look.Ink)
	}
	t.TextSize, t.TextStyle.Bold = w.style.Size, w.style.Bold
	h := w.style.Height()
	t.Resize(fyne.NewSize(w.style.Width(w.text), h))
	t.Move(fyne.NewPos(w.x, w.row*wrapHeight+(lineHeight-h)/2))
	r.objects = append(r.objects, t)
}

func (m mark) span() span {
	switch m {
	case fine:
		return span{"✓", look.Style{Size: 15, Bold: true, Ink: look.OK}}
	case going:
		return span{"●", look.Style{Size: 11, Ink: look.Accent}}
	case wrong:
		return span{"✗", look.Style{Size: 15, Bold: true, Ink: look.Bad}}
	case left:
		return span{"–", look.Style{Size: 14, Ink: look.Muted}}
	case waiting:
		return span{"·", look.Style{Size: 14, Ink: look.Muted}}
	}
	return span{"●", look.Style{Size: 11, Ink: look.Star}}
}

func (r *lineRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}
