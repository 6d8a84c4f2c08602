// Package look is in charge of how Linnet looks: its theme (light, dark, or as
// the system says), colours, sizes on a grid of four pixels, styles of text,
// icons, and the small widgets that every view is made of. It knows nothing
// about mail.
//
// All sizes are Fyne's device independent pixels. Everything here belongs to
// the UI goroutine.
package look

import "fyne.io/fyne/v2"

// Sizes, in device independent pixels.
const (
	Unit float32 = 4 // the grid

	TextSize   float32 = 14   // lists and controls
	SmallSize  float32 = 12.5 // snippets, second lines
	LabelSize  float32 = 12   // labels, status, counts
	BodySize   float32 = 14.5 // a message's text …
	BodyLine   float32 = 23   // … and the height of its lines
	TitleSize  float32 = 20   // subject of a message, heading of a page
	TextColumn float32 = 760  // text is not set wider than this

	Radius     float32 = 8  // controls
	CardRadius float32 = 12 // cards, dialogs
	Hit        float32 = 32 // nothing that can be clicked is smaller

	SidebarWidth float32 = 224
	ListWidth    float32 = 376
	RowHeight    float32 = 64 // plus one Unit between rows
	ToolbarSize  float32 = 48
)

// Style is how a piece of text looks.
type Style struct {
	Size   float32 // 0 means TextSize
	Bold   bool
	Italic bool
	Ink    fyne.ThemeColorName // "" means Ink
}

// The styles that views use; others are made from these where need be.
var (
	Plain  = Style{Size: TextSize, Ink: Ink}
	Strong = Style{Size: TextSize, Bold: true, Ink: Ink}
	Body   = Style{Size: BodySize, Ink: Ink}
	Small  = Style{Size: SmallSize, Ink: Muted}
	Label  = Style{Size: LabelSize, Ink: Muted}
	Title  = Style{Size: TitleSize, Bold: true, Ink: Ink}
	Wrong  = Style{Size: SmallSize, Ink: Bad}
	Fine   = Style{Size: SmallSize, Ink: OK}
)

// With returns the style in another ink.
func (s Style) With(ink fyne.ThemeColorName) Style {
	s.Ink = ink
	return s
}

func (s Style) size() float32 {
	if s.Size == 0 {
		return TextSize
	}
	return s.Size
}

func (s Style) ink() fyne.ThemeColorName {
	if s.Ink == "" {
		return Ink
	}
	return s.Ink
}

func (s Style) text() fyne.TextStyle { return fyne.TextStyle{Bold: s.Bold, Italic: s.Italic} }

// Width returns how wide s is in this style.
func (s Style) Width(text string) float32 {
	return fyne.MeasureText(text, s.size(), s.text()).Width
}

// Height returns the height of one line in this style.
func (s Style) Height() float32 { return fyne.MeasureText("Ag", s.size(), s.text()).Height }
