package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Arrow opens and closes what is below a line. It is for the pointer; the line
// that it belongs to has keys for the same.
type Arrow struct {
	widget.BaseWidget
	open     bool
	OnTapped func()
}

// NewArrow returns a closed arrow.
func NewArrow(tapped func()) *Arrow {
	a := &Arrow{OnTapped: tapped}
	a.ExtendBaseWidget(a)
	return a
}

// Set shows whether it is open.
func (a *Arrow) Set(open bool) {
	if a.open != open {
		a.open = open
		a.Refresh()
	}
}

// Tapped opens or closes.
func (a *Arrow) Tapped(*fyne.PointEvent) {
	if a.OnTapped != nil {
		a.OnTapped()
	}
}

// CreateRenderer makes the arrow's renderer: two strokes.
func (a *Arrow) CreateRenderer() fyne.WidgetRenderer {
	return &arrowRenderer{a: a, one: canvas.NewLine(Colour(Muted)), two: canvas.NewLine(Colour(Muted))}
}

type arrowRenderer struct {
	a        *Arrow
	one, two *canvas.Line
}

func (r *arrowRenderer) Destroy()                     {}
func (r *arrowRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.one, r.two} }
func (r *arrowRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(16) }

func (r *arrowRenderer) Layout(size fyne.Size) {
	x, y := size.Width/2, size.Height/2
	from, tip, to := fyne.NewPos(x-2, y-4), fyne.NewPos(x+2, y), fyne.NewPos(x-2, y+4)
	if r.a.open {
		from, tip, to = fyne.NewPos(x-4, y-2), fyne.NewPos(x, y+2), fyne.NewPos(x+4, y-2)
	}
	r.one.Position1, r.one.Position2 = from, tip
	r.two.Position1, r.two.Position2 = tip, to
	r.one.StrokeWidth, r.two.StrokeWidth = 1.5, 1.5
}

func (r *arrowRenderer) Refresh() {
	r.one.StrokeColor, r.two.StrokeColor = Colour(Muted), Colour(Muted)
	r.Layout(r.a.Size())
	canvas.Refresh(r.a)
}
