package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Sizes of an attachment's card.
const (
	cardWidth  = 52 * look.Unit
	cardHeight = 54
	cardGap    = 2 * look.Unit
)

// shelf shows the attachments as cards, as many side by side as fit.
type shelf struct {
	widget.BaseWidget
	cards []*card
	all   *tapWord
	width float32
}

func newShelf(saveAll string, onSaveAll func()) *shelf {
	s := &shelf{all: newTapWord(saveAll, look.Small.With(look.Accent), onSaveAll)}
	s.ExtendBaseWidget(s)
	return s
}

func (s *shelf) set(cards []*card) {
	s.cards = cards
	s.Hidden = len(cards) == 0
	s.all.Hidden = len(cards) < 2
	s.Refresh()
}

// Resize remembers the width, on which the height depends.
func (s *shelf) Resize(size fyne.Size) {
	s.width = size.Width
	s.BaseWidget.Resize(size)
}

func (s *shelf) columns() int { return max(1, int((s.width+cardGap)/(cardWidth+cardGap))) }

// CreateRenderer makes the shelf's renderer.
func (s *shelf) CreateRenderer() fyne.WidgetRenderer { return &shelfRenderer{s} }

type shelfRenderer struct{ s *shelf }

func (r *shelfRenderer) Destroy() {}

func (r *shelfRenderer) Objects() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, c := range r.s.cards {
		objects = append(objects, c)
	}
	return append(objects, r.s.all)
}

func (r *shelfRenderer) MinSize() fyne.Size {
	lines := (len(r.s.cards) + r.s.columns() - 1) / r.s.columns()
	height := float32(lines)*(cardHeight+cardGap) - cardGap
	if r.s.all.Visible() {
		height += cardGap + r.s.all.MinSize().Height
	}
	return fyne.NewSize(cardWidth, max(height, 0))
}

func (r *shelfRenderer) Layout(fyne.Size) {
	var bottom float32
	for i, c := range r.s.cards {
		column, line := i%r.s.columns(), i/r.s.columns()
		c.Move(fyne.NewPos(float32(column)*(cardWidth+cardGap), float32(line)*(cardHeight+cardGap)))
		c.Resize(fyne.NewSize(cardWidth, cardHeight))
		bottom = float32(line+1) * (cardHeight + cardGap)
	}
	r.s.all.Move(fyne.NewPos(-look.Unit, bottom))
	r.s.all.Resize(r.s.all.MinSize())
}

func (r *shelfRenderer) Refresh() {
	r.Layout(r.s.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// card is one attachment: its name, its size, and what can be done with it.
type card struct {
	widget.BaseWidget
	frame      *look.Paper
	name, size *look.Text
	acts       []*tapWord
	dots       []*look.Text // between them
}

func newCard(w *assets.Words, p mailcore.Part, open, save func()) *card {
	c := &card{
		frame: look.NewFrame(look.Radius),
		name:  look.NewText(visible(p.Name), look.Style{Size: 13, Ink: look.Ink}),
		size:  look.NewWholeText(size(w, p.Size), look.Label),
	}
	if open != nil {
		c.acts = append(c.acts, newTapWord(w.Say("reader.open"), look.Label, open))
	}
	c.acts = append(c.acts, newTapWord(w.Say("reader.save"), look.Label, save))
	for range c.acts {
		c.dots = append(c.dots, look.NewWholeText("·", look.Label))
	}
	c.ExtendBaseWidget(c)
	return c
}

// tell shows a word in place of the size: what became of saving.
func (c *card) tell(words string, style look.Style) {
	c.size.SetStyle(style)
	c.size.Set(words)
	c.Refresh()
}

// AccessibilityLabel names the file and its size.
func (c *card) AccessibilityLabel() string { return c.name.Text() + ", " + c.size.Text() }

// AccessibilityRole says that this holds other things.
func (c *card) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer makes the card's renderer.
func (c *card) CreateRenderer() fyne.WidgetRenderer { return &cardRenderer{c} }

type cardRenderer struct{ c *card }

func (r *cardRenderer) Destroy() {}

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.c.frame, r.c.name, r.c.size}
	for i, a := range r.c.acts {
		objects = append(objects, r.c.dots[i], a)
	}
	return objects
}

func (r *cardRenderer) MinSize() fyne.Size { return fyne.NewSize(cardWidth, cardHeight) }

func (r *cardRenderer) Layout(area fyne.Size) {
	c := r.c
	c.frame.Resize(area)
	const left = 3 * look.Unit
	c.name.Move(fyne.NewPos(left, 9))
	c.name.Resize(fyne.NewSize(area.Width-2*left, 20))
	x := float32(left)
	place := func(o fyne.CanvasObject, y, h float32) {
		w := min(o.MinSize().Width, area.Width-x)
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		x += w
	}
	place(c.size, 28, 20)
	for i, a := range c.acts {
		x += look.Unit
		place(c.dots[i], 28, 20)
		place(a, 26, 24)
		x -= look.Unit
	}
}

func (r *cardRenderer) Refresh() {
	r.Layout(r.c.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// size says a number of octets in words: "840 KB", "1.2 MB".
func size(w *assets.Words, n int64) string {
	switch {
	case n < 1000:
		return w.Count("reader.size.b", int(n))
	case n < 999_500:
		return w.Say("reader.size.kb", assets.Args{"Size": (n + 500) / 1000})
	case n < 999_500_000:
		return w.Say("reader.size.mb", assets.Args{"Size": tenth(n, 1e6)})
	}
	return w.Say("reader.size.gb", assets.Args{"Size": tenth(n, 1e9)})
}
