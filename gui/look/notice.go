package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Notice is a quiet bar that says one thing and offers at most one action.
type Notice struct {
	widget.BaseWidget
	text   *Paragraph
	action *Button
	width  float32
}

// NewNotice returns a bar; action "" means that there is nothing to do.
func NewNotice(text, action string, tapped func()) *Notice {
	n := &Notice{
		text:   NewParagraph(text, Style{Size: 13, Ink: NoticeInk}),
		action: newButton(action, noticed, tapped),
	}
	n.action.Hidden = action == ""
	n.ExtendBaseWidget(n)
	return n
}

// Set changes what the bar says and offers.
func (n *Notice) Set(text, action string, tapped func()) {
	n.text.Set(text)
	n.action.OnTapped = tapped
	n.action.SetText(action)
	n.action.Hidden = action == ""
	n.Refresh()
}

// Text returns what the bar says.
func (n *Notice) Text() string { return n.text.Text() }

// Resize remembers the width, on which the least height depends.
func (n *Notice) Resize(size fyne.Size) {
	n.width = size.Width
	n.BaseWidget.Resize(size)
}

// AccessibilityLabel returns what the bar says.
func (n *Notice) AccessibilityLabel() string { return n.text.Text() }

// AccessibilityRole says that this holds other things.
func (n *Notice) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer makes the bar's renderer.
func (n *Notice) CreateRenderer() fyne.WidgetRenderer {
	paper := canvas.NewRectangle(Colour(NoticePaper))
	paper.CornerRadius = Radius
	return &noticeRenderer{n: n, paper: paper}
}

type noticeRenderer struct {
	n     *Notice
	paper *canvas.Rectangle
}

const noticePad = 3 * Unit

func (r *noticeRenderer) Destroy() {}
func (r *noticeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.n.text, r.n.action}
}

func (r *noticeRenderer) textWidth(width float32) float32 {
	width -= 2 * noticePad
	if r.n.action.Visible() {
		width -= r.n.action.MinSize().Width + 2*Unit
	}
	return max(width, 0)
}

func (r *noticeRenderer) MinSize() fyne.Size {
	width := r.n.width
	if width <= 0 {
		width = TextColumn
	}
	h := r.n.text.HeightFor(r.textWidth(width))
	return fyne.NewSize(60*Unit, max(h+4*Unit, 36))
}

func (r *noticeRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	w := r.textWidth(size.Width)
	h := r.n.text.HeightFor(w)
	r.n.text.Resize(fyne.NewSize(w, h))
	r.n.text.Move(fyne.NewPos(noticePad, (size.Height-h)/2))
	a := r.n.action.MinSize()
	r.n.action.Resize(a)
	r.n.action.Move(fyne.NewPos(size.Width-a.Width-noticePad+Unit, (size.Height-a.Height)/2))
}

func (r *noticeRenderer) Refresh() {
	r.paper.FillColor = Colour(NoticePaper)
	r.n.text.Refresh()
	r.n.action.Refresh()
	r.Layout(r.n.Size())
	canvas.Refresh(r.n)
}
