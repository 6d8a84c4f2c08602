package look

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text that wraps between words at the width it is given. It is
// meant for a few sentences; a message's text has its own view.
type Paragraph struct {
	widget.BaseWidget
	text  string
	style Style
	// Align is where the lines stand.
	Align fyne.TextAlign
	width float32
}

// NewParagraph returns a wrapping text.
func NewParagraph(s string, style Style) *Paragraph {
	p := &Paragraph{text: s, style: style}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the text.
func (p *Paragraph) Set(s string) {
	if s != p.text {
		p.text = s
		p.Refresh()
	}
}

// SetStyle changes the style.
func (p *Paragraph) SetStyle(s Style) {
	if s != p.style {
		p.style = s
		p.Refresh()
	}
}

// Text returns the text.
func (p *Paragraph) Text() string { return p.text }

// AccessibilityLabel returns the text.
func (p *Paragraph) AccessibilityLabel() string { return p.text }

// AccessibilityRole says that this is text.
func (p *Paragraph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// Resize wraps the text anew; a change of width may change the least height.
func (p *Paragraph) Resize(size fyne.Size) {
	p.width = size.Width
	p.BaseWidget.Resize(size)
}

// CreateRenderer makes the paragraph's renderer.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	return &paragraphRenderer{p: p}
}

// HeightFor returns the height of the wrapped text at a width.
func (p *Paragraph) HeightFor(width float32) float32 {
	return float32(max(1, len(wrap(p.text, width, p.style)))) * p.lineHeight()
}

func (p *Paragraph) lineHeight() float32 {
	if p.style.Size == BodySize {
		return BodyLine
	}
	return p.style.Height() + 2
}

type paragraphRenderer struct {
	p       *Paragraph
	lines   []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *paragraphRenderer) MinSize() fyne.Size {
	least := min(r.p.style.Width(r.p.text), 24*Unit)
	width := r.p.width
	if width <= 0 {
		width = TextColumn
	}
	return fyne.NewSize(least, r.p.HeightFor(width))
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	parts := wrap(r.p.text, size.Width, r.p.style)
	r.objects = r.objects[:0]
	for i, part := range parts {
		if i == len(r.lines) {
			r.lines = append(r.lines, canvas.NewText("", nil))
		}
		line := r.lines[i]
		line.Text, line.Color, line.TextSize, line.TextStyle = part, Colour(r.p.style.ink()), r.p.style.size(), r.p.style.text()
		line.Alignment = r.p.Align
		line.Move(fyne.NewPos(0, float32(i)*r.p.lineHeight()))
		line.Resize(fyne.NewSize(size.Width, r.p.lineHeight()))
		r.objects = append(r.objects, line)
	}
}

func (r *paragraphRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(r.p)
}

// wrap breaks text at newlines and between words; a word wider than the line is
// broken inside.
func wrap(text string, width float32, style Style) []string {
	var out []string
	for _, para := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			joined := strings.TrimPrefix(line+" "+word, " ")
			if style.Width(joined) <= width || width <= 0 {
				line = joined
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			var full []string
			full, line = breakWord(word, width, style)
			out = append(out, full...)
		}
		out = append(out, line)
	}
	return out
}

func breakWord(word string, width float32, style Style) (full []string, rest string) {
	for style.Width(word) > width {
		letters := []rune(word)
		n := len(letters)
		for n > 1 && style.Width(string(letters[:n])) > width {
			n--
		}
		if n == len(letters) {
			break
		}
		full = append(full, string(letters[:n]))
		word = string(letters[n:])
	}
	return full, word
}
