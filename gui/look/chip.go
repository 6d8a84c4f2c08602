package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Chip is a short text on a round paper: a recipient, a label. With OnTapped it
// can be focused and pressed; Delete and Backspace call OnRemoved.
type Chip struct {
	widget.BaseWidget
	Text      string
	Bad       bool // shown in the colour of what is wrong
	OnTapped  func()
	OnRemoved func()

	focused bool
}

var (
	_ fyne.Focusable  = (*Chip)(nil)
	_ fyne.Tappable   = (*Chip)(nil)
	_ fyne.Accessible = (*Chip)(nil)
)

// NewChip returns a chip.
func NewChip(text string) *Chip {
	c := &Chip{Text: text}
	c.ExtendBaseWidget(c)
	return c
}

// Tapped presses the chip.
func (c *Chip) Tapped(*fyne.PointEvent) {
	if c.OnTapped != nil {
		c.OnTapped()
	}
}

// TypedKey presses or removes the chip.
func (c *Chip) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Tapped(nil)
	case fyne.KeyDelete, fyne.KeyBackspace:
		if c.OnRemoved != nil {
			c.OnRemoved()
		}
	default:
		PassOn(c, e)
	}
}

// TypedRune does nothing.
func (c *Chip) TypedRune(rune) {}

// FocusGained shows the ring.
func (c *Chip) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost hides the ring.
func (c *Chip) FocusLost() { c.focused = false; c.Refresh() }

// AccessibilityLabel returns the text.
func (c *Chip) AccessibilityLabel() string { return c.Text }

// AccessibilityRole says button.
func (c *Chip) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer makes the chip's renderer.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{c: c, paper: canvas.NewRectangle(nil), text: canvas.NewText("", nil), ring: NewRing(14)}
	r.paper.CornerRadius = 14
	r.Refresh()
	return r
}

type chipRenderer struct {
	c     *Chip
	paper *canvas.Rectangle
	text  *canvas.Text
	ring  *canvas.Rectangle
}

func (r *chipRenderer) Destroy() {}
func (r *chipRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.text, r.ring}
}

func (r *chipRenderer) style() Style {
	if r.c.Bad {
		return Style{Size: 13, Ink: Bad}
	}
	return Style{Size: 13, Ink: Ink}
}

func (r *chipRenderer) MinSize() fyne.Size {
	return fyne.NewSize(min(r.style().Width(r.c.Text), 60*Unit)+6*Unit, 28)
}

func (r *chipRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	s := r.style()
	r.text.Text = r.c.Text
	if room := size.Width - 6*Unit; room > 0 && s.Width(r.c.Text) > room+0.5 {
		r.text.Text = cutBy(r.c.Text, room, s.Width)
	}
	h := s.Height()
	r.text.Move(fyne.NewPos(3*Unit, (size.Height-h)/2))
	r.text.Resize(fyne.NewSize(size.Width-6*Unit, h))
	PlaceRing(r.ring, size, 0)
}

func (r *chipRenderer) Refresh() {
	s := r.style()
	r.text.Color, r.text.TextSize, r.text.TextStyle = Colour(s.ink()), s.size(), s.text()
	r.paper.FillColor = Colour(ChipPaper)
	r.ring.StrokeColor = Colour(Accent)
	r.ring.Hidden = !r.c.focused
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}
