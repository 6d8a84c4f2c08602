package setup

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// accountList lists the accounts. It takes the keyboard as a whole: Up and Down
// choose, with Alt they move the account, Return edits it.
type accountList struct {
	widget.BaseWidget
	words    *assets.Words
	all      []accounts.Account
	first    string // id of the default account
	chosen   string // id
	focused  bool
	rows     []*accountRow
	column   *fyne.Container
	onChosen func()
	onEdit   func()
	onMove   func(by int)
	onKey    func(*fyne.KeyEvent)
}

var _ fyne.Focusable = (*accountList)(nil)

func newAccountList(w *assets.Words) *accountList {
	l := &accountList{words: w, column: look.Column(0)}
	l.ExtendBaseWidget(l)
	return l
}

func (l *accountList) set(all []accounts.Account, first string) {
	l.all, l.first = all, first
	if l.at() < 0 && len(all) > 0 {
		l.chosen = all[0].ID
	}
	for len(l.rows) < len(all) {
		l.rows = append(l.rows, newAccountRow(l, len(l.rows)))
	}
	l.column.Objects = l.column.Objects[:0]
	for _, r := range l.rows[:len(all)] {
		l.column.Objects = append(l.column.Objects, r)
	}
	l.draw()
	l.column.Refresh()
	l.onChosen()
}

// at is the place of the chosen account, -1 for none.
func (l *accountList) at() int {
	return slices.IndexFunc(l.all, func(a accounts.Account) bool { return a.ID == l.chosen })
}

// account returns the chosen one.
func (l *accountList) account() (accounts.Account, bool) {
	if i := l.at(); i >= 0 {
		return l.all[i], true
	}
	return accounts.Account{}, false
}

func (l *accountList) choose(i int) {
	if i >= 0 && i < len(l.all) {
		l.chosen = l.all[i].ID
		l.draw()
		l.onChosen()
	}
}

func (l *accountList) tapped(i int) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	if i == l.at() {
		l.onEdit()
		return
	}
	l.choose(i)
}

func (l *accountList) draw() {
	for i, a := range l.all {
		f := accountFace{title: a.Title(), address: secondLine(a), colour: a.Colour, chosen: a.ID == l.chosen, lit: l.focused}
		switch {
		case a.Kept:
			f.state = l.words.Say("accounts.kept")
		case a.ID == l.first && len(l.all) > 1:
			f.state = l.words.Say("accounts.default")
		}
		l.rows[i].show(f)
	}
}

// secondLine is the address, or the name where the address stands above.
func secondLine(a accounts.Account) string {
	if a.Label == "" {
		return a.DefaultIdentity().Name
	}
	return a.Email
}

// CreateRenderer shows the rows.
func (l *accountList) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(l.column)
}

// FocusGained shows where the keyboard is.
func (l *accountList) FocusGained() { l.focused = true; l.draw() }

// FocusLost hides it.
func (l *accountList) FocusLost() { l.focused = false; l.draw() }

// TypedRune does nothing.
func (l *accountList) TypedRune(rune) {}

// TypedShortcut moves the account with Alt and an arrow.
func (l *accountList) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && c.Modifier == fyne.KeyModifierAlt {
		switch c.KeyName {
		case fyne.KeyUp:
			l.onMove(-1)
		case fyne.KeyDown:
			l.onMove(1)
		}
	}
}

// TypedKey chooses and edits.
func (l *accountList) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		l.choose(l.at() - 1)
	case fyne.KeyDown:
		l.choose(l.at() + 1)
	case fyne.KeyHome:
		l.choose(0)
	case fyne.KeyEnd:
		l.choose(len(l.all) - 1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.onEdit()
	default:
		l.onKey(e)
	}
}

// AccessibilityLabel says what the list is.
func (l *accountList) AccessibilityLabel() string { return l.words.Say("accounts.list") }

// AccessibilityRole says that it holds other things.
func (l *accountList) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
