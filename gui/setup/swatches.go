package setup

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// swatches chooses a colour, by click or with Left and Right. Linnet's own are
// offered, and the one that the account has if it is another.
type swatches struct {
	widget.BaseWidget
	words   *assets.Words
	colours []string
	chosen  int
	focused bool
	dots    []*swatch
	ring    *canvas.Rectangle
	onKey   func(*fyne.KeyEvent) bool
}

var _ fyne.Focusable = (*swatches)(nil)

func newSwatches(w *assets.Words) *swatches {
	s := &swatches{words: w, ring: look.NewRing(look.Radius)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *swatches) set(colour string) {
	s.colours = accounts.Colours()
	s.chosen = -1
	for i, c := range s.colours {
		if strings.EqualFold(c, colour) {
			s.chosen = i
		}
	}
	if s.chosen < 0 {
		s.colours = append(s.colours, colour)
		s.chosen = len(s.colours) - 1
	}
	s.dots = s.dots[:0]
	for i := range s.colours {
		s.dots = append(s.dots, newSwatch(s, i))
	}
	s.Refresh()
}

func (s *swatches) colour() string {
	if s.chosen < 0 || s.chosen >= len(s.colours) {
		return ""
	}
	return s.colours[s.chosen]
}

func (s *swatches) choose(i int) {
	if i >= 0 && i < len(s.colours) {
		s.chosen = i
		s.Refresh()
	}
}

// name says a colour in a word.
func (s *swatches) name(i int) string {
	if i < len(accounts.Colours()) {
		return s.words.Say("accounts.colour." + strconv.Itoa(i+1))
	}
	return s.words.Say("accounts.colour.own")
}

// FocusGained shows the ring.
func (s *swatches) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost hides the ring.
func (s *swatches) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune does nothing.
func (s *swatches) TypedRune(rune) {}

// TypedKey chooses the next one.
func (s *swatches) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		s.choose(s.chosen - 1)
	case fyne.KeyRight:
		s.choose(s.chosen + 1)
	default:
		if s.onKey != nil {
			s.onKey(e)
		}
	}
}

// AccessibilityLabel says which colour is chosen.
func (s *swatches) AccessibilityLabel() string {
	return s.words.Say("accounts.colour") + " " + s.name(max(s.chosen, 0))
}

// AccessibilityRole says that it holds other things.
func (s *swatches) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer makes the renderer.
func (s *swatches) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchesRenderer{s}
	r.Refresh()
	return r
}

type swatchesRenderer struct{ s *swatches }

const swatchSize = look.Hit

func (r *swatchesRenderer) Destroy() {}
func (r *swatchesRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(len(r.s.dots))*swatchSize+2*look.Unit, swatchSize+2*look.Unit)
}

func (r *swatchesRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, d := range r.s.dots {
		out = append(out, d)
	}
	return append(out, r.s.ring)
}

func (r *swatchesRenderer) Layout(size fyne.Size) {
	for i, d := range r.s.dots {
		d.Resize(fyne.NewSize(swatchSize, swatchSize))
		d.Move(fyne.NewPos(look.Unit+float32(i)*swatchSize, look.Unit))
	}
	look.PlaceRing(r.s.ring, fyne.NewSize(min(size.Width, r.MinSize().Width), size.Height), 0)
}

func (r *swatchesRenderer) Refresh() {
	r.s.ring.StrokeColor = look.Colour(look.Accent)
	r.s.ring.Hidden = !r.s.focused
	for _, d := range r.s.dots {
		d.Refresh()
	}
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

// swatch is one colour.
type swatch struct {
	widget.BaseWidget
	of    *swatches
	index int
	dot   *canvas.Circle
	mark  *canvas.Circle // around the chosen one
}

func newSwatch(of *swatches, index int) *swatch {
	d := &swatch{of: of, index: index, dot: canvas.NewCircle(color.Transparent), mark: canvas.NewCircle(color.Transparent)}
	d.mark.StrokeWidth = 2
	d.ExtendBaseWidget(d)
	return d
}

// Tapped chooses the colour.
func (d *swatch) Tapped(*fyne.PointEvent) { d.of.choose(d.index) }

// AccessibilityLabel says the colour.
func (d *swatch) AccessibilityLabel() string { return d.of.name(d.index) }

// AccessibilityRole says button.
func (d *swatch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer makes the renderer.
func (d *swatch) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{d}
	r.Refresh()
	return r
}

type swatchRenderer struct{ d *swatch }

func (r *swatchRenderer) Destroy()           {}
func (r *swatchRenderer) MinSize() fyne.Size { return fyne.NewSize(swatchSize, swatchSize) }

func (r *swatchRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.d.mark, r.d.dot} }

func (r *swatchRenderer) Layout(size fyne.Size) {
	for o, side := range map[*canvas.Circle]float32{r.d.dot: 16, r.d.mark: 24} {
		o.Resize(fyne.NewSize(side, side))
		o.Move(fyne.NewPos((size.Width-side)/2, (size.Height-side)/2))
	}
}

func (r *swatchRenderer) Refresh() {
	r.d.dot.FillColor = look.ParseColour(r.d.of.colours[r.d.index])
	r.d.mark.StrokeColor = look.Colour(look.Ink)
	r.d.mark.Hidden = r.d.index != r.d.of.chosen
	canvas.Refresh(r.d)
}
