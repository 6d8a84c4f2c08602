package compose

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// Measures of the composer, in logical pixels.
const (
	edge      = 5 * look.Unit  // margin left and right
	labelWide = 18 * look.Unit // where a row's label ends
	rowHigh   = 11 * look.Unit
	barHigh   = 13 * look.Unit
	footHigh  = 9 * look.Unit
)

// row is one line of the head of a message: a label, a field, perhaps a word at
// the right, and a line below that shows the focus.
type row struct {
	widget.BaseWidget
	label   *look.Text
	content fyne.CanvasObject
	extra   fyne.CanvasObject // nil: none
	line    *look.Paper
	indent  float32 // by how much the field's text stands inside its own place
	pad     float32 // above and below the field
}

func newRow(label string, content, extra fyne.CanvasObject) *row {
	r := &row{label: look.NewWholeText(label, look.Style{Size: 13, Ink: look.Muted}), content: content, extra: extra, line: look.NewPaper(look.Line), pad: look.Unit}
	r.ExtendBaseWidget(r)
	return r
}

// focused paints the line below in the accent.
func (r *row) focused(on bool) {
	if on {
		r.line.SetFill(look.Accent)
	} else {
		r.line.SetFill(look.Line)
	}
	r.Refresh()
}

// CreateRenderer makes the row's renderer.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ r *row }

func (n *rowRenderer) Destroy() {}

func (n *rowRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{n.r.label, n.r.content, n.r.line}
	if n.r.extra != nil {
		objects = append(objects, n.r.extra)
	}
	return objects
}

func (n *rowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60*look.Unit, max(n.r.content.MinSize().Height+2*n.r.pad, rowHigh))
}

func (n *rowRenderer) Layout(size fyne.Size) {
	r := n.r
	h := r.label.MinSize().Height
	r.label.Move(fyne.NewPos(edge, (rowHigh-h)/2))
	r.label.Resize(fyne.NewSize(labelWide, h))
	right := size.Width - edge
	if r.extra != nil && r.extra.Visible() {
		m := r.extra.MinSize()
		right -= m.Width
		r.extra.Move(fyne.NewPos(right, (rowHigh-m.Height)/2))
		r.extra.Resize(m)
		right -= 2 * look.Unit
	}
	left := edge + labelWide - r.indent
	r.content.Resize(fyne.NewSize(max(right-left, 1), r.content.Size().Height))
	ch := r.content.MinSize().Height
	r.content.Move(fyne.NewPos(left, max((rowHigh-ch)/2, r.pad)))
	r.content.Resize(fyne.NewSize(max(right-left, 1), ch))
	r.line.Move(fyne.NewPos(edge, size.Height-1))
	r.line.Resize(fyne.NewSize(size.Width-2*edge, 1))
}

func (n *rowRenderer) Refresh() {
	n.Layout(n.r.Size())
	for _, o := range n.Objects() {
		o.Refresh()
	}
}
