package css

// sides are the properties of the four sides, by name and in the order top,
// right, bottom, left, with how each is read.
var sides = map[string]struct {
	first Prop
	parse parseFunc
}{
	"margin":       {MarginTop, margin},
	"padding":      {PaddingTop, padding},
	"border-width": {BorderTopWidth, stroke},
	"border-style": {BorderTopStyle, words(lineStyles)},
	"border-color": {BorderTopColor, colorOf},
	"inset":        {Top, strict(margin)},
}

var sideNames = [4]string{"top", "right", "bottom", "left"}

// cornerNames are in the order of CSS.
var cornerNames = [4]string{"top-left", "top-right", "bottom-right", "bottom-left"}

// logical maps the sides of flow to those of the page.
var logical = map[string]int{"block-start": 0, "inline-end": 1, "block-end": 2, "inline-start": 3, "start": 3, "end": 1}

// sideLonghands adds "margin-top" and the like to the table.
func sideLonghands(table map[string]longhand) map[string]longhand {
	add := func(i int, side string) {
		table["margin-"+side] = longhand{MarginTop + Prop(i), margin}
		table["padding-"+side] = longhand{PaddingTop + Prop(i), padding}
		table["border-"+side+"-width"] = longhand{BorderTopWidth + Prop(i), stroke}
		table["border-"+side+"-style"] = longhand{BorderTopStyle + Prop(i), words(lineStyles)}
		table["border-"+side+"-color"] = longhand{BorderTopColor + Prop(i), colorOf}
		table["inset-"+side] = longhand{Top + Prop(i), margin}
	}
	for i, side := range sideNames {
		add(i, side)
		table["border-"+cornerNames[i]+"-radius"] = longhand{RadiusTopLeft + Prop(i), corner}
	}
	for side, i := range logical {
		add(i, side)
	}
	delete(table, "inset-top")
	return table
}

// fourSides reads one to four values, as margin takes them.
func fourSides(r *reader, parse parseFunc) ([4]Value, bool) {
	var v [4]Value
	n := 0
	for ; n < 4 && !r.done(); n++ {
		var ok bool
		if v[n], ok = parse(r); !ok {
			return v, false
		}
	}
	switch n {
	case 0:
		return v, false
	case 1:
		v[1], v[2], v[3] = v[0], v[0], v[0]
	case 2:
		v[2], v[3] = v[0], v[1]
	case 3:
		v[3] = v[1]
	}
	return v, r.done()
}
