package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// tapWord is a line of text that can be pressed, for places where a button
// would be too loud: the recipients, the actions of an attachment.
type tapWord struct {
	widget.BaseWidget
	text    *look.Text
	style   look.Style
	role    fyne.AccessibleRole
	tapped  func()
	focused bool
	pad     float32 // on both sides, for the ring and the finger
	wide    bool    // the ring goes round the whole place, not only the words
}

var (
	_ fyne.Focusable     = (*tapWord)(nil)
	_ fyne.Tappable      = (*tapWord)(nil)
	_ fyne.Accessible    = (*tapWord)(nil)
	_ desktop.Hoverable  = (*tapWord)(nil)
	_ desktop.Cursorable = (*tapWord)(nil)
)

func newTapWord(text string, style look.Style, tapped func()) *tapWord {
	t := &tapWord{text: look.NewText(text, style), style: style, role: fyne.AccessibleRoleButton, tapped: tapped, pad: look.Unit}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tapWord) set(s string) {
	t.text.Set(s)
	t.Refresh()
}

// Tapped presses it.
func (t *tapWord) Tapped(*fyne.PointEvent) { t.tapped() }

// TypedKey presses it with Return or Space.
func (t *tapWord) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.tapped()
	}
}

// TypedRune does nothing.
func (t *tapWord) TypedRune(rune) {}

// FocusGained shows the ring.
func (t *tapWord) FocusGained() { t.focused = true; t.Refresh() }

// FocusLost hides it.
func (t *tapWord) FocusLost() { t.focused = false; t.Refresh() }

// MouseIn shows that it can be pressed.
func (t *tapWord) MouseIn(*desktop.MouseEvent) { t.text.SetStyle(t.style.With(look.Accent)) }

// MouseMoved does nothing.
func (t *tapWord) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (t *tapWord) MouseOut() { t.text.SetStyle(t.style) }

// Cursor is a hand.
func (t *tapWord) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel returns the text.
func (t *tapWord) AccessibilityLabel() string { return t.text.Text() }

// AccessibilityRole says button.
func (t *tapWord) AccessibilityRole() fyne.AccessibleRole { return t.role }

// CreateRenderer makes the renderer.
func (t *tapWord) CreateRenderer() fyne.WidgetRenderer {
	return &tapRenderer{t: t, ring: look.NewRing(look.Unit)}
}

type tapRenderer struct {
	t    *tapWord
	ring *canvas.Rectangle
}

func (r *tapRenderer) Destroy()                     {}
func (r *tapRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t.text, r.ring} }

func (r *tapRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.t.style.Width(r.t.text.Text())+2*r.t.pad, r.t.style.Height()+2*look.Unit)
}

func (r *tapRenderer) Layout(size fyne.Size) {
	r.t.text.Move(fyne.NewPos(r.t.pad, 0))
	r.t.text.Resize(fyne.NewSize(size.Width-2*r.t.pad, size.Height))
	width := size.Width
	if !r.t.wide {
		width = min(width, r.MinSize().Width)
	}
	look.PlaceRing(r.ring, fyne.NewSize(width, size.Height), 0)
}

func (r *tapRenderer) Refresh() {
	r.ring.StrokeColor = look.Colour(look.Accent)
	r.ring.Hidden = !r.t.focused
	r.t.text.Refresh()
	r.Layout(r.t.Size())
	canvas.Refresh(r.t)
}
