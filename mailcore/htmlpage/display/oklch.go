package display

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// lch is a colour of OKLCH: lightness 0 to 1, chroma, and hue in radians
// (Björn Ottosson, "A perceptual color space for image processing").
type lch struct{ l, c, h float64 }

func linear(v uint8) float64 {
	f := float64(v) / 255
	if f <= 0.04045 {
		return f / 12.92
	}
	return math.Pow((f+0.055)/1.055, 2.4)
}

func gamma(f float64) float64 {
	if f <= 0.0031308 {
		return f * 12.92
	}
	return 1.055*math.Pow(f, 1/2.4) - 0.055
}

func toLCH(c css.Color) lch {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return lch{0.2104542553*l + 0.7936177850*m - 0.0040720468*s, math.Hypot(a, bb), math.Atan2(bb, a)}
}

// color is the nearest colour of sRGB with the same lightness and hue.
func (k lch) color(alpha uint8) css.Color {
	for range 24 {
		if c, ok := k.rgb(alpha); ok {
			return c
		}
		k.c *= 0.85
	}
	k.c = 0
	c, _ := k.rgb(alpha)
	return c
}

func (k lch) rgb(alpha uint8) (css.Color, bool) {
	a, b := k.c*math.Cos(k.h), k.c*math.Sin(k.h)
	cube := func(f float64) float64 { return f * f * f }
	l := cube(k.l + 0.3963377774*a + 0.2158037573*b)
	m := cube(k.l - 0.1055613458*a - 0.0638541728*b)
	s := cube(k.l - 0.0894841775*a - 1.2914855480*b)
	ok := true
	channel := func(f float64) uint8 {
		f = gamma(f)
		if f < -0.002 || f > 1.002 {
			ok = false
		}
		return uint8(math.Round(max(0, min(1, f)) * 255))
	}
	c := css.Color{
		R: channel(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		G: channel(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		B: channel(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		A: alpha,
	}
	return c, ok
}

// luminance is that of WCAG 2.
func luminance(c css.Color) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Contrast is the ratio of WCAG 2 between two opaque colours, from 1 to 21.
func Contrast(a, b css.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}
