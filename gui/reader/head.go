package reader

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

const avatarSize = 36

// maxAll is how much of the unfolded list is painted, in logical pixels.
const maxAll = 20_000

// head says who wrote, to whom and when: an avatar, the name with the real
// address below it, and the recipients, folded into one line until asked for.
type head struct {
	widget.BaseWidget
	avatar     *look.Avatar
	name, when *look.Text
	line       *tapWord  // address and recipients; unfolds
	all        *textView // everyone, with addresses; can be copied
	onUnfold   func()
}

func newHead(c Config, onUnfold func()) *head {
	h := &head{
		avatar: look.NewAvatar("", avatarSize), name: look.NewText("", look.Strong), when: look.NewWholeText("", look.Small),
		all: newTextView(c.Words, c.Now), onUnfold: onUnfold,
	}
	h.when.Align = fyne.TextAlignTrailing
	h.all.m = newMetrics(look.SmallSize, fyne.TextStyle{})
	h.all.plain = true
	h.all.ink = look.Muted
	h.all.setVisible(0, maxAll)
	h.all.Hide()
	h.line = newTapWord("", look.Small, h.unfold)
	h.ExtendBaseWidget(h)
	return h
}

func (h *head) show(w *assets.Words, m mailcore.Header, date, now time.Time, own func(string) bool) {
	from := mailcore.Address{}
	if len(m.From) > 0 {
		from = m.From[0]
	}
	name := shownName(from)
	if name == "" {
		name = w.Say("reader.nobody")
	}
	h.avatar.Set(name)
	h.name.Set(name)
	h.when.Set(when(w, date, now))
	line := from.Addr
	if to := recipients(w, m, own); to != "" {
		if line != "" {
			line += " · "
		}
		line += to
	}
	h.line.set(line)
	h.line.Hidden = line == ""
	h.all.setDocument(newDocument(details(w, m)))
	h.all.Hide()
	h.Refresh()
}

func (h *head) unfold() {
	h.all.Hidden = !h.all.Hidden
	h.Refresh()
	h.onUnfold()
}

// AccessibilityLabel names the sender and the date.
func (h *head) AccessibilityLabel() string { return h.name.Text() + ", " + h.when.Text() }

// AccessibilityRole says that this holds other things.
func (h *head) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// Resize passes the width on before the height is asked for.
func (h *head) Resize(size fyne.Size) {
	h.all.Resize(fyne.NewSize(size.Width-headIndent, h.all.Size().Height))
	h.BaseWidget.Resize(size)
}

// headIndent is where the words beside the avatar begin.
const headIndent = avatarSize + 3*look.Unit

// CreateRenderer makes the head's renderer.
func (h *head) CreateRenderer() fyne.WidgetRenderer { return &headRenderer{h} }

type headRenderer struct{ h *head }

func (r *headRenderer) Destroy() {}
func (r *headRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.h.avatar, r.h.name, r.h.when, r.h.line, r.h.all}
}

func (r *headRenderer) MinSize() fyne.Size {
	height := float32(10 * look.Unit)
	if r.h.all.Visible() {
		height += look.Unit + r.h.all.MinSize().Height
	}
	return fyne.NewSize(240, height)
}

func (r *headRenderer) Layout(size fyne.Size) {
	h := r.h
	h.avatar.Resize(fyne.NewSquareSize(avatarSize))
	h.avatar.Move(fyne.NewPos(0, 2))
	date := h.when.MinSize()
	h.when.Resize(fyne.NewSize(date.Width, 20))
	h.when.Move(fyne.NewPos(size.Width-date.Width, 0))
	h.name.Resize(fyne.NewSize(size.Width-headIndent-date.Width-3*look.Unit, 20))
	h.name.Move(fyne.NewPos(headIndent, 0))
	h.line.Resize(fyne.NewSize(size.Width-headIndent+look.Unit, 24))
	h.line.Move(fyne.NewPos(headIndent-look.Unit, 18))
	h.all.Move(fyne.NewPos(headIndent, 11*look.Unit))
	h.all.Resize(fyne.NewSize(size.Width-headIndent, h.all.MinSize().Height))
}

func (r *headRenderer) Refresh() {
	r.Layout(r.h.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
