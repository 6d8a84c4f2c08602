package raster

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
)

// maxBlur bounds a shadow's blur, in device pixels.
const maxBlur = 200

// masked paints a colour through a mask.
func (c *canvas) masked(area image.Rectangle, col color.RGBA, m *image.Alpha) {
	area = area.Intersect(c.clip)
	draw.DrawMask(c.dst, area, image.NewUniform(col), image.Point{}, m, area.Min, draw.Over)
}

// shadow paints the shadow outside of a box; one that is inset, within it.
func (c *canvas) shadow(s display.Shadow) {
	blur := int(min(maxBlur, math.Round(s.Shadow.Blur*c.scale)))
	box := c.pixels(s.Box)
	x, y, grow := s.Shadow.X*c.scale, s.Shadow.Y*c.scale, s.Shadow.Spread*c.scale
	if s.Shadow.Inset {
		grow = -grow
	}
	cast := display.Rect{X: float64(box.Min.X) + x - grow, Y: float64(box.Min.Y) + y - grow, W: float64(box.Dx()) + 2*grow, H: float64(box.Dy()) + 2*grow}
	if cast.W <= 0 || cast.H <= 0 {
		return
	}
	radii := c.radii(s.Radii)
	shaped := radii
	for i := range shaped {
		for k := range shaped[i] {
			if shaped[i][k] > 0 {
				shaped[i][k] = max(0, shaped[i][k]+grow)
			}
		}
	}
	area := image.Rect(int(math.Floor(cast.X)), int(math.Floor(cast.Y)), int(math.Ceil(cast.X+cast.W)), int(math.Ceil(cast.Y+cast.H))).Inset(-blur)
	if s.Shadow.Inset {
		area = box
	}
	// Only what is seen is worked out, with what the blur reaches.
	area = area.Intersect(c.clip.Inset(-blur))
	if area.Empty() || area.Intersect(c.clip).Empty() {
		return
	}
	work := area.Inset(-blur)
	m := alphaOf(work, func(p *path) { p.rounded(cast, shaped, false) })
	if s.Shadow.Inset {
		for i, a := range m.Pix {
			m.Pix[i] = 255 - a
		}
	}
	soften(m, blur/2)
	keep := alphaOf(work, func(p *path) { p.rounded(snapped(box), radii, false) })
	for i := range m.Pix {
		k := int(keep.Pix[i])
		if !s.Shadow.Inset {
			k = 255 - k
		}
		m.Pix[i] = uint8(int(m.Pix[i]) * k / 255)
	}
	c.masked(area, premultiplied(s.Shadow.Color), m)
}

// soften blurs a mask: three boxes come close to a Gaussian of that deviation.
func soften(m *image.Alpha, sigma int) {
	if sigma <= 0 {
		return
	}
	radius := max(1, int(math.Round(float64(sigma)*0.94)))
	w, h := m.Rect.Dx(), m.Rect.Dy()
	buf := make([]uint8, max(w, h))
	for range 3 {
		for y := range h {
			boxBlur(m.Pix[y*m.Stride:], buf, w, 1, radius)
		}
		for x := range w {
			boxBlur(m.Pix[x:], buf, h, m.Stride, radius)
		}
	}
}

// boxBlur averages n values, which stand step apart, over 2*radius+1 of them.
func boxBlur(pix, buf []uint8, n, step, radius int) {
	for i := range n {
		buf[i] = pix[i*step]
	}
	size := 2*radius + 1
	sum := 0
	for i := -radius; i <= radius; i++ {
		if i >= 0 && i < n {
			sum += int(buf[i])
		}
	}
	for i := range n {
		pix[i*step] = uint8(sum / size)
		if j := i + radius + 1; j < n {
			sum += int(buf[j])
		}
		if j := i - radius; j >= 0 {
			sum -= int(buf[j])
		}
	}
}
