package css

import "strings"

// families reads a list of font families, each as a Text.
func families(r *reader) (Value, bool) {
	out := Value{Kind: List}
	for {
		name, ok := family(r)
		if !ok {
			return out, false
		}
		out.Items = append(out.Items, name)
		if !r.comma() {
			return out, true
		}
	}
}

// family reads one name: a string (Text), or words (a Keyword, which may be
// generic).
func family(r *reader) (Value, bool) {
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == String {
		v := Value{Kind: Text, Text: strings.ToLower(r.ts[0].Text)}
		r.ts = r.ts[1:]
		return v, true
	}
	var names []string
	for {
		w, ok := r.word()
		if !ok {
			break
		}
		names = append(names, w)
	}
	return Word(strings.Join(names, " ")), len(names) > 0
}

func fontStyle(r *reader) (Value, bool) {
	v, ok := r.oneOf("normal italic oblique")
	if ok && v.Text == "oblique" {
		r.space()
		if len(r.ts) > 0 && r.ts[0].Kind == Dimension {
			r.ts = r.ts[1:]
		}
	}
	return v, ok
}

// lineHeight reads a number, which is no length even in quirks mode, a length
// or a percentage.
func lineHeight(r *reader) (Value, bool) {
	if v, ok := r.number(); ok {
		return v, true
	}
	return r.length()
}

func decorationLine(r *reader) (Value, bool) {
	var lines []string
	for {
		v, ok := r.oneOf("none underline overline line-through blink")
		if !ok {
			break
		}
		lines = append(lines, v.Text)
	}
	return Word(strings.Join(lines, " ")), len(lines) > 0
}

func listType(r *reader) (Value, bool) {
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == String {
		v := Value{Kind: Text, Text: r.ts[0].Text}
		r.ts = r.ts[1:]
		return v, true
	}
	w, ok := r.word()
	return Word(w), ok
}

// twoLengths reads one or two lengths into a List of two.
func twoLengths(r *reader) (Value, bool) {
	a, ok := r.length()
	if !ok {
		return a, false
	}
	b := a
	if !r.done() {
		if v, ok := r.length(); ok {
			b = v
		}
	}
	return Value{Kind: List, Items: []Value{a, b}}, true
}

// layers reads values between commas into a List.
func layers(parse parseFunc) parseFunc {
	return func(r *reader) (Value, bool) {
		out := Value{Kind: List}
		for {
			v, ok := parse(r)
			if !ok {
				return out, false
			}
			out.Items = append(out.Items, v)
			if !r.comma() {
				return out, true
			}
		}
	}
}

// imageOf reads url(), a linear gradient, or none.
func imageOf(r *reader) (Value, bool) {
	if v, ok := r.oneOf("none"); ok {
		return v, true
	}
	if v, ok := r.url(); ok {
		return v, true
	}
	r.space()
	if len(r.ts) == 0 || r.ts[0].Kind != Function {
		return Value{}, false
	}
	switch strings.TrimPrefix(r.ts[0].Text, "-webkit-") {
	case "linear-gradient", "repeating-linear-gradient", "radial-gradient", "repeating-radial-gradient":
		return r.gradient()
	case "image-set":
		r.arguments()
		return Word("none"), true
	}
	return Value{}, false
}

func repeat(r *reader) (Value, bool) {
	v, ok := r.oneOf("repeat repeat-x repeat-y no-repeat space round")
	if !ok {
		return v, false
	}
	if second, two := r.oneOf("repeat no-repeat space round"); two {
		switch {
		case v.Text == "no-repeat" && second.Text != "no-repeat":
			return Word("repeat-y"), true
		case v.Text != "no-repeat" && second.Text == "no-repeat":
			return Word("repeat-x"), true
		}
	}
	return v, true
}

// position reads a background's position as a List of x and y.
func position(r *reader) (Value, bool) {
	var parts []Value
	for len(parts) < 4 {
		if v, ok := r.oneOf("left right top bottom center"); ok {
			parts = append(parts, v)
		} else if v, ok := r.length(); ok {
			parts = append(parts, v)
		} else {
			break
		}
	}
	if len(parts) == 0 {
		return Value{}, false
	}
	x, y := place2(parts)
	return Value{Kind: List, Items: []Value{x, y}}, true
}

func place2(parts []Value) (x, y Value) {
	half := Value{Kind: Percent, Num: 50}
	x, y = half, half
	vertical := func(v Value) bool { return v.Is("top") || v.Is("bottom") }
	horizontal := func(v Value) bool { return v.Is("left") || v.Is("right") }
	if len(parts) <= 2 {
		first, second := parts[0], half
		if len(parts) == 2 {
			second = parts[1]
		}
		if vertical(first) || horizontal(second) {
			first, second = second, first
		}
		return edge(first), edge(second)
	}
	// "right 10px top 5px": an offset from an edge.
	for i := 0; i < len(parts); i++ {
		v := edge(parts[i])
		if i+1 < len(parts) && parts[i+1].Kind != Keyword {
			v = inward(parts[i], parts[i+1])
		}
		switch {
		case vertical(parts[i]):
			y = v
		case horizontal(parts[i]):
			x = v
		}
	}
	return x, y
}

func edge(v Value) Value {
	if v.Kind != Keyword {
		return v
	}
	switch v.Text {
	case "left", "top":
		return Value{Kind: Percent}
	case "right", "bottom":
		return Value{Kind: Percent, Num: 100}
	}
	return Value{Kind: Percent, Num: 50}
}

func inward(side, offset Value) Value {
	if side.Is("left") || side.Is("top") {
		return offset
	}
	offset.Num = -offset.Num
	return Value{Kind: Sum, Items: []Value{{Kind: Percent, Num: 100}, offset}}
}

func backgroundSize(r *reader) (Value, bool) {
	if v, ok := r.oneOf("cover contain"); ok {
		return v, true
	}
	one := either("auto", lengthOf)
	a, ok := one(r)
	if !ok {
		return a, false
	}
	b := Word("auto")
	if v, ok := one(r); ok {
		b = v
	}
	return Value{Kind: List, Items: []Value{a, b}}, true
}

// shadows reads the layers of box-shadow into a List of Shadows.
func shadows(r *reader) (Value, bool) {
	return layers(shadow)(r)
}

func shadow(r *reader) (Value, bool) {
	v := Value{Kind: Shadow}
	color := Value{Kind: CurrentColour}
	var lengths []Value
	for !r.done() && r.ts[0].Kind != Comma {
		if _, ok := r.oneOf("inset"); ok {
			v.Text = "inset"
		} else if l, ok := r.length(); ok {
			lengths = append(lengths, l)
		} else if c, ok := r.color(); ok {
			color = c
		} else {
			return v, false
		}
	}
	if len(lengths) < 2 || len(lengths) > 4 {
		return v, false
	}
	for len(lengths) < 4 {
		lengths = append(lengths, Pixels(0))
	}
	v.Items = append(lengths, color)
	return v, true
}

func opacity(r *reader) (Value, bool) {
	if v, ok := r.number(); ok {
		v.Num = clamp01(v.Num)
		return v, true
	}
	v, ok := r.length()
	return Value{Kind: Num, Num: clamp01(v.Num / 100)}, ok && v.Kind == Percent
}

// display reads the one-word forms, and the two-word ones that mean these.
func display(r *reader) (Value, bool) {
	v, ok := r.oneOf("none block inline inline-block list-item table inline-table table-row table-cell table-row-group " +
		"table-header-group table-footer-group table-column table-column-group table-caption flex inline-flex grid inline-grid " +
		"contents flow-root -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex")
	if !ok {
		return v, false
	}
	switch v.Text {
	case "-webkit-flex", "-webkit-box":
		v.Text = "flex"
	case "-webkit-inline-flex", "-webkit-inline-box":
		v.Text = "inline-flex"
	}
	return v, true
}

// content reads the strings of generated content, joined; images are nothing.
func content(r *reader) (Value, bool) {
	if v, ok := r.oneOf("none normal"); ok {
		return v, true
	}
	out := Value{Kind: Text}
	for !r.done() {
		switch t := r.ts[0]; {
		case t.Kind == String:
			out.Text += t.Text
			r.ts = r.ts[1:]
		case t.Kind == Function:
			r.arguments()
		case t.Kind == URL:
			r.ts = r.ts[1:]
		default:
			if w, ok := r.word(); !ok || !contains("open-quote close-quote no-open-quote no-close-quote", w) {
				return out, false
			}
		}
	}
	return out, true
}

func aspectRatio(r *reader) (Value, bool) {
	auto := Word("auto")
	r.oneOf("auto")
	a, ok := r.number()
	if !ok {
		return auto, r.done()
	}
	b := Value{Kind: Num, Num: 1}
	if r.slash() {
		b, ok = r.number()
	}
	if !ok || a.Num <= 0 || b.Num <= 0 {
		return auto, false
	}
	return Value{Kind: Num, Num: a.Num / b.Num}, true
}

func colorScheme(r *reader) (Value, bool) {
	v := Word("light")
	for !r.done() {
		w, ok := r.word()
		if !ok {
			return v, false
		}
		if w == "dark" {
			v = Word("dark")
		}
	}
	return v, true
}

func rawValue(r *reader) (Value, bool) {
	v := Value{Kind: Raw, Tokens: r.ts}
	r.ts = nil
	return v, len(v.Tokens) > 0
}
