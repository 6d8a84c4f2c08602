package rfc822

import (
	"strings"
)

// eachField calls yield with the name and the raw value (still folded) of every
// header field at the beginning of s and returns the offset of the body. Lines
// that are no fields are skipped as long as fields follow them: broken lines,
// and before the header of a whole message (top) a "From " line, empty lines
// and junk.
func eachField(s string, top bool, yield func(name, value string)) int {
	pos, seen := 0, false
	limit := min(len(s), MaxHeader)
	for pos < limit {
		end := lineEnd(s, pos)
		line := chomp(s[pos:end])
		if name, value, ok := cutField(line); ok {
			end = continued(s, end)
			yield(name, chomp(s[pos+value:end]))
			seen = true
		} else if !skipped(line, s[end:], top, seen) {
			if strings.TrimSpace(line) == "" {
				return end
			}
			return pos
		}
		pos = end
	}
	return min(pos, len(s))
}

// skipped reports whether a line that is no field is passed over, rest being
// what follows it; else the header ends there.
func skipped(line, rest string, top, seen bool) bool {
	switch {
	case line == "":
		return top && !seen && blankThenField(rest)
	case seen:
		return fieldSoon(rest, strings.ContainsAny(line, "-=_"))
	case !top:
		return strings.TrimSpace(line) != "" && fieldOrFold(rest)
	}
	return headerNear(rest)
}

// blankThenField reports whether a header follows empty lines: fields from the
// next line on, and one of the usual ones among them ("https://…" may be text).
func blankThenField(s string) bool {
	s = strings.TrimLeft(s, "\r\n")
	for range 10 {
		if s == "" {
			return false
		}
		end := lineEnd(s, 0)
		line := chomp(s[:end])
		name, _, ok := cutField(line)
		if usual(name) || strings.HasPrefix(line, "From ") {
			return true
		}
		if !ok && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			return false
		}
		s = s[end:]
	}
	return false
}

// lineEnd returns the offset after the line that begins at pos.
func lineEnd(s string, pos int) int {
	if i := strings.IndexByte(s[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(s)
}

// chomp cuts the line end off.
func chomp(line string) string {
	n := len(line)
	for n > 0 && (line[n-1] == '\n' || line[n-1] == '\r') {
		n--
	}
	return line[:n]
}

// continued returns the end of a field whose first line ends at end, with the
// folded lines (RFC 5322 section 2.2.3) that follow.
func continued(s string, end int) int {
	for end < len(s) && (s[end] == ' ' || s[end] == '\t') {
		next := lineEnd(s, end)
		if strings.TrimSpace(s[end:next]) == "" && !fieldOrFold(s[next:]) {
			return end
		}
		end = next
	}
	return end
}

// fieldOrFold reports whether s goes on with a field or a folded line.
func fieldOrFold(s string) bool {
	line := chomp(s[:lineEnd(s, 0)])
	if line == "" {
		return false
	}
	_, _, ok := cutField(line)
	return ok || line[0] == ' ' || line[0] == '\t'
}

// cutField splits a line at the colon of its field name (RFC 5322 section
// 2.2); value is the offset after the colon. Blanks before it are tolerated.
func cutField(line string) (name string, value int, ok bool) {
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == ':' {
			return line[:i], i + 1, i > 0
		}
		if c <= ' ' || c >= 0x7f {
			rest := strings.TrimLeft(line[i:], " \t")
			if i == 0 || !strings.HasPrefix(rest, ":") {
				return "", 0, false
			}
			return line[:i], len(line) - len(rest) + 1, true
		}
	}
	return "", 0, false
}

// fieldSoon reports whether the header goes on: a field follows within a few
// lines, or one of the usual ones somewhat later. Else the body has begun
// without an empty line; odd says that the line before may be a spoilt field,
// which an empty line can follow.
func fieldSoon(s string, odd bool) bool {
	for n := range 16 {
		if s == "" {
			return false
		}
		end := lineEnd(s, 0)
		line := chomp(s[:end])
		if line == "" {
			return odd && n < 3
		}
		if name, _, ok := cutField(line); ok && (n < 3 || usual(name)) {
			return true
		}
		s = s[end:]
	}
	return false
}

// headerNear reports whether a header begins within the next lines, for a
// message with junk or empty lines before it: one of the fields that nearly
// every message has must be there.
func headerNear(s string) bool {
	for range 10 {
		if s == "" {
			return false
		}
		end := lineEnd(s, 0)
		if name, _, ok := cutField(chomp(s[:end])); ok && usual(name) {
			return true
		}
		s = s[end:]
	}
	return false
}

// usual reports whether name is a field that headers begin with.
func usual(name string) bool {
	switch len(name) {
	case 2, 4, 7, 8, 10, 11, 12, 16:
	default:
		return false
	}
	switch strings.ToLower(name) {
	case "to", "from", "date", "subject", "received", "message-id", "return-path",
		"mime-version", "content-type", "delivered-to", "x-mailer":
		return true
	}
	return false
}

// unfold removes the line ends of a folded value and blanks around it.
func unfold(v string) string {
	v = strings.TrimSpace(v)
	if strings.IndexByte(v, '\n') < 0 && strings.IndexByte(v, '\r') < 0 {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for i := range len(v) {
		if c := v[i]; c != '\n' && c != '\r' {
			b.WriteByte(c)
		}
	}
	return b.String()
}
