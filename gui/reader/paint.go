package reader

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/linnet-mail/linnet/gui/look"
)

// CreateRenderer makes the view's renderer.
func (v *textView) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{v: v, ring: look.NewRing(look.Unit)}
	r.Refresh()
	return r
}

// textRenderer keeps a pool of texts and rectangles; their number is that of
// the rows on screen, whatever the length of the text.
type textRenderer struct {
	v                  *textView
	ring               *canvas.Rectangle
	texts              []*canvas.Text
	areas              []*canvas.Rectangle
	usedTexts, usedAll int
	objects            []fyne.CanvasObject
	from, to           int // rows painted
	painted            paintKey
}

// paintKey is all that decides what is painted besides the rows.
type paintKey struct {
	doc     *document
	width   float32
	sel     selection
	hover   *shownLink
	focused bool
	ink     color.Color
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *textRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, r.v.doc.height) }

func (r *textRenderer) Layout(size fyne.Size) {
	look.PlaceRing(r.ring, size.AddWidthHeight(2*look.Unit, 2*look.Unit), 0)
	r.ring.Move(fyne.NewPos(-look.Unit, -look.Unit))
	r.Refresh()
}

// Refresh paints anew if anything that can be seen has changed.
func (r *textRenderer) Refresh() {
	v := r.v
	key := paintKey{v.doc, v.width, v.sel, v.hover, v.focused && !v.clicked, look.Colour(look.Ink)}
	if from, to := v.doc.visible(v.top, v.bottom); key == r.painted && from >= r.from && to <= r.to {
		return
	}
	r.painted = key
	r.from, r.to = v.doc.visible(v.top-margin, v.bottom+margin)
	r.paint()
	canvas.Refresh(v)
}

func (r *textRenderer) paint() {
	r.usedTexts, r.usedAll = 0, 0
	r.objects = r.objects[:0]
	for i := r.from; i < r.to; i++ {
		r.paintBehind(r.v.doc.rows[i])
	}
	for i := r.from; i < r.to; i++ {
		r.paintRow(r.v.doc.rows[i])
	}
	r.ring.StrokeColor = look.Colour(look.Accent)
	r.ring.Hidden = !r.painted.focused
	r.objects = append(r.objects, r.ring)
}

// paintBehind paints what lies behind a row's words: bars and the selection.
func (r *textRenderer) paintBehind(row row) {
	y := float32(row.y)
	for d := range int(row.depth) {
		r.area(look.Line, float32(d)*quoteStep, y, 3, lineHeight)
	}
	from, to := r.v.sel.span()
	if from == to || to <= int(row.start) && !(row.start == row.end && from <= int(row.start)) || from > int(row.end) {
		return
	}
	left := r.v.doc.xOf(r.v.m, row, from)
	right := r.v.doc.xOf(r.v.m, row, to)
	if to > int(row.end) {
		right += look.Unit // the line end is selected too
	}
	if right > left {
		r.area(textSelection, left, y, right-left, float32(row.height()))
	}
}

// paintRow paints a row's words, links apart from the rest.
func (r *textRenderer) paintRow(row row) {
	v := r.v
	ink := v.ink
	if row.depth > 0 {
		ink = look.Muted
	}
	base := v.doc.sources[row.source].start
	at := row.start
	for _, l := range v.linksOf(row.source) {
		from, to := max(base+int32(l.start), row.start), min(base+int32(l.end), row.end)
		if from >= to {
			continue
		}
		r.text(row, at, from, ink)
		r.text(row, from, to, look.Accent)
		if v.hover != nil && v.hover.source == row.source && v.hover.start == l.start {
			left, right := v.doc.xOf(v.m, row, int(from)), v.doc.xOf(v.m, row, int(to))
			r.area(look.Accent, left, float32(row.y)+lineHeight-3, right-left, 1)
		}
		at = to
	}
	r.text(row, at, row.end, ink)
}

func (r *textRenderer) text(row row, from, to int32, ink fyne.ThemeColorName) {
	if from >= to {
		return
	}
	if r.usedTexts == len(r.texts) {
		r.texts = append(r.texts, canvas.NewText("", nil))
	}
	t := r.texts[r.usedTexts]
	r.usedTexts++
	t.Text, t.Color, t.TextSize, t.TextStyle = r.v.doc.text[from:to], look.Colour(ink), r.v.m.size, r.v.m.style
	t.Move(fyne.NewPos(r.v.doc.xOf(r.v.m, row, int(from)), float32(row.y)))
	t.Resize(fyne.NewSize(max(r.v.width-t.Position().X, 1), lineHeight))
	r.objects = append(r.objects, t)
}

// textSelection stands for the selection's colour, which must be seen on the
// surface too.
const textSelection fyne.ThemeColorName = "reader.selection"

func (r *textRenderer) area(fill fyne.ThemeColorName, x, y, w, h float32) {
	if r.usedAll == len(r.areas) {
		r.areas = append(r.areas, canvas.NewRectangle(nil))
	}
	a := r.areas[r.usedAll]
	r.usedAll++
	if fill == textSelection {
		a.FillColor = look.Faded(look.Colour(look.Accent), 0x48)
	} else {
		a.FillColor = look.Colour(fill)
	}
	a.Move(fyne.NewPos(x, y))
	a.Resize(fyne.NewSize(w, h))
	r.objects = append(r.objects, a)
}
