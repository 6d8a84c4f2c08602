package css

import (
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
)

// pseudoClass reads what follows a colon.
func (p *selectorParser) pseudoClass(c *compound) bool {
	if p.pos >= len(p.ts) {
		return false
	}
	t := p.ts[p.pos]
	p.pos++
	switch t.Kind {
	case Colon:
		return p.pseudoElement()
	case Ident:
		return p.plainPseudo(c, strings.ToLower(t.Text))
	case Function:
		end := p.pos - 1
		end = closing(p.ts, end)
		args := p.ts[p.pos:min(end, len(p.ts))]
		p.pos = min(end+1, len(p.ts))
		return p.functional(c, t.Text, trim(args))
	}
	return false
}

func (p *selectorParser) pseudoElement() bool {
	if p.pos >= len(p.ts) || p.ts[p.pos].Kind != Ident || p.pseudo != "" {
		return false
	}
	name := strings.ToLower(p.ts[p.pos].Text)
	p.pos++
	switch name {
	case "before", "after", "first-letter", "first-line", "marker", "selection", "placeholder", "backdrop", "file-selector-button":
	default:
		// Unknown ones spoil the list, those of WebKit do not (Selectors 4, 3.6.4).
		if !strings.HasPrefix(name, "-webkit-") {
			return false
		}
	}
	p.pseudo = name
	p.types++
	return true
}

func (p *selectorParser) plainPseudo(c *compound, name string) bool {
	switch name {
	case "before", "after", "first-letter", "first-line":
		p.pseudo = name
		p.types++
		return true
	}
	p.classes++
	if t, ok := structural[name]; ok {
		c.tests = append(c.tests, t)
		return true
	}
	switch name {
	case "hover", "active", "focus", "focus-within", "focus-visible", "visited", "target", "checked", "disabled",
		"default", "invalid", "required", "read-write", "autofill", "-webkit-autofill", "fullscreen", "placeholder-shown",
		"host", "indeterminate", "in-range", "out-of-range", "user-invalid":
		c.never = true
		return true
	case "enabled", "valid", "optional", "read-only", "defined":
		return true
	}
	return false
}

var structural = map[string]test{
	"root":             func(n *htmlmail.Node, _ bool) bool { return n.Tag == "html" },
	"link":             isLink,
	"any-link":         isLink,
	"-webkit-any-link": isLink,
	"first-child":      func(n *htmlmail.Node, _ bool) bool { return n.PrevElement() == nil },
	"last-child":       func(n *htmlmail.Node, _ bool) bool { return n.NextElement() == nil },
	"only-child":       func(n *htmlmail.Node, _ bool) bool { return n.PrevElement() == nil && n.NextElement() == nil },
	"first-of-type":    func(n *htmlmail.Node, _ bool) bool { return place(n, false, true) == 1 },
	"last-of-type":     func(n *htmlmail.Node, _ bool) bool { return place(n, true, true) == 1 },
	"only-of-type":     func(n *htmlmail.Node, _ bool) bool { return place(n, false, true) == 1 && place(n, true, true) == 1 },
	"empty":            func(n *htmlmail.Node, _ bool) bool { return n.First == nil },
}

func isLink(n *htmlmail.Node, _ bool) bool {
	_, ok := n.Attr("href")
	return ok && (n.Tag == "a" || n.Tag == "area")
}

// place counts an element among its siblings, from one.
func place(n *htmlmail.Node, fromEnd, ofType bool) int {
	i := 1
	step := (*htmlmail.Node).PrevElement
	if fromEnd {
		step = (*htmlmail.Node).NextElement
	}
	for p := step(n); p != nil; p = step(p) {
		if !ofType || p.Tag == n.Tag {
			i++
		}
	}
	return i
}

func (p *selectorParser) functional(c *compound, name string, args []Token) bool {
	switch name {
	case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
		a, b, ok := parseNth(args)
		fromEnd, ofType := strings.Contains(name, "last"), strings.HasSuffix(name, "type")
		c.tests = append(c.tests, func(n *htmlmail.Node, _ bool) bool { return nth(place(n, fromEnd, ofType), a, b) })
		p.classes++
		return ok
	case "not", "is", "where", "-webkit-any", "matches":
		return p.list(c, name, args)
	case "lang":
		p.classes++
		return len(args) == 1 && addLang(c, args[0].Text)
	case "dir", "host", "host-context", "state", "has", "nth-col":
		p.classes++
		c.never = true
		return name != "nth-col"
	}
	return false
}

func addLang(c *compound, lang string) bool {
	c.tests = append(c.tests, func(n *htmlmail.Node, _ bool) bool {
		for ; n != nil; n = n.Parent {
			if v, ok := n.Attr("lang"); ok {
				return strings.EqualFold(v, lang) || len(v) > len(lang) && v[len(lang)] == '-' && strings.EqualFold(v[:len(lang)], lang)
			}
		}
		return false
	})
	return true
}

// list reads the selectors within :not() or :is(). The most specific counts;
// :is() forgives what it cannot read.
func (p *selectorParser) list(c *compound, name string, args []Token) bool {
	var inner []*Selector
	var most Specificity
	for _, part := range split(args, Comma) {
		s, ok := parseSelector(trim(part))
		if !ok || s.Pseudo != "" {
			if name == "not" {
				return false
			}
			continue
		}
		inner, most = append(inner, s), max(most, s.Specificity)
	}
	if name != "where" {
		p.ids += int(most >> 20)
		p.classes += int(most >> 10 & 1023)
		p.types += int(most & 1023)
	}
	c.tests = append(c.tests, func(n *htmlmail.Node, quirks bool) bool {
		for _, s := range inner {
			if s.Matches(n, quirks) {
				return name != "not"
			}
		}
		return name == "not"
	})
	return true
}

// parseNth reads "2n+1", "odd", "-n + 3" (Selectors 4, 6).
func parseNth(ts []Token) (a, b int, ok bool) {
	var s strings.Builder
	for _, t := range ts {
		switch t.Kind {
		case Space:
		case Dimension:
			s.WriteString(strconv.Itoa(int(t.Num)) + t.Text)
		case Number:
			s.WriteString(t.Text)
		default:
			s.WriteString(t.Text)
		}
	}
	text := strings.ToLower(s.String())
	switch text {
	case "odd":
		return 2, 1, true
	case "even":
		return 2, 0, true
	}
	step, rest, found := strings.Cut(text, "n")
	if !found {
		n, err := strconv.Atoi(strings.TrimPrefix(text, "+"))
		return 0, n, err == nil
	}
	switch step {
	case "", "+":
		a = 1
	case "-":
		a = -1
	default:
		n, err := strconv.Atoi(strings.TrimPrefix(step, "+"))
		if err != nil {
			return 0, 0, false
		}
		a = n
	}
	if rest == "" {
		return a, 0, true
	}
	b, err := strconv.Atoi(strings.TrimPrefix(rest, "+"))
	return a, b, err == nil
}

func nth(i, a, b int) bool {
	if a == 0 {
		return i == b
	}
	return (i-b)%a == 0 && (i-b)/a >= 0
}
