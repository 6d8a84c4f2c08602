package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// replacedSize finds the content size of an image (CSS 2.1, 10.3.2 and 10.4).
func (l *layouter) replacedSize(b *Box, in space) (w, h float64) {
	s := b.Style
	f := frameOf(b, in.width)
	inner := func(n style.Len, base, around float64) (float64, bool) {
		if n.Kind != style.Fixed || n.IsPercent() && math.IsNaN(base) {
			return 0, false
		}
		if math.IsNaN(base) {
			base = 0
		}
		v := max(0, n.Of(base))
		if s.BorderBox {
			v = max(0, v-around)
		}
		return v, true
	}
	width, hasW := inner(s.Width, in.width, f.width())
	height, hasH := inner(s.Height, in.height, f.height())
	if s.Width.Kind == style.Fill {
		width, hasW = max(0, in.width-f.width()), true
	}
	natW, natH, ratio := b.Image.natural(s)
	switch {
	case hasW && hasH:
	case hasW:
		height = natH
		if ratio > 0 {
			height = width / ratio
		}
	case hasH:
		width = natW
		if ratio > 0 {
			width = height * ratio
		}
	default:
		width, height = natW, natH
	}
	minW, _ := inner(s.MinWidth, in.width, f.width())
	minH, _ := inner(s.MinHeight, in.height, f.height())
	maxW, ok := inner(s.MaxWidth, in.width, f.width())
	if !ok {
		maxW = math.Inf(1)
	}
	maxH, ok := inner(s.MaxHeight, in.height, f.height())
	if !ok {
		maxH = math.Inf(1)
	}
	if hasW || hasH || ratio <= 0 {
		w, h = clamp(width, minW, maxW), clamp(height, minH, maxH)
		// The side that is left open follows the other.
		if ratio > 0 && hasW && !hasH {
			h = clamp(w/ratio, minH, maxH)
			if h != w/ratio && !hasW {
				w = h * ratio
			}
		}
		if ratio > 0 && hasH && !hasW {
			if w != width {
				w = clamp(width, minW, maxW)
			}
		}
		return w, h
	}
	return constrain(width, height, ratio, minW, maxW, minH, maxH)
}

// natural is an image's own size and ratio.
func (r *Replacement) natural(s *style.Style) (w, h, ratio float64) {
	w, h = r.Width, r.Height
	if w > 0 && h > 0 {
		ratio = w / h
	}
	if ratio == 0 && s.Ratio > 0 {
		ratio = s.Ratio
	}
	return w, h, ratio
}

func clamp(v, low, high float64) float64 { return max(low, min(v, high)) }

// constrain keeps the ratio within bounds (the table of CSS 2.1, 10.4).
func constrain(w, h, ratio, minW, maxW, minH, maxH float64) (float64, float64) {
	maxW, maxH = max(minW, maxW), max(minH, maxH)
	switch {
	case w > maxW && h > maxH:
		if maxW/w <= maxH/h {
			return maxW, max(minH, maxW/ratio)
		}
		return max(minW, maxH*ratio), maxH
	case w < minW && h < minH:
		if minW/max(w, 1e-9) <= minH/max(h, 1e-9) {
			return min(maxW, minH*ratio), minH
		}
		return minW, min(maxH, minW/ratio)
	case w < minW && h > maxH:
		return minW, maxH
	case w > maxW && h < minH:
		return maxW, minH
	case w > maxW:
		return maxW, max(maxW/ratio, minH)
	case w < minW:
		return minW, min(minW/ratio, maxH)
	case h > maxH:
		return max(maxH*ratio, minW), maxH
	case h < minH:
		return min(minH*ratio, maxW), minH
	}
	return w, h
}
