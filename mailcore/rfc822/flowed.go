package rfc822

import "strings"

// unflow joins the lines of format=flowed text (RFC 3676): a line that ends in
// a blank goes on in the next one of the same quote depth. "-- " stays alone.
func unflow(text string, delSp bool) string {
	var b strings.Builder
	b.Grow(len(text))
	open, depth := false, 0
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		quotes := 0
		for quotes < len(line) && line[quotes] == '>' {
			quotes++
		}
		content := strings.TrimPrefix(line[quotes:], " ")
		sign := content == "-- "
		if open && (quotes != depth || sign) {
			b.WriteByte('\n')
			open = false
		}
		if !open && quotes > 0 {
			b.WriteString(line[:quotes])
			b.WriteByte(' ')
		}
		flowed := strings.HasSuffix(content, " ") && !sign && ended
		if flowed && delSp {
			content = content[:len(content)-1]
		}
		b.WriteString(content)
		if open, depth = flowed, quotes; !flowed && ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
