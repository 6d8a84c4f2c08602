package layout

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// inlineLevel is an inline element, or the box itself, in one line.
type inlineLevel struct {
	span   *Span
	style  *style.Style
	parent *inlineLevel
	font   fonts.Metrics
	m      metrics
	has    bool // m says something
	shift  float64
	edge   string // "top" or "bottom": aligned with the line
	pieces []placed
	inner  []*inlineLevel
	x0, x1 float64
	some   bool // x0 and x1 say something
	first  bool
	last   bool
	order  int // among what is in the line
}

func (v *inlineLevel) unite(m metrics, shift float64) {
	m.asc -= shift
	m.desc += shift
	if !v.has {
		v.m, v.has = m, true
		return
	}
	v.m.asc, v.m.desc = max(v.m.asc, m.asc), max(v.m.desc, m.desc)
}

func (lb *lineBuilder) level(span *Span, s *style.Style, parent *inlineLevel) *inlineLevel {
	v := &inlineLevel{span: span, style: s, parent: parent, font: lb.fonts.Metrics(&s.Inherited)}
	if lb.mode == htmlmail.Standards {
		v.unite(lb.textMetrics(&s.Inherited), 0)
	}
	return v
}

func (lb *lineBuilder) enter(s *Span) *inlineLevel {
	v := lb.level(s, s.Style, lb.top)
	lb.top.inner = append(lb.top.inner, v)
	lb.levels = append(lb.levels, v)
	v.order = lb.count
	lb.count++
	lb.top = v
	return v
}

// leave ends an element: its metrics join its parent's.
func (lb *lineBuilder) leave(last bool) {
	v := lb.top
	v.last = last
	lb.top = v.parent
	s := v.style
	if s.VerticalAlign == "top" || s.VerticalAlign == "bottom" {
		v.edge = s.VerticalAlign
		return
	}
	if !v.has {
		v.shift = lb.shift(s, v.parent, metrics{v.font.Ascent, v.font.Descent})
		return
	}
	v.shift = lb.shift(s, v.parent, v.m)
	v.parent.unite(v.m, v.shift)
}

// shift is how far below its parent's baseline a thing's own lies.
func (lb *lineBuilder) shift(s *style.Style, parent *inlineLevel, m metrics) float64 {
	size := parent.style.FontSize
	switch s.VerticalAlign {
	case "":
		base := lb.lineHeight(&s.Inherited, lb.fonts.Metrics(&s.Inherited))
		return -s.VerticalShift.Of(base)
	case "sub":
		return size/5 + 1
	case "super":
		return -(size/3 + 1)
	case "middle":
		return (m.asc-m.desc)/2 - parent.font.XHeight/2
	case "text-top":
		return m.asc - parent.font.Ascent
	case "text-bottom":
		return parent.font.Descent - m.desc
	case "-webkit-baseline-middle":
		return (m.asc - m.desc) / 2
	}
	return 0
}

// text makes a level as high as its text, which quirks mode leaves out where
// there is none.
func (v *inlineLevel) text(lb *lineBuilder) {
	v.unite(lb.textMetrics(&v.style.Inherited), 0)
}

func (v *inlineLevel) extend(x0, x1 float64) {
	for ; v != nil; v = v.parent {
		if !v.some {
			v.x0, v.x1, v.some = x0, x1, true
			continue
		}
		v.x0, v.x1 = min(v.x0, x0), max(v.x1, x1)
	}
}

// alignEdges makes room for what is aligned with the top or bottom of the line.
func (lb *lineBuilder) alignEdges() {
	root := lb.root
	grow := func(edge string, m metrics) {
		h := m.asc + m.desc
		if !root.has {
			root.m, root.has = m, true
			return
		}
		if more := h - (root.m.asc + root.m.desc); more > 0 {
			if edge == "top" {
				root.m.desc += more
			} else {
				root.m.asc += more
			}
		}
	}
	lb.eachEdge(root, grow)
}

func (lb *lineBuilder) eachEdge(v *inlineLevel, grow func(string, metrics)) {
	for i := range v.pieces {
		if p := &v.pieces[i]; p.edge != "" {
			grow(p.edge, p.m)
		}
	}
	for _, c := range v.inner {
		if c.edge != "" && c.has {
			grow(c.edge, c.m)
		}
		lb.eachEdge(c, grow)
	}
}

// baseOf is the baseline of an inner level.
func (lb *lineBuilder) baseOf(line *Line, c *inlineLevel, base float64) float64 {
	switch c.edge {
	case "top":
		return line.Y + c.m.asc
	case "bottom":
		return line.Y + line.H - c.m.desc
	}
	return base + c.shift
}
