package css

// border reads width, style and colour in any order.
func border(r *reader) (width, style, color Value, ok bool) {
	width, style, color = Word("medium"), Word("none"), Value{Kind: CurrentColour}
	var hasWidth, hasStyle, hasColor bool
	for n := 0; !r.done(); n++ {
		if v, ok := stroke(r); ok && !hasWidth {
			width, hasWidth = v, true
		} else if v, ok := r.oneOf(lineStyles); ok && !hasStyle {
			style, hasStyle = v, true
		} else if v, ok := r.color(); ok && !hasColor {
			color, hasColor = v, true
		} else {
			return width, style, color, false
		}
	}
	return width, style, color, hasWidth || hasStyle || hasColor
}

func borderAll(r *reader) ([]Setting, bool) {
	w, s, c, ok := border(strictly(r))
	var out []Setting
	for i := range Prop(4) {
		out = append(out, Setting{Prop: BorderTopWidth + i, Value: w}, Setting{Prop: BorderTopStyle + i, Value: s}, Setting{Prop: BorderTopColor + i, Value: c})
	}
	return out, ok
}

// strictly turns the lengths of quirks mode off: no shorthand has them but
// those of four sides.
func strictly(r *reader) *reader {
	r.quirks = false
	return r
}

func borderSide(i int) shorthand {
	return func(r *reader) ([]Setting, bool) {
		w, s, c, ok := border(strictly(r))
		p := Prop(i)
		return []Setting{{Prop: BorderTopWidth + p, Value: w}, {Prop: BorderTopStyle + p, Value: s}, {Prop: BorderTopColor + p, Value: c}}, ok
	}
}

func radius(r *reader) ([]Setting, bool) {
	strictly(r)
	horizontal, vertical := r.ts, r.ts
	for i, t := range r.ts {
		if t.is("/") {
			horizontal, vertical = r.ts[:i], r.ts[i+1:]
		}
	}
	h, ok1 := fourSides(&reader{ts: horizontal}, padding)
	v, ok2 := fourSides(&reader{ts: vertical}, padding)
	r.ts = nil
	var out []Setting
	for i := range 4 {
		out = append(out, Setting{Prop: RadiusTopLeft + Prop(i), Value: Value{Kind: List, Items: []Value{h[i], v[i]}}})
	}
	return out, ok1 && ok2
}

// layer is one layer of a background.
type layer struct {
	image, repeat, position, size, clip Value
	color                               Value
}

// background reads layers; the colour is the last one's.
func background(r *reader) ([]Setting, bool) {
	strictly(r)
	var images, repeats, positions, sizes, clips []Value
	color := Value{Kind: Colour}
	parts := split(r.ts, Comma)
	for i, part := range parts {
		l, ok := oneLayer(&reader{ts: part}, i == len(parts)-1)
		if !ok {
			return nil, false
		}
		images, repeats, positions = append(images, l.image), append(repeats, l.repeat), append(positions, l.position)
		sizes, clips = append(sizes, l.size), append(clips, l.clip)
		color = l.color
	}
	list := func(v []Value) Value { return Value{Kind: List, Items: v} }
	return []Setting{
		{Prop: BackgroundColor, Value: color},
		{Prop: BackgroundImage, Value: list(images)},
		{Prop: BackgroundRepeat, Value: list(repeats)},
		{Prop: BackgroundPosition, Value: list(positions)},
		{Prop: BackgroundSize, Value: list(sizes)},
		{Prop: BackgroundClip, Value: list(clips)},
	}, true
}

func oneLayer(r *reader, last bool) (layer, bool) {
	zero := Value{Kind: Percent}
	l := layer{
		image: Word("none"), repeat: Word("repeat"), position: Value{Kind: List, Items: []Value{zero, zero}},
		size: Word("auto"), clip: Word("border-box"), color: Value{Kind: Colour},
	}
	n := 0
	for ; !r.done(); n++ {
		if !l.part(r, last) {
			return l, false
		}
	}
	return l, n > 0
}

func (l *layer) part(r *reader, last bool) bool {
	if v, ok := imageOf(r); ok {
		l.image = v
		return true
	}
	if v, ok := repeat(r); ok {
		l.repeat = v
		return true
	}
	if _, ok := r.oneOf("scroll fixed local"); ok {
		return true
	}
	if v, ok := r.oneOf("border-box padding-box content-box text"); ok {
		l.clip = v
		return true
	}
	if v, ok := position(r); ok {
		l.position = v
		if r.slash() {
			l.size, ok = backgroundSize(r)
		}
		return ok
	}
	if v, ok := r.color(); ok && last {
		l.color = v
		return true
	}
	return false
}

// font reads the font shorthand (CSS Fonts, 2.7).
func font(r *reader) ([]Setting, bool) {
	strictly(r)
	style, variant, weight, height := Word("normal"), Word("normal"), Word("normal"), Word("normal")
	if _, ok := r.oneOf("caption icon menu message-box small-caption status-bar"); ok {
		return []Setting{{Prop: FontSize, Value: Pixels(13.333)}, {Prop: FontFamily, Value: Value{Kind: List, Items: []Value{Word("system-ui")}}}}, r.done()
	}
	for {
		if _, ok := r.oneOf("normal"); ok {
			continue
		}
		if v, ok := r.oneOf("italic oblique"); ok {
			style = v
		} else if v, ok := r.oneOf("small-caps"); ok {
			variant = v
		} else if v, ok := fontWeight(r); ok {
			weight = v
		} else {
			break
		}
	}
	size, ok := table["font-size"].parse(r)
	if !ok {
		return nil, false
	}
	if r.slash() {
		if height, ok = table["line-height"].parse(r); !ok {
			return nil, false
		}
	}
	family, ok := families(r)
	return []Setting{
		{Prop: FontStyle, Value: style},
		{Prop: FontVariant, Value: variant},
		{Prop: FontWeight, Value: weight},
		{Prop: FontSize, Value: size},
		{Prop: LineHeight, Value: height},
		{Prop: FontFamily, Value: family},
	}, ok && r.done()
}

func fontWeight(r *reader) (Value, bool) {
	if v, ok := r.oneOf("bold bolder lighter"); ok {
		return v, true
	}
	save := r.ts
	v, ok := r.number()
	if !ok || v.Num < 1 || v.Num > 1000 {
		r.ts = save
		return v, false
	}
	return v, true
}

func listStyle(r *reader) ([]Setting, bool) {
	kind, place, image := Word("disc"), Word("outside"), Word("none")
	for !r.done() {
		if v, ok := r.oneOf("inside outside"); ok {
			place = v
		} else if v, ok := r.url(); ok {
			image = v
		} else if v, ok := listType(r); ok {
			kind = v
		} else {
			return nil, false
		}
	}
	return []Setting{{Prop: ListStyleType, Value: kind}, {Prop: ListStylePosition, Value: place}, {Prop: ListStyleImage, Value: image}}, true
}

func textDecoration(r *reader) ([]Setting, bool) {
	line, style, color := Word("none"), Word("solid"), Value{Kind: CurrentColour}
	for !r.done() {
		if v, ok := decorationLine(r); ok {
			line = v
		} else if v, ok := r.oneOf("solid double dotted dashed wavy"); ok {
			style = v
		} else if v, ok := r.color(); ok {
			color = v
		} else if _, ok := r.length(); !ok {
			if _, ok := r.oneOf("auto from-font"); !ok {
				return nil, false
			}
		}
	}
	return []Setting{{Prop: TextDecorationLine, Value: line}, {Prop: TextDecorationStyle, Value: style}, {Prop: TextDecorationColor, Value: color}}, true
}

func overflow(r *reader) ([]Setting, bool) {
	return pairOf(OverflowX, OverflowY, table["overflow-x"].parse)(r)
}

// flex reads "none", "auto", or grow, shrink and basis.
func flex(r *reader) ([]Setting, bool) {
	num := func(n float64) Value { return Value{Kind: Num, Num: n} }
	set := func(g, s, b Value) []Setting {
		return []Setting{{Prop: FlexGrow, Value: g}, {Prop: FlexShrink, Value: s}, {Prop: FlexBasis, Value: b}}
	}
	if v, ok := r.oneOf("none auto initial"); ok {
		switch v.Text {
		case "none":
			return set(num(0), num(0), Word("auto")), r.done()
		case "auto":
			return set(num(1), num(1), Word("auto")), r.done()
		}
	}
	grow, shrink, basis := num(1), num(1), Pixels(0)
	seen := 0
	for !r.done() {
		if v, ok := r.number(); ok {
			switch seen {
			case 0:
				grow = v
			case 1:
				shrink = v
			default:
				if v.Num != 0 {
					return nil, false
				}
			}
			seen++
		} else if v, ok := table["flex-basis"].parse(r); ok {
			basis = v
		} else {
			return nil, false
		}
	}
	return set(grow, shrink, basis), true
}

func flexFlow(r *reader) ([]Setting, bool) {
	dir, wrap := Word("row"), Word("nowrap")
	for !r.done() {
		if v, ok := r.oneOf("row row-reverse column column-reverse"); ok {
			dir = v
		} else if v, ok := r.oneOf("nowrap wrap wrap-reverse"); ok {
			wrap = v
		} else {
			return nil, false
		}
	}
	return []Setting{{Prop: FlexDirection, Value: dir}, {Prop: FlexWrap, Value: wrap}}, true
}

func gap(r *reader) ([]Setting, bool) {
	return pairOf(RowGap, ColumnGap, table["row-gap"].parse)(r)
}
