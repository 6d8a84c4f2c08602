package css

import "math"

// LinearGradient is a gradient along a line; a radial one is drawn as the mean
// of its first and last stops along the block.
type LinearGradient struct {
	Angle  float64 // degrees, clockwise from upwards
	Corner string  // "to top left" and the like; then Angle does not count
	Stops  []Stop
	Radial bool
	Repeat bool
}

// Stop is a colour on the way. At is a length, a percentage, or a Keyword where
// it was left open.
type Stop struct {
	Color Value
	At    Value
}

// gradient reads linear-gradient() and, roughly, radial-gradient().
func (r *reader) gradient() (Value, bool) {
	save := r.ts
	name := r.ts[0].Text
	args := split(r.arguments(), Comma)
	g := &LinearGradient{Angle: 180, Radial: contains("radial-gradient -webkit-radial-gradient repeating-radial-gradient", name)}
	g.Repeat = len(name) > 9 && name[:9] == "repeating"
	old := name[0] == '-'
	if len(args) > 0 && g.line(&reader{ts: args[0]}, old) {
		args = args[1:]
	}
	for _, a := range args {
		if !g.stop(&reader{ts: a}) {
			r.ts = save
			return Value{}, false
		}
	}
	if len(g.Stops) < 2 {
		r.ts = save
		return Value{}, false
	}
	return Value{Kind: Gradient, Grad: g}, true
}

// line reads the direction. The prefixed form names where it starts and counts
// angles from the right.
func (g *LinearGradient) line(r *reader, old bool) bool {
	if g.Radial {
		return g.shape(r)
	}
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == Dimension {
		a, ok := angle(r.ts[0])
		if ok && old {
			a = 90 - a
		}
		g.Angle = a
		return ok
	}
	w, ok := r.word()
	if ok && w == "to" {
		w, ok = r.word()
	} else if !old {
		return false
	}
	if !ok || !contains("top right bottom left", w) {
		return false
	}
	g.Angle = sideAngle(w, old)
	if second, ok := r.word(); ok {
		g.Corner = w + " " + second
	}
	return r.done()
}

func sideAngle(side string, old bool) float64 {
	a := map[string]float64{"top": 0, "right": 90, "bottom": 180, "left": 270}[side]
	if old {
		a = math.Mod(a+180, 360)
	}
	return a
}

// shape steps over "circle at center" and the like.
func (g *LinearGradient) shape(r *reader) bool {
	r.space()
	if len(r.ts) == 0 {
		return false
	}
	if _, isColor := (&reader{ts: r.ts}).color(); isColor {
		return false
	}
	return true
}

func angle(t Token) (float64, bool) {
	switch t.Text {
	case "deg":
		return t.Num, true
	case "turn":
		return t.Num * 360, true
	case "rad":
		return t.Num * 180 / math.Pi, true
	case "grad":
		return t.Num * 0.9, true
	}
	return 0, false
}

func (g *LinearGradient) stop(r *reader) bool {
	c, ok := r.color()
	if !ok {
		// A hint between two stops moves their middle; it is left out.
		_, hint := r.length()
		return hint && r.done()
	}
	at := Word("auto")
	if !r.done() {
		if at, ok = r.length(); !ok {
			return false
		}
	}
	g.Stops = append(g.Stops, Stop{c, at})
	if !r.done() {
		second, ok := r.length()
		if !ok {
			return false
		}
		g.Stops = append(g.Stops, Stop{c, second})
	}
	return r.done()
}
