package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// kind is what a button looks like.
type kind int

const (
	primary kind = iota // filled with the accent: one in a view
	word                // a word in ink
	quiet               // a word in muted ink
	danger              // a word in the colour of what cannot be undone
	link                // a word in the accent, as part of a text
	noticed             // the action of a notice
)

// Button is a button in Linnet's look. It is reached by Tab, and pressed with
// Space or Return.
type Button struct {
	widget.DisableableWidget
	Text     string
	OnTapped func()
	// OnEscape is what the Escape key does here; nil leaves it to the window.
	OnEscape func()

	kind             kind
	focused, hovered bool
}

var (
	_ fyne.Focusable     = (*Button)(nil)
	_ fyne.Tappable      = (*Button)(nil)
	_ fyne.Disableable   = (*Button)(nil)
	_ fyne.Accessible    = (*Button)(nil)
	_ desktop.Hoverable  = (*Button)(nil)
	_ desktop.Cursorable = (*Button)(nil)
)

// NewPrimary returns the one button of a view that does what the view is for.
func NewPrimary(text string, tapped func()) *Button { return newButton(text, primary, tapped) }

// NewWord returns a button that is a word.
func NewWord(text string, tapped func()) *Button { return newButton(text, word, tapped) }

// NewQuiet returns a button that is a muted word.
func NewQuiet(text string, tapped func()) *Button { return newButton(text, quiet, tapped) }

// NewDanger returns a word button for what cannot be undone.
func NewDanger(text string, tapped func()) *Button { return newButton(text, danger, tapped) }

// NewLink returns a button that looks like a link.
func NewLink(text string, tapped func()) *Button { return newButton(text, link, tapped) }

func newButton(text string, k kind, tapped func()) *Button {
	b := &Button{Text: text, OnTapped: tapped, kind: k}
	b.ExtendBaseWidget(b)
	return b
}

// SetText changes the word.
func (b *Button) SetText(s string) {
	if b.Text != s {
		b.Text = s
		b.Refresh()
	}
}

// Tapped presses the button.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey presses the button with Return or Space.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	case fyne.KeyEscape:
		if b.OnEscape != nil {
			b.OnEscape()
			return
		}
		PassOn(b, e)
	default:
		PassOn(b, e)
	}
}

// TypedRune does nothing; Space comes as a key.
func (b *Button) TypedRune(rune) {}

// FocusGained shows the ring.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost hides the ring.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn shows that the button can be pressed.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved does nothing.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// Cursor is a hand over links.
func (b *Button) Cursor() desktop.Cursor {
	if (b.kind == link || b.kind == noticed) && !b.Disabled() {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// AccessibilityLabel returns the word.
func (b *Button) AccessibilityLabel() string { return b.Text }

// AccessibilityRole says button, or link.
func (b *Button) AccessibilityRole() fyne.AccessibleRole {
	if b.kind == link {
		return fyne.AccessibleRoleLink
	}
	return fyne.AccessibleRoleButton
}

// CreateRenderer makes the button's renderer.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, paper: canvas.NewRectangle(nil), text: canvas.NewText("", nil), ring: NewRing(Radius)}
	r.paper.CornerRadius = Radius
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b     *Button
	paper *canvas.Rectangle
	text  *canvas.Text
	ring  *canvas.Rectangle
}

func (r *buttonRenderer) Destroy() {}
func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.text, r.ring}
}

func (r *buttonRenderer) style() Style {
	s := map[kind]Style{
		primary: Strong.With(AccentInk), word: {Size: 13, Ink: Ink}, quiet: {Size: 13, Ink: Muted},
		danger: {Size: 13, Ink: Bad}, link: {Size: TextSize, Ink: Accent}, noticed: {Size: 13, Bold: true, Ink: NoticeInk},
	}[r.b.kind]
	if r.b.Disabled() && r.b.kind != primary {
		s.Ink = Muted
	}
	return s
}

func (r *buttonRenderer) MinSize() fyne.Size {
	s := r.style()
	w := s.Width(r.b.Text)
	switch r.b.kind {
	case primary:
		return fyne.NewSize(w+10*Unit, 36)
	case link, noticed:
		return fyne.NewSize(w+2*Unit, max(s.Height()+Unit, 24))
	}
	return fyne.NewSize(w+6*Unit, Hit)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	// Placed by hand: Fyne draws the line below a text without its alignment.
	s := r.style()
	w, h := min(s.Width(r.b.Text), size.Width), s.Height()
	r.text.Resize(fyne.NewSize(w, h))
	r.text.Move(fyne.NewPos((size.Width-w)/2, (size.Height-h)/2))
	if r.b.kind == primary {
		PlaceRing(r.ring, size, 3)
		return
	}
	PlaceRing(r.ring, size, 0)
}

func (r *buttonRenderer) Refresh() {
	s := r.style()
	r.text.Text, r.text.TextSize, r.text.TextStyle = r.b.Text, s.size(), s.text()
	r.text.Color = Colour(s.ink())
	r.text.TextStyle.Underline = r.b.kind == noticed
	r.paper.FillColor = r.fill()
	r.ring.StrokeColor, r.ring.CornerRadius = Colour(Accent), Radius
	if r.b.kind == primary {
		r.ring.StrokeColor, r.ring.CornerRadius = Colour(AccentInk), Radius-3
	}
	r.ring.Hidden = !r.b.focused
	if r.b.Disabled() {
		r.text.Color = Faded(r.text.Color, 0xA0)
	}
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *buttonRenderer) fill() color.Color {
	switch {
	case r.b.kind == primary && r.b.Disabled():
		return Faded(Colour(Accent), 0x70)
	case r.b.kind == primary && r.b.hovered:
		return Faded(Colour(Accent), 0xE0)
	case r.b.kind == primary:
		return Colour(Accent)
	case r.b.hovered && !r.b.Disabled() && r.b.kind != link && r.b.kind != noticed:
		return Faded(Colour(Muted), 0x22)
	}
	return color.Transparent
}
