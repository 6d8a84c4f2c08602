// Package layout places a styled document: blocks, lines, floats, tables and
// simple flex boxes, as CSS 2.1 has them and as Chromium does where CSS leaves
// it open or mail relies on old habits. It is a pure function of the document,
// a width and fonts.
package layout

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Kind is how the inside of a box is laid out.
type Kind uint8

// The kinds of boxes.
const (
	Flow Kind = iota // blocks, or lines
	Replaced
	TableWrap // a table with its captions: one grid and captions as children
	TableGrid
	TablePart // row groups, rows, columns
	TableCell
	FlexRow
)

// Box is a box of layout. What layout finds is in page pixels of CSS, relative
// to the border box of Parent.
type Box struct {
	Kind     Kind
	Node     *htmlmail.Node // nil for an anonymous box
	Style    *style.Style
	Parent   *Box
	Children []*Box
	// Items are the inline content of a Flow box; then Children are the boxes
	// that stand in its lines and its floats.
	Items  []Item
	Inline bool // the box stands in a line
	Marker *Marker
	Image  *Replacement
	// Place in a table.
	RowSpan, ColSpan int

	X, Y, W, H float64
	Lines      []*Line
	Baseline   float64 // of the first line, from the top; NaN without
	LastBase   float64
	// Edges are the widths of the border as drawn: collapsed borders differ from
	// the style's.
	Edges *[4]style.Edge
	// Hidden boxes are laid out but not painted.
	Hidden bool

	laid, laidHeight float64 // the space that a box in a line was laid out for

	prepared  *content // the lines' pieces
	intrinsic *minMax
	lead      *leading
	table     *table
	shift     [2]float64 // of position: relative
	trail     *strut     // the margin that is left below, when it may collapse on
}

// Marker is the bullet or number of a list item.
type Marker struct {
	Text   string
	Inside bool
}

// Replacement is what a Replaced box shows.
type Replacement struct {
	// Width and Height are the image's own, 0 when unknown.
	Width, Height float64
	Ref           string // the image's reference; "" for another thing
	Alt           string
}

// ItemKind is the kind of an Item.
type ItemKind uint8

// The kinds of items of a line.
const (
	TextItem ItemKind = iota
	OpenItem
	CloseItem
	BoxItem   // a box that stands in the line
	FloatItem // one that floats beside it
	OutItem   // one that is placed absolutely
	BreakItem
	WordBreakItem // <wbr>
)

// Item is a piece of inline content.
type Item struct {
	Kind  ItemKind
	Text  string
	Style *style.Style
	Node  *htmlmail.Node
	Span  *Span // of OpenItem and CloseItem
	Box   *Box
}

// Span is an inline element. One that is broken by a block has several.
type Span struct {
	Node        *htmlmail.Node
	Style       *style.Style
	First, Last bool
}

// Line is a line of a Flow box. Its place is relative to the box.
type Line struct {
	X, Y, W, H float64
	Baseline   float64 // from the box's top
	Fragments  []Fragment
}

// Fragment is a piece of a line: a text, a box, or the part of an inline element
// that stands in the line. Its place is relative to the box of the line.
type Fragment struct {
	X, Y, W, H float64
	Text       *TextRun
	Box        *Box
	Span       *Span
	// First and Last say which ends of an inline element it has.
	First, Last bool
}

func (b *Box) add(c *Box) {
	c.Parent = b
	b.Children = append(b.Children, c)
}

// outOfFlow reports whether a box takes no part in the flow around it.
func (b *Box) outOfFlow() bool { return b.Style.Position == "absolute" || b.Style.Position == "fixed" }

func (b *Box) floats() bool { return b.Style.Float != "" && !b.outOfFlow() }

// formatting reports whether a box keeps its floats and margins to itself
// (CSS 2.1, 9.4.1).
func (b *Box) formatting() bool {
	s := b.Style
	switch {
	case b.Kind != Flow, b.Inline, b.Parent == nil, b.floats(), b.outOfFlow():
		return true
	case b.Node == nil && b.Style.Display != style.Cell:
		return false
	}
	switch s.Display {
	case style.InlineBlock, style.Cell, style.Caption, style.FlowRoot, style.FlexBox, style.InlineFlex:
		return true
	}
	if b.Parent.Kind == FlexRow {
		return true
	}
	return s.OverflowX != "visible" && s.OverflowX != "clip"
}

// Border returns the widths of the four borders.
func (b *Box) Border() [4]float64 {
	e := b.BorderEdges()
	return [4]float64{e[0].Width, e[1].Width, e[2].Width, e[3].Width}
}

// BorderEdges returns the border as it is drawn.
func (b *Box) BorderEdges() [4]style.Edge {
	if b.Edges != nil {
		return *b.Edges
	}
	return b.Style.Border
}
