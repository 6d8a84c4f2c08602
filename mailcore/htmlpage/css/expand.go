package css

import "strings"

// table is the longhands, those of sides among them. It is never changed.
var table = sideLonghands(longhands)

// shorthand reads the value of a shorthand into longhands.
type shorthand func(r *reader) ([]Setting, bool)

func shorthands(name string) shorthand {
	if s, ok := sides[name]; ok {
		return func(r *reader) ([]Setting, bool) {
			v, ok := fourSides(r, s.parse)
			return []Setting{{Prop: s.first, Value: v[0]}, {Prop: s.first + 1, Value: v[1]}, {Prop: s.first + 2, Value: v[2]}, {Prop: s.first + 3, Value: v[3]}}, ok
		}
	}
	switch name {
	case "border":
		return borderAll
	case "border-top", "border-right", "border-bottom", "border-left", "border-block-start", "border-inline-end", "border-block-end", "border-inline-start":
		return borderSide(sideIndex(strings.TrimPrefix(name, "border-")))
	case "border-radius", "-webkit-border-radius", "-moz-border-radius":
		return radius
	case "background":
		return background
	case "font":
		return font
	case "list-style":
		return listStyle
	case "text-decoration", "-webkit-text-decoration":
		return textDecoration
	case "overflow":
		return overflow
	case "flex", "-webkit-flex":
		return flex
	case "flex-flow":
		return flexFlow
	case "gap", "grid-gap":
		return gap
	case "place-content":
		return pairOf(AlignContent, JustifyContent, words(aligning))
	case "margin-inline", "padding-inline", "margin-block", "padding-block":
		return axis(name)
	}
	return nil
}

func sideIndex(side string) int {
	if i, ok := logical[side]; ok {
		return i
	}
	for i, s := range sideNames {
		if s == side {
			return i
		}
	}
	return 0
}

// axis reads margin-inline and the like.
func axis(name string) shorthand {
	box, dir, _ := strings.Cut(name, "-")
	s := sides[box]
	start, end := s.first+3, s.first+1
	if dir == "block" {
		start, end = s.first, s.first+2
	}
	return pairOf(start, end, s.parse)
}

func pairOf(first, second Prop, parse parseFunc) shorthand {
	return func(r *reader) ([]Setting, bool) {
		a, ok := parse(r)
		if !ok {
			return nil, false
		}
		b := a
		if !r.done() {
			b, ok = parse(r)
		}
		return []Setting{{Prop: first, Value: a}, {Prop: second, Value: b}}, ok && r.done()
	}
}

// expand reads a declaration. Nothing comes of one that cannot be read.
func expand(name string, value []Token, important, quirks bool) []Setting {
	out := expandPlain(name, value, quirks)
	for i := range out {
		out[i].Important = important
	}
	return out
}

func expandPlain(name string, value []Token, quirks bool) []Setting {
	long, isLong := table[name]
	short := shorthand(nil)
	if !isLong {
		if short = shorthands(name); short == nil {
			return nil
		}
	}
	if hasVar(value) {
		return pending(name, value, long, isLong)
	}
	if w, ok := global(value); ok {
		return everywhere(name, w, long, isLong)
	}
	r := &reader{ts: value, quirks: quirks}
	if isLong {
		v, ok := long.parse(r)
		if !ok || !r.done() {
			return nil
		}
		return []Setting{{Prop: long.prop, Value: v}}
	}
	out, ok := short(r)
	if !ok {
		return nil
	}
	return out
}

// global recognises the keywords that every property takes.
func global(ts []Token) (string, bool) {
	if len(ts) != 1 || ts[0].Kind != Ident {
		return "", false
	}
	switch w := strings.ToLower(ts[0].Text); w {
	case "inherit", "initial", "unset", "revert", "revert-layer":
		return w, true
	}
	return "", false
}

func hasVar(ts []Token) bool {
	for _, t := range ts {
		if t.Kind == Function && (t.Text == "var" || t.Text == "env") {
			return true
		}
	}
	return false
}

// pending makes settings that wait until var() is known.
func pending(name string, value []Token, long longhand, isLong bool) []Setting {
	raw := Value{Kind: Raw, Text: name, Tokens: value}
	if isLong {
		return []Setting{{Prop: long.prop, Value: raw}}
	}
	return each(name, raw)
}

func everywhere(name, word string, long longhand, isLong bool) []Setting {
	v := Word(word)
	if isLong {
		return []Setting{{Prop: long.prop, Value: v}}
	}
	return each(name, v)
}

// each gives one value to all longhands of a shorthand.
func each(name string, v Value) []Setting {
	var out []Setting
	for _, p := range members(name) {
		out = append(out, Setting{Prop: p, Value: v})
	}
	return out
}

// members are the longhands of a shorthand.
func members(name string) []Prop {
	if s, ok := sides[name]; ok {
		return []Prop{s.first, s.first + 1, s.first + 2, s.first + 3}
	}
	sample := map[string]string{
		"border": "0", "background": "none", "font": "1px x", "list-style": "none", "text-decoration": "none",
		"flex": "none", "flex-flow": "row", "gap": "0", "border-radius": "0", "overflow": "hidden",
	}[strings.TrimPrefix(name, "-webkit-")]
	if sample == "" {
		sample = "0"
	}
	var out []Prop
	if f := shorthands(name); f != nil {
		set, _ := f(&reader{ts: tokens(sample)})
		for _, s := range set {
			out = append(out, s.Prop)
		}
	}
	return out
}

// Resolve reads a value that waited for var(); lookup gives the tokens of a
// custom property. It reports whether there is a value.
func Resolve(raw Value, prop Prop, lookup func(name string) ([]Token, bool), quirks bool) (Value, bool) {
	budget := 4096
	ts, ok := substitute(raw.Tokens, lookup, 0, &budget)
	if !ok {
		return Value{}, false
	}
	for _, s := range expandPlain(raw.Text, trim(ts), quirks) {
		if s.Prop == prop {
			return s.Value, true
		}
	}
	return Value{}, false
}

// substitute puts values in the place of var(). The budget bounds what a few
// variables that name each other twice can grow to.
func substitute(ts []Token, lookup func(string) ([]Token, bool), depth int, budget *int) ([]Token, bool) {
	if depth > 16 {
		return nil, false
	}
	var out []Token
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if *budget--; *budget < 0 {
			return nil, false
		}
		if t.Kind != Function || t.Text != "var" && t.Text != "env" {
			out = append(out, t)
			continue
		}
		end := closing(ts, i)
		value, ok := variable(ts[i+1:min(end, len(ts))], lookup, depth, budget)
		if !ok {
			return nil, false
		}
		out = append(out, value...)
		i = end
	}
	return out, true
}

func variable(args []Token, lookup func(string) ([]Token, bool), depth int, budget *int) ([]Token, bool) {
	args = trim(args)
	if len(args) == 0 || args[0].Kind != Ident {
		return nil, false
	}
	if value, ok := lookup(args[0].Text); ok {
		if out, ok := substitute(value, lookup, depth+1, budget); ok {
			return out, true
		}
	}
	rest := trim(args[1:])
	if len(rest) == 0 || rest[0].Kind != Comma {
		return nil, false
	}
	return substitute(trim(rest[1:]), lookup, depth+1, budget)
}
