package rfc822

import (
	"strings"
	"unicode/utf8"
)

// plain reports whether s is printable ASCII without an encoded word, so that
// nothing has to be decoded or cleaned.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '=' && i+1 < len(s) && s[i+1] == '?' {
			return false
		}
	}
	return true
}

// eightBit reports whether s holds raw bytes above ASCII.
func eightBit(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return true
		}
	}
	return false
}

// clean removes control characters (NUL, C0, DEL, C1) from a header value;
// tabs and line ends become blanks. A header value is always one line.
func clean(s string) string {
	if !strings.ContainsFunc(s, control) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case control(r):
			return -1
		}
		return r
	}, s)
}

func control(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029
}

// cleanText removes what a text must not hold from a body: NUL and the control
// characters but tab and line feed. Line ends become "\n".
func cleanText(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	bad := func(r rune) bool { return control(r) && r != '\n' && r != '\t' && r != 0x2028 && r != 0x2029 }
	if !strings.ContainsFunc(s, bad) {
		return strings.TrimPrefix(s, "\ufeff")
	}
	s = strings.Map(func(r rune) rune {
		if bad(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimPrefix(s, "\ufeff")
}

// Snippet returns the first words of a text in one line, at most 200 runes.
// Quoted lines, attributions before them and rules of signs are left out as
// long as something else is there.
func Snippet(text string) string {
	if s := firstWords(ownWords(text)); s != "" {
		return s
	}
	return firstWords(text)
}

// ownWords drops quoted lines and lines without letters from the beginning of
// text; it looks at no more than is needed for a snippet.
func ownWords(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if b.Len() > 1000 || line == "--" {
			break
		}
		if strings.HasPrefix(line, ">") || strings.Trim(line, "-=_*~#.| ") == "" {
			continue
		}
		b.WriteString(withoutTargets(line))
		b.WriteByte(' ')
	}
	return b.String()
}

// withoutTargets takes out the link targets that text made of HTML holds.
func withoutTargets(line string) string {
	for {
		i := strings.Index(line, "<http")
		if i < 0 {
			return line
		}
		j := strings.IndexByte(line[i:], '>')
		if j < 0 {
			return line
		}
		line = strings.TrimRight(line[:i], " ") + line[i+j+1:]
	}
}

func firstWords(text string) string {
	const most = 200
	var b strings.Builder
	n, blank := 0, false
	for _, r := range text {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == 0xa0 {
			blank = n > 0
			continue
		}
		if invisible(r) || control(r) {
			continue
		}
		if blank {
			b.WriteByte(' ')
			n++
			blank = false
		}
		if n >= most {
			break
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimRight(b.String(), " ")
}

// invisible reports whether r only fills up preview lines of newsletters.
func invisible(r rune) bool {
	switch r {
	case 0x200b, 0xfeff, 0x034f, 0x00ad, 0x2060:
		return true
	}
	return false
}
