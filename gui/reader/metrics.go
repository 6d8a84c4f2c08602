package reader

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// tabled is how many runes from U+0000 on have their advance in a table; the
// others are in a map.
const tabled = 0x3000

// metrics keeps the advance of every rune it has seen in one size and style.
// Shaping a word costs a thousand times as much as adding such numbers up; what
// the sum lacks in kerning and ligatures only makes lines break a little early.
type metrics struct {
	size    float32
	style   fyne.TextStyle
	table   [tabled]float32 // 0: not measured yet
	others  map[rune]float32
	measure func(s string, size float32, style fyne.TextStyle) fyne.Size
}

func newMetrics(size float32, style fyne.TextStyle) *metrics {
	return &metrics{size: size, style: style, others: map[rune]float32{}, measure: fyne.MeasureText}
}

// advance is the width of r alone, in logical pixels.
func (m *metrics) advance(r rune) float32 {
	if r >= 0 && r < tabled {
		if w := m.table[r]; w != 0 {
			return w
		}
		w := m.width(string(r))
		m.table[r] = max(w, 1e-6)
		return m.table[r]
	}
	w, ok := m.others[r]
	if !ok {
		w = m.width(string(r))
		m.others[r] = w
	}
	return w
}

// plain is advance, small enough to be put into the loop that calls it.
func (m *metrics) plain(r rune) float32 {
	if r < utf8.RuneSelf {
		if w := m.table[r&0x7F]; w != 0 {
			return w
		}
	}
	return m.advance(r)
}

// width is the width of s as it is painted.
func (m *metrics) width(s string) float32 {
	if s == "" {
		return 0
	}
	return m.measure(s, m.size, m.style).Width
}
