package fonts

import (
	"math"

	"github.com/go-text/typesetting/font"
)

// Face is one font, ready to shape and draw. It belongs to one Set.
type Face struct {
	*font.Face
	// Ascent, Descent and Gap are in em; Descent is positive.
	Ascent, Descent, Gap float64
	XHeight              float64 // in em
	// Embolden and Slant ask the painter to make up for a missing bold or italic.
	Embolden, Slant bool

	spaces map[rune]float64
	words  map[string]*Run
	order  int
}

func newFace(f *font.Font) *Face {
	face := &Face{Face: font.NewFace(f), spaces: map[rune]float64{}, words: map[string]*Run{}}
	em := float64(f.Upem())
	if e, ok := face.FontHExtents(); ok {
		face.Ascent, face.Descent, face.Gap = float64(e.Ascender)/em, math.Abs(float64(e.Descender))/em, float64(e.LineGap)/em
	}
	if x := face.LineMetric(font.XHeight); x > 0 {
		face.XHeight = float64(x) / em
	} else {
		face.XHeight = face.Ascent * 0.56
	}
	return face
}

// Metrics are a font's measures at a size, in pixels, rounded as Chromium does.
type Metrics struct {
	Ascent, Descent float64
	LineSpacing     float64
	XHeight         float64
}

// Metrics returns the face's measures at a size.
func (f *Face) Metrics(size float64) Metrics {
	asc, desc := math.Round(f.Ascent*size), math.Round(f.Descent*size)
	return Metrics{
		Ascent: asc, Descent: desc, XHeight: f.XHeight * size,
		LineSpacing: asc + desc + math.Round(f.Gap*size),
	}
}
