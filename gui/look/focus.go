package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// NewRing returns the frame that shows where the keyboard is; it is hidden at
// first. Every widget that can be focused shows one.
func NewRing(radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = 2
	r.StrokeColor = Colour(Accent)
	r.CornerRadius = radius
	r.Hide()
	return r
}

// PlaceRing lays the ring just inside a place of the given size.
func PlaceRing(r *canvas.Rectangle, size fyne.Size, inset float32) {
	r.Move(fyne.NewPos(inset, inset))
	r.Resize(fyne.NewSize(max(0, size.Width-2*inset), max(0, size.Height-2*inset)))
}

// PassOn hands a key that a focused widget does not use to the window, which
// gets keys by itself only while nothing is focused.
func PassOn(from fyne.CanvasObject, e *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(from)
	if c == nil {
		return
	}
	if f := c.OnTypedKey(); f != nil {
		f(e)
	}
}
