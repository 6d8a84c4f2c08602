package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// TextRun is a word or a blank of a line.
type TextRun struct {
	Text  string
	Run   *fonts.Run // nil for blanks
	Style *style.Style
	Node  *htmlmail.Node
	RTL   bool
}

// metrics are what a thing needs above and below its baseline.
type metrics struct{ asc, desc float64 }

// textMetrics is the height of a text's line, split at its baseline. Half of the
// leading goes above it, whole pixels of it, as in Chromium.
func (l *layouter) textMetrics(in *style.Inherited) metrics {
	m := l.fonts.Metrics(in)
	leading := l.lineHeight(in, m) - (m.Ascent + m.Descent)
	above := math.Floor(leading / 2)
	return metrics{m.Ascent + above, m.Descent + leading - above}
}

func (l *layouter) lineHeight(in *style.Inherited, m fonts.Metrics) float64 {
	switch h := in.LineHeight; {
	case h.Normal:
		return m.LineSpacing
	case h.Factor > 0:
		return h.Factor * in.FontSize
	default:
		return h.Px
	}
}

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

// placed is a piece with its place from the left of the line.
type placed struct {
	pc    *piece
	x     float64
	shift float64 // of a box's baseline
	edge  string
	m     metrics
	order int
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

// lineBuilder makes one line.
type lineBuilder struct {
	*breaker
	root, top *inlineLevel
	x         float64
	content   bool
	levels    []*inlineLevel
	count     int
}

// build makes a line of pieces; nil when they would not be seen.
func (w *breaker) build(pieces []piece) *Line {
	lb := &lineBuilder{breaker: w, x: w.indent()}
	lb.root = lb.level(nil, w.box.Style, nil)
	lb.root.pieces = make([]placed, 0, len(pieces))
	lb.top = lb.root
	for _, s := range w.open {
		lb.enter(s)
	}
	lb.arrange(pieces, trimmed(pieces))
	w.open = nil
	for v := lb.top; v != lb.root; v = v.parent {
		w.open = append([]*Span{v.span}, w.open...)
	}
	for lb.top != lb.root {
		lb.leave(false)
	}
	if !lb.content {
		return nil
	}
	return lb.finish(pieces)
}

// trimmed finds the blanks at the end, which vanish.
func trimmed(pieces []piece) map[int]bool {
	gone := map[int]bool{}
	for i := len(pieces) - 1; i >= 0; i-- {
		switch pc := &pieces[i]; pc.kind {
		case spacePiece:
			if !pc.hang {
				return gone
			}
			gone[i] = true
		case wordPiece, boxPiece:
			return gone
		}
	}
	return gone
}

// arrange places the pieces from the left to the right.
func (lb *lineBuilder) arrange(pieces []piece, gone map[int]bool) {
	if !lb.breaker.content.mixed {
		for i := range pieces {
			if !gone[i] {
				lb.piece(&pieces[i])
			}
		}
		return
	}
	lb.visual(pieces, gone)
}

// visual places pieces in the order in which they are seen, but nests elements
// in the order of the text.
func (lb *lineBuilder) visual(pieces []piece, gone map[int]bool) {
	base := uint8(0)
	if lb.breaker.content.rtl {
		base = 1
	}
	at := make([]float64, len(pieces))
	for _, i := range reorder(pieces, base) {
		if gone[i] {
			continue
		}
		at[i] = lb.x
		lb.x += lb.width(&pieces[i])
	}
	end := lb.x
	for i := range pieces {
		if !gone[i] {
			lb.x = at[i]
			lb.piece(&pieces[i])
		}
	}
	lb.x = end
}

func (lb *lineBuilder) width(pc *piece) float64 {
	switch pc.kind {
	case wordPiece, spacePiece:
		return pc.width
	case boxPiece:
		return lb.boxWidth(pc.box)
	case openPiece, closePiece:
		return lb.edge(pc)
	}
	return 0
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

func (lb *lineBuilder) piece(pc *piece) {
	v := lb.top
	switch pc.kind {
	case openPiece:
		v = lb.enter(pc.span)
		v.first = pc.span.First
		if edge := lb.edge(pc); edge != 0 || pc.span.First && hasEdges(pc.style) {
			lb.content = true
			v.text(lb)
			margin := pc.style.Margin[style.Left].Of(lb.in.width)
			v.extend(lb.x+margin, lb.x+edge)
			lb.x += edge
		}
	case closePiece:
		if v == lb.root {
			return
		}
		edge := lb.edge(pc)
		if edge != 0 {
			v.extend(lb.x, lb.x+edge-pc.style.Margin[style.Right].Of(lb.in.width))
			lb.x += edge
		}
		lb.leave(pc.span.Last)
	case wordPiece, spacePiece:
		v.text(lb)
		lb.put(placed{pc: pc, x: lb.x}, pc.width)
	case boxPiece:
		lb.boxInLine(pc)
	case breakPiece:
		lb.content = true
		if !v.has {
			v.text(lb)
		}
	case outPiece:
		lb.out(pc.box)
	}
}

// text makes a level as high as its text, which quirks mode leaves out where
// there is none.
func (v *inlineLevel) text(lb *lineBuilder) {
	v.unite(lb.textMetrics(&v.style.Inherited), 0)
}

func (lb *lineBuilder) put(p placed, width float64) {
	lb.content = true
	p.order = lb.count
	lb.count++
	lb.top.pieces = append(lb.top.pieces, p)
	lb.top.extend(lb.x, lb.x+width)
	lb.x += width
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

// boxInLine places an image or an inline-block.
func (lb *lineBuilder) boxInLine(pc *piece) {
	b := pc.box
	width := lb.boxWidth(b)
	s := b.Style
	top, bottom := s.Margin[style.Top].Of(lb.in.width), s.Margin[style.Bottom].Of(lb.in.width)
	m := metrics{asc: b.H + top + bottom}
	if base := b.baseline(); !math.IsNaN(base) {
		m = metrics{asc: base + top, desc: b.H - base + bottom}
	}
	p := placed{pc: pc, x: lb.x, m: m}
	switch s.VerticalAlign {
	case "top", "bottom":
		p.edge = s.VerticalAlign
	default:
		p.shift = lb.shift(s, lb.top, m)
		lb.top.unite(m, p.shift)
	}
	lb.put(p, width)
}

// baseline is that of a box which stands in a line; NaN for its lower edge.
func (b *Box) baseline() float64 {
	switch {
	case b.Kind == Replaced:
		return math.NaN()
	case b.Kind == TableWrap || b.Kind == FlexRow:
		return b.Baseline
	case b.Style.Clips() && b.Kind == Flow:
		return math.NaN()
	}
	return b.LastBase
}

// out remembers the place of a box that is placed absolutely.
func (lb *lineBuilder) out(b *Box) {
	b.X, b.Y = lb.frame.left+lb.x, lb.y
	lb.outs = append(lb.outs, b)
}

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
