package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// scrollBy scrolls the page, as far as it goes. Offsets are whole pixels, so
// that letters stay sharp.
func (r *Reader) scrollBy(dy float32) {
	furthest := max(r.page.root.MinSize().Height-r.scroll.Size().Height, 0)
	y := min(max(r.scroll.Offset.Y+dy, 0), furthest)
	r.scroll.ScrollToOffset(fyne.NewPos(0, float32(int(y+0.5))))
	r.scrolled()
}

// ScrollPage scrolls by most of a page down, or up with a negative count.
func (r *Reader) ScrollPage(pages float32) {
	r.scrollBy(pages * (r.scroll.Size().Height - 2*lineHeight))
}

// AtEnd reports whether the end of the message is on screen.
func (r *Reader) AtEnd() bool {
	return r.scroll.Offset.Y+r.scroll.Size().Height >= r.page.root.MinSize().Height-1
}

// scrolled tells the text which part of it can be seen now.
func (r *Reader) scrolled() {
	top := r.scroll.Offset.Y - r.page.textTop()
	r.page.text.setVisible(top, top+r.scroll.Size().Height)
}

// relayout gives the page its width first, because its height depends on it.
func (r *Reader) relayout() {
	r.layoutPage(r.Size())
	r.page.root.Refresh()
	r.scroll.Refresh()
	r.scrollBy(0)
}

func (r *Reader) layoutPage(size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	r.page.root.Resize(fyne.NewSize(size.Width, r.page.root.Size().Height))
}

// CreateRenderer makes the pane's renderer.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer {
	return &readerRenderer{r: r, paper: look.NewPaper(look.Surface)}
}

type readerRenderer struct {
	r     *Reader
	paper *look.Paper
}

func (n *readerRenderer) Destroy()           {}
func (n *readerRenderer) MinSize() fyne.Size { return fyne.NewSize(300, 200) }

func (n *readerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{n.paper, n.r.nothing, n.r.scroll, n.r.strip}
}

func (n *readerRenderer) Layout(size fyne.Size) {
	n.paper.Resize(size)
	n.r.nothing.Resize(size)
	n.r.layoutPage(size)
	n.r.scroll.Resize(size)
	n.r.scroll.Refresh()
	n.r.strip.Resize(fyne.NewSize(size.Width, stripHeight))
	n.r.strip.Move(fyne.NewPos(0, size.Height-stripHeight))
	n.r.scrollBy(0)
}

func (n *readerRenderer) Refresh() {
	n.Layout(n.r.Size())
	n.paper.Refresh()
	canvas.Refresh(n.r)
}

const stripHeight = 6 * look.Unit

// strip says at the lower edge where a link leads.
type strip struct {
	widget.BaseWidget
	target string
}

func newStrip() *strip {
	s := &strip{}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

func (s *strip) show(target string) {
	s.target = target
	s.Hidden = target == ""
	s.Refresh()
}

// CreateRenderer makes the strip's renderer.
func (s *strip) CreateRenderer() fyne.WidgetRenderer {
	return &stripRenderer{s: s, paper: look.NewPaper(look.ChipPaper), text: look.NewText("", look.Label.With(look.Ink))}
}

type stripRenderer struct {
	s     *strip
	paper *look.Paper
	text  *look.Text
}

func (r *stripRenderer) Destroy()                     {}
func (r *stripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.paper, r.text} }
func (r *stripRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, stripHeight) }

func (r *stripRenderer) Layout(size fyne.Size) {
	width := min(look.Label.Width(r.s.target)+6*look.Unit, size.Width)
	r.paper.Resize(fyne.NewSize(width, size.Height))
	r.text.Move(fyne.NewPos(3*look.Unit, 0))
	r.text.Resize(fyne.NewSize(max(width-6*look.Unit+1, 0), size.Height))
}

func (r *stripRenderer) Refresh() {
	r.text.Set(r.s.target)
	r.Layout(r.s.Size())
	r.paper.Refresh()
	r.text.Refresh()
	canvas.Refresh(r.s)
}
