package layout

import (
	"math"
	"unicode/utf8"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// breaker cuts the content of a box into lines.
type breaker struct {
	*flow
	content *content
	pieces  []piece
	next    int // the first piece of the next line
	y       float64
	left    float64 // the space of the line, among the floats
	right   float64
	first   bool
	open    []*Span // that began on an earlier line
	waiting []*Box  // floats that go below the line
	copied  bool    // pieces are this breaker's own
}

// lines lays out the inline content of the box.
func (f *flow) lines() {
	c := f.layouter.content(f.box)
	f.box.Lines = nil
	w := &breaker{flow: f, content: c, pieces: c.pieces, y: f.at + f.gap(), first: true}
	for w.next < len(w.pieces) {
		w.line()
	}
	f.markerLine(w)
	if len(f.box.Lines) > 0 {
		f.first, f.absorbed, f.margin = false, false, strut{}
		f.at = w.y
	}
}

// markerLine makes room for the marker of an item without text.
func (f *flow) markerLine(w *breaker) {
	if f.box.Marker == nil || f.box.Marker.Inside || len(f.box.Lines) > 0 {
		return
	}
	m := f.textMetrics(&f.box.Style.Inherited)
	f.box.Lines = append(f.box.Lines, &Line{X: f.frame.left, Y: w.y, H: m.asc + m.desc, Baseline: w.y + m.asc})
	w.y += m.asc + m.desc
}

// line makes the next line.
func (w *breaker) line() {
	w.step()
	w.bounds(1)
	start := w.next
	end := w.fill(start)
	w.next = end
	line := w.build(w.pieces[start:end])
	if line != nil {
		w.box.Lines = append(w.box.Lines, line)
		w.y += line.H
		if math.IsNaN(w.box.Baseline) {
			w.box.Baseline = line.Baseline
		}
		w.box.LastBase = line.Baseline
		w.first = false
	}
	for _, b := range w.waiting {
		w.floatAt(b, w.flow.y+w.y)
	}
	w.waiting = nil
	w.clearBreak(end)
}

// clearBreak moves the next line below floats, after <br clear>.
func (w *breaker) clearBreak(end int) {
	if end == 0 || w.pieces[end-1].kind != breakPiece || w.pieces[end-1].clear == "" {
		return
	}
	if below := w.fl.below(w.pieces[end-1].clear) - w.flow.y; below > w.y {
		w.y = below
		w.at = max(w.at, below)
	}
}

func (w *breaker) bounds(h float64) (wider float64) {
	x0 := w.x + w.frame.left
	w.left, w.right, wider = w.fl.bounds(w.flow.y+w.y, h, x0, x0+w.in.width)
	return wider
}

func (w *breaker) indent() float64 {
	if w.first {
		return w.box.Style.TextIndent.Of(w.in.width)
	}
	return 0
}

// fill finds how many pieces the line takes, placing the floats among them.
func (w *breaker) fill(start int) int {
	used, some := w.indent(), false
	i := start
	for i < len(w.pieces) {
		end := w.unit(i)
		width, hang, floats, content := w.measure(i, end)
		if content && used+width-hang > w.right-w.left+epsilon {
			if some {
				return i
			}
			if w.lower(width - hang) {
				continue
			}
			if w.split(i, end, w.right-w.left-used) {
				continue
			}
		}
		for _, b := range floats {
			w.floatInLine(b, used+width-hang, some || content)
		}
		used += width
		some = some || content
		i = end
		if w.pieces[end-1].kind == breakPiece {
			break
		}
	}
	return i
}

// unit is the end of what cannot be broken, from i.
func (w *breaker) unit(i int) int {
	j := i + 1
	for j < len(w.pieces) && !w.pieces[j].soft && w.pieces[j-1].kind != breakPiece {
		j++
	}
	return j
}

// measure adds a unit up. hang is the width of the blanks at its end.
func (w *breaker) measure(i, end int) (width, hang float64, floats []*Box, content bool) {
	for ; i < end; i++ {
		pc := &w.pieces[i]
		switch pc.kind {
		case wordPiece:
			width += pc.width
			hang, content = 0, true
		case spacePiece:
			width += pc.width
			if pc.hang {
				hang += pc.width
			} else {
				hang, content = 0, true
			}
		case openPiece, closePiece:
			width += w.edge(pc)
		case boxPiece:
			width += w.boxWidth(pc.box)
			hang, content = 0, true
		case floatPiece:
			floats = append(floats, pc.box)
		}
	}
	return
}

// edge is the width of the margin, border and padding at one end of an inline
// element.
func (w *breaker) edge(pc *piece) float64 {
	side := style.Left
	if pc.kind == closePiece {
		side = style.Right
	}
	if pc.kind == openPiece && !pc.span.First || pc.kind == closePiece && !pc.span.Last {
		return 0
	}
	s := pc.style
	return s.Margin[side].Of(w.in.width) + s.Border[side].Width + s.Padding[side].Of(w.in.width)
}

// boxWidth lays a box out that stands in the line, and returns its outer width.
func (w *breaker) boxWidth(b *Box) float64 {
	s := b.Style
	m := s.Margin[style.Left].Of(w.in.width) + s.Margin[style.Right].Of(w.in.width)
	if b.laid != w.in.width || b.laidHeight != w.in.height && !(math.IsNaN(b.laidHeight) && math.IsNaN(w.in.height)) {
		width := w.usedWidth(b, w.in, w.in.width-m)
		w.inside(b, width, w.in, math.NaN())
		b.laid, b.laidHeight = w.in.width, w.in.height
	}
	return b.W + m
}

// lower moves an empty line below floats until a width fits, or there is no
// float beside it.
func (w *breaker) lower(width float64) bool {
	x0 := w.x + w.frame.left
	if w.left == x0 && w.right == x0+w.in.width {
		return false
	}
	wider := w.bounds(1)
	if math.IsInf(wider, 1) {
		return false
	}
	w.y = wider - w.flow.y
	w.bounds(1)
	return true
}

// floatInLine places a float that is met in a line: beside it where there is
// room, else below.
func (w *breaker) floatInLine(b *Box, used float64, some bool) {
	m := b.Style.Margin
	outer := w.usedWidth(b, w.in, w.in.width-m[style.Left].Of(w.in.width)-m[style.Right].Of(w.in.width)) +
		m[style.Left].Of(w.in.width) + m[style.Right].Of(w.in.width)
	if len(w.waiting) > 0 || some && used+outer > w.right-w.left+epsilon {
		w.waiting = append(w.waiting, b)
		return
	}
	w.floatAt(b, w.flow.y+w.y)
	w.bounds(1)
}

// split breaks a word that is wider than a whole line where the style allows it
// anywhere.
func (w *breaker) split(i, end int, avail float64) bool {
	for ; i < end; i++ {
		pc := &w.pieces[i]
		if pc.kind != wordPiece {
			avail -= pc.width
			if pc.kind == openPiece {
				avail -= w.edge(pc)
			}
			continue
		}
		if pc.width <= avail {
			avail -= pc.width
			continue
		}
		s := pc.style
		if !s.Wraps() || s.OverflowWrap == "normal" && s.WordBreak != "break-word" {
			return false
		}
		return w.cut(i, avail)
	}
	return false
}

// cut cuts a word where the space ends, behind one character at least.
func (w *breaker) cut(i int, avail float64) bool {
	pc := w.pieces[i]
	at := w.fitting(&pc, avail)
	if at == 0 || at >= len(pc.text) {
		return false
	}
	if !w.copied {
		w.pieces = append([]piece(nil), w.pieces...)
		w.copied = true
	}
	head, tail := pc, pc
	head.text, tail.text = pc.text[:at], pc.text[at:]
	tail.soft = true
	head.run, tail.run = pc.run.Cut(utf8.RuneCountInString(head.text))
	head.width, tail.width = w.advanceOf(&head), w.advanceOf(&tail)
	w.pieces = append(w.pieces, piece{})
	copy(w.pieces[i+1:], w.pieces[i:])
	w.pieces[i], w.pieces[i+1] = head, tail
	return true
}

func (l *layouter) advanceOf(pc *piece) float64 {
	in := &pc.style.Inherited
	return pc.run.Advance*in.FontSize + in.LetterSpacing*float64(visibleRunes(pc.text, pc.run.Runes))
}

// fitting is how many bytes of a word fit, at least one character.
func (w *breaker) fitting(pc *piece, avail float64) int {
	in := &pc.style.Inherited
	runes := make([]float64, pc.run.Runes+1)
	for _, g := range pc.run.Glyphs {
		if g.Rune < len(runes) {
			runes[g.Rune] += g.Advance * in.FontSize
		}
	}
	used, n := 0.0, 0
	for i := range pc.text {
		if i > 0 && used+runes[n]+in.LetterSpacing > avail+epsilon {
			return i
		}
		used += runes[n] + in.LetterSpacing
		n++
	}
	return len(pc.text)
}
