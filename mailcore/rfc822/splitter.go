package rfc822

import "strings"

// splitter cuts an address list at its separators, outside of quotes, comments
// and angle brackets. What is opened and never closed is taken literally.
type splitter struct {
	s        string
	pos      int
	groups   bool // a ";" is there: "name:" begins a group
	noQuote  bool
	noParen  bool
	noAngle  bool
	newlines bool // a line end separates too (typed lists)
}

// next returns the next entry; comma says that a comma ended it.
func (p *splitter) next() (chunk string, comma, ok bool) {
	if p.pos >= len(p.s) {
		return "", false, false
	}
	start := p.pos
	for i := p.pos; i < len(p.s); i++ {
		switch c := p.s[i]; c {
		case ',', ';', '\n':
			if c == '\n' && !p.newlines {
				continue
			}
			p.pos = i + 1
			return strings.TrimSpace(p.s[start:i]), c == ',', true
		case ':':
			if p.groups && strings.IndexByte(p.s[start:i], '@') < 0 {
				start = i + 1
			}
		case '"', '(', '<':
			i = p.skip(i)
		}
	}
	p.pos = len(p.s)
	return strings.TrimSpace(p.s[start:]), false, true
}

// skip returns the offset of what closes the quote, comment or bracket at i, or
// i if nothing does; then it is not looked for again.
func (p *splitter) skip(i int) int {
	var none *bool
	end := -1
	switch p.s[i] {
	case '"':
		if none = &p.noQuote; !*none {
			end = closeQuote(p.s, i)
		}
	case '(':
		if none = &p.noParen; !*none {
			end = closeParen(p.s, i)
		}
	default:
		if none = &p.noAngle; !*none {
			end = closeAngle(p.s, i)
		}
	}
	if end < 0 {
		*none = true
		return i
	}
	return end
}

// closeQuote returns the offset of the quote that closes the one at i, or -1.
func closeQuote(s string, i int) int {
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '"':
			return j
		}
	}
	return -1
}

func closeParen(s string, i int) int {
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// closeAngle returns the offset of the next ">" if no other "<" comes before.
func closeAngle(s string, i int) int {
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '>':
			return j
		case '<':
			return i
		}
	}
	return -1
}
