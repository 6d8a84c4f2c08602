package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// NewCard returns content on a card with a thin frame and a margin.
func NewCard(content fyne.CanvasObject, margin float32) *fyne.Container {
	return container.NewStack(NewFrame(CardRadius), Pad(content, margin, margin, margin, margin))
}

// NewBox returns content in a frame with the corners of a control.
func NewBox(content fyne.CanvasObject, margin float32) *fyne.Container {
	return container.NewStack(NewFrame(Radius), Pad(content, margin, margin, margin, margin))
}

// On returns content on a coloured background.
func On(fill fyne.ThemeColorName, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewPaper(fill), content)
}

// Pad returns content with margins.
func Pad(content fyne.CanvasObject, top, right, bottom, left float32) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), content)
}

// Column stacks objects with a gap between them, each as wide as the column.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&stack{gap: gap}, objects...)
}

// Row puts objects side by side with a gap between them, each at its least
// width, centred upright; a layout.NewSpacer takes what is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap}, objects...)
}

// Narrow keeps content at most max wide, at the left or in the middle.
func Narrow(content fyne.CanvasObject, widest float32, centred bool) *fyne.Container {
	return container.New(&narrow{widest: widest, centred: centred}, content)
}

// Fixed gives content at least the given size.
func Fixed(content fyne.CanvasObject, size fyne.Size) *fyne.Container {
	return container.New(&least{size: size}, content)
}

type stack struct{ gap float32 }

func (s *stack) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		if size.Height > 0 {
			size.Height += s.gap
		}
		size.Height += m.Height
	}
	return size
}

// Layout asks for the least height after setting the width, because wrapped
// text only then knows its own.
func (s *stack) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + s.gap
	}
}

type row struct{ gap float32 }

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if !o.Visible() || isSpacer(o) {
			continue
		}
		m := o.MinSize()
		size.Height = max(size.Height, m.Height)
		if size.Width > 0 {
			size.Width += r.gap
		}
		size.Width += m.Width
	}
	return size
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	spacers := 0
	for _, o := range objects {
		if o.Visible() && isSpacer(o) {
			spacers++
		}
	}
	free := max(0, size.Width-r.MinSize(objects).Width)
	var x float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if isSpacer(o) {
			x += free / float32(spacers)
			continue
		}
		m := o.MinSize()
		o.Resize(m)
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		x += m.Width + r.gap
	}
}

func isSpacer(o fyne.CanvasObject) bool {
	_, ok := o.(layout.SpacerObject)
	return ok
}

type narrow struct {
	widest  float32
	centred bool
}

func (n *narrow) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (n *narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := min(size.Width, n.widest)
	objects[0].Resize(fyne.NewSize(w, size.Height))
	x := float32(0)
	if n.centred {
		x = (size.Width - w) / 2
	}
	objects[0].Move(fyne.NewPos(x, 0))
}

type least struct{ size fyne.Size }

func (l *least) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(l.size)
}

func (l *least) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.NewPos(0, 0))
}
