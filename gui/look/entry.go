package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is Fyne's entry with a frame that shows the focus clearly, and hooks for
// focus and keys.
type Entry struct {
	widget.Entry
	// OnFocus is called when the entry gains or loses the focus.
	OnFocus func(focused bool)
	// OnKey sees keys first; true means that it has dealt with one.
	OnKey func(*fyne.KeyEvent) bool
	// Name is what the entry is called, for assistive technology.
	Name string

	ring *canvas.Rectangle
}

// NewEntry returns an entry for one line.
func NewEntry() *Entry { return newEntry(&Entry{}) }

// NewPassword returns an entry that hides what is typed.
func NewPassword() *Entry {
	e := &Entry{}
	e.Password = true
	return newEntry(e)
}

// NewArea returns an entry for several lines that wraps between words.
func NewArea() *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	return newEntry(e)
}

func newEntry(e *Entry) *Entry {
	e.ring = NewRing(Radius)
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained shows the frame.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	e.ring.Show()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost hides the frame.
func (e *Entry) FocusLost() {
	e.Entry.FocusLost()
	e.ring.Hide()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

// TypedKey offers the key to OnKey first.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(k) {
		return
	}
	e.Entry.TypedKey(k)
}

// AccessibilityLabel returns the entry's name, or its placeholder.
func (e *Entry) AccessibilityLabel() string {
	if e.Name != "" {
		return e.Name
	}
	return e.PlaceHolder
}

// AccessibilityRole says text: Fyne has no role for entries yet.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer puts the frame over Fyne's own renderer.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e}
}

type entryRenderer struct {
	fyne.WidgetRenderer
	e *Entry
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	inner := r.WidgetRenderer.Objects()
	return append(inner[:len(inner):len(inner)], r.e.ring)
}

func (r *entryRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	PlaceRing(r.e.ring, size, 0)
}

func (r *entryRenderer) Refresh() {
	r.e.ring.StrokeColor = Colour(Accent)
	r.WidgetRenderer.Refresh()
}

// NewField returns an entry below its label.
func NewField(label string, e *Entry) *fyne.Container {
	e.Name = label
	return Column(Unit, NewWholeText(label, Label), e)
}

// Frameless returns content (an entry) without the frame and paper that the
// theme gives to entries, on a paper of another colour; "" for none.
func Frameless(content fyne.CanvasObject, paper fyne.ThemeColorName) fyne.CanvasObject {
	inner := container.NewThemeOverride(content, &frameless{Theme: New(System)})
	if paper == "" {
		return inner
	}
	return container.NewStack(NewRoundPaper(paper), inner)
}

// frameless is the running theme with entries that have no frame.
type frameless struct{ *Theme }

func (f *frameless) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder:
		return color.Transparent
	}
	return Colour(n)
}
