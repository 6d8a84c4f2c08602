package layout

import (
	"golang.org/x/text/unicode/bidi"
)

// hasRightToLeft reports whether a text has characters that run from the right.
func hasRightToLeft(s string) bool {
	for _, r := range s {
		if r >= 0x590 && (r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc || r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff || r == 0x200f || r == 0x202b || r == 0x202e || r == 0x2067) {
			return true
		}
	}
	return false
}

// levels gives every piece its embedding level, cutting words where the
// direction changes (UAX 9). Words that run from the right are shaped anew.
func (p *preparer) levels(c *content) {
	p.cutByScript(c)
	base := uint8(0)
	if c.rtl {
		base = 1
	}
	start := 0
	for i := 0; i <= len(c.pieces); i++ {
		if i == len(c.pieces) || c.pieces[i].kind == breakPiece {
			p.paragraph(c.pieces[start:i], base)
			start = i + 1
		}
	}
}

// paragraph resolves the levels of one paragraph.
func (p *preparer) paragraph(pieces []piece, base uint8) {
	classes := make([]bidi.Class, len(pieces))
	for i := range pieces {
		classes[i] = classOf(&pieces[i])
	}
	resolve(pieces, classes, base)
	for i := range pieces {
		pc := &pieces[i]
		if pc.kind == wordPiece && pc.level%2 == 1 {
			pc.run = p.fonts.Word(&pc.style.Inherited, pc.text, true, false)
			pc.width = p.advance(pc)
		}
	}
}

// classOf is the class of a piece: that of its strong character, if any.
func classOf(pc *piece) bidi.Class {
	switch pc.kind {
	case spacePiece:
		return bidi.WS
	case boxPiece:
		return bidi.ON
	case wordPiece:
		return textClass(pc.text)
	}
	return bidi.BN
}

func textClass(text string) bidi.Class {
	found := bidi.ON
	for _, r := range text {
		props, _ := bidi.LookupRune(r)
		switch c := props.Class(); c {
		case bidi.L, bidi.R, bidi.AL:
			return c
		case bidi.EN, bidi.AN:
			found = c
		}
	}
	return found
}

// resolve applies the rules for numbers and neutrals to whole pieces.
func resolve(pieces []piece, classes []bidi.Class, base uint8) {
	embed := bidi.L
	if base == 1 {
		embed = bidi.R
	}
	strong := embed
	dirs := make([]bidi.Class, len(pieces)) // L, R, EN within R, or ON
	for i, c := range classes {
		switch c {
		case bidi.L:
			strong, dirs[i] = bidi.L, bidi.L
		case bidi.R, bidi.AL:
			strong, dirs[i] = bidi.R, bidi.R
		case bidi.EN, bidi.AN:
			dirs[i] = bidi.EN
			if strong == bidi.L && c == bidi.EN {
				dirs[i] = bidi.L
			}
		default:
			dirs[i] = bidi.ON
		}
	}
	neutrals(dirs, embed)
	for i, d := range dirs {
		pieces[i].level = level(d, base)
	}
}

// neutrals take the direction of both sides where these agree, else that of the
// paragraph (N1 and N2).
func neutrals(dirs []bidi.Class, embed bidi.Class) {
	side := func(d bidi.Class) bidi.Class {
		if d == bidi.EN {
			return bidi.R
		}
		return d
	}
	before := embed
	for i := 0; i < len(dirs); i++ {
		if dirs[i] != bidi.ON {
			before = side(dirs[i])
			continue
		}
		end := i
		for end < len(dirs) && dirs[end] == bidi.ON {
			end++
		}
		after := embed
		if end < len(dirs) {
			after = side(dirs[end])
		}
		d := embed
		if before == after {
			d = before
		}
		for ; i < end; i++ {
			dirs[i] = d
		}
		i--
	}
}

func level(d bidi.Class, base uint8) uint8 {
	switch d {
	case bidi.R:
		return 1
	case bidi.EN:
		return 2
	}
	if base == 1 {
		return 2
	}
	return 0
}

// cutByScript cuts words where the direction changes within them.
func (p *preparer) cutByScript(c *content) {
	var out []piece
	for _, pc := range c.pieces {
		if pc.kind != wordPiece || !hasRightToLeft(pc.text) && !c.rtl {
			out = append(out, pc)
			continue
		}
		for i, part := range directions(pc.text) {
			cut := pc
			cut.text = part
			cut.soft = pc.soft && i == 0
			cut.run = p.fonts.Word(&pc.style.Inherited, part, false, false)
			cut.width = p.advance(&cut)
			out = append(out, cut)
		}
	}
	c.pieces = out
}

// directions splits a word into parts of one direction. Punctuation at the ends
// stands by itself, so that it may go to the other side.
func directions(text string) []string {
	var out []string
	start := 0
	last := bidi.Class(0xff)
	for i, r := range text {
		props, _ := bidi.LookupRune(r)
		class := props.Class()
		switch class {
		case bidi.AL:
			class = bidi.R
		case bidi.NSM, bidi.BN:
			continue
		case bidi.L, bidi.R, bidi.EN, bidi.AN:
		default:
			class = bidi.ON
		}
		if last != 0xff && class != last {
			out = append(out, text[start:i])
			start = i
		}
		last = class
	}
	return append(out, text[start:])
}

// reorder returns the order in which the pieces of a line stand from the left
// (rule L2).
func reorder(pieces []piece, base uint8) []int {
	order := make([]int, len(pieces))
	highest, lowest := base, uint8(255)
	for i := range pieces {
		order[i] = i
		highest = max(highest, pieces[i].level)
		if pieces[i].level%2 == 1 {
			lowest = min(lowest, pieces[i].level)
		}
	}
	for l := highest; l >= lowest && l > 0; l-- {
		for i := 0; i < len(order); i++ {
			if pieces[order[i]].level < l {
				continue
			}
			end := i
			for end < len(order) && pieces[order[end]].level >= l {
				end++
			}
			for a, b := i, end-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = end
		}
	}
	return order
}
