package raster

import (
	"bytes"
	"image"
	"image/draw"
	_ "image/png" // colour emoji
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
)

// glyphKey is a glyph at a size and at one of four places within a pixel.
type glyphKey struct {
	face *fonts.Face
	id   font.GID
	size float32
	sub  uint8
}

// mask is a glyph's pixels, from its origin. Those of an emoji have colours.
type mask struct {
	alpha  *image.Alpha
	colour *image.RGBA
}

// maxGlyphs bounds what a painter remembers.
const maxGlyphs = 8000

// text paints a word.
func (c *canvas) text(t display.Text) {
	if t.Run == nil || t.Color.A == 0 {
		return
	}
	size := t.Size * c.scale
	if size < 0.5 {
		return
	}
	src := image.NewUniform(premultiplied(t.Color))
	x := t.X * c.scale
	base := int(math.Round(t.Baseline * c.scale))
	last := -1
	for _, g := range t.Run.Glyphs {
		if t.Spacing != 0 && last >= 0 && g.Rune != last {
			x += t.Spacing * c.scale
		}
		last = g.Rune
		c.glyph(g, size, x+g.X*size, base-int(math.Round(g.Y*size)), src)
		x += g.Advance * size
	}
}

func (c *canvas) glyph(g fonts.Glyph, size, x float64, base int, src image.Image) {
	const steps = 4
	whole := math.Floor(x)
	sub := uint8((x - whole) * steps)
	m := c.mask(glyphKey{g.Face, g.ID, float32(size), sub}, float64(sub)/steps)
	at := image.Pt(int(whole), base)
	switch {
	case m.colour != nil:
		r := m.colour.Rect.Add(at).Intersect(c.clip)
		draw.Draw(c.dst, r, m.colour, r.Min.Sub(at), draw.Over)
	case m.alpha != nil:
		r := m.alpha.Rect.Add(at).Intersect(c.clip)
		draw.DrawMask(c.dst, r, src, image.Point{}, m.alpha, r.Min.Sub(at), draw.Over)
	}
}

func (p *Painter) mask(k glyphKey, dx float64) *mask {
	if m, ok := p.glyphs[k]; ok {
		return m
	}
	m := &mask{}
	switch d := k.face.GlyphData(k.id).(type) {
	case font.GlyphOutline:
		m.alpha = outline(d.Segments, float64(k.size)/float64(k.face.Upem()), dx)
	case font.GlyphBitmap:
		m.colour = p.emoji(k, d)
	case font.GlyphSVG:
		m.alpha = outline(d.Outline.Segments, float64(k.size)/float64(k.face.Upem()), dx)
	}
	if len(p.glyphs) >= maxGlyphs {
		clear(p.glyphs)
	}
	p.glyphs[k] = m
	return m
}

// emoji scales a bitmap glyph to the size of its text.
func (p *Painter) emoji(k glyphKey, b font.GlyphBitmap) *image.RGBA {
	img, _, err := image.Decode(bytes.NewReader(b.Data))
	if err != nil {
		return nil
	}
	f := float64(k.size) / float64(k.face.Upem())
	e, ok := k.face.GlyphExtents(k.id)
	if !ok {
		return nil
	}
	r := image.Rect(
		int(math.Round(float64(e.XBearing)*f)), int(math.Round(-float64(e.YBearing)*f)),
		int(math.Round(float64(e.XBearing+e.Width)*f)), int(math.Round(-float64(e.YBearing+e.Height)*f)))
	if r.Empty() || r.Dx() > 2000 || r.Dy() > 2000 {
		return nil
	}
	out := image.NewRGBA(r)
	xdraw.CatmullRom.Scale(out, r, img, img.Bounds(), draw.Src, nil)
	return out
}

// outline paints a glyph's outline.
func outline(segs []font.Segment, f, dx float64) *image.Alpha {
	if len(segs) == 0 {
		return nil
	}
	area := extent(segs, f, dx)
	if area.Empty() || area.Dx() > 4000 || area.Dy() > 4000 {
		return nil
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	r.DrawOp = draw.Src
	pt := func(p opentype.SegmentPoint) (float32, float32) {
		return float32(float64(p.X)*f + dx - float64(area.Min.X)), float32(-float64(p.Y)*f - float64(area.Min.Y))
	}
	for _, s := range segs {
		x, y := pt(s.Args[0])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(x, y)
		case opentype.SegmentOpLineTo:
			r.LineTo(x, y)
		case opentype.SegmentOpQuadTo:
			x1, y1 := pt(s.Args[1])
			r.QuadTo(x, y, x1, y1)
		case opentype.SegmentOpCubeTo:
			x1, y1 := pt(s.Args[1])
			x2, y2 := pt(s.Args[2])
			r.CubeTo(x, y, x1, y1, x2, y2)
		}
	}
	r.ClosePath()
	m := image.NewAlpha(area)
	r.Draw(m, area, image.Opaque, image.Point{})
	return m
}

// extent is the area of an outline, by its control points.
func extent(segs []font.Segment, f, dx float64) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range segs {
		for _, p := range segs[i].ArgsSlice() {
			x, y := float64(p.X)*f+dx, -float64(p.Y)*f
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}
