package layout

import (
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// finish finds the height of the line and gives everything its place.
func (lb *lineBuilder) finish(pieces []piece) *Line {
	lb.alignEdges()
	x0 := lb.left - lb.flow.x
	avail := lb.right - lb.left
	line := &Line{X: x0, Y: lb.y, W: lb.x, H: lb.root.m.asc + lb.root.m.desc, Baseline: lb.y + lb.root.m.asc}
	line.Fragments = make([]Fragment, 0, lb.count)
	last := lb.next >= len(lb.pieces) || len(pieces) > 0 && pieces[len(pieces)-1].kind == breakPiece
	line.X += lb.align(avail-lb.x, last)
	lb.emit(line, lb.root, line.Baseline)
	return line
}

// align is how far the line moves to the right.
func (lb *lineBuilder) align(rest float64, last bool) float64 {
	s := lb.box.Style
	rtl := s.RTL
	how := s.TextAlign
	if how == "justify" {
		if !last && rest > 0 {
			lb.justify(rest)
			return 0
		}
		how = "start"
	}
	if how == "start" && rtl || how == "end" && !rtl {
		how = "right"
	}
	switch how {
	case "right", "-webkit-right":
		if rest < 0 && !rtl {
			return 0
		}
		return rest
	case "center", "-webkit-center":
		return max(rest, 0) / 2
	}
	return 0
}

// justify widens the blanks.
func (lb *lineBuilder) justify(rest float64) {
	var all []*placed
	var collect func(v *inlineLevel)
	collect = func(v *inlineLevel) {
		for i := range v.pieces {
			all = append(all, &v.pieces[i])
		}
		for _, c := range v.inner {
			collect(c)
		}
	}
	collect(lb.root)
	var blanks []float64
	for _, p := range all {
		if p.pc.kind == spacePiece {
			blanks = append(blanks, p.x)
		}
	}
	if len(blanks) == 0 {
		return
	}
	each := rest / float64(len(blanks))
	for _, p := range all {
		p.x = justified(blanks, p.x, each)
	}
	for _, v := range lb.levels {
		v.x0, v.x1 = justified(blanks, v.x0, each), justified(blanks, v.x1, each)
	}
}

func justified(blanks []float64, x, each float64) float64 {
	n := 0
	for _, b := range blanks {
		if b < x-1e-6 {
			n++
		}
	}
	return x + float64(n)*each
}

// emit turns a level into fragments; base is its baseline from the box's top.
func (lb *lineBuilder) emit(line *Line, v *inlineLevel, base float64) {
	dx, dy := 0.0, 0.0
	if v.span != nil && v.style.Position == "relative" {
		dx, dy = relativeShift(v.style, lb.in)
	}
	base += dy
	from := len(line.Fragments)
	if v.span != nil {
		lb.spanFragment(line, v, base)
	}
	// Texts, boxes and inner elements come in the order of the document.
	i := 0
	for _, c := range v.inner {
		for i < len(v.pieces) && v.pieces[i].order < c.order {
			lb.fragment(line, v, &v.pieces[i], base)
			i++
		}
		lb.emit(line, c, lb.baseOf(line, c, base))
	}
	for ; i < len(v.pieces); i++ {
		lb.fragment(line, v, &v.pieces[i], base)
	}
	if dx != 0 {
		for j := from; j < len(line.Fragments); j++ {
			line.Fragments[j].X += dx
			if b := line.Fragments[j].Box; b != nil {
				b.X += dx
			}
		}
	}
}

func (lb *lineBuilder) spanFragment(line *Line, v *inlineLevel, base float64) {
	if !v.some {
		return
	}
	s := v.style
	w := lb.in.width
	top := base - v.font.Ascent - s.Padding[style.Top].Of(w) - s.Border[style.Top].Width
	h := v.font.Ascent + v.font.Descent + s.Padding[style.Top].Of(w) + s.Padding[style.Bottom].Of(w) + s.Border[style.Top].Width + s.Border[style.Bottom].Width
	line.Fragments = append(line.Fragments, Fragment{X: line.X + v.x0, Y: top, W: v.x1 - v.x0, H: h, Span: v.span, First: v.first, Last: v.last})
}

func (lb *lineBuilder) fragment(line *Line, v *inlineLevel, p *placed, base float64) {
	pc := p.pc
	if pc.kind == boxPiece {
		lb.boxFragment(line, p, base)
		return
	}
	line.Fragments = append(line.Fragments, Fragment{
		X: line.X + p.x, Y: base - v.font.Ascent, W: pc.width, H: v.font.Ascent + v.font.Descent,
		Text: &TextRun{Text: pc.text, Run: pc.run, Style: pc.style, Node: pc.node, RTL: pc.level%2 == 1},
	})
}

func (lb *lineBuilder) boxFragment(line *Line, p *placed, base float64) {
	b := p.pc.box
	s := b.Style
	top := base + p.shift - p.m.asc
	switch p.edge {
	case "top":
		top = line.Y
	case "bottom":
		top = line.Y + line.H - p.m.asc - p.m.desc
	}
	b.X = line.X + p.x + s.Margin[style.Left].Of(lb.in.width)
	b.Y = top + s.Margin[style.Top].Of(lb.in.width)
	lb.relative(b, lb.in)
	line.Fragments = append(line.Fragments, Fragment{X: b.X, Y: b.Y, W: b.W, H: b.H, Box: b})
}
