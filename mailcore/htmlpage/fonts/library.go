// Package fonts finds the faces for the fonts that a message names and shapes
// its text with them. Liberation, which measures like Arial, Times New Roman and
// Courier New, is built in, so that a message looks the same everywhere; fonts
// of the system come in for what it lacks.
package fonts

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationmonobolditalic"
	"github.com/go-fonts/liberation/liberationmonoitalic"
	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansbolditalic"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
	"github.com/go-text/typesetting/font"
)

// Generic is a kind of built-in font.
type Generic uint8

// The kinds of built-in fonts.
const (
	Serif Generic = iota
	Sans
	Mono
)

// key is a built-in face.
type key struct {
	generic      Generic
	bold, italic bool
}

// source returns the file of a built-in face.
func (k key) source() []byte {
	files := [3][4][]byte{
		{liberationserifregular.TTF, liberationserifitalic.TTF, liberationserifbold.TTF, liberationserifbolditalic.TTF},
		{liberationsansregular.TTF, liberationsansitalic.TTF, liberationsansbold.TTF, liberationsansbolditalic.TTF},
		{liberationmonoregular.TTF, liberationmonoitalic.TTF, liberationmonobold.TTF, liberationmonobolditalic.TTF},
	}
	i := 0
	if k.italic {
		i++
	}
	if k.bold {
		i += 2
	}
	return files[k.generic][i]
}

// System finds fonts of the system. A nil System has none.
type System interface {
	// Family returns a face of the family, or nil.
	Family(name string, bold, italic bool) *font.Font
	// Covering returns a face that has the character, or nil.
	Covering(r rune, bold, italic bool) *font.Font
}

// Library keeps the fonts that were read. It may be used by several goroutines.
type Library struct {
	system System
	mu     sync.Mutex
	built  map[key]*font.Font
}

// NewLibrary makes a library over the fonts of the system, which may be nil.
func NewLibrary(system System) *Library {
	return &Library{system: system, built: map[key]*font.Font{}}
}

// builtIn reads a built-in face, once.
func (l *Library) builtIn(k key) *font.Font {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f, ok := l.built[k]; ok {
		return f
	}
	face, err := font.ParseTTF(bytes.NewReader(k.source()))
	if err != nil {
		panic(fmt.Sprintf("fonts: a built-in font: %v", err)) // it is part of the program
	}
	l.built[k] = face.Font
	return face.Font
}
