package layout

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// minMax are the narrowest and the widest that the content of a box asks for, as
// border boxes (CSS Sizing, 4).
type minMax struct{ min, max float64 }

func (m minMax) plus(w float64) minMax { return minMax{m.min + w, m.max + w} }

// minMax finds the intrinsic widths of a box, by its content and padding alone.
func (l *layouter) minMax(b *Box) minMax {
	if b.intrinsic != nil {
		return *b.intrinsic
	}
	l.step()
	l.depth++
	var m minMax
	switch b.Kind {
	case Replaced:
		m = l.replacedMinMax(b)
	case TableWrap:
		m = l.tableMinMax(b)
	case FlexRow:
		m = l.flexMinMax(b).plus(frameOf(b, 0).width())
	default:
		m = l.flowMinMax(b).plus(frameOf(b, 0).width())
	}
	l.depth--
	m.max = max(m.min, m.max)
	b.intrinsic = &m
	return m
}

func (l *layouter) replacedMinMax(b *Box) minMax {
	w, _ := l.replacedSize(b, space{width: 0, height: math.NaN()})
	s := b.Style
	f := frameOf(b, 0).width()
	// Percentages cannot be known here: the image's own size is the most it
	// wants, and nothing the least.
	if s.Width.IsPercent() || s.MaxWidth.IsPercent() {
		free := *s
		if free.Width.IsPercent() {
			free.Width = style.Len{Kind: style.Auto}
		}
		if free.MaxWidth.IsPercent() {
			free.MaxWidth = style.Len{Kind: style.Auto}
		}
		w, _ = l.replacedSize(&Box{Kind: Replaced, Style: &free, Image: b.Image}, space{width: 0, height: math.NaN()})
		return minMax{f, w + f}
	}
	return minMax{w + f, w + f}
}

// contribution is what a box asks of the box around it, margins and all.
func (l *layouter) contribution(b *Box) minMax {
	s := b.Style
	m := l.minMax(b)
	f := frameOf(b, 0).width()
	if b.Kind != Replaced && b.Kind != TableWrap {
		if w, ok := l.fixedWidth(b, s.Width, f); ok {
			m = minMax{w, w}
		}
		if w, ok := l.fixedWidth(b, s.MaxWidth, f); ok {
			m = minMax{min(m.min, w), min(m.max, w)}
		}
		if w, ok := l.fixedWidth(b, s.MinWidth, f); ok {
			m = minMax{max(m.min, w), max(m.max, w)}
		}
	}
	around := fixedPart(s.Margin[style.Left]) + fixedPart(s.Margin[style.Right])
	return minMax{max(0, m.min+around), max(0, m.max+around)}
}

func fixedPart(l style.Len) float64 {
	if l.Kind != style.Fixed {
		return 0
	}
	return l.Px
}

// fixedWidth is a width that does not depend on the space around.
func (l *layouter) fixedWidth(b *Box, w style.Len, around float64) (float64, bool) {
	switch {
	case w.IsFixed():
		if b.Style.BorderBox {
			return max(w.Px, around), true
		}
		return w.Px + around, true
	case w.Kind == style.MinContent:
		return l.minMax(b).min, true
	case w.Kind == style.MaxContent:
		return l.minMax(b).max, true
	}
	return 0, false
}

func (l *layouter) flowMinMax(b *Box) minMax {
	if len(b.Items) > 0 {
		return l.linesMinMax(b)
	}
	var m minMax
	var left, right float64 // floats that stand beside each other
	for _, c := range b.Children {
		if c.outOfFlow() {
			continue
		}
		k := l.contribution(c)
		m.min = max(m.min, k.min)
		if c.floats() {
			if c.Style.Clear == "left" || c.Style.Clear == "both" {
				m.max = max(m.max, left+right)
				left = 0
			}
			if c.Style.Clear == "right" || c.Style.Clear == "both" {
				m.max = max(m.max, left+right)
				right = 0
			}
			if c.Style.Float == "left" {
				left += k.max
			} else {
				right += k.max
			}
			continue
		}
		if c.Style.Clear != "" {
			m.max = max(m.max, left+right)
			left, right = 0, 0
		}
		if c.formatting() {
			// Something that keeps floats out stands beside them.
			m.max = max(m.max, left+right+k.max)
		} else {
			m.max = max(m.max, left+right, k.max)
		}
		left, right = 0, 0
	}
	m.max = max(m.max, left+right)
	return m
}

// linesMinMax finds the longest unit and the longest line of inline content.
func (l *layouter) linesMinMax(b *Box) minMax {
	c := l.content(b)
	sticky := l.stickyImages(b)
	var m minMax
	var unit, line, hang, floats float64
	indent := fixedPart(b.Style.TextIndent)
	unit, line = indent, indent
	endUnit := func() {
		m.min = max(m.min, unit-hang)
		unit, hang = 0, 0
	}
	lineHang := 0.0
	for i := range c.pieces {
		pc := &c.pieces[i]
		if pc.soft && !(sticky && nextToImage(c.pieces, i)) {
			endUnit()
		}
		switch pc.kind {
		case wordPiece:
			unit, line, hang, lineHang = unit+pc.width, line+pc.width, 0, 0
			l.breakable(pc, &unit)
		case spacePiece:
			unit, line = unit+pc.width, line+pc.width
			if pc.hang {
				hang, lineHang = hang+pc.width, lineHang+pc.width
			} else {
				hang, lineHang = 0, 0
			}
		case openPiece, closePiece:
			e := edgeFixed(pc)
			unit, line = unit+e, line+e
		case boxPiece:
			k := l.contribution(pc.box)
			unit, line, hang, lineHang = unit+k.min, line+k.max, 0, 0
		case floatPiece:
			k := l.contribution(pc.box)
			m.min = max(m.min, k.min)
			floats += k.max
		case breakPiece:
			endUnit()
			m.max = max(m.max, line-lineHang+floats)
			line, lineHang, floats = 0, 0, 0
		}
	}
	endUnit()
	m.max = max(m.max, line-lineHang+floats)
	return m
}

// breakable makes a word that may break anywhere as narrow as a letter.
func (l *layouter) breakable(pc *piece, unit *float64) {
	s := pc.style
	if s.Wraps() && (s.WordBreak == "break-word" || s.OverflowWrap == "anywhere") && pc.run.Runes > 0 {
		*unit -= pc.width - pc.width/float64(pc.run.Runes)
	}
}

// stickyImages is a quirk: in a cell without a width lines do not break between
// images (Quirks Mode, 3.9).
func (l *layouter) stickyImages(b *Box) bool {
	if !l.quirks() {
		return false
	}
	for p := b; p != nil; p = p.Parent {
		if p.Kind == TableCell {
			return p.Style.Width.IsAuto()
		}
		if p.Node != nil {
			return false
		}
	}
	return false
}

func nextToImage(pieces []piece, i int) bool {
	image := func(j int) bool {
		return j >= 0 && j < len(pieces) && pieces[j].kind == boxPiece && pieces[j].box.Kind == Replaced
	}
	for j := i; j < len(pieces); j++ {
		if pieces[j].kind != openPiece {
			if image(j) {
				return true
			}
			break
		}
	}
	for j := i - 1; j >= 0; j-- {
		if k := pieces[j].kind; k != closePiece && k != spacePiece {
			return image(j)
		}
	}
	return false
}

func edgeFixed(pc *piece) float64 {
	side := style.Left
	if pc.kind == closePiece {
		side = style.Right
	}
	if pc.kind == openPiece && !pc.span.First || pc.kind == closePiece && !pc.span.Last {
		return 0
	}
	s := pc.style
	return fixedPart(s.Margin[side]) + s.Border[side].Width + fixedPart(s.Padding[side])
}
