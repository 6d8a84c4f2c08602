package fonts

import (
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Glyph is a shaped glyph. Measures are in em.
type Glyph struct {
	ID      font.GID
	Advance float64
	X, Y    float64 // where it is drawn, from the pen; Y upwards
	Rune    int     // the first rune of its cluster, counted in the run
	Face    *Face
}

// Run is a shaped word: glyphs in the order they are drawn, from the left.
type Run struct {
	Glyphs  []Glyph
	Advance float64 // in em
	Runes   int
}

// maxWords bounds what a face remembers.
const maxWords = 20_000

// Word shapes a text that has no blanks in it. With blank it is shaped as before
// a blank, which letters like "T" move closer to.
func (s *Set) Word(in *style.Inherited, text string, rtl, blank bool) *Run {
	face := s.Face(in)
	k := text
	if blank {
		k += " "
	}
	if rtl {
		k += "\u202e"
	}
	if r, ok := face.words[k]; ok {
		return r
	}
	r := s.shape(face, in, text, rtl, blank)
	if len(face.words) < maxWords {
		face.words[k] = r
	}
	return r
}

// Space is the advance of a blank before a character, in em.
func (s *Set) Space(in *style.Inherited, next rune) float64 {
	face := s.Face(in)
	if a, ok := face.spaces[next]; ok {
		return a
	}
	text := []rune{' ', next}
	if next == 0 {
		text = text[:1]
	}
	out := s.run(face, text, 0, len(text), false)
	a := 0.25
	if len(out.Glyphs) > 0 {
		a = em(out.Glyphs[0].Advance, face)
	}
	face.spaces[next] = a
	return a
}

func (s *Set) shape(face *Face, in *style.Inherited, text string, rtl, blank bool) *Run {
	runes := []rune(text)
	run := &Run{Runes: len(runes)}
	n := len(runes)
	if blank {
		runes = append(runes, ' ')
	}
	parts := s.parts(face, in, runes[:n])
	if rtl {
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	for _, p := range parts {
		end := p.end
		if blank && p.end == n {
			end++
		}
		out := s.run(p.face, runes, p.start, end, rtl)
		for _, g := range out.Glyphs {
			if g.TextIndex() >= n {
				continue // the blank
			}
			run.add(g, p.face)
		}
	}
	return run
}

func (r *Run) add(g shaping.Glyph, face *Face) {
	a := em(g.Advance, face)
	if g.GlyphID == 0 {
		a = missing
	}
	r.Glyphs = append(r.Glyphs, Glyph{ID: g.GlyphID, Advance: a, X: em(g.XOffset, face), Y: em(g.YOffset, face), Rune: g.TextIndex(), Face: face})
	r.Advance += a
}

// Cut parts a run before its rune n, as it is shaped: letters that join stay as
// they are.
func (r *Run) Cut(n int) (head, tail *Run) {
	head, tail = &Run{Runes: n}, &Run{Runes: r.Runes - n}
	for _, g := range r.Glyphs {
		if g.Rune < n {
			head.Glyphs = append(head.Glyphs, g)
			head.Advance += g.Advance
			continue
		}
		g.Rune -= n
		tail.Glyphs = append(tail.Glyphs, g)
		tail.Advance += g.Advance
	}
	return head, tail
}

// missing is the width of a character that no font has, in em, as Chromium leaves
// for it.
const missing = 0.3656

func em(v fixed.Int26_6, face *Face) float64 {
	return float64(v) / 64 / float64(face.Upem())
}

// part is a piece of a word that one face has.
type part struct {
	face       *Face
	start, end int
}

// parts splits a word by the faces that have its characters.
func (s *Set) parts(face *Face, in *style.Inherited, runes []rune) []part {
	var out []part
	for i, r := range runes {
		f := s.faceOf(face, in, r)
		if n := len(out); n > 0 && (out[n-1].face == f || joins(r)) {
			out[n-1].end = i + 1
			continue
		}
		out = append(out, part{f, i, i + 1})
	}
	return out
}

// joins reports whether a character goes with the one before it in any case.
func joins(r rune) bool {
	return r == 0x200d || r == 0xfe0f || r == 0xfe0e || r >= 0x1f3fb && r <= 0x1f3ff || unicode.Is(unicode.Mn, r)
}

func (s *Set) faceOf(face *Face, in *style.Inherited, r rune) *Face {
	if r < 0x80 || invisible(r) {
		return face
	}
	if _, ok := face.NominalGlyph(r); ok {
		return face
	}
	if f := s.fallback(r, in.Weight >= 600, in.Italic); f != nil {
		return f
	}
	return face
}

// invisible are characters that no font needs to have.
func invisible(r rune) bool {
	switch r {
	case 0x00ad, 0x034f, 0x061c, 0xfeff:
		return true
	}
	return r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f || r >= 0xfe00 && r <= 0xfe0f
}

// run shapes part of a text with one face, at a size of one em in font units.
func (s *Set) run(face *Face, text []rune, start, end int, rtl bool) shaping.Output {
	dir := di.DirectionLTR
	if rtl {
		dir = di.DirectionRTL
	}
	return s.shaper.Shape(shaping.Input{
		Text: text, RunStart: start, RunEnd: end, Direction: dir, Face: face.Face,
		Size: fixed.I(int(face.Upem())), Script: script(text[start:end]), Language: "en",
	})
}

// script is that of the first letter that has one of its own.
func script(text []rune) language.Script {
	for _, r := range text {
		if r < utf8.RuneSelf && !unicode.IsLetter(r) {
			continue
		}
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited && s != language.Unknown {
			return s
		}
	}
	return language.Latin
}
