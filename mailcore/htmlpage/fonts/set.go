package fonts

import (
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Set is the fonts of one page. It is not for use by several goroutines at once.
type Set struct {
	lib       *Library
	faces     map[faceKey]*Face
	byFont    map[*font.Font]*Face
	fallbacks map[fallbackKey]*Face
	last      *Face
	lastStyle *style.Inherited
	shaper    shaping.HarfbuzzShaper
}

type faceKey struct {
	families     string
	bold, italic bool
}

type fallbackKey struct {
	r            rune
	bold, italic bool
}

// NewSet makes a set over a library.
func NewSet(lib *Library) *Set {
	return &Set{lib: lib, faces: map[faceKey]*Face{}, byFont: map[*font.Font]*Face{}, fallbacks: map[fallbackKey]*Face{}}
}

// Face returns the first font that a style names and that is there.
func (s *Set) Face(in *style.Inherited) *Face {
	if s.lastStyle == in {
		return s.last
	}
	var b strings.Builder
	for _, f := range in.Families {
		b.WriteString(f.Name)
		if f.Quoted {
			b.WriteByte('"')
		}
		b.WriteByte(',')
	}
	k := faceKey{b.String(), in.Weight >= 600, in.Italic}
	f, ok := s.faces[k]
	if !ok {
		f = s.find(in.Families, k.bold, k.italic)
		s.faces[k] = f
	}
	s.last, s.lastStyle = f, in
	return f
}

func (s *Set) find(families []style.Family, bold, italic bool) *Face {
	for _, f := range families {
		if g, ok := named(f); ok {
			return s.face(s.lib.builtIn(key{g, bold, italic}))
		}
		if s.lib.system != nil {
			if found := s.lib.system.Family(f.Name, bold, italic); found != nil {
				return s.face(found)
			}
		}
	}
	return s.face(s.lib.builtIn(key{Serif, bold, italic}))
}

// named maps families to the built-in fonts: those that measure the same, and
// the generic ones.
func named(f style.Family) (Generic, bool) {
	switch f.Name {
	case "arial", "helvetica", "arimo", "liberation sans", "sans-serif", "system-ui", "sans", "ui-sans-serif":
		return Sans, true
	case "times", "times new roman", "tinos", "liberation serif", "serif":
		return Serif, true
	case "courier", "courier new", "cousine", "liberation mono", "monospace":
		return Mono, true
	}
	return 0, false
}

func (s *Set) face(f *font.Font) *Face {
	if face, ok := s.byFont[f]; ok {
		return face
	}
	face := newFace(f)
	face.order = len(s.byFont)
	s.byFont[f] = face
	return face
}

// fallback returns a face that has r, or nil.
func (s *Set) fallback(r rune, bold, italic bool) *Face {
	k := fallbackKey{r, bold, italic}
	if f, ok := s.fallbacks[k]; ok {
		return f
	}
	var face *Face
	for _, g := range []Generic{Sans, Serif, Mono} {
		f := s.face(s.lib.builtIn(key{g, bold, italic}))
		if _, ok := f.NominalGlyph(r); ok {
			face = f
			break
		}
	}
	if face == nil && s.lib.system != nil {
		if f := s.lib.system.Covering(r, bold, italic); f != nil {
			face = s.face(f)
		}
	}
	s.fallbacks[k] = face
	return face
}

// Metrics returns the measures of a style's first font.
func (s *Set) Metrics(in *style.Inherited) Metrics { return s.Face(in).Metrics(in.FontSize) }

// XHeight is the height of small letters, in pixels.
func (s *Set) XHeight(in *style.Inherited) float64 { return s.Face(in).XHeight * in.FontSize }

// ZeroWidth is the advance of "0", in pixels.
func (s *Set) ZeroWidth(in *style.Inherited) float64 {
	f := s.Face(in)
	if g, ok := f.NominalGlyph('0'); ok {
		return float64(f.HorizontalAdvance(g)) / float64(f.Upem()) * in.FontSize
	}
	return in.FontSize / 2
}
