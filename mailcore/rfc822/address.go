package rfc822

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// parseAddresses reads an address list (RFC 5322 section 3.4) as real mail
// writes it: unquoted commas and "@" in names, blanks before ">", semicolons as
// separators, groups, comments, raw 8-bit names. Names are decoded, the
// addr-spec never is.
func parseAddresses(v, hint string) []mailcore.Address {
	if v == "" {
		return nil
	}
	list := make([]mailcore.Address, 0, 1+min(strings.Count(v, ","), 100))
	var held []string // "Doe" of "Doe, John <doe@x.example>"
	s := splitter{s: v, groups: strings.IndexByte(v, ';') >= 0}
	for len(list) < maxAddresses {
		chunk, comma, ok := s.next()
		if !ok {
			break
		}
		switch {
		case chunk == "":
			continue
		case comma && nameOnly(chunk) && len(held) < maxCommas:
			held = append(held, chunk)
			continue
		case strings.IndexByte(chunk, '<') > 0:
			if len(held) > 0 {
				chunk = strings.Join(append(held, chunk), ", ")
			}
		default:
			list = appendAddresses(list, held, hint)
		}
		held = held[:0]
		list = appendAddresses(list, []string{chunk}, hint)
	}
	if list = appendAddresses(list, held, hint); len(list) == 0 {
		return nil
	}
	return list
}

// appendAddresses reads entries of a list as long as there is room.
func appendAddresses(list []mailcore.Address, chunks []string, hint string) []mailcore.Address {
	for _, chunk := range chunks {
		if a := parseAddress(chunk, hint); (a.Name != "" || a.Addr != "") && len(list) < maxAddresses {
			list = append(list, a)
		}
	}
	return list
}

// nameOnly reports whether chunk holds no address at all.
func nameOnly(chunk string) bool {
	return chunk != "" && strings.IndexByte(chunk, '<') < 0 && strings.IndexByte(chunk, '@') < 0
}

// parseAddress reads one entry of a list.
func parseAddress(chunk, hint string) mailcore.Address {
	if open := angle(chunk); open >= 0 {
		inner, tail := chunk[open+1:], ""
		if end := strings.IndexByte(inner, '>'); end >= 0 {
			inner, tail = inner[:end], inner[end+1:]
		}
		name := displayName(strings.TrimRight(chunk[:open], "< "), hint)
		if name == "" {
			name = displayName(strings.TrimLeft(tail, " .,;>"), hint)
		}
		addr := cleanAddr(inner)
		if addr == "" && strings.IndexByte(chunk[:open], '@') > 0 {
			return bareAddress(chunk[:open], hint) // a@b.example <>
		}
		return mailcore.Address{Name: name, Addr: addr}
	}
	return bareAddress(chunk, hint)
}

// angle returns the offset of the "<" that begins the addr-spec, or -1: the
// last one before an "@", for names that hold a "<" themselves.
func angle(chunk string) int {
	first, quotes := -1, true
	for i := 0; i < len(chunk); i++ {
		switch chunk[i] {
		case '"':
			if quotes {
				j := closeQuote(chunk, i)
				if quotes = j >= 0; quotes { // else never again: it would cost the square
					i = j
				}
			}
		case '<':
			first = i
			if j := closeAngle(chunk, i); j > i && strings.IndexByte(chunk[i:j], '@') > 0 {
				return i
			}
		}
	}
	return first
}

// bareAddress reads an entry without angle brackets: "a@b.example (Name)",
// "Name a@b.example", or a name alone.
func bareAddress(chunk, hint string) mailcore.Address {
	rest, comment := cutComments(chunk)
	if strings.IndexByte(rest, '@') < 0 {
		if comment == "" || strings.TrimSpace(rest) != "" {
			return mailcore.Address{Name: displayName(chunk, hint)}
		}
		return mailcore.Address{Name: displayName("("+comment+")", hint)}
	}
	name := ""
	if comment != "" {
		name = displayName("("+comment+")", hint)
	}
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(rest, `"`) && closeQuote(rest, 0) == len(rest)-1 {
		return mailcore.Address{Name: name, Addr: cleanAddr(unquote(rest))}
	}
	before, addr := lastAddr(rest)
	if name == "" {
		name = displayName(before, hint)
	}
	return mailcore.Address{Name: name, Addr: cleanAddr(addr)}
}

// lastAddr splits "Name a@b.example" or "a@b.example Name" at the last word
// that is an address; of nothing but addresses the first is taken. A word may
// be quoted: "Doe, John" "a@b.example".
func lastAddr(s string) (name, addr string) {
	if !strings.ContainsAny(s, " \t") {
		return "", s
	}
	words := quotedWords(s)
	at, all := -1, true
	for i := len(words) - 1; i >= 0; i-- {
		w := strings.Trim(words[i], `"`)
		p := strings.LastIndexByte(w, '@')
		good := p > 0 && p < len(w)-1 && strings.IndexByte(words[i], ' ') < 0
		if good && at < 0 {
			at = i
		}
		all = all && good
	}
	switch {
	case at < 0 || len(words) == 1:
		return "", s
	case all:
		at = 0
	}
	others := append(append([]string{}, words[:at]...), words[at+1:]...)
	if w := words[at]; strings.HasPrefix(w, `"`) && closeQuote(w, 0) == len(w)-1 {
		words[at] = unquote(w)
	}
	return strings.Join(others, " "), words[at]
}

// quotedWords splits s at blanks outside of quotes.
func quotedWords(s string) []string {
	var words []string
	start, quotes := 0, true
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			if quotes {
				j := closeQuote(s, i)
				if quotes = j >= 0; quotes {
					i = j
				}
			}
		case ' ', '\t':
			if i > start {
				words = append(words, s[start:i])
			}
			start = i + 1
		}
	}
	if start < len(s) {
		words = append(words, s[start:])
	}
	return words
}

// cutComments takes the comments out of s; the last one is returned.
func cutComments(s string) (rest, comment string) {
	if strings.IndexByte(s, '(') < 0 {
		return s, ""
	}
	var b strings.Builder
	quotes := true
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			if !quotes {
				break
			}
			j := closeQuote(s, i)
			if quotes = j >= 0; quotes {
				b.WriteString(s[i : j+1])
				i = j
				continue
			}
		case '(':
			if j := closeParen(s, i); j >= 0 {
				comment = s[i+1 : j]
				i = j
				continue
			}
			return b.String() + s[i:], comment
		}
		b.WriteByte(s[i])
	}
	return b.String(), comment
}

// displayName decodes a phrase: quotes and the brackets of a sole comment are
// taken off, encoded words decoded wherever they stand.
func displayName(phrase, hint string) string {
	phrase = strings.TrimSpace(phrase)
	if phrase == "" {
		return ""
	}
	if phrase[0] == '(' && closeParen(phrase, 0) == len(phrase)-1 {
		phrase = phrase[1 : len(phrase)-1]
	}
	if strings.IndexByte(phrase, '"') >= 0 {
		phrase = unquote(phrase)
	} else if n := len(phrase); n > 2 && phrase[0] == '\'' && phrase[n-1] == '\'' {
		phrase = phrase[1 : n-1] // Outlook
	}
	return strings.TrimSpace(decodeWords(phrase, hint))
}

// unquote resolves the quoted strings of a phrase.
func unquote(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] != '"':
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
