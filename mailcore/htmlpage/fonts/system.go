package fonts

import (
	"io"
	"log"
	"os"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
)

// systemFonts finds the fonts that are installed. They are looked for at the
// first question only: reading them all takes a while, and most mail never asks.
type systemFonts struct {
	cache string
	once  sync.Once
	mu    sync.Mutex
	m     *fontscan.FontMap
}

// NewSystem finds the fonts of this machine; an index of them is kept in the
// folder cache.
func NewSystem(cache string) System { return &systemFonts{cache: cache} }

// ready reports whether there are fonts, and keeps the map for the caller.
func (s *systemFonts) ready() bool {
	s.once.Do(func() {
		if s.cache == "" || os.MkdirAll(s.cache, 0o700) != nil {
			return
		}
		m := fontscan.NewFontMap(log.New(io.Discard, "", 0))
		if m.UseSystemFonts(s.cache) == nil {
			s.m = m
		}
	})
	return s.m != nil
}

func aspect(bold, italic bool) font.Aspect {
	a := font.Aspect{Style: font.StyleNormal, Weight: font.WeightNormal, Stretch: font.StretchNormal}
	if bold {
		a.Weight = font.WeightBold
	}
	if italic {
		a.Style = font.StyleItalic
	}
	return a
}

// Family returns a face of exactly this family.
func (s *systemFonts) Family(name string, bold, italic bool) *font.Font {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ready() {
		return nil
	}
	if _, ok := s.m.FindSystemFont(name); !ok {
		return nil
	}
	s.m.SetQuery(fontscan.Query{Families: []string{name}, Aspect: aspect(bold, italic)})
	if f := s.m.ResolveFace('a'); f != nil {
		return f.Font
	}
	return nil
}

// Covering returns a face with the character; a coloured one for emoji.
func (s *systemFonts) Covering(r rune, bold, italic bool) *font.Font {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ready() {
		return nil
	}
	families := []string{"sans-serif"}
	if r >= 0x1f000 && r < 0x20000 || r >= 0x2600 && r < 0x2800 {
		families = []string{"emoji", "Noto Color Emoji", "sans-serif"}
	}
	s.m.SetQuery(fontscan.Query{Families: families, Aspect: aspect(bold, italic)})
	f := s.m.ResolveFace(r)
	if f == nil {
		return nil
	}
	if _, ok := f.NominalGlyph(r); !ok {
		return nil
	}
	return f.Font
}
