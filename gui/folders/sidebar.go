package folders

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Sidebar is the widget. It takes the keyboard as a whole: Up and Down move,
// Return and Space go there, Left and Right close and open a folder.
type Sidebar struct {
	widget.BaseWidget
	words   *assets.Words
	content Content

	// OnGo is called when a person wants to see a place.
	OnGo func(Place)
	// OnTrouble is called when a person wants to know what is wrong with an account.
	OnTrouble func(mailcore.AccountID)
	// OnExpanded is called when folders were opened or closed.
	OnExpanded func()
	// OnKey sees keys that the sidebar does not use.
	OnKey func(*fyne.KeyEvent)
	// OnMenu asks for the context menu of a place.
	OnMenu func(Place, fyne.Position)
	// OnAccountMenu asks for the menu of an account.
	OnAccountMenu func(mailcore.AccountID, fyne.Position)

	current  Place
	expanded map[string]bool
	shown    []line
	cursor   int // of shown, -1 if the keyboard was never here
	focused  bool
	rows     []*rowWidget
	column   *fyne.Container
	scroll   *container.Scroll
}

var (
	_ fyne.Focusable  = (*Sidebar)(nil)
	_ fyne.Accessible = (*Sidebar)(nil)
)

// New returns an empty sidebar; expanded are the folders that show their children.
func New(words *assets.Words, expanded []string) *Sidebar {
	s := &Sidebar{
		words: words, expanded: map[string]bool{}, cursor: -1,
		OnGo: func(Place) {}, OnTrouble: func(mailcore.AccountID) {}, OnExpanded: func() {},
		OnKey: func(*fyne.KeyEvent) {}, OnMenu: func(Place, fyne.Position) {},
		OnAccountMenu: func(mailcore.AccountID, fyne.Position) {},
	}
	for _, key := range expanded {
		s.expanded[key] = true
	}
	s.column = look.Column(0)
	s.scroll = container.NewVScroll(look.Pad(s.column, 0, 8, 8, 8))
	s.ExtendBaseWidget(s)
	s.Set(Content{})
	return s
}

// Set shows new content. The keyboard stays at the place where it was.
func (s *Sidebar) Set(c Content) {
	s.content = c
	s.rebuild()
}

// Go marks a place as the one that is shown.
func (s *Sidebar) Go(p Place) {
	s.current = p
	if i := s.find(p); i >= 0 {
		s.cursor = i
	}
	s.draw()
}

// Current returns the place that is shown.
func (s *Sidebar) Current() Place { return s.current }

// Expanded returns the folders that show their children.
func (s *Sidebar) Expanded() []string {
	var out []string
	for key, open := range s.expanded {
		if open {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

func (s *Sidebar) find(p Place) int {
	return slices.IndexFunc(s.shown, func(l line) bool { return l.place == p && l.reachable() && p.Kind != Nowhere })
}

func (s *Sidebar) rebuild() {
	var at line
	if s.cursor >= 0 && s.cursor < len(s.shown) {
		at = s.shown[s.cursor]
	}
	s.shown = s.lines()
	s.cursor = slices.IndexFunc(s.shown, func(l line) bool {
		return l.place == at.place && l.key == at.key && l.trouble == at.trouble && l.account == at.account && l.reachable()
	})
	same := len(s.rows) == len(s.shown)
	for len(s.rows) < len(s.shown) {
		s.rows = append(s.rows, newRow(s, len(s.rows)))
	}
	s.rows = s.rows[:len(s.shown)]
	if !same {
		s.column.Objects = s.column.Objects[:0]
		for _, r := range s.rows {
			s.column.Objects = append(s.column.Objects, r)
		}
	}
	s.draw()
	// Heights differ between kinds of lines.
	s.column.Refresh()
	s.scroll.Refresh()
}

func (s *Sidebar) draw() {
	for i, r := range s.rows {
		l := s.shown[i]
		r.show(face{line: l, current: l.place == s.current && l.place.Kind != Nowhere, lit: s.focused && i == s.cursor})
	}
}

// CreateRenderer makes the sidebar's renderer.
func (s *Sidebar) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.scroll) }

// FocusGained shows where the keyboard is.
func (s *Sidebar) FocusGained() {
	s.focused = true
	if s.cursor < 0 {
		s.cursor = max(0, s.find(s.current))
	}
	s.draw()
}

// FocusLost hides it.
func (s *Sidebar) FocusLost() {
	s.focused = false
	s.draw()
}

// TypedRune does nothing.
func (s *Sidebar) TypedRune(rune) {}

// TypedKey moves and goes.
func (s *Sidebar) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		s.step(-1)
	case fyne.KeyDown:
		s.step(1)
	case fyne.KeyHome:
		s.cursor = -1
		s.step(1)
	case fyne.KeyEnd:
		s.cursor = len(s.shown)
		s.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		s.press(s.cursor)
	case fyne.KeyRight:
		s.open(s.cursor, true)
	case fyne.KeyLeft:
		s.open(s.cursor, false)
	default:
		s.OnKey(e)
	}
}

func (s *Sidebar) step(by int) {
	for i := s.cursor + by; i >= 0 && i < len(s.shown); i += by {
		if s.shown[i].reachable() {
			s.cursor = i
			break
		}
	}
	s.cursor = min(max(s.cursor, 0), max(len(s.shown)-1, 0))
	s.draw()
	s.reveal()
}

// reveal scrolls the line with the keyboard into sight.
func (s *Sidebar) reveal() {
	if s.cursor < 0 || s.cursor >= len(s.rows) {
		return
	}
	r := s.rows[s.cursor]
	top, bottom := r.Position().Y, r.Position().Y+r.Size().Height
	offset := s.scroll.Offset
	offset.Y = min(offset.Y, top)
	offset.Y = max(offset.Y, bottom-s.scroll.Size().Height)
	s.scroll.ScrollToOffset(offset)
}

// press does what a click on line i does.
func (s *Sidebar) press(i int) {
	if i < 0 || i >= len(s.shown) {
		return
	}
	switch l := s.shown[i]; {
	case l.header:
	case l.trouble:
		s.OnTrouble(l.account)
	case l.place.Kind == Nowhere:
		s.open(i, !l.expanded)
	default:
		s.cursor = i
		s.OnGo(l.place)
	}
}

// open shows or hides what is below line i.
func (s *Sidebar) open(i int, on bool) {
	if i < 0 || i >= len(s.shown) || !s.shown[i].parent || s.shown[i].expanded == on {
		return
	}
	s.expanded[s.shown[i].key] = on
	s.cursor = i
	s.rebuild()
	s.OnExpanded()
}

// AccessibilityLabel says what the sidebar is.
func (s *Sidebar) AccessibilityLabel() string { return s.words.Say("folders.name") }

// AccessibilityRole says that it holds other things.
func (s *Sidebar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
