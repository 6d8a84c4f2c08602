package css

import "strings"

// Rule is a style rule: what it applies to and what it sets.
type Rule struct {
	Selectors []*Selector
	Settings  []Setting
	Media     []*Media // all must match
}

// Sheet is a style sheet. Rules of other kinds than style rules within @media
// are left out: @import and @font-face would fetch something.
type Sheet struct {
	Rules []*Rule
	// Cut is set when there were more rules than allowed.
	Cut bool
}

// Parse reads a style sheet of at most limit rules. With quirks, lengths may do
// without a unit and colours without "#".
func Parse(source string, limit int, quirks bool) *Sheet {
	p := &parser{ts: tokens(source), limit: limit, quirks: quirks}
	p.rules(nil, false)
	return &p.sheet
}

// ParseInline reads the declarations of a style attribute.
func ParseInline(source string, quirks bool) []Setting {
	return declarations(tokens(source), quirks)
}

type parser struct {
	ts     []Token
	pos    int
	limit  int
	depth  int
	sheet  Sheet
	quirks bool
}

// rules reads rules up to the end, or up to the brace that closes a block.
func (p *parser) rules(media []*Media, nested bool) {
	for p.pos < len(p.ts) {
		t := p.ts[p.pos]
		switch {
		case t.Kind == Space || t.Kind == Semicolon && nested:
			p.pos++
		case t.is("}"):
			p.pos++
			if nested {
				return
			}
		case t.Kind == At:
			p.at(t.Text, media)
		default:
			p.style(media)
		}
		if len(p.sheet.Rules) >= p.limit {
			p.sheet.Cut = true
			return
		}
	}
}

// at reads an at-rule.
func (p *parser) at(name string, media []*Media) {
	p.pos++
	prelude, block := p.prelude()
	if !block {
		return
	}
	switch {
	case p.depth > 8:
		p.block()
	case name == "media":
		p.depth++
		p.rules(append(media[:len(media):len(media)], parseMedia(prelude)), true)
		p.depth--
	case name == "supports" && supported(prelude), name == "layer":
		p.depth++
		p.rules(media, true)
		p.depth--
	default:
		p.block()
	}
}

// prelude reads up to a semicolon or a block, whose brace it steps over.
func (p *parser) prelude() (ts []Token, block bool) {
	start, depth := p.pos, 0
	for ; p.pos < len(p.ts); p.pos++ {
		t := p.ts[p.pos]
		switch {
		case t.is("{") && depth <= 0:
			ts = p.ts[start:p.pos]
			p.pos++
			return ts, true
		case t.Kind == Semicolon && depth <= 0:
			ts = p.ts[start:p.pos]
			p.pos++
			return ts, false
		case t.is("}") && depth <= 0:
			return p.ts[start:p.pos], false
		case t.Kind == Open || t.Kind == Function:
			depth++
		case t.Kind == Close:
			depth--
		}
	}
	return p.ts[start:], false
}

// block returns what is up to the matching brace and steps over it.
func (p *parser) block() []Token {
	start, depth := p.pos, 0
	for ; p.pos < len(p.ts); p.pos++ {
		t := p.ts[p.pos]
		if t.is("{") {
			depth++
		}
		if t.is("}") {
			if depth == 0 {
				p.pos++
				return p.ts[start : p.pos-1]
			}
			depth--
		}
	}
	return p.ts[start:]
}

// style reads a style rule. The prelude of one runs up to its block, whatever
// is in it (CSS Syntax, 5.4.3).
func (p *parser) style(media []*Media) {
	start, depth := p.pos, 0
	for ; p.pos < len(p.ts); p.pos++ {
		t := p.ts[p.pos]
		if t.is("{") && depth <= 0 {
			break
		}
		if t.is("}") && len(media) > 0 {
			return // the end of the block around it: no rule
		}
		switch t.Text {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		if t.Kind == Function {
			depth++
		}
	}
	if p.pos >= len(p.ts) {
		return
	}
	prelude := p.ts[start:p.pos]
	p.pos++
	body := p.block()
	if selectors, ok := parseSelectors(prelude); ok {
		if set := declarations(body, p.quirks); len(set) > 0 {
			p.sheet.Rules = append(p.sheet.Rules, &Rule{Selectors: selectors, Settings: set, Media: media})
		}
	}
}

// declarations reads "name: value; …" and expands shorthands.
func declarations(ts []Token, quirks bool) []Setting {
	var out []Setting
	for _, d := range cut(ts) {
		out = append(out, declaration(d, quirks)...)
	}
	return out
}

// cut splits a block into its declarations; nested blocks belong to none.
func cut(ts []Token) [][]Token {
	var out [][]Token
	depth, start := 0, 0
	for i, t := range ts {
		switch {
		case t.Kind == Open || t.Kind == Function:
			depth++
		case t.Kind == Close:
			depth = max(depth-1, 0)
		case t.Kind == Semicolon && depth == 0:
			out = append(out, ts[start:i])
			start = i + 1
		}
	}
	return append(out, ts[start:])
}

func declaration(ts []Token, quirks bool) []Setting {
	ts = trim(ts)
	if len(ts) < 3 || ts[0].Kind != Ident {
		return nil
	}
	name, rest := ts[0].Text, trim(ts[1:])
	if len(rest) == 0 || rest[0].Kind != Colon {
		return nil
	}
	value, important := importance(trim(rest[1:]))
	if strings.HasPrefix(name, "--") {
		return []Setting{{Prop: Custom, Name: name, Value: Value{Kind: Raw, Tokens: value}, Important: important}}
	}
	if len(value) == 0 {
		return nil
	}
	return expand(strings.ToLower(name), value, important, quirks)
}

// importance takes "!important" off.
func importance(ts []Token) ([]Token, bool) {
	n := len(ts)
	if n == 0 || ts[n-1].Kind != Ident || !strings.EqualFold(ts[n-1].Text, "important") {
		return ts, false
	}
	rest := trim(ts[:n-1])
	if len(rest) > 0 && rest[len(rest)-1].is("!") {
		return trim(rest[:len(rest)-1]), true
	}
	return ts, false
}

// supported answers @supports for what mail asks: a declaration that can be
// read is supported; "not" and lists of conditions are left out.
func supported(ts []Token) bool {
	ts = trim(ts)
	if len(ts) < 4 || !ts[0].is("(") || !ts[len(ts)-1].is(")") {
		return false
	}
	for _, t := range ts[1 : len(ts)-1] {
		if t.is("(") {
			return false
		}
	}
	return len(declaration(ts[1:len(ts)-1], false)) > 0
}
