package look

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Avatar is a disc with a person's initials.
type Avatar struct {
	widget.BaseWidget
	initials string
	size     float32
}

// NewAvatar returns a disc of the given diameter for a name (or an address,
// where there is no name).
func NewAvatar(name string, size float32) *Avatar {
	a := &Avatar{initials: Initials(name), size: size}
	a.ExtendBaseWidget(a)
	return a
}

// Set shows another person.
func (a *Avatar) Set(name string) {
	a.initials = Initials(name)
	a.Refresh()
}

// Initials returns the first letters of the first and the last word of a name,
// in capitals; at most two, "?" where there is no letter.
func Initials(name string) string {
	if at := strings.IndexByte(name, '@'); at > 0 && !strings.Contains(name, " ") {
		name = strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(name[:at])
	}
	var firsts []rune
	for _, w := range strings.Fields(name) {
		for _, r := range w {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				firsts = append(firsts, unicode.ToUpper(r))
				break
			}
		}
	}
	switch len(firsts) {
	case 0:
		return "?"
	case 1:
		return string(firsts)
	}
	return string([]rune{firsts[0], firsts[len(firsts)-1]})
}

// CreateRenderer makes the disc's renderer.
func (a *Avatar) CreateRenderer() fyne.WidgetRenderer {
	r := &avatarRenderer{a: a, disc: canvas.NewCircle(nil), text: canvas.NewText("", nil)}
	r.text.Alignment = fyne.TextAlignCenter
	r.text.TextStyle = fyne.TextStyle{Bold: true}
	r.Refresh()
	return r
}

type avatarRenderer struct {
	a    *Avatar
	disc *canvas.Circle
	text *canvas.Text
}

func (r *avatarRenderer) Destroy()                     {}
func (r *avatarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.disc, r.text} }
func (r *avatarRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(r.a.size) }

func (r *avatarRenderer) Layout(size fyne.Size) {
	r.disc.Resize(fyne.NewSquareSize(r.a.size))
	r.disc.Move(fyne.NewPos((size.Width-r.a.size)/2, (size.Height-r.a.size)/2))
	h := r.text.MinSize().Height
	r.text.Resize(fyne.NewSize(size.Width, h))
	r.text.Move(fyne.NewPos(0, (size.Height-h)/2))
}

func (r *avatarRenderer) Refresh() {
	r.disc.FillColor = Colour(AvatarPaper)
	r.text.Text, r.text.Color, r.text.TextSize = r.a.initials, Colour(AvatarInk), r.a.size*0.38
	r.Layout(r.a.Size())
	canvas.Refresh(r.a)
}
