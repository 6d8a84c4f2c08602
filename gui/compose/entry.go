package compose

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// entry is a text field without frame or paper of its own; the line below it
// shows the focus. Shortcuts that are not for editing go to the composer.
type entry struct {
	widget.Entry
	name     string // for assistive technology
	onKey    func(*fyne.KeyEvent) bool
	onFocus  func(bool)
	shortcut func(*desktop.CustomShortcut)
}

var _ fyne.Accessible = (*entry)(nil)

func newEntry(name string, shortcut func(*desktop.CustomShortcut)) *entry {
	e := &entry{name: name, shortcut: shortcut, onKey: func(*fyne.KeyEvent) bool { return false }, onFocus: func(bool) {}}
	e.ExtendBaseWidget(e)
	return e
}

func newBody(name string, shortcut func(*desktop.CustomShortcut)) *entry {
	e := newEntry(name, shortcut)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	return e
}

// TypedShortcut keeps what edits text and passes the rest on.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && (c.KeyName == fyne.KeyReturn || c.KeyName == fyne.KeyEnter) {
		e.shortcut(c)
		return
	}
	e.Entry.TypedShortcut(s)
}

// TypedKey offers the key to onKey first.
func (e *entry) TypedKey(k *fyne.KeyEvent) {
	if !e.onKey(k) {
		e.Entry.TypedKey(k)
	}
}

// AcceptsTab says no: Tab leads to the next field, so that every field can be
// left with the keyboard.
func (e *entry) AcceptsTab() bool { return false }

// FocusGained tells the row.
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	e.onFocus(true)
}

// FocusLost tells the row.
func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	e.onFocus(false)
}

// AccessibilityLabel names the field.
func (e *entry) AccessibilityLabel() string { return e.name }

// AccessibilityRole says text: Fyne has no role for entries yet.
func (e *entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// bare shows a field without its frame, with text of the given size.
func bare(o fyne.CanvasObject, size float32) fyne.CanvasObject {
	return container.NewThemeOverride(o, &bareTheme{Theme: look.New(look.System), text: size})
}

// bareTheme is the running theme without the frame and paper of fields.
type bareTheme struct {
	*look.Theme
	text float32
}

// Color takes the frame and paper away.
func (t *bareTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	switch n {
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder:
		return color.Transparent
	}
	return look.Colour(n)
}

// Size sets the text's size and leaves no room for a frame.
func (t *bareTheme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return t.text
	case theme.SizeNameInputBorder:
		return 0
	}
	return t.Theme.Size(n)
}
