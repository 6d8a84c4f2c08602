package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// table is a table's cells in their rows and columns.
type table struct {
	wrap, grid *Box
	captions   []*Box
	sections   []*Box
	rows       []*tableRow
	cells      []*tableCell
	columns    []column
	colBoxes   []*Box // the element of each column, or nil
	spacingX   float64
	spacingY   float64
	collapse   bool
}

type tableRow struct {
	box     *Box
	section *Box
	cells   []*tableCell
	top     float64
	height  float64
	base    float64 // where the cells' baselines lie, from the row's top
	percent float64
	fixed   bool
}

type tableCell struct {
	box           *Box
	row, col      int
	rows, cols    int
	size          cellSize
	contentHeight float64
	baseline      float64
	verticalAlign string
}

// tableOf finds the structure of a table, once.
func (l *layouter) tableOf(wrap *Box) *table {
	if wrap.table != nil {
		return wrap.table
	}
	t := &table{wrap: wrap, grid: wrap.Children[len(wrap.Children)-1], captions: wrap.Children[:len(wrap.Children)-1]}
	s := wrap.Style
	t.collapse = s.Collapse
	if !t.collapse {
		t.spacingX, t.spacingY = s.SpacingX, s.SpacingY
	}
	t.order()
	t.place()
	if t.collapse {
		t.collapseBorders()
	}
	l.measureColumns(t)
	wrap.table = t
	return t
}

// order puts the header first and the footer last.
func (t *table) order() {
	var head, body, foot []*Box
	for _, c := range t.grid.Children {
		switch c.Style.Display {
		case style.HeaderGroup:
			if len(head) == 0 {
				head = append(head, c)
			} else {
				body = append(body, c)
			}
		case style.FooterGroup:
			if len(foot) == 0 {
				foot = append(foot, c)
			} else {
				body = append(body, c)
			}
		case style.RowGroup:
			body = append(body, c)
		case style.Column:
			t.addColumn(c)
		case style.ColumnGroup:
			if len(c.Children) == 0 {
				t.addColumn(c)
			}
			for _, k := range c.Children {
				t.addColumn(k)
			}
		}
	}
	t.sections = slices.Concat(head, body, foot)
}

func (t *table) addColumn(c *Box) {
	for range min(max(1, c.ColSpan), 1000) {
		t.colBoxes = append(t.colBoxes, c)
	}
}

// place finds the row and column of each cell (HTML, 4.9.12).
func (t *table) place() {
	for _, s := range t.sections {
		first := len(t.rows)
		var taken []int // for each column, the first row of the section that is free
		rows := s.Children
		for r, rb := range rows {
			row := &tableRow{box: rb, section: s}
			t.rows = append(t.rows, row)
			col := 0
			for _, cb := range rb.Children {
				for col < len(taken) && taken[col] > r {
					col++
				}
				span := cb.RowSpan
				if span == 0 {
					span = len(rows) - r
				}
				cell := &tableCell{box: cb, row: first + r, col: col, rows: max(1, min(span, len(rows)-r)), cols: max(1, cb.ColSpan)}
				for len(taken) < col+cell.cols {
					taken = append(taken, 0)
				}
				for i := range cell.cols {
					taken[col+i] = r + cell.rows
				}
				t.cells = append(t.cells, cell)
				row.cells = append(row.cells, cell)
				col += cell.cols
			}
		}
		t.widen(len(taken))
	}
	t.widen(min(len(t.colBoxes), 1000))
}

func (t *table) widen(n int) {
	for len(t.columns) < n {
		t.columns = append(t.columns, column{empty: true})
	}
}

// measureColumns finds what the columns ask for: first by their elements, then
// by cells of one column, then by wider ones, the narrowest first.
func (l *layouter) measureColumns(t *table) {
	for i, c := range t.colBoxes {
		if i < len(t.columns) && c != nil {
			t.columns[i].declare(c.Style)
		}
	}
	cells := t.cells
	if t.fixed() {
		cells = t.firstRow()
	}
	var wide []*tableCell
	for _, c := range cells {
		c.size = l.cellSize(c.box, t.fixed())
		if c.cols == 1 {
			if !(t.fixed() && t.columns[c.col].fixed) {
				t.columns[c.col].take(c.size)
			}
			continue
		}
		wide = append(wide, c)
	}
	slices.SortStableFunc(wide, func(a, b *tableCell) int { return cmp.Compare(a.cols, b.cols) })
	for _, c := range wide {
		if t.fixed() {
			t.spreadFixed(c)
			continue
		}
		spread(c.size, t.columns[c.col:c.col+c.cols], t.spacingX)
	}
	if t.fixed() {
		for i := range t.columns {
			t.columns[i].empty = false
		}
	}
	t.limitPercent()
}

// limitPercent takes off what columns have more than 100 per cent.
func (t *table) limitPercent() {
	left := 100.0
	for i := range t.columns {
		c := &t.columns[i]
		c.percent = min(c.percent, left)
		left -= c.percent
	}
}

// declare takes the width of a column's element.
func (c *column) declare(s *style.Style) {
	switch {
	case s.Width.IsPercent() && s.Width.Px == 0:
		c.percent, c.empty = s.Width.Pct, false
	case s.Width.IsFixed() && s.Width.Px > 0:
		c.min, c.max, c.fixed, c.empty = 0, s.Width.Px, true, false
	}
}

// fixed reports whether the first row alone says how wide the columns are.
func (t *table) fixed() bool {
	return t.wrap.Style.FixedTable && !t.wrap.Style.Width.IsAuto()
}

func (t *table) firstRow() []*tableCell {
	if len(t.rows) == 0 {
		return nil
	}
	return t.rows[0].cells
}

// spreadFixed shares a declared width evenly among the columns of a cell.
func (t *table) spreadFixed(c *tableCell) {
	n := float64(c.cols)
	inner := t.spacingX * (n - 1)
	for i := range c.cols {
		k := &t.columns[c.col+i]
		k.empty = false
		switch {
		case c.size.percent > 0:
			k.percent = max(k.percent, c.size.percent/n)
		case c.size.fixed:
			k.max, k.fixed = max(k.max, (c.size.max-inner)/n), true
			k.min = k.max
		}
	}
}

// cellSize is what a cell asks of its column.
func (l *layouter) cellSize(b *Box, fixed bool) cellSize {
	s := b.Style
	f := frameOf(b, 0).width()
	m := l.minMax(b)
	out := cellSize{min: m.min, max: m.max, frame: f}
	if fixed {
		out.min, out.max = 0, 0
	}
	if w, ok := l.fixedWidth(b, s.MinWidth, f); ok {
		out.min = max(out.min, w)
	}
	if s.Width.IsFixed() {
		w, _ := l.fixedWidth(b, s.Width, f)
		if w > 0 {
			out.max, out.fixed = w, true
			if fixed {
				out.min = w
			}
			if l.quirks() && b.Node != nil {
				if _, nowrap := b.Node.Attr("nowrap"); nowrap {
					out.min = max(out.min, w)
				}
			}
		}
	} else if s.Width.IsPercent() {
		out.percent = s.Width.Pct
	}
	if w, ok := l.fixedWidth(b, s.MaxWidth, f); ok {
		out.max = min(out.max, w)
	}
	out.max = max(out.max, out.min)
	return out
}

// undistributed is the width of a table that no column has: border, padding and
// the spacing between.
func (t *table) undistributed() float64 {
	n := 0
	for i := range t.columns {
		if !t.columns[i].empty {
			n++
		}
	}
	w := t.frame().width()
	if n > 0 {
		w += t.spacingX * float64(n+1)
	}
	return w
}

// frame is the table's border, and padding where borders do not collapse.
func (t *table) frame() frame { return frameOf(t.grid, 0) }

func (l *layouter) tableMinMax(wrap *Box) minMax {
	t := l.tableOf(wrap)
	m := gridMinMax(t.columns, l.percentsCount(wrap)).plus(t.undistributed())
	if t.fixed() && wrap.Style.Width.IsPercent() {
		m.max = huge // its content has no say: it takes what there is
	}
	f := t.frame().width()
	s := wrap.Style
	if s.Width.IsFixed() {
		w := s.Width.Px
		if !s.BorderBox {
			w += f
		}
		w = max(w, m.min)
		m = minMax{w, w}
	}
	if s.MaxWidth.IsFixed() {
		m.max = max(m.min, min(m.max, s.MaxWidth.Px))
	}
	if s.MinWidth.IsFixed() {
		m = minMax{max(m.min, s.MinWidth.Px), max(m.max, s.MinWidth.Px)}
	}
	for _, c := range t.captions {
		m.min = max(m.min, l.contribution(c).min)
	}
	m.max = max(m.min, m.max)
	return m
}

// percentsCount reports whether columns in per cent may make a table wider: not
// within a cell that is itself as wide as its content, where they would bloat
// everything around.
func (l *layouter) percentsCount(wrap *Box) bool {
	for t := wrap; t != nil; {
		w := t.Style.Width
		if !w.IsAuto() && !w.IsPercent() || t.outOfFlow() {
			return true
		}
		b := t.Parent
		for b != nil && b.Kind != TableCell && b.Style.Width.IsAuto() && !b.outOfFlow() {
			b = b.Parent
		}
		if b == nil || b.Kind != TableCell || !b.Style.Width.IsAuto() && !b.Style.Width.IsPercent() {
			return true
		}
		for t = b; t != nil && t.Kind != TableWrap; {
			t = t.Parent
		}
		if b.ColSpan > 1 || t == nil || t.Style.Width.IsAuto() {
			return false
		}
	}
	return true
}

// tableWidth is the width of a table in a space.
func (l *layouter) tableWidth(wrap *Box, in space, avail float64) float64 {
	t := l.tableOf(wrap)
	s := wrap.Style
	m := gridMinMax(t.columns, true).plus(t.undistributed())
	var w float64
	switch {
	case s.Width.IsAuto() || s.Width.Kind == style.FitContent:
		w = max(m.min, min(m.max, avail))
	default:
		w = l.declared(wrap, s.Width, in.width, avail, t.frame().width())
	}
	if !s.MaxWidth.IsAuto() {
		w = min(w, l.declared(wrap, s.MaxWidth, in.width, avail, t.frame().width()))
	}
	if !s.MinWidth.IsAuto() {
		w = max(w, l.declared(wrap, s.MinWidth, in.width, avail, t.frame().width()))
	}
	w = max(w, m.min)
	for _, c := range t.captions {
		w = max(w, l.contribution(c).min)
	}
	return w
}

// tableLayout lays out a table of a width, captions and all.
func (l *layouter) tableLayout(wrap *Box, width float64, in space, forced float64) {
	t := l.tableOf(wrap)
	y := 0.0
	caption := func(bottom bool) {
		for _, c := range t.captions {
			if c.Style.CaptionBottom != bottom {
				continue
			}
			h := l.horizontal(c, space{width: width, height: math.NaN()})
			c.X, c.Y = h.left, y+c.Style.Margin[style.Top].Of(width)
			l.inside(c, h.width, space{width: width, height: math.NaN()}, math.NaN())
			y = c.Y + c.H + c.Style.Margin[style.Bottom].Of(width)
		}
	}
	caption(false)
	t.grid.X, t.grid.Y, t.grid.W = 0, y, width
	l.gridLayout(t, width, in, forced)
	wrap.Baseline = y + t.grid.Baseline
	wrap.LastBase = wrap.Baseline
	y += t.grid.H
	caption(true)
	wrap.W, wrap.H = width, y
}

// gridLayout places columns, rows and cells.
func (l *layouter) gridLayout(t *table, width float64, in space, forced float64) {
	widths := l.columnWidths(t, width)
	xs := t.columnPlaces(widths)
	for _, c := range t.cells {
		l.step()
		end := c.col + c.cols - 1
		w := xs[end] + widths[end] - xs[c.col]
		c.box.W = w
		l.layCell(c, w, math.NaN())
	}
	l.rowHeights(t, in, forced)
	if t.wrap.Style.RTL {
		xs = mirrored(xs, widths, width)
		for _, c := range t.cells {
			c.col += c.cols - 1 // the leftmost of its columns
		}
		defer func() {
			for _, c := range t.cells {
				c.col -= c.cols - 1
			}
		}()
	}
	l.placeRows(t, xs, widths, width)
}

// columnWidths shares the width of the table among its columns.
func (l *layouter) columnWidths(t *table, width float64) []float64 {
	target := max(0, width-t.undistributed())
	if t.fixed() {
		return distributeFixed(target, t.columns)
	}
	return distribute(target, t.columns, true)
}

// distributeFixed is for table-layout: fixed: columns that say nothing share
// what is left evenly.
func distributeFixed(target float64, cols []column) []float64 {
	out := make([]float64, len(cols))
	used, autos := 0.0, 0
	var declared float64
	for i := range cols {
		c := &cols[i]
		switch {
		case c.percent > 0:
			out[i] = target * c.percent / 100
		case c.fixed:
			out[i] = c.max
		default:
			autos++
		}
		used += out[i]
	}
	declared = used
	rest := target - used
	for i := range cols {
		c := &cols[i]
		switch {
		case autos > 0 && c.percent == 0 && !c.fixed:
			out[i] = max(0, rest) / float64(autos)
		case autos == 0 && rest > 0 && declared > 0:
			out[i] += rest * out[i] / declared
		}
	}
	return out
}

// columnPlaces are the left edges of the columns within the grid.
func (t *table) columnPlaces(widths []float64) []float64 {
	xs := make([]float64, len(widths))
	x := t.frame().left + t.spacingX
	for i, w := range widths {
		xs[i] = x
		x += w
		if !t.columns[i].empty {
			x += t.spacingX
		}
	}
	return xs
}

// mirrored are the left edges in a table that runs from the right.
func mirrored(xs, widths []float64, width float64) []float64 {
	out := make([]float64, len(xs))
	for i := range xs {
		out[i] = width - xs[i] - widths[i]
	}
	return out
}
