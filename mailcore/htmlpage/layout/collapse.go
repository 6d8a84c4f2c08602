package layout

import "github.com/linnet-mail/linnet/mailcore/htmlpage/style"

// collapseBorders finds the borders of a table whose borders run together: of
// two that meet the wider wins, then the stronger style, then what is further
// inside (CSS 2.1, 17.6.2.1). Each side of a border takes half of its width.
func (t *table) collapseBorders() {
	cells := t.lattice()
	edge := t.wrap.Style.Border
	var outer [4]float64
	for _, c := range t.cells {
		edges := c.box.Style.Border
		for side := range edges {
			edges[side] = t.winner(c, side, cells, edge)
			if t.atEdge(c, side) {
				outer[side] = max(outer[side], edges[side].Width)
			}
		}
		c.box.Edges = halves(edges)
	}
	if len(t.cells) == 0 {
		for side := range outer {
			outer[side] = edge[side].Width
		}
	}
	var frame [4]style.Edge
	for side := range frame {
		frame[side] = style.Edge{Width: outer[side] / 2, Style: "hidden"}
	}
	t.grid.Edges = &frame
}

// halves are edges of half the width; whole ones are drawn by display.
func halves(e [4]style.Edge) *[4]style.Edge {
	for i := range e {
		e[i].Width /= 2
	}
	return &e
}

// lattice tells which cell is where.
func (t *table) lattice() map[[2]int]*tableCell {
	m := make(map[[2]int]*tableCell, len(t.cells))
	for _, c := range t.cells {
		for r := range c.rows {
			for k := range c.cols {
				m[[2]int{c.row + r, c.col + k}] = c
			}
		}
	}
	return m
}

func (t *table) atEdge(c *tableCell, side int) bool {
	switch side {
	case style.Top:
		return c.row == 0
	case style.Right:
		return c.col+c.cols >= len(t.columns)
	case style.Bottom:
		return c.row+c.rows >= len(t.rows)
	}
	return c.col == 0
}

// winner is the border of a cell on a side.
func (t *table) winner(c *tableCell, side int, cells map[[2]int]*tableCell, table [4]style.Edge) style.Edge {
	best := c.box.Style.Border[side]
	try := func(e style.Edge) {
		if stronger(e, best) {
			best = e
		}
	}
	row := t.rows[c.row]
	last := t.rows[c.row+c.rows-1]
	switch side {
	case style.Top:
		try(row.box.Style.Border[side])
	case style.Bottom:
		try(last.box.Style.Border[side])
	case style.Left:
		if c.col == 0 {
			try(row.box.Style.Border[side])
		}
	case style.Right:
		if t.atEdge(c, side) {
			try(row.box.Style.Border[side])
		}
	}
	if t.atEdge(c, side) {
		try(table[side])
		return best
	}
	if n := cells[neighbour(c, side)]; n != nil {
		try(n.box.Style.Border[(side+2)%4])
		switch side {
		case style.Top:
			try(t.rows[n.row+n.rows-1].box.Style.Border[style.Bottom])
		case style.Bottom:
			try(t.rows[n.row].box.Style.Border[style.Top])
		}
	}
	return best
}

func neighbour(c *tableCell, side int) [2]int {
	switch side {
	case style.Top:
		return [2]int{c.row - 1, c.col}
	case style.Right:
		return [2]int{c.row, c.col + c.cols}
	case style.Bottom:
		return [2]int{c.row + c.rows, c.col}
	}
	return [2]int{c.row, c.col - 1}
}

var strength = map[string]int{
	"inset": 1, "groove": 2, "outset": 3, "ridge": 4, "dotted": 5, "dashed": 6, "solid": 7, "double": 8,
}

func stronger(a, b style.Edge) bool {
	switch {
	case b.Style == "hidden":
		return false
	case a.Style == "hidden":
		return true
	case a.Width != b.Width:
		return a.Width > b.Width
	}
	return strength[a.Style] > strength[b.Style]
}
