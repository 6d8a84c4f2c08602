package layout

import "math"

// column is what the cells of a column ask for (CSS Tables 3, 4).
type column struct {
	min, max float64
	percent  float64 // 0 for none
	fixed    bool    // its width was declared
	// empty columns come of colspan alone: no spacing goes with them.
	empty bool
	// percentFrame is the padding that a percentage does not count.
	percentFrame float64
}

// take makes the column wide enough for a cell.
func (c *column) take(m cellSize) {
	first := c.empty
	c.empty = false
	switch {
	case first && c.min == 0 && c.max == 0:
		c.min, c.max = m.min, m.max
	case c.fixed && !m.fixed:
		c.min = max(c.min, m.min)
		c.max = max(c.max, m.min)
	default:
		c.min, c.max = max(c.min, m.min), max(c.max, m.max)
	}
	c.fixed = c.fixed || m.fixed
	if m.percent > c.percent {
		c.percent, c.percentFrame = m.percent, m.frame
	}
	c.max = max(c.max, c.min)
}

// cellSize is what one cell asks for.
type cellSize struct {
	min, max, percent, frame float64
	fixed                    bool
}

// guess are the sums of four guesses at the widths: all columns at their least;
// percentages met; declared widths met; all at their most.
type guess struct{ min, percent, fixed, max float64 }

// distribute shares a width among columns: it lies between two of the four
// guesses, and what differs between these grows in proportion; beyond the last,
// automatic columns grow, then declared ones if they may, then those in per cent.
func distribute(target float64, cols []column, growFixed bool) []float64 {
	g := guesses(target, cols)
	target = max(target, g.min)
	out := make([]float64, len(cols))
	between := func(low, high, at float64) func(from, to float64) float64 {
		share := 0.0
		if high > low {
			share = (at - low) / (high - low)
		}
		return func(from, to float64) float64 { return from + (to-from)*share }
	}
	if target > g.max {
		beyond(out, cols, target, target-g.max, growFixed)
		return out
	}
	for i := range cols {
		c := &cols[i]
		if c.empty {
			continue
		}
		switch {
		case g.min >= target:
			out[i] = c.min
		case g.percent >= target:
			out[i] = c.min
			if c.percent > 0 {
				out[i] = between(g.min, g.percent, target)(c.min, c.ofPercent(target))
			}
		case g.fixed >= target:
			out[i] = c.atLeast(target)
			if c.percent == 0 && c.fixed {
				out[i] = between(g.percent, g.fixed, target)(c.min, c.max)
			}
		default:
			out[i] = c.atMost(target)
			if c.percent == 0 && !c.fixed {
				out[i] = between(g.fixed, g.max, target)(c.min, c.max)
			}
		}
	}
	return out
}

func guesses(target float64, cols []column) guess {
	var g guess
	for i := range cols {
		c := &cols[i]
		switch {
		case c.empty:
		case c.percent > 0:
			p := c.ofPercent(target)
			g.min, g.percent, g.fixed, g.max = g.min+c.min, g.percent+p, g.fixed+p, g.max+p
		case c.fixed:
			g.min, g.percent, g.fixed, g.max = g.min+c.min, g.percent+c.min, g.fixed+c.max, g.max+c.max
		default:
			g.min, g.percent, g.fixed, g.max = g.min+c.min, g.percent+c.min, g.fixed+c.min, g.max+c.max
		}
	}
	return g
}

func (c *column) ofPercent(target float64) float64 { return max(c.min, target*c.percent/100) }

// atLeast is the width with percentages met.
func (c *column) atLeast(target float64) float64 {
	if c.percent > 0 {
		return c.ofPercent(target)
	}
	return c.min
}

// atMost is the width with everything met.
func (c *column) atMost(target float64) float64 {
	if c.percent > 0 {
		return c.ofPercent(target)
	}
	return c.max
}

// beyond gives what is more than all columns ask for.
func beyond(out []float64, cols []column, target, more float64, growFixed bool) {
	var autos, fixed, percents int
	var autoSum, fixedSum, percentSum float64
	for i := range cols {
		c := &cols[i]
		switch {
		case c.empty:
		case c.percent > 0:
			percents++
			percentSum += c.percent
		case c.fixed:
			fixed++
			fixedSum += c.max
		default:
			autos++
			autoSum += c.max
		}
		if !c.empty {
			out[i] = c.atMost(target)
		}
	}
	grow := func(want func(c *column) bool, n int, sum float64, weight func(c *column) float64) {
		for i := range cols {
			if c := &cols[i]; !c.empty && want(c) {
				if sum > 0 {
					out[i] += more * weight(c) / sum
				} else {
					out[i] += more / float64(n)
				}
			}
		}
	}
	byMax := func(c *column) float64 { return c.max }
	switch {
	case autos > 0:
		grow(func(c *column) bool { return c.percent == 0 && !c.fixed }, autos, autoSum, byMax)
	case fixed > 0 && growFixed:
		grow(func(c *column) bool { return c.percent == 0 && c.fixed }, fixed, fixedSum, byMax)
	case percents > 0:
		grow(func(c *column) bool { return c.percent > 0 }, percents, percentSum, func(c *column) float64 { return c.percent })
	}
}

// spread shares what a cell over several columns asks for among these.
func spread(m cellSize, cols []column, spacing float64) {
	n := 0
	for i := range cols {
		if !cols[i].empty {
			n++
		}
	}
	if n == 0 {
		// Nothing else is in these columns: they stand as one, the first.
		cols[0].take(cellSize{min: m.min, max: m.max, percent: m.percent, frame: m.frame, fixed: m.fixed})
		return
	}
	inner := spacing * float64(n-1)
	least, most := max(0, m.min-inner), max(0, m.max-inner)
	spreadPercent(m, cols)
	for i, w := range distribute(least, cols, m.fixed) {
		if !cols[i].empty {
			cols[i].min = max(cols[i].min, w)
			cols[i].max = max(cols[i].max, cols[i].min)
		}
	}
	for i, w := range distribute(most, cols, m.fixed) {
		if !cols[i].empty {
			cols[i].max = max(cols[i].max, w)
		}
	}
}

// spreadPercent gives the part of a percentage that the columns do not have yet
// to those without any.
func spreadPercent(m cellSize, cols []column) {
	if m.percent == 0 {
		return
	}
	var have, free float64
	n := 0
	for i := range cols {
		c := &cols[i]
		switch {
		case c.empty:
		case c.percent > 0:
			have += c.percent
		default:
			n++
			free += c.max
		}
	}
	if m.percent <= have || n == 0 {
		return
	}
	for i := range cols {
		c := &cols[i]
		if c.empty || c.percent > 0 {
			continue
		}
		if free > 0 {
			c.percent = (m.percent - have) * c.max / free
		} else {
			c.percent = (m.percent - have) / float64(n)
		}
	}
}

// huge is as wide as a table may want to be.
const huge = 1_000_000

// gridMinMax is what all columns together ask for. Percentages make a table
// wide enough that they hold, unless that is not wanted.
func gridMinMax(cols []column, percents bool) minMax {
	var m minMax
	var sum, rest, estimate float64
	for i := range cols {
		c := &cols[i]
		m.min += c.min
		m.max += c.max
		if c.percent > 0 {
			if c.max > 0 {
				estimate = max(estimate, 100/c.percent*(c.max-c.percentFrame))
			}
			sum += c.percent
		} else {
			rest += c.max
		}
	}
	sum = math.Min(sum, 100)
	if sum > 0 && percents {
		if rest > 0 {
			if sum >= 100 {
				estimate = huge
			} else {
				estimate = max(estimate, 100/(100-sum)*rest)
			}
		}
		m.max = max(m.max, estimate)
	}
	m.max = max(m.min, m.max)
	return m
}
