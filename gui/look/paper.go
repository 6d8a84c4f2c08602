package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paper is a coloured area that keeps to the theme: the background of a view,
// a card with a frame, or a line between two areas.
type Paper struct {
	widget.BaseWidget
	fill, stroke fyne.ThemeColorName // "" means none
	radius       float32
	min          fyne.Size
}

func newPaper(fill, stroke fyne.ThemeColorName, radius float32, min fyne.Size) *Paper {
	p := &Paper{fill: fill, stroke: stroke, radius: radius, min: min}
	p.ExtendBaseWidget(p)
	return p
}

// NewPaper returns a background in a colour.
func NewPaper(fill fyne.ThemeColorName) *Paper { return newPaper(fill, "", 0, fyne.Size{}) }

// NewRoundPaper returns a background with the corners of a control.
func NewRoundPaper(fill fyne.ThemeColorName) *Paper { return newPaper(fill, "", Radius, fyne.Size{}) }

// NewFrame returns an empty card: surface, a thin line around, round corners.
func NewFrame(radius float32) *Paper { return newPaper(Surface, Line, radius, fyne.Size{}) }

// NewLine returns a thin line; it takes the shorter way of the place it gets.
func NewLine() *Paper { return newPaper(Line, "", 0, fyne.NewSquareSize(1)) }

// SetFill changes the colour of the area.
func (p *Paper) SetFill(fill fyne.ThemeColorName) {
	if p.fill != fill {
		p.fill = fill
		p.Refresh()
	}
}

// CreateRenderer makes the area's renderer.
func (p *Paper) CreateRenderer() fyne.WidgetRenderer {
	r := &paperRenderer{p: p, area: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type paperRenderer struct {
	p    *Paper
	area *canvas.Rectangle
}

func (r *paperRenderer) Destroy()                     {}
func (r *paperRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.area} }
func (r *paperRenderer) MinSize() fyne.Size           { return r.p.min }
func (r *paperRenderer) Layout(size fyne.Size)        { r.area.Resize(size) }

func (r *paperRenderer) Refresh() {
	r.area.CornerRadius = r.p.radius
	r.area.FillColor = color.Transparent
	if r.p.fill != "" {
		r.area.FillColor = Colour(r.p.fill)
	}
	r.area.StrokeWidth = 0
	if r.p.stroke != "" {
		r.area.StrokeColor, r.area.StrokeWidth = Colour(r.p.stroke), 1
	}
	r.area.Refresh()
}
