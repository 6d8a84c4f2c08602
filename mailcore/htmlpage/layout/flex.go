package layout

import (
	"math"
	"slices"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// flexItem is an item of a flex container, along its main axis.
type flexItem struct {
	box        *Box
	base, size float64 // border boxes
	least      float64
	most       float64
	before     float64 // margins on the main axis
	after      float64
	frozen     bool
}

func (i *flexItem) outer() float64 { return i.size + i.before + i.after }

// flexMinMax is what the items ask for: side by side in a row.
func (l *layouter) flexMinMax(b *Box) minMax {
	var m minMax
	column := b.column()
	gap := b.Style.Flex.ColumnGap.Of(0)
	n := 0
	for _, c := range b.Children {
		if c.outOfFlow() {
			continue
		}
		k := l.contribution(c)
		if column {
			m.min, m.max = max(m.min, k.min), max(m.max, k.max)
			continue
		}
		if n++; n > 1 {
			k.max += gap
			k.min += gap
		}
		m.max += k.max
		if b.Style.Flex.Wrap == "nowrap" {
			m.min += k.min
		} else {
			m.min = max(m.min, k.min)
		}
	}
	return m
}

func (b *Box) column() bool {
	d := b.Style.Flex.Direction
	return d == "column" || d == "column-reverse"
}

// flexLayout lays out a flex container (CSS Flexbox, 9, without baselines).
func (l *layouter) flexLayout(b *Box, width float64, in space, forced float64) {
	f := frameOf(b, in.width)
	inner := space{width: max(0, width-f.width()), height: l.innerHeight(b, in, forced, f)}
	b.Baseline, b.LastBase = math.NaN(), math.NaN()
	items := l.flexItems(b, inner)
	var content float64
	if b.column() {
		content = l.flexColumn(b, items, inner, f)
	} else {
		content = l.flexRow(b, items, inner, f)
	}
	b.H = l.height(b, content, in, forced, f)
	for _, c := range b.Children {
		if c.outOfFlow() {
			c.X, c.Y = f.left, f.top
			l.outs = append(l.outs, c)
			continue
		}
		if math.IsNaN(b.Baseline) && !math.IsNaN(c.Baseline) {
			b.Baseline = c.Y + c.Baseline
		}
		l.relative(c, inner)
	}
	b.LastBase = b.Baseline
}

func (l *layouter) flexItems(b *Box, in space) []*flexItem {
	var items []*flexItem
	for _, c := range b.Children {
		if !c.outOfFlow() {
			items = append(items, &flexItem{box: c})
		}
	}
	slices.SortStableFunc(items, func(a, c *flexItem) int { return a.box.Style.Flex.Order - c.box.Style.Flex.Order })
	if d := b.Style.Flex.Direction; d == "row-reverse" || d == "column-reverse" {
		slices.Reverse(items)
	}
	if !b.column() {
		for _, it := range items {
			l.flexBase(it, in)
		}
	}
	return items
}

// flexBase finds the size that an item of a row starts from, and its bounds.
func (l *layouter) flexBase(it *flexItem, in space) {
	c := it.box
	s := c.Style
	f := frameOf(c, in.width)
	it.before, it.after = s.Margin[style.Left].Of(in.width), s.Margin[style.Right].Of(in.width)
	basis := s.Flex.Basis
	if basis.IsAuto() {
		basis = s.Width
	}
	content := l.minMax(c)
	switch {
	case basis.Kind == style.Fixed:
		it.base = l.declared(c, basis, in.width, in.width, f.width())
	case c.Kind == Replaced:
		w, _ := l.replacedSize(c, in)
		it.base = w + f.width()
	default:
		it.base = content.max
	}
	it.most = math.Inf(1)
	if !s.MaxWidth.IsAuto() {
		it.most = l.declared(c, s.MaxWidth, in.width, in.width, f.width())
	}
	switch {
	case !s.MinWidth.IsAuto():
		it.least = l.declared(c, s.MinWidth, in.width, in.width, f.width())
	case !s.Clips():
		it.least = min(content.min, it.most)
		if s.Width.Kind == style.Fixed {
			it.least = min(it.least, l.declared(c, s.Width, in.width, in.width, f.width()))
		}
	}
	it.size = clamp(it.base, it.least, max(it.most, it.least))
}

// flexRow lays out rows of items and returns the height of all.
func (l *layouter) flexRow(b *Box, items []*flexItem, in space, f frame) float64 {
	gap, rowGap := b.Style.Flex.ColumnGap.Of(in.width), b.Style.Flex.RowGap.Of(0)
	y := f.top
	lines := flexLines(items, in.width, gap, b.Style.Flex.Wrap != "nowrap")
	for i, line := range lines {
		flexResolve(line, in.width-gap*float64(len(line)-1))
		height := 0.0
		for _, it := range line {
			l.inside(it.box, it.size, in, math.NaN())
			s := it.box.Style
			height = max(height, it.box.H+s.Margin[style.Top].Of(in.width)+s.Margin[style.Bottom].Of(in.width))
		}
		if len(lines) == 1 && !math.IsNaN(in.height) {
			height = in.height
		}
		l.justifyRow(b, line, in, f.left, gap)
		for _, it := range line {
			l.crossRow(b, it, in, y, height)
		}
		y += height
		if i+1 < len(lines) {
			y += rowGap
		}
	}
	return y - f.top
}

// flexLines breaks items into lines.
func flexLines(items []*flexItem, width, gap float64, wrap bool) [][]*flexItem {
	var lines [][]*flexItem
	var line []*flexItem
	used := 0.0
	for _, it := range items {
		if wrap && len(line) > 0 && used+gap+it.outer() > width+epsilon {
			lines = append(lines, line)
			line, used = nil, 0
		}
		if len(line) > 0 {
			used += gap
		}
		used += it.outer()
		line = append(line, it)
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// flexResolve grows or shrinks the items of a line to fill it (9.7).
func flexResolve(line []*flexItem, width float64) {
	sum := 0.0
	for _, it := range line {
		sum += it.size + it.before + it.after
	}
	grow := sum < width
	for range len(line) + 1 {
		free, factors := width, 0.0
		for _, it := range line {
			free -= it.before + it.after
			if it.frozen {
				free -= it.size
				continue
			}
			free -= it.base
			factors += it.factor(grow)
		}
		if factors == 0 {
			return
		}
		if plain := flexSum(line, grow); plain < 1 {
			free *= plain
		}
		violated := false
		for _, it := range line {
			if it.frozen {
				continue
			}
			want := it.base + free*it.factor(grow)/factors
			it.size = clamp(want, it.least, max(it.most, it.least))
			if math.Abs(it.size-want) > epsilon {
				it.frozen, violated = true, true
			}
		}
		if !violated {
			return
		}
	}
}

func flexSum(line []*flexItem, grow bool) float64 {
	sum := 0.0
	for _, it := range line {
		if it.frozen {
			continue
		}
		if grow {
			sum += it.box.Style.Flex.Grow
		} else {
			sum += it.box.Style.Flex.Shrink
		}
	}
	return sum
}

func (i *flexItem) factor(grow bool) float64 {
	if grow {
		return i.box.Style.Flex.Grow
	}
	return i.box.Style.Flex.Shrink * i.base
}

// justifyRow places the items of a line along it.
func (l *layouter) justifyRow(b *Box, line []*flexItem, in space, x, gap float64) {
	used, autos := gap*float64(len(line)-1), 0
	for _, it := range line {
		used += it.outer()
		for _, side := range []int{style.Left, style.Right} {
			if it.box.Style.Margin[side].IsAuto() {
				autos++
			}
		}
	}
	free := in.width - used
	between, auto := 0.0, 0.0
	if autos > 0 && free > 0 {
		auto = free / float64(autos)
	} else {
		var start float64
		start, between = justify(b.Style.Flex.Justify, free, len(line), b.Style.Flex.Direction == "row-reverse")
		x += start
	}
	for _, it := range line {
		s := it.box.Style
		if s.Margin[style.Left].IsAuto() {
			x += auto
		}
		it.box.X = x + it.before
		x += it.outer() + gap + between
		if s.Margin[style.Right].IsAuto() {
			x += auto
		}
	}
}

// justify is the space before the first item and between two.
func justify(how string, free float64, n int, reverse bool) (start, between float64) {
	switch how {
	case "center":
		return free / 2, 0
	case "flex-end", "end", "right":
		if how == "flex-end" && reverse {
			return 0, 0
		}
		return free, 0
	case "space-between":
		if n > 1 && free > 0 {
			return 0, free / float64(n-1)
		}
	case "space-around":
		if free > 0 {
			return free / float64(n) / 2, free / float64(n)
		}
	case "space-evenly":
		if free > 0 {
			return free / float64(n+1), free / float64(n+1)
		}
	}
	if reverse {
		return free, 0
	}
	return 0, 0
}

// crossRow places an item across its line, stretching it where it asks for that.
func (l *layouter) crossRow(b *Box, it *flexItem, in space, y, height float64) {
	c := it.box
	s := c.Style
	top, bottom := s.Margin[style.Top].Of(in.width), s.Margin[style.Bottom].Of(in.width)
	how := s.Flex.Self
	if how == "auto" {
		how = b.Style.Flex.Items
	}
	rest := height - c.H - top - bottom
	switch {
	case s.Margin[style.Top].IsAuto() || s.Margin[style.Bottom].IsAuto():
		if s.Margin[style.Top].IsAuto() && s.Margin[style.Bottom].IsAuto() {
			rest /= 2
		}
		if s.Margin[style.Top].IsAuto() {
			y += max(0, rest)
		}
	case how == "center":
		y += rest / 2
	case how == "flex-end" || how == "end":
		y += rest
	case how == "stretch" || how == "normal":
		if s.Height.IsAuto() && rest > epsilon && c.Kind != Replaced {
			l.inside(c, it.size, in, height-top-bottom)
		}
	}
	c.Y = y + top
}

// flexColumn stacks items and returns the height of all.
func (l *layouter) flexColumn(b *Box, items []*flexItem, in space, f frame) float64 {
	gap := b.Style.Flex.RowGap.Of(0)
	y := f.top
	for i, it := range items {
		c := it.box
		s := c.Style
		if i > 0 {
			y += gap
		}
		how := s.Flex.Self
		if how == "auto" {
			how = b.Style.Flex.Items
		}
		left, right := s.Margin[style.Left].Of(in.width), s.Margin[style.Right].Of(in.width)
		avail := in.width - left - right
		w := l.usedWidth(c, in, avail)
		if stretch := how == "stretch" || how == "normal"; !stretch && s.Width.IsAuto() && c.Kind == Flow {
			w = l.clampWidth(c, l.shrink(c, avail), in, avail, frameOf(c, in.width))
		}
		c.X = f.left + left
		rest := avail - w
		switch {
		case s.Margin[style.Left].IsAuto() && s.Margin[style.Right].IsAuto(), how == "center":
			c.X += rest / 2
		case s.Margin[style.Left].IsAuto(), how == "flex-end", how == "end":
			c.X += rest
		}
		y += s.Margin[style.Top].Of(in.width)
		c.Y = y
		l.inside(c, w, in, math.NaN())
		y += c.H + s.Margin[style.Bottom].Of(in.width)
	}
	if !math.IsNaN(in.height) {
		l.justifyColumn(b, items, in.height-(y-f.top))
	}
	return y - f.top
}

func (l *layouter) justifyColumn(b *Box, items []*flexItem, free float64) {
	start, between := justify(b.Style.Flex.Justify, free, len(items), false)
	for i, it := range items {
		it.box.Y += start + between*float64(i)
	}
}
