package layout

import "math"

// floats are the boxes that float in a block formatting context, in its own
// coordinates.
type floats struct {
	left, right []area
	// lowest is the top of the last one: none floats higher than one before it.
	lowest float64
}

type area struct{ x0, y0, x1, y1 float64 }

// bounds narrows the space between x0 and x1 to what floats leave between y and
// y+h. next is where the space becomes wider.
func (f *floats) bounds(y, h, x0, x1 float64) (left, right, next float64) {
	left, right, next = x0, x1, math.Inf(1)
	if f == nil {
		return
	}
	for _, a := range f.left {
		if a.y0 < y+max(h, 0.01) && a.y1 > y && a.x1 > left {
			left = a.x1
		}
		if a.y0 < y+max(h, 0.01) && a.y1 > y {
			next = min(next, a.y1)
		}
	}
	for _, a := range f.right {
		if a.y0 < y+max(h, 0.01) && a.y1 > y {
			right = min(right, a.x0)
			next = min(next, a.y1)
		}
	}
	return left, right, next
}

// fit finds the first place at or below y where w fits between x0 and x1.
func (f *floats) fit(y, w, h, x0, x1 float64) (left, right, top float64) {
	for range 1000 {
		l, r, next := f.bounds(y, h, x0, x1)
		if r-l >= w-epsilon || math.IsInf(next, 1) {
			return l, r, y
		}
		y = next
	}
	return x0, x1, y
}

// epsilon is what sums of widths may be off.
const epsilon = 1.0 / 64

// put places a float of the size w×h at or below y and returns its corner.
func (f *floats) put(side string, y, w, h, x0, x1 float64) (x, top float64) {
	y = max(y, f.lowest)
	l, r, top := f.fit(y, w, 0, x0, x1)
	f.lowest = top
	if side == "right" {
		x = r - w
		f.right = append(f.right, area{x, top, x + w, top + h})
		return x, top
	}
	f.left = append(f.left, area{l, top, l + w, top + h})
	return l, top
}

// below is the y under the floats of a side ("left", "right", "both").
func (f *floats) below(side string) float64 {
	y := math.Inf(-1)
	if f == nil {
		return y
	}
	if side != "right" {
		for _, a := range f.left {
			y = max(y, a.y1)
		}
	}
	if side != "left" {
		for _, a := range f.right {
			y = max(y, a.y1)
		}
	}
	return y
}
