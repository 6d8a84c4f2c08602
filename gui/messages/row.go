package messages

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// rowWidget draws one message. It is laid out by hand and measures with summed
// letter widths: that is a hundred times faster than containers of labels.
type rowWidget struct {
	widget.BaseWidget
	list  *List
	place int
	face  face
	room  float32 // the width the strings were cut for
	dark  bool    // the colours they were painted in

	paper, ring                 *canvas.Rectangle
	dot, account                *canvas.Circle // unread; the account's colour
	who, date, subject, snippet *canvas.Text
	star, clip                  *canvas.Image
	objects                     []fyne.CanvasObject
}

var (
	whoStyle     = look.Plain
	subjectStyle = look.Style{Size: 13, Ink: look.Ink}
	snippetStyle = look.Small
	dateStyle    = look.Label
)

func newRow(l *List) *rowWidget {
	r := &rowWidget{list: l, place: -1}
	r.paper, r.ring = canvas.NewRectangle(color.Transparent), look.NewRing(2)
	r.dot, r.account = canvas.NewCircle(color.Transparent), canvas.NewCircle(color.Transparent)
	text := func(s look.Style) *canvas.Text {
		t := canvas.NewText("", color.Transparent)
		t.TextSize = s.Size
		return t
	}
	r.who, r.date, r.subject, r.snippet = text(whoStyle), text(dateStyle), text(subjectStyle), text(snippetStyle)
	r.date.Alignment = fyne.TextAlignTrailing
	r.star, r.clip = canvas.NewImageFromResource(l.starIcon), canvas.NewImageFromResource(l.clipIcon)
	r.objects = []fyne.CanvasObject{r.paper, r.dot, r.account, r.who, r.date, r.subject, r.star, r.clip, r.snippet, r.ring}
	r.ExtendBaseWidget(r)
	r.paint()
	return r
}

// MinSize is always the same, so that the list never has to ask.
func (r *rowWidget) MinSize() fyne.Size { return fyne.NewSize(200, look.RowHeight) }

// CreateRenderer shows the row's objects, which live in the widget: renderers of
// hidden rows are thrown away.
func (r *rowWidget) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ r *rowWidget }

func (x *rowRenderer) Destroy()                     {}
func (x *rowRenderer) Objects() []fyne.CanvasObject { return x.r.objects }
func (x *rowRenderer) MinSize() fyne.Size           { return x.r.MinSize() }

func (x *rowRenderer) Layout(size fyne.Size) {
	if size.Width != x.r.room {
		x.r.room = size.Width
		x.r.arrange()
	}
}

func (x *rowRenderer) Refresh() {
	if x.r.dark != look.IsDark() {
		x.r.star.Refresh()
		x.r.clip.Refresh()
	}
	x.r.paint()
	canvas.Refresh(x.r)
}

// show puts a message into the row; nothing happens if it is there already.
func (r *rowWidget) show(place int, f face) {
	r.place = place
	if f == r.face && r.dark == look.IsDark() {
		return
	}
	r.face = f
	r.paint()
	r.arrange()
	canvas.Refresh(r)
}

const (
	leftEdge  float32 = 28 // of the text; the dot stands before it
	rightEdge float32 = 16
	iconSize  float32 = 14
	firstLine float32 = 6
	nextLine  float32 = 26
	lastLine  float32 = 44
)

// paint sets colours and weights.
func (r *rowWidget) paint() {
	f := r.face
	r.dark = look.IsDark()
	ink, muted := look.Colour(look.Ink), look.Colour(look.Muted)
	r.who.Color, r.subject.Color, r.date.Color, r.snippet.Color = ink, ink, muted, muted
	r.who.TextStyle.Bold, r.subject.TextStyle.Bold = f.unread, f.unread
	r.dot.FillColor = color.Transparent
	if f.unread {
		r.dot.FillColor = look.Colour(look.Accent)
	}
	r.account.FillColor = color.Transparent
	if f.colour != "" {
		r.account.FillColor = look.ParseColour(f.colour)
	}
	r.paper.FillColor = look.RowColour(f.selected, f.hover)
	r.ring.StrokeColor = look.Colour(look.Accent)
	r.ring.Hidden = !f.cursor || !f.lit
	r.star.Hidden, r.clip.Hidden = !f.starred, !f.clip
}

// arrange cuts the strings to the room there is and puts everything in place.
func (r *rowWidget) arrange() {
	w, f, ruler := r.room, r.face, r.list.ruler
	if w <= 0 {
		return
	}
	r.paper.Resize(fyne.NewSize(w, look.RowHeight+look.Unit)) // the gap below belongs to the row
	look.PlaceRing(r.ring, fyne.NewSize(w, look.RowHeight+look.Unit), 1)
	r.dot.Move(fyne.NewPos(12, firstLine+7))
	r.dot.Resize(fyne.NewSize(8, 8))
	r.account.Move(fyne.NewPos(13, lastLine+7))
	r.account.Resize(fyne.NewSize(6, 6))

	right := w - rightEdge
	dateWidth := ruler.Width(f.date, dateStyle)
	r.put(r.date, f.date, right-dateWidth-4, firstLine+1, dateWidth+4)
	bold := whoStyle
	bold.Bold = f.unread
	room := right - dateWidth - 12 - leftEdge
	r.put(r.who, ruler.Cut(f.who, room, bold), leftEdge, firstLine, room)

	x := right
	for _, icon := range []*canvas.Image{r.clip, r.star} {
		if icon.Hidden {
			continue
		}
		x -= iconSize
		icon.Resize(fyne.NewSize(iconSize, iconSize))
		icon.Move(fyne.NewPos(x, nextLine+2))
		x -= 2
	}
	bold = subjectStyle
	bold.Bold = f.unread
	r.put(r.subject, ruler.Cut(f.subject, x-6-leftEdge, bold), leftEdge, nextLine, x-leftEdge)
	r.put(r.snippet, ruler.Cut(f.snippet, right-leftEdge, snippetStyle), leftEdge, lastLine, right-leftEdge)
}

func (r *rowWidget) put(t *canvas.Text, s string, x, y, w float32) {
	t.Text = s
	t.Move(fyne.NewPos(x, y))
	t.Resize(fyne.NewSize(max(w, 0), 18))
}

// Tapped selects; the list decides what Shift and Control mean.
func (r *rowWidget) Tapped(*fyne.PointEvent) { r.list.tapped(r.place) }

// TappedSecondary asks for the context menu.
func (r *rowWidget) TappedSecondary(e *fyne.PointEvent) {
	r.list.secondary(r.place, e.AbsolutePosition)
}

// MouseIn lights the row.
func (r *rowWidget) MouseIn(*desktop.MouseEvent) { r.setHover(true) }

// MouseMoved does nothing.
func (r *rowWidget) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (r *rowWidget) MouseOut() { r.setHover(false) }

func (r *rowWidget) setHover(on bool) {
	f := r.face
	f.hover = on
	r.show(r.place, f)
}

// AccessibilityLabel says the row as one sentence.
func (r *rowWidget) AccessibilityLabel() string {
	return r.face.who + ", " + r.face.subject + ", " + r.face.date
}

// AccessibilityRole says button: a row can be pressed.
func (r *rowWidget) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
