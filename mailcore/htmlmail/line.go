package htmlmail

import (
	"strings"
	"unicode/utf8"
)

// text writes running text: blanks collapse, except within pre.
func (w *writer) text(s string) {
	if w.pre > 0 {
		for i, line := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if i > 0 {
				w.newline()
			}
			if strings.TrimSpace(line) != "" {
				w.word(line)
			}
		}
		return
	}
	for s != "" {
		i := strings.IndexFunc(s, blank)
		if i < 0 {
			w.word(s)
			return
		}
		if i > 0 {
			w.word(s[:i])
		}
		w.blank = true
		s = s[i:]
		if j := strings.IndexFunc(s, func(r rune) bool { return !blank(r) }); j >= 0 {
			s = s[j:]
		} else {
			s = ""
		}
	}
}

func blank(r rune) bool {
	return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == 0xa0
}

// word writes one word with what is due before it.
func (w *writer) word(s string) {
	s = visible(s)
	if s == "" {
		return
	}
	w.due()
	if w.blank && w.line {
		w.out.WriteByte(' ')
	}
	w.blank = false
	w.out.WriteString(s)
	w.line = true
}

// emit writes s as it is.
func (w *writer) emit(s string) {
	w.due()
	w.out.WriteString(s)
}

// due writes line feeds, quote marks and the bullet of the item.
func (w *writer) due() {
	if w.breaks > 0 || w.out.Len() == 0 {
		if w.out.Len() > 0 {
			for i := 0; i < w.breaks; i++ {
				w.out.WriteByte('\n')
				if i+1 < w.breaks {
					w.out.WriteString(strings.TrimRight(marks(min(w.quote, w.above)), " "))
				}
			}
		}
		w.breaks, w.line, w.blank = 0, false, false
		w.out.WriteString(marks(w.quote))
		w.above = w.quote
	}
	if w.bullet != "" {
		w.out.WriteString(w.bullet)
		w.bullet, w.blank, w.line = "", false, false
	}
}

// marks are the quote marks of a line.
func marks(depth int) string { return strings.Repeat("> ", min(depth, 10)) }

// gap asks for at least n line feeds before the next word.
func (w *writer) gap(n int) {
	if n > 0 && w.out.Len() > 0 {
		w.breaks = max(w.breaks, n)
	}
}

// newline is a line feed that counts of itself, up to one empty line.
func (w *writer) newline() {
	if w.out.Len() > 0 {
		w.breaks = min(w.breaks+1, 2)
	}
}

// visible takes out characters that only fill up preview lines, and controls.
func visible(s string) string {
	bad := func(r rune) bool {
		switch r {
		case 0x200b, 0xfeff, 0x034f, 0x00ad, 0x2060:
			return true
		}
		return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0
	}
	if strings.ContainsFunc(s, bad) {
		s = strings.Map(func(r rune) rune {
			if bad(r) {
				return -1
			}
			return r
		}, s)
	}
	if s = strings.Trim(s, "\u200c\u200d"); strings.Trim(s, "\u200e\u200f") == "" {
		return ""
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}

func (w *writer) finish() string {
	for len(w.links) > 0 && w.skip == "" {
		w.closeLink()
	}
	lines := strings.Split(w.out.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
