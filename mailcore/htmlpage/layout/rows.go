package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// layCell lays a cell out and finds its height and baseline.
func (l *layouter) layCell(c *tableCell, w, height float64) {
	b := c.box
	saved := b.Style
	// A cell's own height is the least of its row, not of its content.
	free := *saved
	free.Height, free.MaxHeight, free.MinHeight = style.Len{Kind: style.Auto}, style.Len{Kind: style.Auto}, style.Len{Kind: style.Auto}
	b.Style = &free
	inner := math.NaN()
	if !math.IsNaN(height) {
		inner = max(0, height-frameOf(b, w).height())
	} else if saved.Height.IsFixed() {
		inner = max(0, saved.Height.Px)
	}
	l.cellFlow(b, w, inner)
	b.Style = saved
	c.contentHeight = b.H
	c.baseline = b.Baseline
	c.verticalAlign = saved.VerticalAlign
}

// cellFlow lays out the content; percentages of heights refer to inner.
func (l *layouter) cellFlow(b *Box, w, inner float64) {
	l.depth++
	b.W = w
	f := &flow{layouter: l, box: b, frame: frameOf(b, w), first: true, own: true, fl: &floats{}}
	f.in = space{width: max(0, w-f.frame.width()), height: inner}
	f.at = f.frame.top
	b.Baseline, b.LastBase = math.NaN(), math.NaN()
	if len(b.Items) > 0 {
		f.lines()
	} else {
		for _, c := range b.Children {
			f.child(c)
		}
	}
	f.end(space{width: w, height: math.NaN()}, math.NaN())
	l.depth--
}

// least is the height that a cell declares. Chromium leaves min-height aside.
func (c *tableCell) least() float64 {
	s := c.box.Style
	if !s.Height.IsFixed() {
		return 0
	}
	if s.BorderBox {
		return s.Height.Px
	}
	return s.Height.Px + frameOf(c.box, 0).height()
}

// rowHeights finds the heights of rows: by the cells of one row, with their
// baselines aligned, then by cells of several, then by the table's own height.
func (l *layouter) rowHeights(t *table, in space, forced float64) {
	for _, r := range t.rows {
		l.rowHeight(r)
	}
	for _, c := range t.cells {
		if c.rows > 1 {
			t.stretchRows(c)
		}
	}
	want := forced
	if math.IsNaN(want) {
		if d, ok := l.definite(t.wrap, t.wrap.Style.Height, in, t.frame()); ok {
			want = d
		}
		if d, ok := l.definite(t.wrap, t.wrap.Style.MinHeight, in, t.frame()); ok && (math.IsNaN(want) || d > want) {
			want = d
		}
	}
	if math.IsNaN(want) {
		return
	}
	inner := want - t.frame().height() - t.spacingY*float64(len(t.rows)+1)
	t.growRows(inner)
}

func (l *layouter) rowHeight(r *tableRow) {
	s := r.box.Style
	if s.Height.IsFixed() {
		r.height, r.fixed = s.Height.Px, s.Height.Px > 0
	} else if s.Height.IsPercent() {
		r.percent = s.Height.Pct
	}
	if s.MinHeight.IsFixed() {
		r.height = max(r.height, s.MinHeight.Px)
	}
	below := 0.0
	for _, c := range r.cells {
		if c.rows > 1 {
			if c.alignsBaseline() {
				r.base = max(r.base, c.base())
			}
			continue
		}
		h := max(c.contentHeight, c.least())
		if c.least() > 0 {
			r.fixed = true
		}
		if p := c.box.Style.Height; p.IsPercent() {
			r.percent = max(r.percent, p.Pct)
		}
		if c.alignsBaseline() {
			base := c.base()
			r.base = max(r.base, base)
			below = max(below, c.contentHeight-base)
		}
		r.height = max(r.height, h)
	}
	r.height = max(r.height, r.base+below)
}

// alignsBaseline reports whether a cell stands on the row's baseline.
func (c *tableCell) alignsBaseline() bool {
	switch c.verticalAlign {
	case "top", "middle", "bottom", "-webkit-baseline-middle":
		return false
	}
	return true
}

// base is the cell's baseline: the lower edge of its content without one.
func (c *tableCell) base() float64 {
	if !math.IsNaN(c.baseline) {
		return c.baseline
	}
	f := frameOf(c.box, c.box.W)
	return max(0, c.contentHeight-f.bottom)
}

// stretchRows makes rows high enough for a cell that spans them.
func (t *table) stretchRows(c *tableCell) {
	rows := t.rows[c.row : c.row+c.rows]
	have := t.spacingY * float64(c.rows-1)
	var free float64
	for _, r := range rows {
		have += r.height
		if !r.fixed {
			free += r.height
		}
	}
	more := max(c.contentHeight, c.least()) - have
	if more <= 0 {
		return
	}
	autos := 0
	for _, r := range rows {
		if !r.fixed {
			autos++
		}
	}
	switch {
	case have-t.spacingY*float64(c.rows-1) == 0:
		rows[len(rows)-1].height += more
	case autos > 0 && free > 0:
		for _, r := range rows {
			if !r.fixed {
				r.height += more * r.height / free
			}
		}
	default:
		rows[len(rows)-1].height += more
	}
}

// growRows shares a height of the whole table: rows in per cent get theirs,
// then automatic ones grow.
func (t *table) growRows(inner float64) {
	sum := 0.0
	for _, r := range t.rows {
		sum += r.height
	}
	if inner <= sum || len(t.rows) == 0 {
		return
	}
	for _, r := range t.rows {
		if r.percent > 0 {
			more := min(inner*r.percent/100-r.height, inner-sum)
			if more > 0 {
				r.height += more
				sum += more
			}
		}
	}
	grow := func(may func(r *tableRow) bool) bool {
		total, n := 0.0, 0
		for _, r := range t.rows {
			if may(r) {
				total += r.height
				n++
			}
		}
		if n == 0 {
			return false
		}
		more := inner - sum
		for _, r := range t.rows {
			if !may(r) {
				continue
			}
			if total > 0 {
				r.height += more * r.height / total
			} else {
				r.height += more / float64(n)
			}
		}
		return true
	}
	_ = grow(func(r *tableRow) bool { return !r.fixed && r.percent == 0 && r.height > 0 }) ||
		grow(func(r *tableRow) bool { return !r.fixed && r.percent == 0 }) ||
		grow(func(r *tableRow) bool { return r.height > 0 }) || grow(func(*tableRow) bool { return true })
}

// placeRows gives rows, groups and cells their places, and the grid its height.
func (l *layouter) placeRows(t *table, xs, widths []float64, width float64) {
	f := t.frame()
	y := f.top
	if len(t.rows) > 0 {
		y += t.spacingY
	}
	t.grid.Baseline = math.NaN()
	inner := width - f.width() - 2*t.spacingX
	left := f.left + t.spacingX
	for i, r := range t.rows {
		r.top = y
		if math.IsNaN(t.grid.Baseline) {
			t.grid.Baseline = y + r.base
		}
		if i == 0 || t.rows[i-1].section != r.section {
			r.section.X, r.section.Y, r.section.W = left, y, inner
		}
		r.box.X, r.box.Y = 0, y-r.section.Y
		r.box.W, r.box.H = inner, r.height
		r.section.H = y + r.height - r.section.Y
		y += r.height + t.spacingY
	}
	for _, c := range t.cells {
		l.placeCell(t, c, xs, widths)
	}
	t.columnBoxes(xs, widths, f.top, y)
	t.grid.H = max(y+f.bottom, f.height())
	if len(t.rows) == 0 {
		if h, ok := l.definite(t.wrap, t.wrap.Style.Height, space{height: math.NaN()}, f); ok {
			t.grid.H = max(t.grid.H, h)
		}
	}
	for _, r := range t.rows {
		l.relative(r.box, space{width: inner, height: math.NaN()})
	}
}

// columnBoxes gives columns the area that their backgrounds fill.
func (t *table) columnBoxes(xs, widths []float64, top, bottom float64) {
	for i, c := range t.colBoxes {
		if i >= len(xs) || c.Parent == nil {
			continue
		}
		px, py := 0.0, 0.0
		if c.Parent != t.grid {
			px, py = c.Parent.X, c.Parent.Y
		}
		c.X, c.Y, c.W, c.H = xs[i]-px, top+t.spacingY-py, widths[i], max(0, bottom-top-2*t.spacingY)
	}
}

// placeCell gives a cell its height and moves its content as vertical-align asks.
func (l *layouter) placeCell(t *table, c *tableCell, xs, _ []float64) {
	row := t.rows[c.row]
	last := t.rows[c.row+c.rows-1]
	b := c.box
	height := last.top + last.height - row.top
	if l.percentInside(b) {
		// What is in the cell in per cent of its height can be known now.
		l.layCell(c, b.W, height)
	}
	b.X = xs[c.col] - row.section.X - row.box.X
	b.Y = 0
	shift := 0.0
	rest := height - c.contentHeight
	switch c.verticalAlign {
	case "top":
	case "middle":
		shift = rest / 2
	case "bottom":
		shift = rest
	default:
		shift = row.base - c.base()
	}
	b.H = height
	if shift != 0 && rest > 0 {
		b.move(shift)
	}
	l.relative(b, space{width: row.box.W, height: math.NaN()})
}

// move shifts the content of a cell down.
func (b *Box) move(dy float64) {
	for _, c := range b.Children {
		c.Y += dy
	}
	for _, line := range b.Lines {
		line.Y += dy
		line.Baseline += dy
		for i := range line.Fragments {
			line.Fragments[i].Y += dy
		}
	}
	b.Baseline += dy
}

// percentInside reports whether a child's height is in per cent.
func (l *layouter) percentInside(b *Box) bool {
	for _, c := range b.Children {
		if c.Style.Height.IsPercent() {
			return c.Kind != Replaced
		}
	}
	return false
}
