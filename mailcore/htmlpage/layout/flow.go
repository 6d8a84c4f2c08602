package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// flow is the work on one Flow box.
type flow struct {
	*layouter
	box   *Box
	frame frame
	in    space // of its children
	fl    *floats
	own   bool    // the floats are this box's own
	x, y  float64 // of the border box, among the floats

	at       float64 // where the next block goes, from the top of the border box
	margin   strut   // what is above it
	absorbed bool    // the first margins were taken by the box itself
	first    bool    // nothing has come yet
}

// flow lays out blocks or lines and finds the height of the box.
func (l *layouter) flow(b *Box, width float64, in space, forced float64, fl *floats, x, y float64) {
	f := &flow{layouter: l, box: b, frame: frameOf(b, in.width), fl: fl, x: x, y: y, first: true}
	f.in = space{width: max(0, width-f.frame.width()), height: l.innerHeight(b, in, forced, f.frame)}
	if fl == nil || b.formatting() {
		f.fl, f.own, f.x, f.y = &floats{}, true, 0, 0
	}
	f.absorbed = !f.own && f.frame.top == 0
	f.at = f.frame.top
	b.Baseline, b.LastBase = math.NaN(), math.NaN()
	if len(b.Items) > 0 || b.Marker != nil && len(b.Children) == 0 {
		f.lines()
	} else {
		for _, c := range b.Children {
			f.child(c)
		}
	}
	f.end(in, forced)
}

func (f *flow) child(c *Box) {
	switch {
	case c.outOfFlow():
		f.out(c)
	case c.floats():
		f.float(c)
	default:
		f.block(c)
	}
}

// out remembers where a box would stand that is placed absolutely.
func (f *flow) out(c *Box) {
	c.X, c.Y = f.frame.left, f.at+f.gap()
	f.outs = append(f.outs, c)
}

// gap is the margin above the next content, as far as it is this box's.
func (f *flow) gap() float64 {
	if f.absorbed {
		return 0
	}
	return f.margin.sum()
}

// float places a floating box beside what comes.
func (f *flow) float(c *Box) {
	f.floatAt(c, f.y+f.at+f.gap())
}

// floatAt places a floating box at or below y, in the floats' coordinates.
func (f *flow) floatAt(c *Box, y float64) {
	s := c.Style
	m := func(i int) float64 { return s.Margin[i].Of(f.in.width) }
	w := f.usedWidth(c, f.in, f.in.width-m(style.Left)-m(style.Right))
	f.inside(c, w, f.in, math.NaN())
	if s.Clear != "" {
		y = max(y, f.fl.below(s.Clear))
	}
	x0 := f.x + f.frame.left
	x, top := f.fl.put(s.Float, y, m(style.Left)+w+m(style.Right), max(0, m(style.Top)+c.H+m(style.Bottom)), x0, x0+f.in.width)
	c.X, c.Y = x+m(style.Left)-f.x, top+m(style.Top)-f.y
	f.relative(c, f.in)
}

// block places a block in the flow.
func (f *flow) block(c *Box) {
	lead := f.leads(c, f.in.width)
	if f.first && f.quirkyContainer(f.box) {
		lead.strut = lead.strut.unquirked()
	}
	margin := f.margin
	margin.merge(lead.strut)
	y := f.at + margin.sum()
	if f.absorbed {
		y = f.at
	}
	y, cleared := f.clear(c, y)
	if c.formatting() {
		f.beside(c, y)
	} else {
		h := f.horizontal(c, f.in)
		c.X, c.Y = f.frame.left+h.left, y
		f.insideIn(c, h.width, f.in, math.NaN(), f.fl, f.x+c.X, f.y+c.Y)
	}
	f.after(c, lead, margin, cleared)
	f.relative(c, f.in)
}

// clear moves a block below the floats that it does not want beside it.
func (f *flow) clear(c *Box, y float64) (float64, bool) {
	if c.Style.Clear == "" {
		return y, false
	}
	if below := f.fl.below(c.Style.Clear) - f.y; below > y {
		return below, true
	}
	return y, false
}

// after moves on behind a block.
func (f *flow) after(c *Box, lead leading, margin strut, cleared bool) {
	if lead.through && !cleared && c.H == 0 {
		if !f.absorbed {
			f.margin = margin
		}
		return
	}
	f.first = false
	f.absorbed = false
	f.at = c.Y + c.H
	f.margin = f.trailing(c)
	if math.IsNaN(f.box.Baseline) && !math.IsNaN(c.Baseline) {
		f.box.Baseline = c.Y + c.Baseline
	}
	if !math.IsNaN(c.LastBase) {
		f.box.LastBase = c.Y + c.LastBase
	}
}

// trailing is the margin below a block, with what its last child leaves.
func (f *flow) trailing(c *Box) strut {
	var s strut
	s.add(c.Style.Margin[style.Bottom].Of(f.in.width), c.Style.QuirkBottom)
	if c.trail != nil {
		inner := *c.trail
		if f.quirkyContainer(c) {
			inner = inner.unquirked()
		}
		s.merge(inner)
	}
	return s
}

// beside places a block that keeps floats out: it goes beside them where it is
// narrow enough, else below.
func (f *flow) beside(c *Box, y float64) {
	x0 := f.x + f.frame.left
	s := c.Style
	left, right, _ := f.fl.bounds(f.y+y, 1, x0, x0+f.in.width)
	if left == x0 && right == x0+f.in.width {
		h := f.horizontal(c, f.in)
		c.X, c.Y = f.frame.left+h.left, y
		f.insideIn(c, h.width, f.in, math.NaN(), nil, 0, 0)
		return
	}
	ml, mr := s.Margin[style.Left].Of(f.in.width), s.Margin[style.Right].Of(f.in.width)
	w := f.usedWidth(c, f.in, max(right-left, 0)-ml-mr)
	if c.Kind != Replaced && s.Width.IsAuto() {
		if m := f.minMax(c).min; w < m {
			w = f.usedWidth(c, f.in, max(m, f.in.width-ml-mr))
		}
	}
	left, right, top := f.fl.fit(f.y+y, w+ml+mr, 1, x0, x0+f.in.width)
	if left == x0 && right == x0+f.in.width {
		h := f.horizontal(c, f.in)
		w, ml = h.width, h.left
	} else if rest := right - left - w - ml - mr; rest > 0 {
		ml += f.share(c, rest)
	}
	c.X, c.Y = left-f.x+ml, top-f.y
	f.insideIn(c, w, f.in, math.NaN(), nil, 0, 0)
}

// share is the part of what is left that automatic margins or the parent's
// alignment put on the left.
func (f *flow) share(c *Box, rest float64) float64 {
	l, r := c.Style.Margin[style.Left].IsAuto(), c.Style.Margin[style.Right].IsAuto()
	switch {
	case l && r:
		return rest / 2
	case l:
		return rest
	case r:
		return 0
	}
	return f.aligned(c, rest)
}

// end finds the height and what margin is left below.
func (f *flow) end(in space, forced float64) {
	b := f.box
	open := f.frame.bottom == 0 && !b.formatting() && !b.Style.Height.IsFixed() && math.IsNaN(forced)
	content := f.at
	b.trail = nil
	switch {
	case open:
		rest := f.margin
		b.trail = &rest
	case f.absorbed:
	case f.quirkyContainer(b):
		content += f.margin.unquirked().sum()
	default:
		content += f.margin.sum()
	}
	if f.own {
		if low := f.fl.below("both"); low > content {
			content = low
		}
	}
	b.H = f.height(b, content-f.frame.top, in, forced, f.frame)
}

// relative moves a box from where the flow put it.
func (l *layouter) relative(b *Box, in space) {
	if b.Style.Position != "relative" {
		return
	}
	dx, dy := relativeShift(b.Style, in)
	b.X += dx
	b.Y += dy
	b.shift = [2]float64{dx, dy}
}

func relativeShift(s *style.Style, in space) (dx, dy float64) {
	switch i := s.Inset; {
	case !i[style.Left].IsAuto():
		dx = i[style.Left].Of(in.width)
	case !i[style.Right].IsAuto():
		dx = -i[style.Right].Of(in.width)
	}
	height := in.height
	if math.IsNaN(height) {
		height = 0
	}
	switch i := s.Inset; {
	case !i[style.Top].IsAuto():
		dy = i[style.Top].Of(height)
	case !i[style.Bottom].IsAuto():
		dy = -i[style.Bottom].Of(height)
	}
	return dx, dy
}
