package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// absolutes places the boxes that are taken out of the flow, once everything
// else stands (CSS 2.1, 10.3.7 and 10.6.4).
func (l *layouter) absolutes() {
	for len(l.outs) > 0 {
		outs := l.outs
		l.outs = nil
		for _, b := range outs {
			l.absolute(b)
		}
	}
}

// container is the box that an absolute one is placed in, and where its padding
// box lies from the box's parent.
func (l *layouter) container(b *Box) (c *Box, dx, dy float64) {
	for c = b.Parent; c.Parent != nil; c = c.Parent {
		if c.Style.Position != "static" && b.Style.Position != "fixed" {
			break
		}
		dx -= c.X
		dy -= c.Y
	}
	return c, dx, dy
}

func (l *layouter) absolute(b *Box) {
	c, dx, dy := l.container(b)
	e := c.Border()
	in := space{width: max(0, c.W-e[1]-e[3]), height: max(0, c.H-e[0]-e[2])}
	dx += e[3]
	dy += e[0]
	s := b.Style
	left, right := s.Inset[style.Left], s.Inset[style.Right]
	ml, mr := s.Margin[style.Left].Of(in.width), s.Margin[style.Right].Of(in.width)
	avail := in.width - ml - mr
	if !left.IsAuto() {
		avail -= left.Of(in.width)
	}
	if !right.IsAuto() {
		avail -= right.Of(in.width)
	}
	w := l.usedWidth(b, in, avail)
	if s.Width.IsAuto() && !left.IsAuto() && !right.IsAuto() && b.Kind == Flow {
		w = l.clampWidth(b, max(0, avail), in, avail, frameOf(b, in.width))
	}
	l.inside(b, w, in, l.stretched(b, in))
	switch {
	case !left.IsAuto():
		b.X = dx + left.Of(in.width) + ml
	case !right.IsAuto():
		b.X = dx + in.width - right.Of(in.width) - mr - w
	default:
		b.X += ml
	}
	top, bottom := s.Inset[style.Top], s.Inset[style.Bottom]
	switch {
	case !top.IsAuto():
		b.Y = dy + top.Of(in.height) + s.Margin[style.Top].Of(in.width)
	case !bottom.IsAuto():
		b.Y = dy + in.height - bottom.Of(in.height) - s.Margin[style.Bottom].Of(in.width) - b.H
	default:
		b.Y += s.Margin[style.Top].Of(in.width)
	}
}

// stretched is the height of a box between top and bottom, or NaN.
func (l *layouter) stretched(b *Box, in space) float64 {
	s := b.Style
	top, bottom := s.Inset[style.Top], s.Inset[style.Bottom]
	if top.IsAuto() || bottom.IsAuto() || !s.Height.IsAuto() || b.Kind != Flow {
		return math.NaN()
	}
	m := s.Margin[style.Top].Of(in.width) + s.Margin[style.Bottom].Of(in.width)
	return max(0, in.height-top.Of(in.height)-bottom.Of(in.height)-m)
}
