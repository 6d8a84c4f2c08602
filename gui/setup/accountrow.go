package setup

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// accountFace is what a row of the list of accounts shows.
type accountFace struct {
	title, address, state, colour string
	chosen, lit                   bool // lit: the list has the keyboard
}

// accountRow is one account: dot, name, address, and what is special about it.
type accountRow struct {
	widget.BaseWidget
	list  *accountList
	index int
	face  accountFace
	hover bool

	paper, ring           *canvas.Rectangle
	dot                   *canvas.Circle
	title, address, state *look.Text
}

const accountRowHeight = 14 * look.Unit

func newAccountRow(l *accountList, index int) *accountRow {
	r := &accountRow{list: l, index: index, paper: canvas.NewRectangle(color.Transparent), ring: look.NewRing(look.Radius), dot: canvas.NewCircle(color.Transparent)}
	r.paper.CornerRadius = look.Radius
	r.title, r.address, r.state = look.NewText("", look.Plain), look.NewText("", look.Small), look.NewWholeText("", look.Label)
	r.ExtendBaseWidget(r)
	return r
}

func (r *accountRow) show(f accountFace) {
	r.face = f
	r.Refresh()
}

// Tapped chooses the account; a second click edits it.
func (r *accountRow) Tapped(*fyne.PointEvent) { r.list.tapped(r.index) }

// MouseIn lights the row.
func (r *accountRow) MouseIn(*desktop.MouseEvent) { r.hover = true; r.Refresh() }

// MouseMoved does nothing.
func (r *accountRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (r *accountRow) MouseOut() { r.hover = false; r.Refresh() }

// AccessibilityLabel says the row.
func (r *accountRow) AccessibilityLabel() string {
	return r.face.title + ", " + r.face.address + ", " + r.face.state
}

// AccessibilityRole says button: a row can be pressed.
func (r *accountRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer makes the row's renderer.
func (r *accountRow) CreateRenderer() fyne.WidgetRenderer {
	x := &accountRowRenderer{r}
	x.Refresh()
	return x
}

type accountRowRenderer struct{ r *accountRow }

func (x *accountRowRenderer) Destroy()           {}
func (x *accountRowRenderer) MinSize() fyne.Size { return fyne.NewSize(200, accountRowHeight) }

func (x *accountRowRenderer) Objects() []fyne.CanvasObject {
	r := x.r
	return []fyne.CanvasObject{r.paper, r.dot, r.title, r.address, r.state, r.ring}
}

func (x *accountRowRenderer) Layout(size fyne.Size) {
	r := x.r
	const left = 9 * look.Unit
	r.paper.Resize(size)
	look.PlaceRing(r.ring, size, 0)
	state := r.state.MinSize()
	r.state.Resize(state)
	r.state.Move(fyne.NewPos(size.Width-3*look.Unit-state.Width, (size.Height-state.Height)/2))
	room := size.Width - left - 6*look.Unit - state.Width
	y := float32(8)
	for _, t := range []*look.Text{r.title, r.address} {
		h := t.MinSize().Height
		t.Resize(fyne.NewSize(room, h))
		t.Move(fyne.NewPos(left, y))
		y += h + 1
	}
	r.dot.Resize(fyne.NewSize(10, 10))
	r.dot.Move(fyne.NewPos(3*look.Unit, (size.Height-10)/2))
}

func (x *accountRowRenderer) Refresh() {
	r, f := x.r, x.r.face
	r.title.Set(f.title)
	r.address.Set(f.address)
	r.state.Set(f.state)
	r.title.Refresh()
	r.address.Refresh()
	r.state.Refresh()
	r.dot.FillColor = look.ParseColour(f.colour)
	r.paper.FillColor = look.RowColour(f.chosen, r.hover)
	r.ring.StrokeColor = look.Colour(look.Accent)
	r.ring.Hidden = !f.lit || !f.chosen
	x.Layout(r.Size())
	canvas.Refresh(r)
}
