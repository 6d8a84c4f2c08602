package reader

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits and measures of the text column, in logical pixels.
const (
	maxText    = 16 << 20 // octets shown; the rest can be had by saving the message
	lineHeight = 23
	gapHeight  = 12 // a blank line
	quoteStep  = 14 // indent of one level of quotation
	maxDepth   = 6  // levels of quotation that are drawn
)

// row is one line as it is painted. Offsets are octets in document.text.
type row struct {
	start, end int32 // what is painted, without the marks of quotation
	source     int32 // index in document.sources
	y          int32 // top, from the top of the document
	depth      uint8 // level of quotation, at most maxDepth
}

// source is one line of the text as written.
type source struct {
	start, end int32 // without the line end
	body       int32 // start without the marks of quotation
	depth      uint8
}

// document is a text cut into rows for one width.
type document struct {
	text    string
	sources []source
	rows    []row
	height  float32
	cut     bool // text was longer than maxText
}

// newDocument reads text; rows come with layout.
func newDocument(text string) *document {
	d := &document{}
	if len(text) > maxText {
		end := maxText
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, d.cut = text[:end], true
	}
	d.text = strings.TrimRight(clean(text), " \n")
	for at := 0; at < len(d.text); {
		end := strings.IndexByte(d.text[at:], '\n')
		if end < 0 {
			end = len(d.text)
		} else {
			end += at
		}
		depth, body := quotation(d.text[at:end])
		d.sources = append(d.sources, source{start: int32(at), end: int32(end), body: int32(at + body), depth: depth})
		at = end + 1
	}
	return d
}

// clean makes line ends LF, tabs spaces, drops signs that are never seen, and
// mends broken UTF-8.
func clean(text string) string {
	if !strings.ContainsFunc(text, unclean) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	column := 0
	for i, r := range text {
		switch {
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case r == '\n', r == '\r':
			b.WriteByte('\n')
			column = -1
		case r == '\t':
			n := 4 - column%4
			b.WriteString("    "[:n])
			column += n - 1
		case unicode.IsControl(r), hidden(r):
			column--
		default:
			b.WriteRune(r)
		}
		column++
	}
	return b.String()
}

func unclean(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' && r != '\n' || r == 0x7F
	}
	return r == utf8.RuneError || unicode.IsControl(r) || hidden(r)
}

// quotation counts the ">" marks a line starts with and says where its words
// start.
func quotation(line string) (depth uint8, body int) {
	i := 0
	for i < len(line) && line[i] == '>' {
		if depth < maxDepth {
			depth++
		}
		i++
		body = i
		if i < len(line) && line[i] == ' ' {
			body = i + 1
			if i+1 < len(line) && line[i+1] == '>' {
				i++
			}
		}
	}
	return depth, body
}

// layout cuts the text into rows of at most width.
func (d *document) layout(m *metrics, width float32) {
	d.rows = d.rows[:0]
	y := int32(0)
	for i, s := range d.sources {
		room := max(width-float32(s.depth)*quoteStep, 40)
		at := int(s.body)
		for {
			end, next := d.breakRow(m, at, int(s.end), room)
			r := row{start: int32(at), end: int32(end), source: int32(i), y: y, depth: s.depth}
			d.rows = append(d.rows, r)
			y += r.height()
			if next >= int(s.end) {
				break
			}
			at = next
		}
	}
	d.height = float32(y)
}

// height is the height of the row: blank lines are lower, so that paragraphs
// stand apart without tearing the text.
func (r row) height() int32 {
	if r.start == r.end && r.depth == 0 {
		return gapHeight
	}
	return lineHeight
}

// breakRow finds where the row that starts at at ends, and where the next one
// starts. It is the loop that a text of megabytes spends its time in, so plain
// letters take the short way.
func (d *document) breakRow(m *metrics, at, limit int, room float32) (end, next int) {
	var width float32
	broken, after := -1, -1 // the last place a row may end, and where the next would start
	prev := rune(-1)
	for i := at; i < limit; {
		r, n := rune(d.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(d.text[i:limit])
		}
		w := m.plain(r)
		if r == ' ' {
			if prev != ' ' {
				broken = i
			}
			after = i + 1
			width += w
			prev = r
			i++
			continue
		}
		if (prev == '-' || r >= utf8.RuneSelf || prev >= utf8.RuneSelf) && i > at && mayBreak(prev, r) {
			broken, after = i, i
		}
		width += w
		if width > room && i > at && !joins(prev, r) {
			if broken > at {
				return broken, after
			}
			return i, i
		}
		prev = r
		i += n
	}
	return limit, limit
}

// mayBreak reports whether a row may end between two runes that have no space
// between them: after a hyphen within a word, and around ideographs.
func mayBreak(a, b rune) bool {
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return a == '-' && unicode.IsLetter(b)
	}
	if joins(a, b) || strings.ContainsRune("、。，．）」』】〕〉》！？：；ー々,.!?)", b) || strings.ContainsRune("（「『【〔〈《(", a) {
		return false
	}
	return ideographic(a) || ideographic(b)
}

func ideographic(r rune) bool {
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7AF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFF60 ||
		r >= 0x20000 && r <= 0x3FFFF
}

// joins reports whether a and b are parts of one sign on the screen.
func joins(a, b rune) bool {
	if b < 0x300 {
		return false
	}
	const joiner = 0x200D
	return a == joiner || b == joiner || b >= 0xFE00 && b <= 0xFE0F || b >= 0x1F3FB && b <= 0x1F3FF || unicode.In(b, unicode.Mn, unicode.Me, unicode.Mc)
}

// at returns the index of the row at height y, the first or last one outside.
func (d *document) at(y float32) int {
	i := sort.Search(len(d.rows), func(i int) bool { return float32(d.rows[i].y) > y })
	return max(i-1, 0)
}

// visible returns the rows [from, to) that touch the heights top to bottom.
func (d *document) visible(top, bottom float32) (from, to int) {
	if len(d.rows) == 0 || bottom <= 0 || top >= d.height {
		return 0, 0
	}
	return d.at(top), min(d.at(bottom)+1, len(d.rows))
}

// rowOf returns the index of the row that holds offset.
func (d *document) rowOf(offset int) int {
	i := sort.Search(len(d.rows), func(i int) bool { return int(d.rows[i].start) > offset })
	return max(i-1, 0)
}
