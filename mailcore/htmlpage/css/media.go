package css

import "strings"

// Media is a list of media queries; one must match.
type Media struct {
	queries []query
}

type query struct {
	never    bool
	not      bool
	features []feature
}

type feature struct {
	name string
	word string
	len  float64
	bare bool
}

// Screen is what media queries ask about.
type Screen struct {
	Width, Height float64 // in CSS pixels
	Dark          bool
	Scale         float64 // device pixels for one CSS pixel
}

// ParseMedia reads the value of a media attribute.
func ParseMedia(source string) *Media { return parseMedia(tokens(source)) }

func parseMedia(ts []Token) *Media {
	m := &Media{}
	if len(trim(ts)) == 0 {
		return m
	}
	for _, part := range split(ts, Comma) {
		m.queries = append(m.queries, parseQuery(trim(part)))
	}
	return m
}

// parseQuery reads "[not|only] type [and (feature)]…".
func parseQuery(ts []Token) query {
	var q query
	seen := false
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		switch {
		case t.Kind == Space:
		case t.Kind == Ident:
			if !q.word(strings.ToLower(t.Text), seen) {
				return query{never: true}
			}
			seen = true
		case t.is("("):
			end := closing(ts, i)
			f, ok := parseFeature(ts[i+1 : end])
			if !ok {
				return query{never: true}
			}
			q.features = append(q.features, f...)
			i, seen = end, true
		default:
			return query{never: true}
		}
	}
	if !seen {
		q.never = true
	}
	return q
}

func (q *query) word(w string, seen bool) bool {
	switch w {
	case "not":
		q.not = true
	case "only", "and", "all", "screen":
	case "or":
		return false
	default:
		// Another medium: it never matches, and "not print" always does.
		q.features = append(q.features, feature{name: "medium"})
	}
	return true
}

func closing(ts []Token, open int) int {
	depth := 0
	for i := open; i < len(ts); i++ {
		switch ts[i].Kind {
		case Open, Function:
			depth++
		case Close:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(ts)
}

func parseFeature(ts []Token) ([]feature, bool) {
	ts = trim(ts)
	if len(ts) == 0 {
		return nil, false
	}
	if ts[0].Kind != Ident {
		return parseRange(ts)
	}
	name := strings.ToLower(ts[0].Text)
	rest := trim(ts[1:])
	if len(rest) == 0 {
		return []feature{{name: name, bare: true}}, true
	}
	if rest[0].Kind != Colon {
		return parseRange(ts)
	}
	v, ok := featureValue(trim(rest[1:]))
	v.name = name
	return []feature{v}, ok
}

func featureValue(ts []Token) (feature, bool) {
	if len(ts) == 0 {
		return feature{}, false
	}
	switch t := ts[0]; t.Kind {
	case Ident:
		return feature{word: strings.ToLower(t.Text)}, true
	case Number:
		if len(ts) > 1 && t.Num != 0 {
			return ratio(ts)
		}
		return feature{len: t.Num}, true
	case Dimension:
		n, ok := absolute(t)
		return feature{len: n}, ok
	}
	return feature{}, false
}

// ratio reads "16/9".
func ratio(ts []Token) (feature, bool) {
	var n []float64
	for _, t := range ts {
		if t.Kind == Number {
			n = append(n, t.Num)
		}
	}
	if len(n) != 2 || n[1] == 0 {
		return feature{}, false
	}
	return feature{len: n[0] / n[1]}, true
}

// absolute is a length in pixels; em and rem count as 16, as in media queries.
func absolute(t Token) (float64, bool) {
	if px, ok := pixels[t.Text]; ok {
		return t.Num * px, true
	}
	switch t.Text {
	case "em", "rem":
		return t.Num * 16, true
	case "dppx", "x":
		return t.Num, true
	case "dpi":
		return t.Num / 96, true
	}
	return 0, false
}

// parseRange reads "width <= 600px" and "600px >= width".
func parseRange(ts []Token) ([]feature, bool) {
	var names []string
	var out []feature
	var parts [][]Token
	var ops []string
	start := 0
	for i := 0; i < len(ts); i++ {
		if t := ts[i]; t.is("<") || t.is(">") || t.is("=") {
			parts = append(parts, trim(ts[start:i]))
			op := t.Text
			if i+1 < len(ts) && ts[i+1].is("=") {
				i++
				op += "="
			}
			ops = append(ops, op)
			start = i + 1
		}
	}
	parts = append(parts, trim(ts[start:]))
	for _, p := range parts {
		name := ""
		if len(p) == 1 && p[0].Kind == Ident {
			name = strings.ToLower(p[0].Text)
		}
		names = append(names, name)
	}
	for i, op := range ops {
		name, value, less := names[i], parts[i+1], op[0] == '<'
		if name == "" {
			name, value, less = names[i+1], parts[i], op[0] == '>'
		}
		v, ok := featureValue(value)
		if name == "" || !ok {
			return nil, false
		}
		out = append(out, bounded(name, v, op, less))
	}
	return out, len(out) > 0
}

func bounded(name string, v feature, op string, less bool) feature {
	const tiny = 0.001 // "<" leaves the bound itself out
	v.name = name
	switch {
	case op == "=":
	case less:
		v.name = "max-" + name
		if len(op) == 1 {
			v.len -= tiny
		}
	default:
		v.name = "min-" + name
		if len(op) == 1 {
			v.len += tiny
		}
	}
	return v
}

// Matches reports whether one of the queries is true of the screen; a list of
// none is.
func (m *Media) Matches(s Screen) bool {
	if m == nil || len(m.queries) == 0 {
		return true
	}
	for _, q := range m.queries {
		if q.matches(s) {
			return true
		}
	}
	return false
}

func (q query) matches(s Screen) bool {
	if q.never {
		return false
	}
	all := true
	for _, f := range q.features {
		all = all && f.matches(s)
	}
	return all != q.not
}

func (f feature) matches(s Screen) bool {
	switch strings.TrimPrefix(f.name, "-webkit-") {
	case "prefers-color-scheme":
		return f.bare || f.word == "dark" && s.Dark || f.word == "light" && !s.Dark
	case "orientation":
		return f.bare || (f.word == "portrait") == (s.Height >= s.Width)
	case "hover", "any-hover":
		return f.bare || f.word == "hover"
	case "pointer", "any-pointer":
		return f.bare || f.word == "fine"
	case "prefers-reduced-motion", "prefers-contrast", "forced-colors", "monochrome", "grid":
		return !f.bare && f.len == 0 && (f.word == "no-preference" || f.word == "none" || f.word == "")
	case "color":
		return f.bare || f.len <= 8
	case "min-color":
		return f.len <= 8
	}
	return f.measured(s)
}

func (f feature) measured(s Screen) bool {
	name := strings.TrimPrefix(f.name, "-webkit-")
	bound, rest := name, ""
	if len(name) > 4 {
		bound, rest = name[:4], name[4:]
	}
	switch bound {
	case "min-":
		v, ok := s.measure(rest)
		return ok && v >= f.len
	case "max-":
		v, ok := s.measure(rest)
		return ok && v <= f.len
	}
	v, ok := s.measure(name)
	return ok && (f.bare && v > 0 || !f.bare && v == f.len)
}

func (s Screen) measure(name string) (float64, bool) {
	switch name {
	case "width", "device-width":
		return s.Width, true
	case "height", "device-height":
		return s.Height, true
	case "device-pixel-ratio", "resolution":
		return max(s.Scale, 1), true
	case "aspect-ratio", "device-aspect-ratio":
		return s.Width / max(s.Height, 1), true
	}
	return 0, false
}
