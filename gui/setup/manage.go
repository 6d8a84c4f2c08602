package setup

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// AccountService is the engine's, as the account settings need it. All of it is
// called on goroutines of their own.
type AccountService interface {
	List() []accounts.Account
	Default() (accounts.Account, bool)
	SetDefault(id mailcore.AccountID) error
	Reorder(ids []mailcore.AccountID) error
	Update(ctx context.Context, edited accounts.Account, password string) error
	Remove(ctx context.Context, id mailcore.AccountID) error
	Keep(ctx context.Context, id mailcore.AccountID, whole bool) error
}

// ManagerConfig is what the account settings need. The functions run on the UI
// goroutine.
type ManagerConfig struct {
	Words    *assets.Words
	Post     func(func())
	Window   fyne.Window
	Accounts AccountService
	Add      func()                 // opens the page that adds an account
	Check    func(accounts.Account) // diagnoses the connection; nil hides "Check connection…"
	Export   func()                 // writes the list to a file; nil hides it
	Import   func()                 // reads such a file; nil hides it
	Changed  func()                 // something about the accounts is another
	Closed   func()                 // the person is done
}

// Manager is the page of account settings: the list of accounts, or one of them
// being edited.
type Manager struct {
	widget.BaseWidget
	c        ManagerConfig
	list     *accountList
	edit     *editor // nil while the list is shown
	notice   *look.Notice
	actions  map[string]*look.Button
	head     *fyne.Container
	body     *fyne.Container
	foot     *fyne.Container
	scroll   *container.Scroll
	page     *fyne.Container
	closed   bool
	question *Dialog // the last one
	wanted   string  // id of the account to edit once the list is here
}

// NewManager returns the page; edit is the id of an account to begin with, "" for
// the list.
func NewManager(c ManagerConfig, edit string) *Manager {
	m := &Manager{c: c, wanted: edit, actions: map[string]*look.Button{}}
	m.list = newAccountList(c.Words)
	m.list.onChosen, m.list.onEdit, m.list.onMove = m.enable, m.editChosen, m.move
	m.list.onKey = func(e *fyne.KeyEvent) { m.key(e) }
	m.notice = look.NewNotice("", "", nil)
	m.notice.Hide()
	m.head, m.body, m.foot = look.Column(look.Unit), look.Column(4*look.Unit), look.Column(3*look.Unit)
	m.scroll = container.NewVScroll(look.Pad(m.body, 0, 8*look.Unit, 4*look.Unit, 8*look.Unit))
	top := look.Pad(m.head, 6*look.Unit, 8*look.Unit, 4*look.Unit, 8*look.Unit)
	bottom := look.Column(0, look.NewLine(), look.Pad(m.foot, 4*look.Unit, 8*look.Unit, 4*look.Unit, 8*look.Unit))
	// In the order in which Tab goes.
	m.page = container.New(layout.NewBorderLayout(top, bottom, nil, nil), top, m.scroll, bottom)
	m.makeActions()
	m.ExtendBaseWidget(m)
	m.showList()
	m.Reload()
	return m
}

func (m *Manager) makeActions() {
	w := m.c.Words
	for name, do := range map[string]func(){
		"edit": m.editChosen, "up": func() { m.move(-1) }, "down": func() { m.move(1) }, "make_default": m.makeDefault,
		"add": m.c.Add, "close": m.c.Closed,
	} {
		m.actions[name] = look.NewWord(w.Say("accounts."+name), do)
	}
	for name, do := range map[string]func(){"export": m.c.Export, "import": m.c.Import} {
		m.actions[name] = look.NewQuiet(w.Say("preset."+name), do)
		m.actions[name].Hidden = do == nil
	}
	for _, b := range m.actions {
		b.OnEscape = m.leave
	}
}

// Reload reads the accounts again.
func (m *Manager) Reload() {
	go func() {
		all := m.c.Accounts.List()
		first, _ := m.c.Accounts.Default()
		m.c.Post(func() {
			if !m.closed {
				m.list.set(all, first.ID)
				m.editWanted()
			}
		})
	}()
}

func (m *Manager) editWanted() {
	if m.wanted == "" {
		return
	}
	m.list.chosen, m.wanted = m.wanted, ""
	m.list.draw()
	m.editChosen()
}

// showList shows the accounts.
func (m *Manager) showList() {
	if m.edit != nil {
		m.edit.stop()
		m.edit = nil
	}
	w, a := m.c.Words, m.actions
	m.head.Objects = []fyne.CanvasObject{look.NewParagraph(w.Say("accounts.title"), look.Title), look.NewParagraph(w.Say("accounts.list"), look.Small)}
	m.body.Objects = []fyne.CanvasObject{look.NewBox(m.list, look.Unit), flush(look.Row(look.Unit, a["edit"], a["up"], a["down"], a["make_default"]), 3*look.Unit), m.notice}
	m.foot.Objects = []fyne.CanvasObject{flush(look.Row(look.Unit, a["add"], a["import"], a["export"], layout.NewSpacer(), a["close"]), 3*look.Unit)}
	m.relayout()
	m.focus(m.list)
}

// flush has words begin where the text above them does: their buttons have so
// much room around them.
func flush(row fyne.CanvasObject, room float32) fyne.CanvasObject {
	return look.Pad(row, 0, 0, 0, -room)
}

func (m *Manager) relayout() {
	m.head.Refresh()
	m.body.Refresh()
	m.foot.Refresh()
	m.page.Refresh()
	m.scroll.Refresh()
}

func (m *Manager) focus(f fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
		c.Focus(f)
	}
}

// First returns what the keyboard begins with.
func (m *Manager) First() fyne.Focusable {
	if m.edit != nil {
		return m.edit.label.entry
	}
	return m.list
}

// enable greys what cannot be done with the chosen account.
func (m *Manager) enable() {
	chosen, ok := m.list.account()
	at := m.list.at()
	for name, can := range map[string]bool{
		"edit": ok, "up": at > 0, "down": ok && at < len(m.list.all)-1, "make_default": ok && !chosen.Kept && chosen.ID != m.list.first,
	} {
		if can {
			m.actions[name].Enable()
		} else {
			m.actions[name].Disable()
		}
	}
}

// work does something of the engine's and comes back with what went wrong.
func (m *Manager) work(do func() error, done func(error)) {
	go func() {
		err := do()
		m.c.Post(func() {
			if !m.closed {
				done(err)
			}
		})
	}()
}

// act is work after which the list is read again; a failure is told.
func (m *Manager) act(do func() error) {
	m.work(do, func(err error) {
		m.tell(err)
		m.Reload()
		m.c.Changed()
	})
}

// tell shows what went wrong, or takes the bar away.
func (m *Manager) tell(err error) {
	m.notice.Hidden = err == nil
	if err != nil {
		m.notice.Set(explain(m.c.Words, err, "accounts.trouble"), "", nil)
	}
	m.relayout()
}

// move puts the chosen account one place further up or down.
func (m *Manager) move(by int) {
	from := m.list.at()
	to := from + by
	if from < 0 || to < 0 || to >= len(m.list.all) {
		return
	}
	ids := make([]mailcore.AccountID, len(m.list.all))
	for i, a := range m.list.all {
		ids[i] = mailcore.AccountID(a.ID)
	}
	ids[from], ids[to] = ids[to], ids[from]
	m.act(func() error { return m.c.Accounts.Reorder(ids) })
}

func (m *Manager) makeDefault() {
	if a, ok := m.list.account(); ok {
		m.act(func() error { return m.c.Accounts.SetDefault(mailcore.AccountID(a.ID)) })
	}
}

// editChosen shows the chosen account.
func (m *Manager) editChosen() {
	a, ok := m.list.account()
	if !ok || m.edit != nil {
		return
	}
	m.tell(nil)
	m.edit = newEditor(m, a)
	m.edit.show()
}

// leave goes back to the list, or away.
func (m *Manager) leave() {
	switch {
	case m.edit != nil && m.edit.busy:
		m.edit.stop()
	case m.edit != nil:
		m.showList()
		m.Reload()
	default:
		m.c.Closed()
	}
}

// Editing returns the id of the account that is being edited, "" for none.
func (m *Manager) Editing() string {
	if m.edit == nil {
		return ""
	}
	return m.edit.was.ID
}

// TypedKey takes keys that nothing else has taken: Escape leaves.
func (m *Manager) TypedKey(e *fyne.KeyEvent) { m.key(e) }

// key: Escape leaves.
func (m *Manager) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyEscape {
		return false
	}
	m.leave()
	return true
}

// Close breaks off what is going on; nothing is called afterwards.
func (m *Manager) Close() {
	m.closed = true
	if m.edit != nil {
		m.edit.stop()
	}
}

// CreateRenderer shows the page on its paper.
func (m *Manager) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(look.On(look.Surface, m.page))
}
