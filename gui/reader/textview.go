package reader

import (
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// margin is how far above and below the visible part rows are kept ready, in
// logical pixels, so that most scroll steps change nothing but an offset.
const margin = 300

// textView paints a message's text: the visible lines only, so that length does
// not matter. The text can be selected with mouse and keyboard, links can be
// followed, and quoted lines are muted behind a bar.
type textView struct {
	widget.BaseWidget
	words *assets.Words
	now   func() time.Time
	doc   *document
	m     *metrics
	ink   fyne.ThemeColorName
	plain bool // nothing in it is a link

	width       float32
	top, bottom float32 // the visible part, in the view's own coordinates
	sel         selection
	links       map[int32][]link // by index of the source line; a cache
	hover       *shownLink
	focused     bool
	clicked     bool // the focus came from the mouse: no ring

	onHover  func(target string)    // "" when nothing is pointed at
	onLink   func(*url.URL)         // a link was followed
	scroll   func(dy float32)       // by that much
	scrollTo func(top, end float32) // so that this part is seen
	page     func() float32         // height of the visible part
	shift    func() bool            // whether the Shift key is down
}

var (
	_ fyne.Focusable         = (*textView)(nil)
	_ fyne.Shortcutable      = (*textView)(nil)
	_ fyne.Draggable         = (*textView)(nil)
	_ fyne.SecondaryTappable = (*textView)(nil)
	_ fyne.Accessible        = (*textView)(nil)
	_ desktop.Mouseable      = (*textView)(nil)
	_ desktop.Hoverable      = (*textView)(nil)
	_ desktop.Cursorable     = (*textView)(nil)
)

func newTextView(words *assets.Words, now func() time.Time) *textView {
	v := &textView{
		words: words, now: now, doc: newDocument(""), m: newMetrics(look.BodySize, fyne.TextStyle{}), links: map[int32][]link{}, ink: look.Ink,
		onHover: func(string) {}, onLink: func(*url.URL) {}, scroll: func(float32) {}, scrollTo: func(float32, float32) {},
		page: func() float32 { return 400 }, shift: shiftDown,
	}
	v.ExtendBaseWidget(v)
	return v
}

// setDocument shows another text from its beginning.
func (v *textView) setDocument(d *document) {
	v.doc, v.sel, v.links = d, selection{}, map[int32][]link{}
	v.point(nil)
	if v.width > 0 {
		v.doc.layout(v.m, v.width)
	}
	v.Refresh()
}

// Resize wraps the text anew where the width changes.
func (v *textView) Resize(size fyne.Size) {
	if size.Width != v.width {
		v.width = size.Width
		v.doc.layout(v.m, v.width)
	}
	v.BaseWidget.Resize(size)
}

// setVisible tells the view which part of it can be seen.
func (v *textView) setVisible(top, bottom float32) {
	if top == v.top && bottom == v.bottom {
		return
	}
	v.top, v.bottom = top, bottom
	v.Refresh()
}

// linksOf returns the links of a line as written.
func (v *textView) linksOf(source int32) []link {
	if v.plain {
		return nil
	}
	if found, ok := v.links[source]; ok {
		return found
	}
	if len(v.links) > 500 {
		clear(v.links)
	}
	s := v.doc.sources[source]
	found := findLinks(v.doc.text[s.start:s.end])
	v.links[source] = found
	return found
}

// AccessibilityLabel returns the beginning of the text.
func (v *textView) AccessibilityLabel() string {
	text := v.doc.text
	if len(text) > 2000 {
		text = text[:v.doc.rows[v.doc.rowOf(2000)].start]
	}
	return text
}

// AccessibilityRole says that this is text.
func (v *textView) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
