package look

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Text is one line of text that keeps to the theme and is cut with an ellipsis
// where it does not fit. Its least width is that of a few letters, unless Whole.
type Text struct {
	widget.BaseWidget
	text  string
	style Style
	// Whole makes the least width that of the whole text.
	Whole bool
	// Align is where the text stands in a wider place.
	Align fyne.TextAlign
}

// NewText returns a line of text that may be cut.
func NewText(s string, style Style) *Text {
	t := &Text{text: s, style: style}
	t.ExtendBaseWidget(t)
	return t
}

// NewWholeText returns a line of text that is never cut.
func NewWholeText(s string, style Style) *Text {
	t := NewText(s, style)
	t.Whole = true
	return t
}

// Set changes the text.
func (t *Text) Set(s string) {
	if s != t.text {
		t.text = s
		t.Refresh()
	}
}

// SetStyle changes the style.
func (t *Text) SetStyle(s Style) {
	if s != t.style {
		t.style = s
		t.Refresh()
	}
}

// Text returns the whole text.
func (t *Text) Text() string { return t.text }

// AccessibilityLabel returns the text.
func (t *Text) AccessibilityLabel() string { return t.text }

// AccessibilityRole says that this is text.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer makes the text's renderer.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, line: canvas.NewText("", Colour(Ink))}
	r.Refresh()
	return r
}

type textRenderer struct {
	t    *Text
	line *canvas.Text
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }

func (r *textRenderer) MinSize() fyne.Size {
	full := fyne.MeasureText(r.t.text, r.t.style.size(), r.t.style.text())
	if full.Height == 0 {
		full.Height = r.t.style.Height()
	}
	if !r.t.Whole {
		full.Width = min(full.Width, 6*Unit)
	}
	return full
}

func (r *textRenderer) Layout(size fyne.Size) {
	style := r.t.style
	text := r.t.text
	if style.Width(text) > size.Width+0.5 && size.Width > 0 {
		text = cutBy(text, size.Width, style.Width)
	}
	h := style.Height()
	r.line.Text = text
	r.line.Alignment = r.t.Align
	r.line.Resize(fyne.NewSize(size.Width, h))
	r.line.Move(fyne.NewPos(0, (size.Height-h)/2))
}

func (r *textRenderer) Refresh() {
	r.line.Color = Colour(r.t.style.ink())
	r.line.TextSize = r.t.style.size()
	r.line.TextStyle = r.t.style.text()
	r.Layout(r.t.Size())
	r.line.Refresh()
}

const ellipsis = "…"

// cutBy returns the longest beginning of s that fits with an ellipsis, by
// halving over its letters.
func cutBy(s string, width float32, measure func(string) float32) string {
	letters := []rune(s)
	lo, hi := 0, len(letters)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if measure(string(letters[:mid])+ellipsis) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return strings.TrimRight(string(letters[:lo]), " ") + ellipsis
}
