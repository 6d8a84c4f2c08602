package reader

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"github.com/linnet-mail/linnet/gui/look"
)

// shownLink is the link that is pointed at, with the mouse or the keyboard.
type shownLink struct {
	link
	source int32
}

// linkAt returns the link under p, nil if none.
func (v *textView) linkAt(p fyne.Position) *shownLink {
	if len(v.doc.rows) == 0 || p.Y < 0 || p.Y >= v.doc.height {
		return nil
	}
	row := v.doc.rows[v.doc.at(p.Y)]
	base := v.doc.sources[row.source].start
	for _, l := range v.linksOf(row.source) {
		from, to := int(base)+l.start, int(base)+l.end
		if to <= int(row.start) || from >= int(row.end) {
			continue
		}
		if p.X >= v.doc.xOf(v.m, row, from) && p.X <= v.doc.xOf(v.m, row, to) {
			return &shownLink{l, row.source}
		}
	}
	return nil
}

// point shows where a link leads, or with nil that none is pointed at.
func (v *textView) point(l *shownLink) {
	if l == nil && v.hover == nil || l != nil && v.hover != nil && l.source == v.hover.source && l.start == v.hover.start {
		return
	}
	v.hover = l
	if l == nil {
		v.onHover("")
	} else {
		v.onHover(Target(l.target))
	}
	v.Refresh()
}

// MouseIn and MouseMoved show where the link under the pointer leads.
func (v *textView) MouseIn(e *desktop.MouseEvent) { v.point(v.linkAt(e.Position)) }

// MouseMoved is MouseIn.
func (v *textView) MouseMoved(e *desktop.MouseEvent) { v.point(v.linkAt(e.Position)) }

// MouseOut ends it.
func (v *textView) MouseOut() { v.point(nil) }

// Cursor is a hand over links.
func (v *textView) Cursor() desktop.Cursor {
	if v.hover != nil {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// FocusGained shows the ring when the keyboard came here.
func (v *textView) FocusGained() { v.focused = true; v.Refresh() }

// FocusLost hides it.
func (v *textView) FocusLost() {
	v.focused, v.clicked = false, false
	v.Refresh()
}

func (v *textView) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
}

// TypedRune does nothing: Space comes as a key.
func (v *textView) TypedRune(rune) {}

// TypedKey scrolls, and walks from link to link with Left and Right. With Shift
// the arrows, Home and End select.
func (v *textView) TypedKey(e *fyne.KeyEvent) {
	if v.shift() && v.extend(e.Name) {
		return
	}
	page := v.page() - 2*lineHeight
	switch e.Name {
	case fyne.KeyDown:
		v.scroll(2 * lineHeight)
	case fyne.KeyUp:
		v.scroll(-2 * lineHeight)
	case fyne.KeyPageDown:
		v.scroll(page)
	case fyne.KeySpace:
		if v.shift() {
			page = -page
		}
		v.scroll(page)
	case fyne.KeyPageUp:
		v.scroll(-page)
	case fyne.KeyHome:
		v.scroll(-1e9)
	case fyne.KeyEnd:
		v.scroll(1e9)
	case fyne.KeyLeft:
		v.walk(-1)
	case fyne.KeyRight:
		v.walk(1)
	case fyne.KeyReturn, fyne.KeyEnter:
		if v.hover != nil {
			v.onLink(v.hover.target)
		}
	case desktop.KeyMenu:
		v.menu(fyne.CurrentApp().Driver().AbsolutePositionForObject(v).AddXY(0, max(v.top, 0)), v.hover)
	default:
		look.PassOn(v, e) // Escape, Delete and what else the window knows
	}
}

func shiftDown() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// extend moves the end of the selection by one sign or row, or to the beginning
// or end of its row. It reports whether the key does such a thing.
func (v *textView) extend(key fyne.KeyName) bool {
	if len(v.doc.rows) == 0 {
		return false
	}
	if from, to := v.sel.span(); from == to && !v.seen(v.sel.caret) {
		at := int(v.doc.rows[v.doc.at(max(v.top, 0))].start)
		v.sel.place(at, at)
	}
	i := v.doc.rowOf(v.sel.caret)
	row := v.doc.rows[i]
	to := v.sel.caret
	switch key {
	case fyne.KeyLeft:
		if to > 0 {
			to = v.doc.signBefore(to)
		}
	case fyne.KeyRight:
		to = min(to+signs(v.doc.text[to:min(to+64, len(v.doc.text))])[0], len(v.doc.text))
	case fyne.KeyUp, fyne.KeyDown:
		step := 1
		if key == fyne.KeyUp {
			step = -1
		}
		other := v.doc.rows[min(max(i+step, 0), len(v.doc.rows)-1)]
		to = v.doc.offsetAt(v.m, other, v.doc.xOf(v.m, row, to))
	case fyne.KeyHome:
		to = int(row.start)
	case fyne.KeyEnd:
		to = int(row.end)
	default:
		return false
	}
	v.sel.caret, v.sel.grain = to, bySign
	v.reveal(to)
	v.Refresh()
	return true
}

// seen reports whether the row of offset is on screen.
func (v *textView) seen(offset int) bool {
	row := v.doc.rows[v.doc.rowOf(offset)]
	return float32(row.y) >= v.top && float32(row.y+row.height()) <= v.bottom
}

// walk points at the next link in a direction, from the pointed one or else
// from what is seen.
func (v *textView) walk(step int) {
	if len(v.doc.sources) == 0 {
		return
	}
	source, start := v.doc.rows[v.doc.at(max(v.top, 0))].source, -1
	if v.hover != nil {
		source, start = v.hover.source, v.hover.start
	}
	for i := source; i >= 0 && int(i) < len(v.doc.sources); i += int32(step) {
		if l := pick(v.linksOf(i), step, i == source, start); l != nil {
			v.point(&shownLink{*l, i})
			v.reveal(int(v.doc.sources[i].start) + l.start)
			return
		}
	}
}

// pick returns the first link in the direction of step, behind start where the
// line is the one that the walk begins in.
func pick(links []link, step int, same bool, start int) *link {
	for n := range links {
		l := &links[n]
		if step < 0 {
			l = &links[len(links)-1-n]
		}
		if !same || step > 0 && l.start > start || step < 0 && start >= 0 && l.start < start {
			return l
		}
	}
	return nil
}

// reveal scrolls so that the row of offset is seen.
func (v *textView) reveal(offset int) {
	row := v.doc.rows[v.doc.rowOf(offset)]
	v.scrollTo(float32(row.y), float32(row.y+row.height()))
}

// TypedShortcut copies, or selects all.
func (v *textView) TypedShortcut(s fyne.Shortcut) {
	switch s.(type) {
	case *fyne.ShortcutCopy:
		v.copyText()
	case *fyne.ShortcutSelectAll:
		v.selectAll()
	}
}

// TappedSecondary shows the menu.
func (v *textView) TappedSecondary(e *fyne.PointEvent) {
	v.menu(e.AbsolutePosition, v.linkAt(e.Position))
}

func (v *textView) menu(at fyne.Position, l *shownLink) {
	c := fyne.CurrentApp().Driver().CanvasForObject(v)
	if c == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(v.menuItems(l), c, at)
}

func (v *textView) menuItems(l *shownLink) *fyne.Menu {
	copyItem := fyne.NewMenuItem(v.words.Say("reader.copy"), v.copyText)
	copyItem.Disabled = v.selected() == ""
	items := []*fyne.MenuItem{copyItem, fyne.NewMenuItem(v.words.Say("reader.select_all"), v.selectAll)}
	if l != nil {
		target := l.target
		items = append(items, fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem(v.words.Say("reader.open_link"), func() { v.onLink(target) }),
			fyne.NewMenuItem(v.words.Say("reader.copy_link"), func() { fyne.CurrentApp().Clipboard().SetContent(Target(target)) }))
	}
	return fyne.NewMenu("", items...)
}
