package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// chooser is the small window in which a folder is chosen by typing a part of
// its name: Up and Down move, Return takes, Escape leaves.
type chooser struct {
	w       *Window
	folders []mailcore.Folder
	titles  []string
	found   []int // indexes of folders that match
	at      int
	chosen  func(mailcore.Folder)

	entry *look.Entry
	rows  *fyne.Container
	none  *look.Text
	popup *widget.PopUp
}

// chooserRows is how many folders are offered at once.
const chooserRows = 8

// move asks for a folder and moves what is chosen there.
func (w *Window) move() {
	ids := w.targets()
	account, same := w.accountOf(ids)
	if !same {
		w.tell(w.words.Say("move.oneaccount"), "", nil)
		return
	}
	var all []mailcore.Folder
	for _, f := range w.overview.folders {
		if f.Account == account && f.ID != w.place.Folder {
			all = append(all, f)
		}
	}
	ordered, titles := w.sidebar.Ordered(all)
	w.chooseFolder(ordered, titles, func(f mailcore.Folder) {
		w.take(ids, func(ctx context.Context, ids []mailcore.ID) error { return w.mail.messages.Move(ctx, ids, f.ID) })
	})
}

// accountOf returns the account that the messages belong to, as far as their
// rows are here; false if they belong to several.
func (w *Window) accountOf(ids []mailcore.ID) (mailcore.AccountID, bool) {
	if f := w.overview.folder(w.place.Folder); f.ID != 0 {
		return f.Account, true
	}
	var account mailcore.AccountID
	for _, id := range ids {
		m, ok := w.model.Cached(id)
		if !ok {
			continue
		}
		if account != "" && m.Account != account {
			return "", false
		}
		account = m.Account
	}
	if account == "" && len(w.overview.accounts) == 1 {
		account = mailcore.AccountID(w.overview.accounts[0].ID)
	}
	return account, account != ""
}

func (w *Window) chooseFolder(all []mailcore.Folder, titles []string, chosen func(mailcore.Folder)) *chooser {
	c := &chooser{w: w, folders: all, titles: titles, chosen: chosen, rows: look.Column(0)}
	c.entry = look.NewEntry()
	c.entry.SetPlaceHolder(w.words.Say("move.placeholder"))
	c.entry.OnChanged = func(string) { c.at = 0; c.filter() }
	c.entry.OnKey = c.key
	c.none = look.NewText(w.words.Say("move.none"), look.Small)
	size := fyne.NewSize(344, chooserRows*look.Hit)
	page := look.Column(8, look.NewText(w.words.Say("move.title"), look.Strong), c.entry, look.Fixed(container.NewStack(c.rows), size))
	c.popup = widget.NewModalPopUp(look.Pad(page, 12, 12, 12, 12), w.win.Canvas())
	c.filter()
	c.popup.Show()
	w.win.Canvas().Focus(c.entry)
	return c
}

// filter shows the folders whose title holds every typed word.
func (c *chooser) filter() {
	words := strings.Fields(strings.ToLower(c.entry.Text))
	c.found = c.found[:0]
	for i, title := range c.titles {
		if holdsAll(strings.ToLower(title), words) {
			c.found = append(c.found, i)
		}
	}
	c.draw()
}

func holdsAll(s string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(s, word) {
			return false
		}
	}
	return true
}

func (c *chooser) draw() {
	c.rows.Objects = nil
	first := max(0, c.at-chooserRows+1)
	for i := first; i < min(first+chooserRows, len(c.found)); i++ {
		folder := c.folders[c.found[i]]
		c.rows.Add(newOption(c.titles[c.found[i]], i == c.at, func() { c.take(folder) }))
	}
	if len(c.found) == 0 {
		c.rows.Add(c.none)
	}
	c.rows.Refresh()
}

func (c *chooser) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown:
		c.at = min(c.at+1, max(len(c.found)-1, 0))
	case fyne.KeyUp:
		c.at = max(c.at-1, 0)
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.at < len(c.found) {
			c.take(c.folders[c.found[c.at]])
		}
		return true
	case fyne.KeyEscape:
		c.close()
		return true
	default:
		return false
	}
	c.draw()
	return true
}

func (c *chooser) take(f mailcore.Folder) {
	c.close()
	c.chosen(f)
}

func (c *chooser) close() {
	c.popup.Hide()
	c.w.focusList()
}

// option is one line of a chooser.
type option struct {
	widget.BaseWidget
	title  *look.Text
	paper  *look.Paper
	tapped func()
}

func newOption(title string, current bool, tapped func()) *option {
	o := &option{title: look.NewText(title, look.Plain), paper: look.NewRoundPaper(""), tapped: tapped}
	if current {
		o.paper.SetFill(look.Selection)
	}
	o.ExtendBaseWidget(o)
	return o
}

// Tapped takes the option.
func (o *option) Tapped(*fyne.PointEvent) { o.tapped() }

// CreateRenderer makes the renderer.
func (o *option) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(look.Fixed(
		container.NewStack(o.paper, look.Pad(o.title, 0, 8, 0, 8)), fyne.NewSize(80, look.Hit)))
}

// AccessibilityLabel returns the title.
func (o *option) AccessibilityLabel() string { return o.title.Text() }

// AccessibilityRole says button.
func (o *option) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }
