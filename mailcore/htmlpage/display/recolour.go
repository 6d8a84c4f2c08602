package display

import (
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// leastContrast is the contrast that every text has on a dark page. Thin letters
// are never painted at their full colour, so it is more than the 4.5 of WCAG.
const leastContrast = 5.5

// paper is the lightness that white becomes.
const paper = 0.23

// brand is the chroma from which a background is someone's own colour and stays.
const brand = 0.09

// Recolour returns the list for a dark screen: light backgrounds become dark,
// with their hue; dark and strong colours stay, as images do; texts keep their
// colours where these can be read on what is really behind them, and become
// lighter or darker where not.
func (l *List) Recolour() *List {
	out := *l
	r := &recolouring{canvas: dusk(l.Canvas)}
	out.Canvas = r.canvas
	out.Ops = make([]Op, len(l.Ops))
	for i, op := range l.Ops {
		out.Ops[i] = r.op(op)
	}
	return &out
}

type recolouring struct {
	canvas css.Color
	behind []backdrop
}

// backdrop is what was painted so far that texts may stand on.
type backdrop struct {
	Rect
	color css.Color // opaque
	image bool      // an image: nobody knows its colours
}

func (r *recolouring) op(op Op) Op {
	switch o := op.(type) {
	case Fill:
		o.Color = dusk(o.Color)
		r.cover(o.Rect, o.Color)
		return o
	case Gradient:
		g := *o.Gradient
		g.Stops = append([]style.GradientStop(nil), g.Stops...)
		for i := range g.Stops {
			g.Stops[i].Color = dusk(g.Stops[i].Color)
		}
		o.Gradient = &g
		if n := len(g.Stops); n > 0 {
			r.cover(o.Rect, g.Stops[n/2].Color)
		}
		return o
	case Tile:
		r.behind = append(r.behind, backdrop{Rect: o.Rect, image: true})
		return o
	case Picture:
		r.behind = append(r.behind, backdrop{Rect: o.Rect, image: true})
		return o
	case Border:
		for i := range o.Edges {
			o.Edges[i].Color = edgeDusk(o.Edges[i].Color)
		}
		return o
	case Shadow:
		o.Shadow.Color = shadowDusk(o.Shadow.Color)
		return o
	case Text:
		o.Color = r.readable(o.Color, o.Rect)
		return o
	case Stroke:
		o.Color = r.readable(o.Color, Rect{o.X, o.Y - 2, o.W, 2})
		return o
	}
	return op
}

// cover notes a background.
func (r *recolouring) cover(area Rect, c css.Color) {
	if c.A == 0 {
		return
	}
	below := r.at(area.X+area.W/2, area.Y+area.H/2)
	r.behind = append(r.behind, backdrop{Rect: area, color: over(c, below.color)})
}

// at finds what lies behind a point.
func (r *recolouring) at(x, y float64) backdrop {
	for i := len(r.behind) - 1; i >= 0; i-- {
		if r.behind[i].Contains(x, y) {
			return r.behind[i]
		}
	}
	return backdrop{color: r.canvas}
}

// readable makes a text's colour stand out from what is behind it.
func (r *recolouring) readable(c css.Color, area Rect) css.Color {
	b := r.at(area.X+area.W/2, area.Y+area.H/2)
	if b.image || c.A == 0 {
		return c
	}
	seen := over(c, b.color)
	if Contrast(seen, b.color) >= leastContrast {
		return c
	}
	return against(seen, b.color)
}

// against changes a colour's lightness until it can be read: to the side where
// there is more room, and no further than needed.
func against(c, behind css.Color) css.Color {
	k := toLCH(c)
	lighter := luminance(behind) < 0.18
	if lighter && k.l < 0.5 {
		k.l = min(0.95, 1.1-k.l) // what was nearly black becomes nearly white
	}
	for range 40 {
		if out := k.color(255); Contrast(out, behind) >= leastContrast {
			return out
		}
		if lighter {
			k.l = min(1, k.l+0.025)
		} else {
			k.l = max(0, k.l-0.025)
		}
	}
	if lighter {
		return css.Color{R: 255, G: 255, B: 255, A: 255}
	}
	return css.Color{A: 255}
}

// dusk is a background's colour in the dark.
func dusk(c css.Color) css.Color {
	if c.A == 0 {
		return c
	}
	k := toLCH(c)
	if k.l <= 0.45 || k.c >= brand && k.l < 0.9 {
		return c
	}
	k.l = paper + (1-k.l)*0.55
	k.c *= 0.6
	return k.color(c.A)
}

// edgeDusk is a border's colour in the dark: it stays just visible.
func edgeDusk(c css.Color) css.Color {
	k := toLCH(c)
	if c.A == 0 || k.c >= brand {
		return c
	}
	k.l = min(0.6, max(0.33, 1.15-k.l))
	return k.color(c.A)
}

func shadowDusk(c css.Color) css.Color {
	return css.Color{A: c.A}
}
