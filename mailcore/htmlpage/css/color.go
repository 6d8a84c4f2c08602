package css

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// Color is a colour of sRGB, not premultiplied.
type Color struct{ R, G, B, A uint8 }

// NRGBA is the colour for package image.
func (c Color) NRGBA() color.NRGBA { return color.NRGBA(c) }

// Opaque reports whether nothing shines through.
func (c Color) Opaque() bool { return c.A == 255 }

// NamedColor finds a colour by its name.
func NamedColor(name string) (Color, bool) {
	switch name {
	case "transparent":
		return Color{}, true
	case "rebeccapurple":
		return Color{0x66, 0x33, 0x99, 255}, true
	}
	if c, ok := systemColors[name]; ok {
		return c, true
	}
	c, ok := colornames.Map[name]
	return Color(c), ok
}

// systemColors are those of Chromium's light scheme.
var systemColors = map[string]Color{
	"canvas": {255, 255, 255, 255}, "canvastext": {0, 0, 0, 255}, "linktext": {0, 0, 0xee, 255}, "buttonface": {0xef, 0xef, 0xef, 255},
	"buttontext": {0, 0, 0, 255}, "field": {255, 255, 255, 255}, "fieldtext": {0, 0, 0, 255}, "graytext": {0x80, 0x80, 0x80, 255},
	"highlight": {0, 0x78, 0xd7, 255}, "window": {255, 255, 255, 255}, "windowtext": {0, 0, 0, 255}, "-webkit-link": {0, 0, 0xee, 255},
	"buttonborder": {0, 0, 0, 255}, "visitedtext": {0x55, 0x1a, 0x8b, 255}, "activetext": {255, 0, 0, 255},
}

// color reads a colour.
func (r *reader) color() (Value, bool) {
	r.space()
	if len(r.ts) == 0 {
		return Value{}, false
	}
	t := r.ts[0]
	var c Color
	ok := false
	switch t.Kind {
	case Ident:
		name := strings.ToLower(t.Text)
		if name == "currentcolor" {
			r.ts = r.ts[1:]
			return Value{Kind: CurrentColour}, true
		}
		if c, ok = NamedColor(name); !ok && r.quirks {
			c, ok = hexColor(t.Text, 3, 6)
		}
	case Hash:
		c, ok = hexColor(t.Text, 3, 4, 6, 8)
	case Number, Dimension:
		if r.quirks {
			c, ok = hexColor(hashless(t), 6)
		}
	case Function:
		save := r.ts
		if c, ok = colorFunction(t.Text, r.arguments()); !ok {
			r.ts = save
		}
		return Value{Kind: Colour, Color: c}, ok
	}
	if ok {
		r.ts = r.ts[1:]
	}
	return Value{Kind: Colour, Color: c}, ok
}

// hashless is the text of a number that was meant to be a colour: "0000ff".
func hashless(t Token) string {
	if t.Kind == Number {
		return t.Text
	}
	s := strconv.Itoa(int(t.Num)) + t.Text
	return strings.Repeat("0", max(0, 6-len(s))) + s
}

func hexColor(s string, lengths ...int) (Color, bool) {
	fits := false
	for _, n := range lengths {
		fits = fits || len(s) == n
	}
	v, err := strconv.ParseUint(s, 16, 32)
	if !fits || err != nil {
		return Color{}, false
	}
	n := uint32(v)
	switch len(s) {
	case 3:
		return Color{uint8(n>>8&15) * 17, uint8(n>>4&15) * 17, uint8(n&15) * 17, 255}, true
	case 4:
		return Color{uint8(n>>12&15) * 17, uint8(n>>8&15) * 17, uint8(n>>4&15) * 17, uint8(n&15) * 17}, true
	case 6:
		return Color{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, true
	}
	return Color{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

// colorFunction reads the arguments of rgb() and hsl(), old and new.
func colorFunction(name string, args []Token) (Color, bool) {
	var parts []Token
	for _, t := range args {
		switch {
		case t.Kind == Space || t.Kind == Comma || t.is("/"):
		case t.Kind == Number || t.Kind == Percentage || t.Kind == Dimension:
			parts = append(parts, t)
		case t.Kind == Ident && strings.EqualFold(t.Text, "none"):
			parts = append(parts, Token{Kind: Number})
		default:
			return Color{}, false
		}
	}
	if len(parts) != 3 && len(parts) != 4 {
		return Color{}, false
	}
	alpha := 1.0
	if len(parts) == 4 {
		alpha = fraction(parts[3], 1)
	}
	switch name {
	case "rgb", "rgba":
		return Color{channel(fraction(parts[0], 255)), channel(fraction(parts[1], 255)), channel(fraction(parts[2], 255)), channel(alpha)}, true
	case "hsl", "hsla":
		c := hsl(parts[0].Num, saturation(parts[1]), saturation(parts[2]))
		c.A = channel(alpha)
		return c, true
	}
	return Color{}, false
}

func saturation(t Token) float64 { return clamp01(t.Num / 100) }

// fraction is a channel as a share of its range.
func fraction(t Token, full float64) float64 {
	if t.Kind == Percentage {
		return clamp01(t.Num / 100)
	}
	return clamp01(t.Num / full)
}

func clamp01(f float64) float64 { return max(0, min(1, f)) }

func channel(f float64) uint8 { return uint8(math.Round(f * 255)) }

func hsl(h, s, l float64) Color {
	h = math.Mod(math.Mod(h, 360)+360, 360) / 30
	f := func(n float64) uint8 {
		k := math.Mod(n+h, 12)
		return channel(l - s*min(l, 1-l)*max(-1, min(k-3, 9-k, 1)))
	}
	return Color{f(0), f(8), f(4), 255}
}

// LegacyColor reads a colour attribute (HTML, 2.4.6).
func LegacyColor(s string) (Color, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "transparent") {
		return Color{}, false
	}
	if c, ok := NamedColor(strings.ToLower(s)); ok {
		return c, true
	}
	if s[0] == '#' {
		if c, ok := hexColor(s[1:], 3, 6); ok {
			return c, true
		}
	}
	return tagSoupColor(strings.TrimPrefix(s, "#"))
}

func tagSoupColor(s string) (Color, bool) {
	b := make([]byte, 0, len(s)+3)
	for _, r := range s {
		switch {
		case r > 0xffff:
			b = append(b, '0', '0')
		case r < 0x80 && hexDigit(byte(r)):
			b = append(b, byte(r))
		default:
			b = append(b, '0')
		}
		if len(b) >= 128 {
			break
		}
	}
	for len(b) == 0 || len(b)%3 != 0 {
		b = append(b, '0')
	}
	n := len(b) / 3
	part := [3][]byte{b[:n], b[n : 2*n], b[2*n:]}
	for i := range part {
		if n > 8 {
			part[i] = part[i][n-8:]
		}
	}
	for len(part[0]) > 2 && part[0][0] == '0' && part[1][0] == '0' && part[2][0] == '0' {
		for i := range part {
			part[i] = part[i][1:]
		}
	}
	var v [3]uint8
	for i := range part {
		x, _ := strconv.ParseUint(string(part[i][:min(2, len(part[i]))]), 16, 8)
		v[i] = uint8(x)
	}
	return Color{v[0], v[1], v[2], 255}, true
}
