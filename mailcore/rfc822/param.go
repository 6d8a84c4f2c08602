package rfc822

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// paramValue is a field value with parameters (RFC 2045 section 5.1): the
// lower-case value, and decoded parameters under lower-case names.
type paramValue struct {
	value  string
	params map[string]string
}

// mediaType returns the lower-case media type of a Content-Type value, "" if
// there is none.
func mediaType(v string) string {
	for i := 0; i < len(v); i++ {
		if c := v[i]; c == ';' || c == '(' || c == ' ' || c == '\t' {
			v = v[:i]
			break
		}
	}
	v = strings.ToLower(strings.Trim(v, " \t\"'"))
	kind, sub, ok := strings.Cut(v, "/")
	if !ok || kind == "" || sub == "" || !plain(v) {
		return ""
	}
	return v
}

// parseValue reads a value and its parameters, however they are written:
// unquoted blanks, encoded words, continuations and character sets of RFC 2231.
func parseValue(v string) paramValue {
	out := paramValue{params: map[string]string{}}
	v = unfold(v)
	first, rest, _ := cutParam(v)
	if eq := strings.IndexByte(first, '='); eq > 0 { // "attachment filename=x", "filename=x"
		word := strings.LastIndexAny(strings.TrimRight(first[:eq], " \t"), " \t") + 1
		first, rest = first[:word], first[word:]+";"+rest
	}
	out.value = strings.ToLower(strings.Trim(first, " \t\"'"))
	var pieces []piece
	for rest != "" && len(pieces) < 500 {
		var param string
		param, rest, _ = cutParam(rest)
		if strings.HasPrefix(param, "(") { // a comment before the name
			param = param[closeParen(param, 0)+1:]
		}
		name, value, ok := strings.Cut(param, "=")
		if !ok {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.TrimSpace(value)
		if strings.HasPrefix(value, `"`) {
			value = unquoteParam(value)
		}
		pieces = append(pieces, newPiece(name, value))
	}
	join(out.params, pieces)
	return out
}

// cutParam cuts v at the next semicolon outside of quotes.
func cutParam(v string) (param, rest string, ok bool) {
	quotes := true
	for i := 0; i < len(v); i++ {
		switch v[i] {
		case '"':
			if quotes {
				j := closeQuote(v, i)
				if quotes = j >= 0; quotes {
					i = j
				}
			}
		case ';':
			return strings.TrimSpace(v[:i]), v[i+1:], true
		}
	}
	return strings.TrimSpace(v), "", false
}

// unquoteParam takes a quoted value; a backslash that escapes nothing stays,
// because file names of Windows come with it.
func unquoteParam(v string) string {
	if end := closeQuote(v, 0); end > 0 {
		v = v[1:end]
	} else {
		v = v[1:]
	}
	v = strings.ReplaceAll(v, `\"`, `"`)
	return strings.ReplaceAll(v, `\\`, `\`)
}

// piece is one parameter as written: name*0*=value.
type piece struct {
	name, value string
	index       int  // of a continuation, -1 without
	extended    bool // percent-encoded, the first with charset'language'
}

func newPiece(name, value string) piece {
	p := piece{name: name, value: value, index: -1}
	if strings.HasSuffix(p.name, "*") {
		p.extended, p.name = true, p.name[:len(p.name)-1]
	}
	if i := strings.IndexByte(p.name, '*'); i > 0 {
		if n, err := strconv.Atoi(p.name[i+1:]); err == nil && n >= 0 {
			p.index, p.name = n, p.name[:i]
		}
	}
	return p
}

// join puts continuations together (RFC 2231 section 3). An extended value
// wins over a plain one of the same name; else the first counts.
func join(params map[string]string, pieces []piece) {
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].index < pieces[j].index })
	parts := map[string][]piece{}
	for _, p := range pieces {
		if p.index < 0 && !p.extended {
			if _, there := params[p.name]; !there {
				params[p.name] = decodeWords(p.value, "")
			}
			continue
		}
		parts[p.name] = append(parts[p.name], p)
	}
	for name, list := range parts {
		if value := joined(list); value != "" {
			params[name] = value
		}
	}
}

func joined(list []piece) string {
	charset := ""
	var data []byte
	words := true
	for i, p := range list {
		value := p.value
		if p.extended {
			words = false
			if cs, rest, ok := strings.Cut(value, "'"); ok && i == 0 {
				if _, text, ok := strings.Cut(rest, "'"); ok {
					charset, value = cs, text
				}
			}
			value = percent(value)
		}
		data = append(data, value...)
	}
	if words {
		return decodeWords(string(data), "")
	}
	return clean(decodeCharset(charset, data))
}

// percent undoes %XX; what is not such an escape stays.
func percent(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hexValue(s[i+1]), hexValue(s[i+2]); hi >= 0 && lo >= 0 {
				b = append(b, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}
