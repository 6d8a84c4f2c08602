package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

const (
	narrowReader float32 = 380 // a reader that would get less takes the list's place
	leastSidebar float32 = 168
	mostSidebar  float32 = 400
	leastList    float32 = 264
	mostList     float32 = 720
)

// panes lays out folders, list and reader side by side, with lines between them
// that can be dragged. Widths are kept in pixels, so that a larger window gives
// the reader more room. In a narrow window the reader takes the list's place.
type panes struct {
	widget.BaseWidget
	sidebar, list, reader fyne.CanvasObject
	box                   fyne.CanvasObject // outbox and drafts: instead of list and reader
	bar                   fyne.CanvasObject // a notice above list and reader
	first, second         *divider

	sidebarWidth, listWidth float32
	narrow                  bool
	reading                 bool // in a narrow window: the reader is in front
	boxed                   bool
	onNarrow                func()
}

func newPanes(sidebar, list, reader, box, bar fyne.CanvasObject, sidebarWidth, listWidth float32) *panes {
	p := &panes{sidebar: sidebar, list: list, reader: reader, box: box, bar: bar, onNarrow: func() {}}
	p.sidebarWidth, p.listWidth = sidebarWidth, listWidth
	if p.sidebarWidth <= 0 {
		p.sidebarWidth = look.SidebarWidth
	}
	if p.listWidth <= 0 {
		p.listWidth = look.ListWidth
	}
	p.first = newDivider(func(by float32) {
		p.sidebarWidth = min(max(p.sidebarWidth+by, leastSidebar), mostSidebar)
		p.Refresh()
	})
	p.second = newDivider(func(by float32) {
		p.listWidth = min(max(p.listWidth+by, leastList), mostList)
		p.Refresh()
	})
	p.ExtendBaseWidget(p)
	return p
}

// setReading brings the reader to the front in a narrow window, or the list.
func (p *panes) setReading(on bool) {
	p.reading = on
	p.Refresh()
}

// setBoxed shows the outbox instead of list and reader.
func (p *panes) setBoxed(on bool) {
	p.boxed = on
	p.Refresh()
}

// readerInFront reports whether the reader hides the list.
func (p *panes) readerInFront() bool { return p.narrow && p.reading && !p.boxed }

// CreateRenderer makes the renderer.
func (p *panes) CreateRenderer() fyne.WidgetRenderer { return &panesRenderer{p} }

type panesRenderer struct{ p *panes }

func (r *panesRenderer) Destroy() {}

func (r *panesRenderer) Objects() []fyne.CanvasObject {
	p := r.p
	return []fyne.CanvasObject{p.sidebar, p.list, p.reader, p.box, p.bar, p.first, p.second}
}

func (r *panesRenderer) MinSize() fyne.Size { return fyne.NewSize(480, 320) }

func (r *panesRenderer) Layout(size fyne.Size) {
	p := r.p
	side := min(p.sidebarWidth, size.Width*0.45)
	place(p.sidebar, 0, 0, side, size.Height)
	place(p.first, side-4, 0, 9, size.Height)
	x, width, y := side+1, size.Width-side-1, float32(0)
	if p.bar.Visible() {
		const pad = 8
		p.bar.Resize(fyne.NewSize(width-2*pad, p.bar.Size().Height))
		h := p.bar.MinSize().Height
		place(p.bar, x+pad, pad, width-2*pad, h)
		y = h + pad
	}
	height := size.Height - y
	p.setNarrow(width-min(p.listWidth, width) < narrowReader)
	r.showFront()
	place(p.box, x, y, width, height)
	if p.narrow {
		place(p.list, x, y, width, height)
		place(p.reader, x, y, width, height)
		return
	}
	place(p.list, x, y, p.listWidth, height)
	place(p.second, x+p.listWidth-4, y, 9, height)
	place(p.reader, x+p.listWidth+1, y, width-p.listWidth-1, height)
}

func (r *panesRenderer) showFront() {
	p := r.p
	setVisible(p.box, p.boxed)
	setVisible(p.list, !p.boxed && !p.readerInFront())
	setVisible(p.reader, !p.boxed && (!p.narrow || p.reading))
	setVisible(p.second, !p.boxed && !p.narrow)
}

func (p *panes) setNarrow(on bool) {
	if p.narrow != on {
		p.narrow = on
		p.onNarrow()
	}
}

func (r *panesRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.p)
}

func place(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on == o.Visible() {
		return
	}
	if on {
		o.Show()
		return
	}
	o.Hide()
}

// divider is a thin line with room around it to take hold of.
type divider struct {
	widget.BaseWidget
	onDrag  func(by float32)
	hovered bool
}

var (
	_ fyne.Draggable     = (*divider)(nil)
	_ desktop.Cursorable = (*divider)(nil)
	_ desktop.Hoverable  = (*divider)(nil)
)

func newDivider(onDrag func(float32)) *divider {
	d := &divider{onDrag: onDrag}
	d.ExtendBaseWidget(d)
	return d
}

// Dragged moves the line.
func (d *divider) Dragged(e *fyne.DragEvent) { d.onDrag(e.Dragged.DX) }

// DragEnd does nothing: widths are saved at the end.
func (d *divider) DragEnd() {}

// Cursor shows that the line can be moved.
func (d *divider) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// MouseIn lights the line.
func (d *divider) MouseIn(*desktop.MouseEvent) { d.hovered = true; d.Refresh() }

// MouseMoved does nothing.
func (d *divider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (d *divider) MouseOut() { d.hovered = false; d.Refresh() }

// CreateRenderer makes the renderer.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	r := &dividerRenderer{d: d, line: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type dividerRenderer struct {
	d    *divider
	line *canvas.Rectangle
}

func (r *dividerRenderer) Destroy()                     {}
func (r *dividerRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *dividerRenderer) MinSize() fyne.Size           { return fyne.NewSize(9, 9) }
func (r *dividerRenderer) Layout(size fyne.Size) {
	place(r.line, 4, 0, 1, size.Height)
	if r.d.hovered {
		place(r.line, 3, 0, 3, size.Height)
	}
}

func (r *dividerRenderer) Refresh() {
	r.line.FillColor = look.Colour(look.Line)
	if r.d.hovered {
		r.line.FillColor = look.Faded(look.Colour(look.Accent), 0x90)
	}
	r.Layout(r.d.Size())
	canvas.Refresh(r.d)
}
