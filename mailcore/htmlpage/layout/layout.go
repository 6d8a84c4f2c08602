package layout

import (
	"context"
	"errors"
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Options say how to lay a document out.
type Options struct {
	Width, Height float64 // of the page on the screen, in CSS pixels
	Fonts         *fonts.Set
	Images        Images
}

// ErrTooDeep is a document whose boxes lie too deep within each other.
var ErrTooDeep = errors.New("the boxes lie too deep within each other")

// maxDepth is how deep layout goes; anonymous boxes count.
const maxDepth = 1500

// Do lays a styled document out and returns the root box, at the page's origin.
// When the context ends it gives up with the context's error.
func Do(ctx context.Context, doc *htmlmail.Document, styles *style.Styles, o Options) (root *Box, err error) {
	b := &builder{styles: styles, images: o.Images, quirks: doc.Mode == htmlmail.Quirks}
	root = b.build(doc)
	l := &layouter{ctx: ctx, fonts: o.Fonts, viewport: o, mode: doc.Mode}
	defer func() {
		if r := recover(); r != nil {
			stop, ok := r.(stopped)
			if !ok {
				panic(r)
			}
			err = stop.err
		}
	}()
	l.page(root, o.Width)
	return root, nil
}

// stopped unwinds a layout that is given up.
type stopped struct{ err error }

type layouter struct {
	ctx      context.Context
	fonts    *fonts.Set
	viewport Options
	mode     htmlmail.Mode
	steps    int
	depth    int
	outs     []*Box // placed absolutely, once the rest stands
}

// step counts work, and looks now and then whether it should go on.
func (l *layouter) step() {
	if l.steps++; l.steps%64 == 0 {
		if err := l.ctx.Err(); err != nil {
			panic(stopped{err})
		}
	}
	if l.depth > maxDepth {
		panic(stopped{ErrTooDeep})
	}
}

// quirks reports quirks mode.
func (l *layouter) quirks() bool { return l.mode == htmlmail.Quirks }

func (l *layouter) page(root *Box, width float64) {
	space := space{width: width, height: math.NaN()}
	h := l.horizontal(root, space)
	root.X = h.left
	l.inside(root, h.width, space, math.NaN())
	root.Y = root.Style.Margin[style.Top].Of(width)
	l.absolutes()
}

// space is the containing block that a box is laid out in.
type space struct {
	width  float64
	height float64 // NaN when it depends on what is in it
}

// frame is what surrounds the content of a box.
type frame struct{ top, right, bottom, left float64 }

func (f frame) width() float64  { return f.left + f.right }
func (f frame) height() float64 { return f.top + f.bottom }

// frameOf is a box's border and padding; percentages refer to the width around.
func frameOf(b *Box, base float64) frame {
	e := b.Border()
	p := b.Style.Padding
	if b.Kind == TablePart || b.Kind == TableWrap || b.Kind == TableGrid && b.Style.Collapse {
		return frame{e[0], e[1], e[2], e[3]}
	}
	return frame{
		e[0] + p[0].Of(base), e[1] + p[1].Of(base), e[2] + p[2].Of(base), e[3] + p[3].Of(base),
	}
}

// horizontals are a box's margins and the width of its border box.
type horizontals struct {
	left, right, width float64
}

// horizontal finds width and margins of a block in the flow (CSS 2.1, 10.3.3).
func (l *layouter) horizontal(b *Box, in space) horizontals {
	s := b.Style
	h := horizontals{left: s.Margin[style.Left].Of(in.width), right: s.Margin[style.Right].Of(in.width)}
	h.width = l.usedWidth(b, in, in.width-h.left-h.right)
	rest := in.width - h.width - h.left - h.right
	autoLeft, autoRight := s.Margin[style.Left].IsAuto(), s.Margin[style.Right].IsAuto()
	switch {
	case rest <= 0:
	case autoLeft && autoRight:
		h.left, h.right = rest/2, rest/2
		return h
	case autoLeft:
		h.left = rest
		return h
	case autoRight:
		h.right = rest
		return h
	}
	h.left += l.aligned(b, rest)
	return h
}

// aligned moves a block that is narrower than its parent as the parent's align
// attribute asks.
func (l *layouter) aligned(b *Box, rest float64) float64 {
	if b.Parent == nil || rest <= 0 {
		return 0
	}
	p := b.Parent.Style
	switch p.TextAlign {
	case "-webkit-center":
		return rest / 2
	case "-webkit-right":
		return rest
	}
	if p.RTL && p.TextAlign != "-webkit-left" {
		return rest
	}
	return 0
}

// usedWidth is the width of the border box; avail is what is there without the
// margins.
func (l *layouter) usedWidth(b *Box, in space, avail float64) float64 {
	f := frameOf(b, in.width)
	switch b.Kind {
	case TableWrap:
		return l.tableWidth(b, in, max(0, avail))
	case Replaced:
		w, _ := l.replacedSize(b, in)
		return w + f.width()
	}
	w := max(0, avail)
	if fits := b.Inline || b.floats() || b.outOfFlow(); b.Style.Width.IsAuto() && fits || b.Style.Width.Kind == style.FitContent {
		w = l.shrink(b, max(0, avail))
	} else if !b.Style.Width.IsAuto() {
		w = l.declared(b, b.Style.Width, in.width, avail, f.width())
	}
	return l.clampWidth(b, w, in, avail, f)
}

// declared is a width that a style names, as a border box.
func (l *layouter) declared(b *Box, w style.Len, base, avail, around float64) float64 {
	switch w.Kind {
	case style.MinContent:
		return l.minMax(b).min
	case style.MaxContent:
		return l.minMax(b).max
	case style.FitContent:
		return l.shrink(b, avail)
	case style.Fill, style.Auto:
		return max(avail, 0)
	}
	px := max(0, w.Of(base))
	if b.Style.BorderBox {
		return max(px, around)
	}
	return px + around
}

func (l *layouter) clampWidth(b *Box, w float64, in space, avail float64, f frame) float64 {
	s := b.Style
	if !s.MaxWidth.IsAuto() {
		w = min(w, l.declared(b, s.MaxWidth, in.width, avail, f.width()))
	}
	if !s.MinWidth.IsAuto() {
		w = max(w, l.declared(b, s.MinWidth, in.width, avail, f.width()))
	}
	return max(w, f.width())
}

// shrink is the width of a box that is as wide as its content.
func (l *layouter) shrink(b *Box, avail float64) float64 {
	m := l.minMax(b)
	return max(m.min, min(m.max, avail))
}

// inside lays out what is in a box whose border box is as wide as width, and
// finds its height. forced is a height that the parent wants, or NaN.
func (l *layouter) inside(b *Box, width float64, in space, forced float64) {
	l.insideIn(b, width, in, forced, nil, 0, 0)
}

// insideIn is inside, for a box that shares the floats of the boxes around it; x
// and y are its place among these.
func (l *layouter) insideIn(b *Box, width float64, in space, forced float64, fl *floats, x, y float64) {
	l.step()
	l.depth++
	defer func() { l.depth-- }()
	b.W = width
	switch b.Kind {
	case Replaced:
		_, h := l.replacedSize(b, in)
		b.H = h + frameOf(b, in.width).height()
		b.Baseline, b.LastBase = math.NaN(), math.NaN()
	case TableWrap:
		l.tableLayout(b, width, in, forced)
	case FlexRow:
		l.flexLayout(b, width, in, forced)
	default:
		l.flow(b, width, in, forced, fl, x, y)
	}
}

// height finds the height of the border box from that of the content.
func (l *layouter) height(b *Box, content float64, in space, forced float64, f frame) float64 {
	if !math.IsNaN(forced) {
		return forced
	}
	h := content + f.height()
	if d, ok := l.definite(b, b.Style.Height, in, f); ok {
		h = d
	}
	if d, ok := l.definite(b, b.Style.MaxHeight, in, f); ok {
		h = min(h, d)
	}
	if d, ok := l.definite(b, b.Style.MinHeight, in, f); ok {
		h = max(h, d)
	}
	return max(h, f.height())
}

// definite is a height that a style names, as a border box; ok is false when it
// depends on the content.
func (l *layouter) definite(b *Box, h style.Len, in space, f frame) (float64, bool) {
	if h.Kind != style.Fixed {
		return 0, false
	}
	base := in.height
	if h.IsPercent() && math.IsNaN(base) {
		return 0, false
	}
	if math.IsNaN(base) {
		base = 0
	}
	px := max(0, h.Of(base))
	if b.Style.BorderBox {
		return max(px, f.height()), true
	}
	return px + f.height(), true
}

// innerHeight is the height that percentages in the box refer to.
func (l *layouter) innerHeight(b *Box, in space, forced float64, f frame) float64 {
	if !math.IsNaN(forced) {
		return max(0, forced-f.height())
	}
	if d, ok := l.definite(b, b.Style.Height, in, f); ok {
		if m, ok := l.definite(b, b.Style.MaxHeight, in, f); ok {
			d = min(d, m)
		}
		return max(0, d-f.height())
	}
	return math.NaN()
}
