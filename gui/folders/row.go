package folders

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// face is what a row shows.
type face struct {
	line
	current, lit, hover bool
}

type rowWidget struct {
	widget.BaseWidget
	side  *Sidebar
	index int
	face  face

	paper, ring  *canvas.Rectangle
	dot          *canvas.Circle
	title, count *look.Text
	arrow        *look.Arrow
}

func newRow(s *Sidebar, index int) *rowWidget {
	r := &rowWidget{side: s, index: index}
	r.paper, r.ring = canvas.NewRectangle(color.Transparent), look.NewRing(6)
	r.paper.CornerRadius = 6
	r.dot = canvas.NewCircle(color.Transparent)
	r.title, r.count = look.NewText("", look.Plain), look.NewWholeText("", look.Label)
	r.arrow = look.NewArrow(func() { s.open(r.index, !r.face.expanded) })
	r.ExtendBaseWidget(r)
	return r
}

func (r *rowWidget) show(f face) {
	f.hover = r.face.hover
	if f == r.face {
		return
	}
	tall := f.height() != r.face.height()
	r.face = f
	r.Refresh()
	if tall {
		r.side.column.Refresh()
	}
}

func (f face) height() float32 {
	switch {
	case f.header:
		return 44
	case f.trouble:
		return 28
	}
	return look.Hit
}

func (f face) styles() (title, count look.Style) {
	title, count = look.Plain, look.Label
	switch {
	case f.header:
		title = look.Style{Size: look.SmallSize, Ink: look.Muted}
	case f.trouble:
		title = look.Style{Size: look.LabelSize, Ink: look.Bad}
	case f.current:
		title, count = look.Strong, look.Style{Size: look.SmallSize, Bold: true, Ink: look.Accent}
	}
	if f.bad {
		count.Ink = look.Bad
	}
	return title, count
}

// CreateRenderer makes the row's renderer.
func (r *rowWidget) CreateRenderer() fyne.WidgetRenderer {
	x := &rowRenderer{r}
	x.Refresh()
	return x
}

type rowRenderer struct{ r *rowWidget }

func (x *rowRenderer) Destroy() {}

func (x *rowRenderer) Objects() []fyne.CanvasObject {
	r := x.r
	return []fyne.CanvasObject{r.paper, r.dot, r.title, r.count, r.arrow, r.ring}
}

func (x *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(80, x.r.face.height()) }

func (x *rowRenderer) Layout(size fyne.Size) {
	r, f := x.r, x.r.face
	r.paper.Resize(size)
	look.PlaceRing(r.ring, size, 0)
	left, middle := 12+float32(f.depth)*16, size.Height/2
	if f.header {
		left, middle = 24, size.Height-16
		r.dot.Move(fyne.NewPos(8, middle-4))
		r.dot.Resize(fyne.NewSize(8, 8))
	}
	if f.trouble {
		left = 24
	}
	c := r.count.MinSize()
	right := size.Width - 8 - c.Width
	r.count.Resize(c)
	r.count.Move(fyne.NewPos(right, middle-c.Height/2))
	room := right - 8 - left
	if f.parent {
		room -= 20
	}
	style, _ := f.styles()
	w := min(style.Width(f.title)+1, room)
	h := r.title.MinSize().Height
	r.title.Resize(fyne.NewSize(w, h))
	r.title.Move(fyne.NewPos(left, middle-h/2))
	r.arrow.Resize(fyne.NewSize(24, 24))
	r.arrow.Move(fyne.NewPos(left+w, middle-12))
}

func (x *rowRenderer) Refresh() {
	r, f := x.r, x.r.face
	title, count := f.styles()
	r.title.SetStyle(title)
	r.count.SetStyle(count)
	r.title.Set(f.title)
	r.count.Set(f.count)
	r.title.Refresh()
	r.count.Refresh()
	r.arrow.Hidden = !f.parent
	r.arrow.Set(f.expanded)
	r.dot.FillColor = color.Transparent
	if f.header {
		r.dot.FillColor = look.ParseColour(f.colour)
	}
	r.paper.FillColor = color.Transparent
	switch {
	case f.current:
		r.paper.FillColor = look.Colour(look.Selection)
	case f.hover && !f.header:
		r.paper.FillColor = look.Faded(look.Colour(look.Muted), 0x1c)
	}
	r.ring.StrokeColor = look.Colour(look.Accent)
	r.ring.Hidden = !f.lit
	x.Layout(r.Size())
	canvas.Refresh(r)
}

// Tapped goes there.
func (r *rowWidget) Tapped(*fyne.PointEvent) { r.side.press(r.index) }

// TappedSecondary asks for the context menu.
func (r *rowWidget) TappedSecondary(e *fyne.PointEvent) {
	if r.face.header {
		r.side.OnAccountMenu(r.face.account, e.AbsolutePosition)
		return
	}
	if r.face.place.Kind != Nowhere {
		r.side.OnMenu(r.face.place, e.AbsolutePosition)
	}
}

// MouseIn lights the row.
func (r *rowWidget) MouseIn(*desktop.MouseEvent) { r.setHover(true) }

// MouseMoved does nothing.
func (r *rowWidget) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (r *rowWidget) MouseOut() { r.setHover(false) }

func (r *rowWidget) setHover(on bool) {
	r.face.hover = on
	r.Refresh()
}

// AccessibilityLabel returns the title and the count.
func (r *rowWidget) AccessibilityLabel() string { return r.face.title + " " + r.face.count }

// AccessibilityRole says button.
func (r *rowWidget) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
