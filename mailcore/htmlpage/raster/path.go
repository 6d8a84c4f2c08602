package raster

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
)

// path collects outlines in device pixels of the page.
type path struct {
	r      *vector.Rasterizer
	dx, dy float32
}

func (p *path) move(x, y float64) { p.r.MoveTo(float32(x)-p.dx, float32(y)-p.dy) }
func (p *path) line(x, y float64) { p.r.LineTo(float32(x)-p.dx, float32(y)-p.dy) }
func (p *path) cube(a, b, c, d, x, y float64) {
	p.r.CubeTo(float32(a)-p.dx, float32(b)-p.dy, float32(c)-p.dx, float32(d)-p.dy, float32(x)-p.dx, float32(y)-p.dy)
}

// kappa makes a quarter of an ellipse of a Bézier curve.
const kappa = 0.5522847498

// rounded adds a rectangle with round corners; backwards it cuts a hole.
func (p *path) rounded(r display.Rect, c display.Radii, backwards bool) {
	x0, y0, x1, y1 := r.X, r.Y, r.X+r.W, r.Y+r.H
	k := 1 - kappa
	if backwards {
		p.move(x0+c[0][0], y0)
		p.cube(x0+c[0][0]*k, y0, x0, y0+c[0][1]*k, x0, y0+c[0][1])
		p.line(x0, y1-c[3][1])
		p.cube(x0, y1-c[3][1]*k, x0+c[3][0]*k, y1, x0+c[3][0], y1)
		p.line(x1-c[2][0], y1)
		p.cube(x1-c[2][0]*k, y1, x1, y1-c[2][1]*k, x1, y1-c[2][1])
		p.line(x1, y0+c[1][1])
		p.cube(x1, y0+c[1][1]*k, x1-c[1][0]*k, y0, x1-c[1][0], y0)
		p.r.ClosePath()
		return
	}
	p.move(x0+c[0][0], y0)
	p.line(x1-c[1][0], y0)
	p.cube(x1-c[1][0]*k, y0, x1, y0+c[1][1]*k, x1, y0+c[1][1])
	p.line(x1, y1-c[2][1])
	p.cube(x1, y1-c[2][1]*k, x1-c[2][0]*k, y1, x1-c[2][0], y1)
	p.line(x0+c[3][0], y1)
	p.cube(x0+c[3][0]*k, y1, x0, y1-c[3][1]*k, x0, y1-c[3][1])
	p.line(x0, y0+c[0][1])
	p.cube(x0, y0+c[0][1]*k, x0+c[0][0]*k, y0, x0+c[0][0], y0)
	p.r.ClosePath()
}

// polygon adds a polygon.
func (p *path) polygon(points ...[2]float64) {
	for i, q := range points {
		if i == 0 {
			p.move(q[0], q[1])
		} else {
			p.line(q[0], q[1])
		}
	}
	p.r.ClosePath()
}

// alphaOf paints an outline into a mask of an area.
func alphaOf(area image.Rectangle, outline func(*path)) *image.Alpha {
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	r.DrawOp = draw.Src
	outline(&path{r, float32(area.Min.X), float32(area.Min.Y)})
	m := image.NewAlpha(area)
	r.Draw(m, area, image.Opaque, image.Point{})
	return m
}

// shape fills an outline, which lies within bounds, with a source.
func (c *canvas) shape(bounds image.Rectangle, src image.Image, outline func(*path)) {
	area := bounds.Intersect(c.clip)
	if area.Empty() {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	outline(&path{r, float32(area.Min.X), float32(area.Min.Y)})
	r.Draw(c.dst, area, src, area.Min)
}
