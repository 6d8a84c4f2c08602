package messages

import (
	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/mailcore"
)

// TypedKey moves through the list: Up, Down, Page Up, Page Down, Home, End
// select (with Shift: extend, with Control: only move), Space adds or takes
// away, Return opens. Other keys go to OnKey.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyDown:
		l.move(1)
	case fyne.KeyPageUp:
		l.move(-l.pageRows())
	case fyne.KeyPageDown:
		l.move(l.pageRows())
	case fyne.KeyHome:
		l.move(-l.model.Len())
	case fyne.KeyEnd:
		l.move(l.model.Len())
	case fyne.KeySpace:
		if id := l.model.Cursor(); id != 0 {
			l.model.Toggle(id)
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open()
	default:
		l.OnKey(e)
	}
}

func (l *List) open() {
	id := l.model.Cursor()
	if id == 0 {
		return
	}
	if l.model.SelectedCount() != 1 || !l.model.IsSelected(id) {
		l.model.Select(id)
		l.OnShow(id)
	}
	l.OnOpen(id)
}

// TypedRune hands letters on.
func (l *List) TypedRune(r rune) {
	if r != ' ' {
		l.OnRune(r)
	}
}

// Step selects the next (1) or previous (-1) message.
func (l *List) Step(by int) { l.stepTo(by, 0) }

func (l *List) move(by int) { l.stepTo(by, l.Modifiers()) }

func (l *List) stepTo(by int, held fyne.KeyModifier) {
	n := l.model.Len()
	if n == 0 {
		return
	}
	at := l.model.Place(l.model.Cursor())
	to := min(max(at+by, 0), n-1)
	id := l.model.ID(to)
	switch {
	case held&fyne.KeyModifierShift != 0:
		l.model.Extend(id)
	case held&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0:
		l.model.MoveCursor(id)
	case to != at || !l.model.IsSelected(id):
		l.model.Select(id)
		l.OnShow(id)
	}
	l.ScrollToID(id)
}

func (l *List) tapped(place int) {
	l.focus()
	id := l.model.ID(place)
	if id == 0 {
		return
	}
	held := l.Modifiers()
	switch {
	case held&fyne.KeyModifierShift != 0:
		l.model.Extend(id)
	case held&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0:
		l.model.Toggle(id)
	default:
		l.click(id)
	}
}

// click tells a double click itself: Fyne would hold back every single one.
func (l *List) click(id mailcore.ID) {
	now := l.Now()
	twice := id == l.lastTapped && now.Sub(l.lastTap) < doubleClick
	l.lastTap, l.lastTapped = now, id
	if twice {
		l.lastTapped = 0
		l.OnOpen(id)
		return
	}
	l.model.Select(id)
	l.OnShow(id)
	if l.OpenOnClick {
		l.OnOpen(id)
	}
}

// secondary selects what the pointer is on, unless it is selected already.
func (l *List) secondary(place int, at fyne.Position) {
	l.focus()
	id := l.model.ID(place)
	if id == 0 {
		return
	}
	if !l.model.IsSelected(id) {
		l.model.Select(id)
		l.OnShow(id)
	}
	l.OnMenu(at)
}

func (l *List) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
}
