// Package display turns a laid-out page into a display list: what is painted,
// in which order and where. Painting, hit-testing, selection, find, print and
// the tests' geometry all read this list.
package display

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Rect is a rectangle in CSS pixels from the page's top left corner.
type Rect struct{ X, Y, W, H float64 }

// Intersect is what two rectangles share; its size may be zero.
func (r Rect) Intersect(o Rect) Rect {
	x, y := max(r.X, o.X), max(r.Y, o.Y)
	return Rect{x, y, max(0, min(r.X+r.W, o.X+o.W)-x), max(0, min(r.Y+r.H, o.Y+o.H)-y)}
}

// Contains reports whether a point lies within.
func (r Rect) Contains(x, y float64) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Radii are the corners of a box, horizontal and vertical, from the top left
// clockwise.
type Radii [4][2]float64

// Round reports whether a corner is round.
func (r Radii) Round() bool { return r != Radii{} }

// Op is one thing to paint: a Fill, Gradient, Tile, Border, Shadow, Picture,
// Text, Stroke, Clip, Fade or Pop.
type Op interface {
	// Bounds is the area that the operation paints in, or for a Clip lets through.
	Bounds() Rect
}

// Fill is a background colour.
type Fill struct {
	Rect
	Radii Radii
	Color css.Color
}

// Gradient is a background that runs from colour to colour.
type Gradient struct {
	Rect
	Radii    Radii
	Gradient *style.Gradient
}

// Tile is a background image. Cell is one of its copies.
type Tile struct {
	Rect
	Radii            Radii
	Ref              string
	Cell             Rect
	RepeatX, RepeatY bool
}

// Border is the border of a box.
type Border struct {
	Rect
	Radii Radii
	Edges [4]style.Edge
}

// Shadow is the shadow of a box, which is not painted below the box itself, or
// an inner one. Box is the box's own rectangle.
type Shadow struct {
	Rect
	Box    Rect
	Radii  Radii
	Shadow style.Shadow
}

// Picture is an image. Dest is where all of it goes; Rect shows part of that.
type Picture struct {
	Rect
	Dest  Rect
	Radii Radii
	Ref   string
	Alt   string
	Href  string
}

// Text is a word, or a blank between words.
type Text struct {
	Rect     // from ascent to descent
	Text     string
	Run      *fonts.Run // nil for a blank
	Baseline float64
	Size     float64
	Spacing  float64 // letter-spacing
	Color    css.Color
	Bold     bool
	Italic   bool
	RTL      bool
	// Lines are through and below it.
	Lines style.Decorations
	Href  string
	// Seen is false for a text that is nearly all cut off by a clip.
	Seen bool
	// Marker is set for bullets and numbers: they are no text of the message.
	Marker bool
	// Node is the text's place in the message.
	Node *htmlmail.Node
	// Break is set where the text begins a line of its own.
	Break bool
}

// Stroke is a line below, above or through a text.
type Stroke struct {
	Rect
	Color css.Color
	Style string
}

// Clip cuts off what comes until its Pop.
type Clip struct {
	Rect
	Radii Radii
}

// Fade paints what comes until its Pop with an opacity.
type Fade struct {
	Rect
	Opacity float64
}

// Pop ends the last Clip or Fade.
type Pop struct{ Rect }

// Bounds returns the rectangle itself.
func (r Rect) Bounds() Rect { return r }

// List is a page, ready to be painted.
type List struct {
	Width, Height float64
	Canvas        css.Color // the page's background
	Ops           []Op
	// Boxes and Images are what has a background or border, and images, as far as
	// they are seen.
	Boxes  []BoxArea
	Images []Rect
	// Anchors are the places that links within the message lead to.
	Anchors map[string]float64
	// Wide is set where something sticks out on the right; it says how far.
	Wide float64
}

// BoxArea is a painted box.
type BoxArea struct {
	Rect
	Color  css.Color
	Image  bool
	Border [4]float64
}
