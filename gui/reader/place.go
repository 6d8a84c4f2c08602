package reader

import (
	"sort"
	"unicode"
	"unicode/utf8"
)

// indent is where the row's words start, from the left.
func (r row) indent() float32 { return float32(r.depth) * quoteStep }

// words is what is painted of the row.
func (d *document) words(r row) string { return d.text[r.start:r.end] }

// offsetAt returns the offset in row r nearest to x.
func (d *document) offsetAt(m *metrics, r row, x float32) int {
	s := d.words(r)
	x -= r.indent()
	if x <= 0 || s == "" {
		return int(r.start)
	}
	stops := signs(s)
	i := sort.Search(len(stops), func(i int) bool { return m.width(s[:stops[i]]) >= x })
	if i == len(stops) {
		return int(r.end)
	}
	before := 0
	if i > 0 {
		before = stops[i-1]
	}
	if x-m.width(s[:before]) < m.width(s[:stops[i]])-x {
		return int(r.start) + before
	}
	return int(r.start) + stops[i]
}

// signs returns the end of each sign of s, in octets: a letter with its marks
// counts as one.
func signs(s string) []int {
	var ends []int
	prev := rune(-1)
	for i, r := range s {
		if i > 0 && !joins(prev, r) {
			ends = append(ends, i)
		}
		prev = r
	}
	return append(ends, len(s))
}

// signBefore returns where the sign that ends at offset starts.
func (d *document) signBefore(offset int) int {
	from := max(offset-64, 0)
	for from < offset && !utf8.RuneStart(d.text[from]) {
		from++
	}
	ends := signs(d.text[from:offset])
	if len(ends) < 2 {
		return from
	}
	return from + ends[len(ends)-2]
}

// xOf returns where offset stands in row r, from the left.
func (d *document) xOf(m *metrics, r row, offset int) float32 {
	offset = min(max(offset, int(r.start)), int(r.end))
	return r.indent() + m.width(d.text[r.start:offset])
}

// wordAt returns the word around offset: letters and digits, or a run of signs
// of one kind.
func (d *document) wordAt(offset int) (from, to int) {
	if len(d.text) == 0 {
		return 0, 0
	}
	if offset >= len(d.text) {
		_, n := utf8.DecodeLastRuneInString(d.text)
		offset = len(d.text) - n
	}
	r, _ := utf8.DecodeRuneInString(d.text[offset:])
	kind := kindOf(r)
	from, to = offset, offset
	for from > 0 {
		r, n := utf8.DecodeLastRuneInString(d.text[:from])
		if kindOf(r) != kind {
			break
		}
		from -= n
	}
	for to < len(d.text) {
		r, n := utf8.DecodeRuneInString(d.text[to:])
		if kindOf(r) != kind {
			break
		}
		to += n
	}
	return from, to
}

func kindOf(r rune) int {
	switch {
	case r == '\n':
		return 0
	case unicode.IsSpace(r):
		return 1
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_', r == '\'', r == '’':
		return 2
	}
	return 3
}

// lineAt returns the line as written that holds offset.
func (d *document) lineAt(offset int) (from, to int) {
	i := sort.Search(len(d.sources), func(i int) bool { return int(d.sources[i].start) > offset })
	if len(d.sources) == 0 {
		return 0, 0
	}
	s := d.sources[max(i-1, 0)]
	return int(s.start), int(s.end)
}
