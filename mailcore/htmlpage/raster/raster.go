// Package raster paints display lists into pixels: tiles for the window, whole
// pages for pictures, at any scale.
package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
)

// Pictures gives the pixels of images; nil for one that is not there.
type Pictures interface {
	Picture(ref string) image.Image
}

// Painter paints the areas of one page. It keeps glyphs and scaled images, and
// is not for use by several goroutines at once.
type Painter struct {
	list     *display.List
	pictures Pictures
	scale    float64
	glyphs   map[glyphKey]*mask
	scaled   map[scaledKey]*image.RGBA
}

// NewPainter makes a painter of a list at scale device pixels for a CSS pixel.
func NewPainter(list *display.List, pictures Pictures, scale float64) *Painter {
	return &Painter{list: list, pictures: pictures, scale: scale, glyphs: map[glyphKey]*mask{}, scaled: map[scaledKey]*image.RGBA{}}
}

// MaxPixels bounds the size of one picture.
const MaxPixels = 64_000_000

// Page paints the whole page, cut off at the lower end where it is larger than
// MaxPixels.
func (p *Painter) Page() *image.RGBA {
	w := max(1, int(math.Round(p.list.Width*p.scale)))
	h := max(1, int(math.Ceil(p.list.Height*p.scale-1e-6)))
	return p.Area(image.Rect(0, 0, w, min(h, max(1, MaxPixels/w))))
}

// Area paints an area, given in device pixels of the page.
func (p *Painter) Area(area image.Rectangle) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	img.Rect = area // the page's own coordinates
	c := &canvas{Painter: p, dst: img, clip: area}
	c.uniform(area, p.list.Canvas)
	seen := display.Rect{X: float64(area.Min.X) / p.scale, Y: float64(area.Min.Y) / p.scale, W: float64(area.Dx()) / p.scale, H: float64(area.Dy()) / p.scale}
	for _, op := range p.list.Ops {
		c.op(op, seen)
	}
	img.Rect = image.Rect(0, 0, area.Dx(), area.Dy())
	return img
}

// canvas is the work on one area.
type canvas struct {
	*Painter
	dst   *image.RGBA
	clip  image.Rectangle
	stack []layer
}

// layer is what a Pop goes back to.
type layer struct {
	clip image.Rectangle
	// below is set when painting goes to an image of its own until the Pop.
	below   *image.RGBA
	mask    *image.Alpha
	opacity float64
}

func (c *canvas) op(op display.Op, seen display.Rect) {
	switch o := op.(type) {
	case display.Clip:
		c.pushClip(o)
		return
	case display.Fade:
		c.pushFade(o)
		return
	case display.Pop:
		c.pop()
		return
	}
	b := op.Bounds()
	if b.X > seen.X+seen.W || b.Y > seen.Y+seen.H || b.X+b.W < seen.X || b.Y+b.H < seen.Y || c.clip.Empty() {
		// Glyphs may stick out of their boxes a little; none of them so far.
		if t, ok := op.(display.Text); !ok || b.Y > seen.Y+seen.H+t.Size || b.Y+b.H < seen.Y-t.Size || c.clip.Empty() {
			return
		}
	}
	c.paint(op)
}

func (c *canvas) paint(op display.Op) {
	switch o := op.(type) {
	case display.Fill:
		c.fill(o.Rect, o.Radii, o.Color)
	case display.Gradient:
		c.gradient(o)
	case display.Tile:
		c.tile(o)
	case display.Border:
		c.border(o)
	case display.Shadow:
		c.shadow(o)
	case display.Picture:
		c.picture(o)
	case display.Text:
		c.text(o)
	case display.Stroke:
		c.stroke(o)
	}
}

// pixels rounds a rectangle to whole device pixels, as Chromium does for boxes.
func (c *canvas) pixels(r display.Rect) image.Rectangle {
	round := func(v float64) int { return int(math.Round(v * c.scale)) }
	return image.Rect(round(r.X), round(r.Y), round(r.X+r.W), round(r.Y+r.H))
}

func premultiplied(c css.Color) color.RGBA {
	return color.RGBAModel.Convert(c.NRGBA()).(color.RGBA)
}

// uniform fills whole pixels.
func (c *canvas) uniform(r image.Rectangle, col css.Color) {
	if r = r.Intersect(c.clip); r.Empty() || col.A == 0 {
		return
	}
	op := draw.Over
	if col.A == 255 {
		op = draw.Src
	}
	draw.Draw(c.dst, r, image.NewUniform(premultiplied(col)), image.Point{}, op)
}

func (c *canvas) fill(r display.Rect, radii display.Radii, col css.Color) {
	if !radii.Round() {
		c.uniform(c.pixels(r), col)
		return
	}
	c.shape(c.pixels(r), image.NewUniform(premultiplied(col)), func(p *path) { p.rounded(snapped(c.pixels(r)), c.radii(radii), false) })
}

func (c *canvas) radii(r display.Radii) display.Radii {
	for i := range r {
		r[i][0] *= c.scale
		r[i][1] *= c.scale
	}
	return r
}

func snapped(r image.Rectangle) display.Rect {
	return display.Rect{X: float64(r.Min.X), Y: float64(r.Min.Y), W: float64(r.Dx()), H: float64(r.Dy())}
}

func (c *canvas) stroke(s display.Stroke) {
	r := c.pixels(s.Rect)
	r.Max.Y = max(r.Max.Y, r.Min.Y+1)
	switch s.Style {
	case "dotted", "dashed":
		c.dashes(r, s.Color, s.Style, false)
	case "double":
		c.uniform(r, s.Color)
		c.uniform(r.Add(image.Pt(0, 2*r.Dy())), s.Color)
	default:
		c.uniform(r, s.Color)
	}
}

func (c *canvas) pushClip(o display.Clip) {
	r := c.pixels(o.Rect)
	l := layer{clip: c.clip}
	c.clip = c.clip.Intersect(r)
	if o.Radii.Round() && !c.clip.Empty() {
		l.mask = alphaOf(c.clip, func(p *path) { p.rounded(snapped(r), c.radii(o.Radii), false) })
		l.below, l.opacity = c.dst, 1
		c.dst = image.NewRGBA(c.clip)
	}
	c.stack = append(c.stack, l)
}

func (c *canvas) pushFade(o display.Fade) {
	l := layer{clip: c.clip, below: c.dst, opacity: o.Opacity}
	if c.clip.Empty() {
		l.below = nil
	} else {
		c.dst = image.NewRGBA(c.clip)
	}
	c.stack = append(c.stack, l)
}

func (c *canvas) pop() {
	n := len(c.stack)
	if n == 0 {
		return
	}
	l := c.stack[n-1]
	c.stack = c.stack[:n-1]
	if l.below != nil {
		top := c.dst
		c.dst = l.below
		var m image.Image = image.NewUniform(color.Alpha{uint8(math.Round(l.opacity * 255))})
		if l.mask != nil {
			m = l.mask
		}
		draw.DrawMask(c.dst, top.Rect, top, top.Rect.Min, m, top.Rect.Min, draw.Over)
	}
	c.clip = l.clip
}
