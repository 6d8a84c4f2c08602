package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

type scaledKey struct {
	ref  string
	w, h int
}

// maxScaled bounds a scaled copy, in pixels.
const maxScaled = 16_000_000

// image returns an image scaled to device pixels, or nil.
func (p *Painter) image(ref string, w, h int) *image.RGBA {
	k := scaledKey{ref, w, h}
	if img, ok := p.scaled[k]; ok {
		return img
	}
	var out *image.RGBA
	if src := p.pictures.Picture(ref); src != nil && w > 0 && h > 0 && w <= maxScaled/h {
		out = image.NewRGBA(image.Rect(0, 0, w, h))
		if b := src.Bounds(); b.Dx() == w && b.Dy() == h {
			draw.Draw(out, out.Rect, src, b.Min, draw.Src)
		} else {
			xdraw.BiLinear.Scale(out, out.Rect, src, b, draw.Src, nil)
		}
	}
	p.scaled[k] = out
	return out
}

// picture paints an image, or a frame where one is missing.
func (c *canvas) picture(o display.Picture) {
	dest := c.pixels(o.Dest)
	r := c.pixels(o.Rect)
	img := c.image(o.Ref, dest.Dx(), dest.Dy())
	if img == nil {
		return
	}
	area := r.Intersect(dest).Intersect(c.clip)
	if area.Empty() {
		return
	}
	if !o.Radii.Round() {
		draw.Draw(c.dst, area, img, area.Min.Sub(dest.Min), draw.Over)
		return
	}
	m := alphaOf(area, func(p *path) { p.rounded(snapped(r), c.radii(o.Radii), false) })
	draw.DrawMask(c.dst, area, img, area.Min.Sub(dest.Min), m, area.Min, draw.Over)
}

// tile paints a background image in all its copies.
func (c *canvas) tile(o display.Tile) {
	cell := c.pixels(o.Cell)
	img := c.image(o.Ref, cell.Dx(), cell.Dy())
	r := c.pixels(o.Rect)
	area := r.Intersect(c.clip)
	if img == nil || area.Empty() {
		return
	}
	src := &repeated{img: img, at: cell.Min, x: o.RepeatX, y: o.RepeatY}
	if o.Radii.Round() {
		m := alphaOf(area, func(p *path) { p.rounded(snapped(r), c.radii(o.Radii), false) })
		draw.DrawMask(c.dst, area, src, area.Min, m, area.Min, draw.Over)
		return
	}
	src.each(area, func(r image.Rectangle, from image.Point) { draw.Draw(c.dst, r, img, from, draw.Over) })
}

// repeated is an image without end in one or both directions.
type repeated struct {
	img  *image.RGBA
	at   image.Point
	x, y bool
}

func (r *repeated) ColorModel() color.Model { return color.RGBAModel }
func (r *repeated) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }
func (r *repeated) At(x, y int) color.Color {
	x, y = x-r.at.X, y-r.at.Y
	w, h := r.img.Rect.Dx(), r.img.Rect.Dy()
	if r.x {
		x = ((x % w) + w) % w
	}
	if r.y {
		y = ((y % h) + h) % h
	}
	return r.img.RGBAAt(x, y)
}

// each calls f for every copy that touches an area.
func (r *repeated) each(area image.Rectangle, f func(r image.Rectangle, from image.Point)) {
	w, h := r.img.Rect.Dx(), r.img.Rect.Dy()
	x0, x1, y0, y1 := 0, 0, 0, 0
	if r.x {
		x0, x1 = floorDiv(area.Min.X-r.at.X, w), floorDiv(area.Max.X-1-r.at.X, w)
	}
	if r.y {
		y0, y1 = floorDiv(area.Min.Y-r.at.Y, h), floorDiv(area.Max.Y-1-r.at.Y, h)
	}
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			at := r.at.Add(image.Pt(x*w, y*h))
			if part := r.img.Rect.Add(at).Intersect(area); !part.Empty() {
				f(part, part.Min.Sub(at))
			}
		}
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// gradient paints a gradient.
func (c *canvas) gradient(o display.Gradient) {
	r := c.pixels(o.Rect)
	src := newRamp(o.Gradient, snapped(r), c.scale)
	if len(src.stops) == 0 {
		return
	}
	area := r.Intersect(c.clip)
	if area.Empty() {
		return
	}
	if o.Radii.Round() {
		m := alphaOf(area, func(p *path) { p.rounded(snapped(r), c.radii(o.Radii), false) })
		draw.DrawMask(c.dst, area, src, area.Min, m, area.Min, draw.Over)
		return
	}
	draw.Draw(c.dst, area, src, area.Min, draw.Over)
}

// ramp is the colours of a gradient over a box.
type ramp struct {
	stops  []rampStop
	x, y   float64 // where it starts, or its centre
	dx, dy float64 // along it; for a radial one the two radii
	radial bool
}

type rampStop struct {
	at    float64
	color css.Color
}

func newRamp(g *style.Gradient, r display.Rect, scale float64) *ramp {
	p := &ramp{radial: g.Radial}
	length := 0.0
	if g.Radial {
		p.x, p.y = r.X+r.W/2, r.Y+r.H/2
		p.dx, p.dy = r.W/math.Sqrt2, r.H/math.Sqrt2
		length = p.dx
	} else {
		a := angleOf(g, r)
		sin, cos := math.Sin(a), math.Cos(a)
		length = math.Abs(r.W*sin) + math.Abs(r.H*cos)
		p.x, p.y = r.X+r.W/2-sin*length/2, r.Y+r.H/2+cos*length/2
		p.dx, p.dy = sin/max(length, 1e-6), -cos/max(length, 1e-6)
	}
	p.place(g.Stops, length, scale)
	return p
}

// angleOf is the direction in radians; towards a corner, the line of the middle
// runs through the other two corners.
func angleOf(g *style.Gradient, r display.Rect) float64 {
	if g.Corner == "" {
		return g.Angle * math.Pi / 180
	}
	a := math.Atan2(r.H, r.W)
	base := map[string]float64{
		"top right": a, "right top": a, "bottom right": math.Pi - a, "right bottom": math.Pi - a,
		"bottom left": math.Pi + a, "left bottom": math.Pi + a, "top left": -a, "left top": -a,
	}
	return base[g.Corner]
}

// place gives stops that were left open their places (CSS Images 3, 3.4.3).
func (p *ramp) place(stops []style.GradientStop, length, scale float64) {
	for i, s := range stops {
		at := math.NaN()
		switch {
		case s.At.Kind == style.Fixed:
			at = s.At.Pct/100 + s.At.Px*scale/max(length, 1e-6)
		case i == 0:
			at = 0
		case i == len(stops)-1:
			at = 1
		}
		p.stops = append(p.stops, rampStop{at, s.Color})
	}
	high := 0.0
	for i := range p.stops {
		if s := &p.stops[i]; !math.IsNaN(s.at) {
			s.at = max(s.at, high)
			high = s.at
		}
	}
	for i := 1; i < len(p.stops); i++ {
		if !math.IsNaN(p.stops[i].at) {
			continue
		}
		j := i
		for math.IsNaN(p.stops[j].at) {
			j++
		}
		from, to := p.stops[i-1].at, p.stops[j].at
		for k := i; k < j; k++ {
			p.stops[k].at = from + (to-from)*float64(k-i+1)/float64(j-i+1)
		}
	}
}

func (p *ramp) ColorModel() color.Model { return color.RGBAModel }
func (p *ramp) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }

func (p *ramp) At(x, y int) color.Color {
	dx, dy := float64(x)+0.5-p.x, float64(y)+0.5-p.y
	if p.radial {
		return p.color(math.Hypot(dx/max(p.dx, 1e-6), dy/max(p.dy, 1e-6)))
	}
	return p.color(dx*p.dx + dy*p.dy)
}

// color mixes premultiplied colours, so that transparent ones lend no hue.
func (p *ramp) color(t float64) color.Color {
	n := len(p.stops)
	if t <= p.stops[0].at {
		return premultiplied(p.stops[0].color)
	}
	for i := 1; i < n; i++ {
		a, b := p.stops[i-1], p.stops[i]
		if t > b.at {
			continue
		}
		f := 0.0
		if b.at > a.at {
			f = (t - a.at) / (b.at - a.at)
		}
		from, to := premultiplied(a.color), premultiplied(b.color)
		mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*f)) }
		return color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), mix(from.A, to.A)}
	}
	return premultiplied(p.stops[n-1].color)
}
