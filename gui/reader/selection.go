package reader

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// clickTime is how long after a click the next one still belongs to it.
const clickTime = 400 * time.Millisecond

// grain is what a selection grows by.
type grain int

const (
	bySign grain = iota
	byWord
	byLine
)

// selection is a stretch of the text. The anchor is what was selected when the
// button went down; the caret is where the selection ends now.
type selection struct {
	from, to int // the anchor
	caret    int
	grain    grain
	last     time.Time // of the last press
	where    fyne.Position
}

// span returns the selected octets [from, to).
func (s selection) span() (from, to int) { return min(s.from, s.caret), max(s.to, s.caret) }

// place puts the whole selection between two offsets.
func (s *selection) place(from, to int) { s.from, s.to, s.caret = from, to, to }

// selected returns the selected text, "" if none.
func (v *textView) selected() string {
	from, to := v.sel.span()
	return v.doc.text[from:to]
}

// MouseDown begins a selection, grows it with Shift, or selects a word or a
// line at the second and third click.
func (v *textView) MouseDown(e *desktop.MouseEvent) {
	v.clicked = true
	v.focus()
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	at := v.offsetAt(e.Position)
	if e.Modifier&fyne.KeyModifierShift != 0 {
		v.grow(at)
		return
	}
	g := bySign
	if now := v.now(); now.Sub(v.sel.last) < clickTime && near(e.Position, v.sel.where) {
		g = (v.sel.grain + 1) % (byLine + 1)
	}
	v.sel = selection{grain: g, last: v.now(), where: e.Position}
	v.sel.place(v.around(at, g))
	v.Refresh()
}

// MouseUp follows a link that was pressed and released without selecting.
func (v *textView) MouseUp(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary || !near(e.Position, v.sel.where) || v.selected() != "" {
		return
	}
	if l := v.linkAt(e.Position); l != nil {
		v.onLink(l.target)
	}
}

// Dragged grows the selection, and scrolls where the pointer leaves the view.
func (v *textView) Dragged(e *fyne.DragEvent) {
	switch {
	case e.Position.Y < v.top:
		v.scroll(max(e.Position.Y-v.top, -2*lineHeight))
	case e.Position.Y > v.bottom:
		v.scroll(min(e.Position.Y-v.bottom, 2*lineHeight))
	}
	v.grow(v.offsetAt(e.Position))
}

// DragEnd does nothing: the selection stays.
func (v *textView) DragEnd() {}

// grow moves the selection's end to offset, by words or lines if it began so.
func (v *textView) grow(offset int) {
	from, to := v.around(offset, v.sel.grain)
	if offset < v.sel.from {
		v.sel.caret = from
	} else {
		v.sel.caret = to
	}
	v.Refresh()
}

// around returns what a click at offset selects.
func (v *textView) around(offset int, g grain) (from, to int) {
	switch g {
	case byWord:
		return v.doc.wordAt(offset)
	case byLine:
		return v.doc.lineAt(offset)
	}
	return offset, offset
}

func (v *textView) selectAll() {
	v.sel.place(0, len(v.doc.text))
	v.Refresh()
}

// copyText puts the selected text on the clipboard.
func (v *textView) copyText() {
	if s := v.selected(); s != "" {
		fyne.CurrentApp().Clipboard().SetContent(s)
	}
}

func (v *textView) offsetAt(p fyne.Position) int {
	if len(v.doc.rows) == 0 || p.Y < 0 {
		return 0
	}
	if p.Y >= v.doc.height {
		return len(v.doc.text)
	}
	return v.doc.offsetAt(v.m, v.doc.rows[v.doc.at(p.Y)], p.X)
}

func near(a, b fyne.Position) bool {
	dx, dy := a.X-b.X, a.Y-b.Y
	return dx*dx+dy*dy < 16
}
