package display

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/layout"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// lines paints the lines of a box: texts, boxes in them, and inline elements.
func (b *builder) lines(box *layout.Box, x, y float64) {
	for i, line := range box.Lines {
		if i == 0 {
			b.marker(box, line, x, y)
		}
		b.broken = true
		for j := range line.Fragments {
			b.fragment(&line.Fragments[j], box, x, y)
		}
	}
	if len(box.Lines) == 0 && box.Marker != nil && !box.Marker.Inside {
		if line, dx, dy := firstLine(box); line != nil {
			b.marker(box, line, x+dx, y+dy)
		}
	}
}

// firstLine finds the first line within a box, and where its box lies.
func firstLine(box *layout.Box) (line *layout.Line, dx, dy float64) {
	for _, c := range box.Children {
		if c.Style.Float != "" || c.Style.Position == "absolute" {
			continue
		}
		if len(c.Lines) > 0 {
			return c.Lines[0], c.X, c.Y
		}
		if line, dx, dy := firstLine(c); line != nil {
			return line, dx + c.X, dy + c.Y
		}
	}
	return nil, 0, 0
}

func (b *builder) fragment(f *layout.Fragment, box *layout.Box, x, y float64) {
	switch {
	case f.Text != nil:
		b.text(f, x, y)
	case f.Span != nil:
		s := f.Span.Style
		if s.Visible {
			b.surface(nil, s, s.Border, Rect{x + f.X, y + f.Y, f.W, f.H}, f.First, f.Last)
		}
		b.anchor(f.Span.Node, y+f.Y)
	case f.Box != nil:
		b.box(f.Box, x, y)
	}
}

// text paints a word with its lines.
func (b *builder) text(f *layout.Fragment, x, y float64) {
	t := f.Text
	s := t.Style
	if !s.Visible {
		return
	}
	r := Rect{x + f.X, y + f.Y, f.W, f.H}
	asc := b.Fonts.Metrics(&s.Inherited).Ascent
	op := Text{
		Rect: r, Text: t.Text, Run: t.Run, Baseline: r.Y + asc, Size: s.FontSize, Spacing: s.LetterSpacing,
		Color: s.Color, Bold: s.Weight >= 600, Italic: s.Italic, RTL: t.RTL, Lines: s.Decorations, Href: b.href(t.Node),
		Break: b.broken, Node: t.Node,
	}
	op.Seen = s.FontSize >= 1 && b.opacity >= 0.05 && visible(r, b.clip) >= 0.4 && r.X+r.W >= 0 && r.Y+r.H >= 0
	b.broken = false
	b.extent(r)
	b.push(op)
	b.strokes(s, op)
}

// strokes paints the lines of a text.
func (b *builder) strokes(s *style.Style, t Text) {
	thick := max(1, math.Round(t.Size/16))
	line := func(l style.Line, y float64) {
		if l.On && l.Color.A > 0 && t.W > 0 {
			b.push(Stroke{Rect: Rect{t.X, y, t.W, thick}, Color: l.Color, Style: l.Style})
		}
	}
	line(s.Decorations.Under, math.Round(t.Baseline)+max(1, math.Ceil(thick/2)))
	line(s.Decorations.Over, math.Round(t.Y))
	line(s.Decorations.Through, math.Round(t.Baseline-t.Size*0.27))
}

// marker paints a bullet or number beside the first line.
func (b *builder) marker(box *layout.Box, line *layout.Line, x, y float64) {
	m := box.Marker
	if m == nil || m.Inside || !box.Style.Visible || m.Text == "" {
		return
	}
	s := box.Style
	face := b.Fonts.Metrics(&s.Inherited)
	base := y + line.Baseline
	if dot, ok := b.dot(box, m.Text, x, base); ok {
		b.push(dot)
		return
	}
	run := b.Fonts.Word(&s.Inherited, m.Text, false, true)
	w := run.Advance * s.FontSize
	gap := b.Fonts.Space(&s.Inherited, 0) * s.FontSize
	left := x + contentLeft(box) - gap - w
	if s.RTL {
		left = x + box.W - contentRight(box) + gap
	}
	b.push(Text{
		Rect: Rect{left, base - face.Ascent, w, face.Ascent + face.Descent}, Text: m.Text, Run: run, Baseline: base,
		Size: s.FontSize, Color: s.Color, Bold: s.Weight >= 600, Italic: s.Italic, Marker: true,
	})
}

func contentLeft(box *layout.Box) float64 {
	return box.Border()[3] + box.Style.Padding[style.Left].Of(box.W)
}

func contentRight(box *layout.Box) float64 {
	return box.Border()[1] + box.Style.Padding[style.Right].Of(box.W)
}

// dot draws the three plain bullets, as Chromium sizes them.
func (b *builder) dot(box *layout.Box, text string, x, base float64) (Op, bool) {
	s := box.Style
	m := b.Fonts.Metrics(&s.Inherited)
	third := math.Floor(m.Ascent * 2 / 3)
	size := math.Floor((third + 1) / 2)
	top := base - m.Ascent + 3*(m.Ascent-third)/2
	left := x + contentLeft(box) - third + 1
	if s.RTL {
		left = x + box.W - contentRight(box) + third - 1 - size
	}
	r := Rect{left, top, size, size}
	round := Radii{{size / 2, size / 2}, {size / 2, size / 2}, {size / 2, size / 2}, {size / 2, size / 2}}
	switch text {
	case "•":
		return Fill{Rect: r, Radii: round, Color: s.Color}, true
	case "▪":
		return Fill{Rect: r, Color: s.Color}, true
	case "◦":
		e := style.Edge{Width: 1, Style: "solid", Color: s.Color}
		return Border{Rect: r, Radii: round, Edges: [4]style.Edge{e, e, e, e}}, true
	}
	return nil, false
}

// picture paints an image, or the place of one with its alternative text.
func (b *builder) picture(box *layout.Box, r Rect) {
	e := box.Border()
	s := box.Style
	p := s.Padding
	inner := Rect{r.X + e[3] + p[3].Of(r.W), r.Y + e[0] + p[0].Of(r.W), 0, 0}
	inner.W = max(0, r.X+r.W-e[1]-p[1].Of(r.W)-inner.X)
	inner.H = max(0, r.Y+r.H-e[2]-p[2].Of(r.W)-inner.Y)
	if box.Node != nil && box.Node.Tag == "img" && r.W*r.H >= 4 && visible(r, b.clip) > 0.4 && b.opacity >= 0.05 {
		b.list.Images = append(b.list.Images, r)
	}
	if box.Image.Ref == "" && box.Image.Alt == "" {
		return
	}
	b.push(Picture{
		Rect: inner, Dest: fitted(s.ObjectFit, inner, box.Image.Width, box.Image.Height), Radii: radiiOf(s, r).shrink(e),
		Ref: box.Image.Ref, Alt: box.Image.Alt, Href: b.href(box.Node),
	})
}

// fitted is where an image goes within its box, after object-fit.
func fitted(fit string, r Rect, w, h float64) Rect {
	if w <= 0 || h <= 0 || fit == "fill" {
		return r
	}
	f := 1.0
	switch fit {
	case "contain":
		f = min(r.W/w, r.H/h)
	case "cover":
		f = max(r.W/w, r.H/h)
	case "scale-down":
		f = min(1, r.W/w, r.H/h)
	}
	return Rect{r.X + (r.W-w*f)/2, r.Y + (r.H-h*f)/2, w * f, h * f}
}
