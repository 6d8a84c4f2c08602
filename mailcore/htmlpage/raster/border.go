package raster

import (
	"image"
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// border paints the four edges of a box.
func (c *canvas) border(b display.Border) {
	outer := c.pixels(b.Rect)
	var w [4]float64
	same := true
	for i, e := range b.Edges {
		if e.Width > 0 {
			w[i] = max(1, math.Floor(e.Width*c.scale+1e-6))
		}
		same = same && e.Color == b.Edges[0].Color && (e.Style == "solid" && e.Width > 0)
	}
	if b.Radii.Round() {
		c.roundBorder(b, outer, w, same)
		return
	}
	for i, e := range b.Edges {
		if w[i] > 0 {
			c.edge(outer, w, i, e)
		}
	}
}

// roundBorder paints a border with round corners: all of it at once where it is
// of one colour, else each side through its own part of the ring.
func (c *canvas) roundBorder(b display.Border, outer image.Rectangle, w [4]float64, same bool) {
	o := snapped(outer)
	in := display.Rect{X: o.X + w[3], Y: o.Y + w[0], W: max(0, o.W-w[1]-w[3]), H: max(0, o.H-w[0]-w[2])}
	radii := c.radii(b.Radii)
	inner := radii
	sides := [4][2]float64{{w[3], w[0]}, {w[1], w[0]}, {w[1], w[2]}, {w[3], w[2]}}
	for i := range inner {
		inner[i] = [2]float64{max(0, radii[i][0]-sides[i][0]), max(0, radii[i][1]-sides[i][1])}
	}
	ring := func(p *path) {
		p.rounded(o, radii, false)
		p.rounded(in, inner, true)
	}
	if same {
		c.shape(outer, image.NewUniform(premultiplied(b.Edges[0].Color)), ring)
		return
	}
	area := outer.Intersect(c.clip)
	if area.Empty() {
		return
	}
	whole := alphaOf(area, ring)
	for i, e := range b.Edges {
		if w[i] == 0 || e.Color.A == 0 {
			continue
		}
		part := alphaOf(area, func(p *path) { p.polygon(wedge(o, in, i)...) })
		for k := range part.Pix {
			part.Pix[k] = uint8(int(part.Pix[k]) * int(whole.Pix[k]) / 255)
		}
		c.masked(area, premultiplied(shade(e, i)), part)
	}
}

// wedge is the part of a box that a side's border owns.
func wedge(o, in display.Rect, side int) [][2]float64 {
	x0, y0, x1, y1 := o.X, o.Y, o.X+o.W, o.Y+o.H
	a0, b0, a1, b1 := in.X, in.Y, in.X+in.W, in.Y+in.H
	switch side {
	case style.Top:
		return [][2]float64{{x0, y0}, {x1, y0}, {a1, b0}, {a0, b0}}
	case style.Right:
		return [][2]float64{{x1, y0}, {x1, y1}, {a1, b1}, {a1, b0}}
	case style.Bottom:
		return [][2]float64{{x1, y1}, {x0, y1}, {a0, b1}, {a1, b1}}
	}
	return [][2]float64{{x0, y1}, {x0, y0}, {a0, b0}, {a0, b1}}
}

// edge paints one straight edge.
func (c *canvas) edge(outer image.Rectangle, w [4]float64, side int, e style.Edge) {
	r := strip(outer, side, int(w[side]))
	switch e.Style {
	case "dotted", "dashed":
		c.dashes(r, e.Color, e.Style, side == style.Right || side == style.Left)
		return
	case "double":
		if w[side] >= 3 {
			third := int(w[side]+1) / 3
			c.uniform(strip(outer, side, third), e.Color)
			c.uniform(strip(outer.Inset(int(w[side])-third), side, third), e.Color)
			return
		}
	}
	col := shade(e, side)
	o := snapped(outer)
	in := display.Rect{X: o.X + w[3], Y: o.Y + w[0], W: max(0, o.W-w[1]-w[3]), H: max(0, o.H-w[0]-w[2])}
	before, after := w[(side+3)%4], w[(side+1)%4]
	if w[side] <= 1 || before == 0 && after == 0 {
		c.uniform(r, col)
		return
	}
	c.shape(r, image.NewUniform(premultiplied(col)), func(p *path) { p.polygon(wedge(o, in, side)...) })
}

// strip is the area along a side.
func strip(r image.Rectangle, side, w int) image.Rectangle {
	switch side {
	case style.Top:
		r.Max.Y = min(r.Max.Y, r.Min.Y+w)
	case style.Right:
		r.Min.X = max(r.Min.X, r.Max.X-w)
	case style.Bottom:
		r.Min.Y = max(r.Min.Y, r.Max.Y-w)
	default:
		r.Max.X = min(r.Max.X, r.Min.X+w)
	}
	return r
}

// shade darkens the sides of borders that look raised or sunken.
func shade(e style.Edge, side int) css.Color {
	upper := side == style.Top || side == style.Left
	switch e.Style {
	case "inset", "groove":
		if upper {
			return darker(e.Color)
		}
	case "outset", "ridge":
		if !upper {
			return darker(e.Color)
		}
	}
	return e.Color
}

func darker(c css.Color) css.Color {
	if c.R < 32 && c.G < 32 && c.B < 32 {
		return css.Color{R: 76, G: 76, B: 76, A: c.A}
	}
	return css.Color{R: uint8(int(c.R) * 2 / 3), G: uint8(int(c.G) * 2 / 3), B: uint8(int(c.B) * 2 / 3), A: c.A}
}

// dashes paints a dotted or dashed line.
func (c *canvas) dashes(r image.Rectangle, col css.Color, kind string, vertical bool) {
	thick, length := r.Dy(), r.Dx()
	if vertical {
		thick, length = length, thick
	}
	dash, gap := thick, thick
	if kind == "dashed" {
		dash, gap = 2*thick, thick
		if thick < 3 {
			dash, gap = 3*thick, 2*thick
		}
	}
	if dash <= 0 {
		return
	}
	for at := 0; at < length; at += dash + gap {
		end := min(at+dash, length)
		if vertical {
			c.uniform(image.Rect(r.Min.X, r.Min.Y+at, r.Max.X, r.Min.Y+end), col)
		} else {
			c.uniform(image.Rect(r.Min.X+at, r.Min.Y, r.Min.X+end, r.Max.Y), col)
		}
	}
}
