// Package style finds what each element looks like: the cascade of the user
// agent's sheet, of presentational attributes, of the message's own sheets and
// of style attributes, computed to absolute values.
package style

import "github.com/linnet-mail/linnet/mailcore/htmlpage/css"

// LenKind is the kind of a Len.
type LenKind uint8

// The kinds of lengths that layout has to know apart.
const (
	Fixed LenKind = iota // Px, and Pct per cent of something
	Auto                 // also "none" and "normal"
	MinContent
	MaxContent
	FitContent
	Fill
)

// Len is a computed length: pixels plus per cent of what the property refers to.
type Len struct {
	Kind    LenKind
	Px, Pct float64
}

// IsAuto reports whether the length is left to layout.
func (l Len) IsAuto() bool { return l.Kind == Auto }

// IsPercent reports whether the length depends on what it refers to.
func (l Len) IsPercent() bool { return l.Kind == Fixed && l.Pct != 0 }

// IsFixed reports whether the length is known by itself.
func (l Len) IsFixed() bool { return l.Kind == Fixed && l.Pct == 0 }

// Of is the length in pixels, when percentages refer to base.
func (l Len) Of(base float64) float64 { return l.Px + l.Pct*base/100 }

// Line is a text decoration's line.
type Line struct {
	On    bool
	Color css.Color
	Style string
}

// Decorations are the lines through and below a text, its ancestors' too.
type Decorations struct{ Under, Over, Through Line }

// Family is the name of a font, in lower case. A quoted one is never generic.
type Family struct {
	Name   string
	Quoted bool
}

// Edge is one side of a border.
type Edge struct {
	Width float64 // 0 for a border without a style
	Style string
	Color css.Color
}

// Shadow is a layer of box-shadow.
type Shadow struct {
	X, Y, Blur, Spread float64
	Color              css.Color
	Inset              bool
}

// Layer is a background image.
type Layer struct {
	URL      string
	Gradient *Gradient
	Repeat   string
	X, Y     Len
	Size     string // "cover", "contain", or "" for W and H
	W, H     Len
	Clip     string
}

// Gradient is a linear gradient with computed stops.
type Gradient struct {
	Angle  float64
	Corner string
	Radial bool
	Stops  []GradientStop
}

// GradientStop is a colour at a place, which may be open.
type GradientStop struct {
	Color css.Color
	At    Len
}

// Inherited is what passes from parent to child.
type Inherited struct {
	Color         css.Color
	FontSize      float64
	Families      []Family
	Italic        bool
	Weight        int
	SmallCaps     bool
	Keyworded     bool // the font's size came from keywords only: monospace is smaller then
	LineHeight    LineHeight
	LetterSpacing float64
	WordSpacing   float64
	TextAlign     string
	TextIndent    Len
	Transform     string
	WhiteSpace    string
	WordBreak     string
	OverflowWrap  string
	RTL           bool
	ListType      string // "none" for no marker
	ListText      bool   // ListType is the marker's text
	ListInside    bool
	ListImage     string
	Visible       bool
	Collapse      bool
	SpacingX      float64
	SpacingY      float64
	CaptionBottom bool
	HideEmpty     bool
	Dark          bool // color-scheme names dark
}

// LineHeight is "normal", a factor, or pixels.
type LineHeight struct {
	Normal bool
	Factor float64 // 0 when Px counts
	Px     float64
}

// Style is the computed style of an element.
type Style struct {
	Inherited

	Display   Display
	Float     string // "", "left", "right"
	Clear     string // "", "left", "right", "both"
	Position  string // "static", "relative", "absolute", "fixed"
	Inset     [4]Len
	ZIndex    int
	ZAuto     bool
	Width     Len
	Height    Len
	MinWidth  Len
	MinHeight Len
	MaxWidth  Len
	MaxHeight Len
	BorderBox bool
	Margin    [4]Len
	// QuirkTop and QuirkBottom mark margins of the user agent's own, which quirks
	// mode drops at the edges of cells and the body.
	QuirkTop, QuirkBottom bool
	Padding               [4]Len
	Border                [4]Edge
	Radius                [4][2]Len
	Background            css.Color
	Layers                []Layer
	Shadows               []Shadow
	OverflowX, OverflowY  string
	Opacity               float64
	VerticalAlign         string // a keyword, or "" for VerticalShift
	VerticalShift         Len    // percentages refer to the line height
	Decorations           Decorations
	UnicodeBidi           string
	FixedTable            bool
	Ellipsis              bool
	Content               string
	HasContent            bool
	Flex                  Flex
	ObjectFit             string
	Ratio                 float64
}

// Flex is what flex layout asks of a container and of its items.
type Flex struct {
	Direction, Wrap               string
	Grow, Shrink                  float64
	Basis                         Len
	Justify, Items, Self, Content string
	Order                         int
	RowGap, ColumnGap             Len
}

// Sides of a box, as indices.
const (
	Top = iota
	Right
	Bottom
	Left
)

// Clips reports whether what sticks out is cut off.
func (s *Style) Clips() bool { return s.OverflowX != "visible" || s.OverflowY != "visible" }

// Wraps reports whether lines break at blanks.
func (in *Inherited) Wraps() bool { return in.WhiteSpace != "nowrap" && in.WhiteSpace != "pre" }

// Collapses reports whether blanks run together.
func (in *Inherited) Collapses() bool {
	return in.WhiteSpace == "normal" || in.WhiteSpace == "nowrap" || in.WhiteSpace == "pre-line"
}

// Display is the kind of box an element makes.
type Display uint8

// The kinds of boxes.
const (
	Inline Display = iota
	None
	Block
	InlineBlock
	ListItem
	Table
	InlineTable
	Row
	Cell
	RowGroup
	HeaderGroup
	FooterGroup
	Column
	ColumnGroup
	Caption
	FlexBox
	InlineFlex
	Contents
	FlowRoot
)

var displays = map[string]Display{
	"inline": Inline, "none": None, "block": Block, "inline-block": InlineBlock, "list-item": ListItem, "table": Table,
	"inline-table": InlineTable, "table-row": Row, "table-cell": Cell, "table-row-group": RowGroup, "table-header-group": HeaderGroup,
	"table-footer-group": FooterGroup, "table-column": Column, "table-column-group": ColumnGroup, "table-caption": Caption,
	"flex": FlexBox, "inline-flex": InlineFlex, "contents": Contents, "flow-root": FlowRoot, "grid": Block, "inline-grid": InlineBlock,
}

// blockified is the display of a box that is taken out of its line (CSS 2.1, 9.7).
func (d Display) blockified() Display {
	switch d {
	case InlineTable, Table:
		return Table
	case InlineFlex, FlexBox:
		return FlexBox
	case None, Contents, ListItem, FlowRoot:
		return d
	}
	return Block
}

// Initial is the style of nothing, where inheritance begins.
func Initial() *Style {
	s := &Style{}
	s.Color = css.Color{A: 255}
	s.FontSize, s.Weight, s.Keyworded = 16, 400, true
	s.LineHeight.Normal = true
	s.TextAlign, s.Transform, s.WhiteSpace, s.WordBreak, s.OverflowWrap = "start", "none", "normal", "normal", "normal"
	s.ListType, s.Visible = "disc", true
	s.reset()
	return s
}

// reset gives everything that is not inherited its initial value.
func (s *Style) reset() {
	in := s.Inherited
	auto := Len{Kind: Auto}
	*s = Style{
		Inherited: in, Position: "static", Inset: [4]Len{auto, auto, auto, auto}, ZAuto: true,
		Width: auto, Height: auto, MinWidth: auto, MinHeight: auto, MaxWidth: auto, MaxHeight: auto,
		OverflowX: "visible", OverflowY: "visible", Opacity: 1, VerticalAlign: "baseline", UnicodeBidi: "normal", ObjectFit: "fill",
	}
	s.Flex = Flex{Direction: "row", Wrap: "nowrap", Shrink: 1, Basis: auto, Justify: "normal", Items: "normal", Self: "auto", Content: "normal"}
}
