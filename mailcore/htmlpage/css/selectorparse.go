package css

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
)

const maxCompounds = 64

// parseSelectors reads a list of selectors. One that cannot be read spoils the
// list, and with it its rule (Selectors 4, 3.9).
func parseSelectors(ts []Token) ([]*Selector, bool) {
	var out []*Selector
	for _, part := range split(ts, Comma) {
		s, ok := parseSelector(trim(part))
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

type selectorParser struct {
	ts                  []Token
	pos                 int
	ids, classes, types int
	pseudo              string
}

func parseSelector(ts []Token) (*Selector, bool) {
	p := &selectorParser{ts: ts}
	s := &Selector{}
	combine := byte(0)
	for {
		c, ok := p.compound()
		if !ok || len(s.parts) >= maxCompounds {
			return nil, false
		}
		s.parts, s.combine = append(s.parts, c), append(s.combine, combine)
		if p.pos >= len(p.ts) {
			break
		}
		if combine, ok = p.combinator(); !ok || p.pseudo != "" {
			return nil, false
		}
	}
	s.Specificity, s.Pseudo = specificity(p.ids, p.classes, p.types), p.pseudo
	return s, true
}

func (p *selectorParser) combinator() (byte, bool) {
	c := byte(0)
	for ; p.pos < len(p.ts); p.pos++ {
		t := p.ts[p.pos]
		switch {
		case t.Kind == Space:
			if c == 0 {
				c = ' '
			}
		case t.is(">"), t.is("+"), t.is("~"):
			if c != 0 && c != ' ' {
				return 0, false
			}
			c = t.Text[0]
		default:
			return c, c != 0
		}
	}
	return 0, false
}

// compound reads simple selectors up to a combinator.
func (p *selectorParser) compound() (compound, bool) {
	var c compound
	start := p.pos
	for p.pos < len(p.ts) {
		t := p.ts[p.pos]
		if t.Kind == Space || t.is(">") || t.is("+") || t.is("~") {
			break
		}
		if !p.simple(&c, t, p.pos == start) {
			return c, false
		}
	}
	return c, p.pos > start
}

func (p *selectorParser) simple(c *compound, t Token, first bool) bool {
	p.pos++
	switch {
	case t.Kind == Ident:
		if !first {
			return false
		}
		return p.typeName(c, t.Text)
	case t.is("*"):
		return first && !p.namespace()
	case t.is("|"):
		return false
	case t.Kind == Hash:
		c.id = t.Text
		p.ids++
		return true
	case t.is("."):
		return p.class(c)
	case t.is("["):
		return p.attribute(c)
	case t.Kind == Colon:
		return p.pseudoClass(c)
	}
	// ".5x" is a dimension for the tokenizer; no class begins with a digit.
	return false
}

func (p *selectorParser) typeName(c *compound, name string) bool {
	if p.namespace() {
		return false
	}
	c.tag = strings.ToLower(name)
	p.types++
	return true
}

func (p *selectorParser) namespace() bool {
	return p.pos < len(p.ts) && p.ts[p.pos].is("|")
}

func (p *selectorParser) class(c *compound) bool {
	if p.pos >= len(p.ts) || p.ts[p.pos].Kind != Ident {
		return false
	}
	c.classes = append(c.classes, p.ts[p.pos].Text)
	p.pos++
	p.classes++
	return true
}

// attribute reads "[name op value i]".
func (p *selectorParser) attribute(c *compound) bool {
	end := p.pos
	for end < len(p.ts) && !p.ts[end].is("]") {
		end++
	}
	if end == len(p.ts) {
		return false
	}
	var ts []Token
	for _, t := range p.ts[p.pos:end] {
		if t.Kind != Space {
			ts = append(ts, t)
		}
	}
	p.pos = end + 1
	p.classes++
	t, ok := attributeTest(ts)
	c.tests = append(c.tests, t)
	return ok
}

// insensitive are attributes of HTML whose values match in any case.
var insensitive = map[string]bool{
	"align": true, "bgcolor": true, "valign": true, "color": true, "dir": true, "type": true, "lang": true,
	"face": true, "nowrap": true, "clear": true, "media": true, "noshade": true, "shape": true, "target": true,
	"text": true, "link": true, "vlink": true, "alink": true, "rules": true, "frame": true, "scope": true,
}

func attributeTest(ts []Token) (test, bool) {
	if len(ts) == 0 || ts[0].Kind != Ident {
		return nil, false
	}
	name := strings.ToLower(ts[0].Text)
	if len(ts) == 1 {
		return func(n *htmlmail.Node, _ bool) bool { _, ok := n.Attr(name); return ok }, true
	}
	if len(ts) < 3 || ts[1].Kind != Delim || ts[2].Kind != Ident && ts[2].Kind != String || len(ts) > 4 {
		return nil, false
	}
	want, fold := ts[2].Text, insensitive[name]
	if len(ts) == 4 {
		switch strings.ToLower(ts[3].Text) {
		case "i":
			fold = true
		case "s":
			fold = false
		default:
			return nil, false
		}
	}
	compare, ok := comparison(ts[1].Text, want)
	if fold {
		compare, ok = comparison(ts[1].Text, strings.ToLower(want))
	}
	return func(n *htmlmail.Node, _ bool) bool {
		v, has := n.Attr(name)
		if fold {
			v = strings.ToLower(v)
		}
		return has && compare(v)
	}, ok
}

func comparison(op, want string) (func(string) bool, bool) {
	switch op {
	case "=":
		return func(v string) bool { return v == want }, true
	case "~=":
		return func(v string) bool {
			for f := range strings.FieldsSeq(v) {
				if f == want {
					return true
				}
			}
			return false
		}, true
	case "|=":
		return func(v string) bool { return v == want || strings.HasPrefix(v, want+"-") }, true
	case "^=":
		return func(v string) bool { return want != "" && strings.HasPrefix(v, want) }, true
	case "$=":
		return func(v string) bool { return want != "" && strings.HasSuffix(v, want) }, true
	case "*=":
		return func(v string) bool { return want != "" && strings.Contains(v, want) }, true
	}
	return func(string) bool { return false }, false
}
