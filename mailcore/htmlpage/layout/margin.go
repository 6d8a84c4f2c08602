package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// strut is margins that touch each other: they collapse to the largest of the
// positive ones and the smallest of the negative ones (CSS 2.1, 8.3.1).
type strut struct {
	plus, minus float64
	quirk       float64 // positive margins that quirks mode may drop
}

func (s *strut) add(m float64, quirk bool) {
	switch {
	case m < 0:
		s.minus = min(s.minus, m)
	case quirk:
		s.quirk = max(s.quirk, m)
	default:
		s.plus = max(s.plus, m)
	}
}

func (s *strut) merge(o strut) {
	s.plus, s.minus, s.quirk = max(s.plus, o.plus), min(s.minus, o.minus), max(s.quirk, o.quirk)
}

func (s strut) sum() float64 { return max(s.plus, s.quirk) + s.minus }

// unquirked is the strut without the margins that quirks mode drops.
func (s strut) unquirked() strut {
	s.quirk = 0
	return s
}

// leading is what a box's top margin collapses to with those of what is first
// in it. through is set when its bottom margin joins as well, because there is
// nothing between.
type leading struct {
	width   float64
	strut   strut
	through bool
}

// leads finds the leading margin of a block in a containing block of a width.
func (l *layouter) leads(b *Box, width float64) leading {
	if b.lead != nil && b.lead.width == width {
		return *b.lead
	}
	l.step()
	l.depth++
	out := leading{width: width}
	out.strut.add(b.Style.Margin[style.Top].Of(width), b.Style.QuirkTop)
	if !b.formatting() {
		l.leadsInside(b, width, &out)
	}
	l.depth--
	b.lead = &out
	return out
}

func (l *layouter) leadsInside(b *Box, width float64, out *leading) {
	f := frameOf(b, width)
	if f.top > 0 || b.hasLines(l) {
		return
	}
	inner := strut{}
	through := true
	content := l.horizontal(b, space{width: width, height: math.NaN()}).width - f.width()
	for _, c := range b.Children {
		if c.floats() || c.outOfFlow() {
			continue
		}
		if c.Style.Clear != "" {
			through = false
			break
		}
		child := l.leads(c, content)
		inner.merge(child.strut)
		if !child.through {
			through = false
			break
		}
	}
	if l.quirkyContainer(b) {
		inner = inner.unquirked()
	}
	out.strut.merge(inner)
	if through && f.bottom == 0 && b.collapsible() {
		out.strut.add(b.Style.Margin[style.Bottom].Of(width), b.Style.QuirkBottom)
		out.through = true
	}
}

// collapsible reports whether a box without content has no height.
func (b *Box) collapsible() bool {
	h, m := b.Style.Height, b.Style.MinHeight
	zero := func(l style.Len) bool { return l.Kind != style.Fixed || l.Px == 0 }
	return zero(h) && zero(m)
}

// hasLines reports whether a box has lines, be they empty of text.
func (b *Box) hasLines(l *layouter) bool {
	if len(b.Items) == 0 {
		return b.Marker != nil && !b.Marker.Inside && len(b.Children) == 0
	}
	return !onlyBlank(b.Items) || b.Marker != nil
}

// quirkyContainer reports whether a box drops quirky margins at its edges.
func (l *layouter) quirkyContainer(b *Box) bool {
	return l.quirks() && (b.Kind == TableCell || b.Node != nil && b.Node.Tag == "body")
}
