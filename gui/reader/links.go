package reader

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxLink is the longest link that is recognised, in octets.
const maxLink = 4096

// link is a web or mail address within a line; offsets are octets in the line.
type link struct {
	start, end int
	target     *url.URL
}

// schemes are what may be opened from a message; nothing else ever is.
var schemes = [...]string{"https://", "http://", "mailto:"}

// findLinks returns the links of one line, in order.
func findLinks(line string) []link {
	var found []link
	for at := 0; at < len(line); {
		i := strings.IndexByte(line[at:], ':')
		if i < 0 {
			break
		}
		colon := at + i
		at = colon + 1
		start, ok := schemeBefore(line, colon)
		if !ok || len(found) > 0 && start < found[len(found)-1].end {
			continue
		}
		end := linkEnd(line, start, at)
		if target, ok := parseLink(line[start:end]); ok {
			found = append(found, link{start, end, target})
			at = end
		}
	}
	return found
}

// schemeBefore finds the start of a known scheme whose colon is at colon. It
// must not be the tail of a longer word.
func schemeBefore(line string, colon int) (int, bool) {
	for _, s := range schemes {
		name := strings.Index(s, ":")
		start := colon - name
		if start < 0 || start+len(s) > len(line) || !strings.EqualFold(line[start:start+len(s)], s) {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(line[:start]); start > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return 0, false
		}
		return start, true
	}
	return 0, false
}

// linkEnd finds the end of the link that starts at start: before a space, a
// quote or an angle bracket, without the punctuation of the sentence it stands
// in, and without a closing bracket that the link itself did not open.
func linkEnd(line string, start, from int) int {
	end := from
	for end < len(line) && end-start < maxLink {
		r, n := utf8.DecodeRuneInString(line[end:])
		if unicode.IsSpace(r) || unicode.IsControl(r) || hidden(r) || strings.ContainsRune("<>\"“”„«»`|", r) {
			break
		}
		end += n
	}
	for end > from {
		r, n := utf8.DecodeLastRuneInString(line[start:end])
		if strings.ContainsRune(".,;:!?'’*_。，、；：！？…", r) || closesNothing(line[start:end], r) {
			end -= n
			continue
		}
		break
	}
	return end
}

func closesNothing(s string, last rune) bool {
	pairs := map[rune]rune{')': '(', ']': '[', '}': '{', '）': '（', '」': '「', '】': '【'}
	open, ok := pairs[last]
	return ok && strings.Count(s, string(open)) < strings.Count(s, string(last))
}

// parseLink accepts http, https and mailto targets that name a host or address.
func parseLink(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, false
	}
	switch u.Scheme {
	case "http", "https":
		return u, u.Hostname() != ""
	case "mailto":
		return u, u.Opaque != ""
	}
	return nil, false
}

// Target is the link's address in a form that cannot pretend to be another one:
// host names in ASCII (RFC 5890), the rest percent-encoded.
func Target(u *url.URL) string {
	shown := *u
	if host := u.Hostname(); host != "" {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			ascii = url.PathEscape(host)
		}
		if strings.Contains(ascii, ":") {
			ascii = "[" + ascii + "]"
		}
		if port := u.Port(); port != "" {
			ascii += ":" + port
		}
		shown.Host = ascii
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || hidden(r) {
			return -1
		}
		return r
	}, shown.String())
}

// hidden reports whether r changes how text reads without being seen: bidi
// controls, zero-width signs and tag characters.
func hidden(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
		return true
	case r == 0x200B, r == 0x2060, r == 0xFEFF, r == 0x00AD, r == 0x034F:
		return true
	case r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}
