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

// placed is a piece with its place from the left of the line.
type placed struct {
	pc    *piece
	x     float64
	shift float64 // of a box's baseline
	edge  string
	m     metrics
	order int
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

func (lb *lineBuilder) put(p placed, width float64) {
	lb.content = true
	p.order = lb.count
	lb.count++
	lb.top.pieces = append(lb.top.pieces, p)
	lb.top.extend(lb.x, lb.x+width)
	lb.x += width
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
