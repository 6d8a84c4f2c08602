// Package setup is in charge of adding an account in the window: the page of
// the first start, and the dialogs to sign in again and to remove an account.
// It checks what is typed, says in words what happens, and loses nothing of it
// when something fails. The signing in itself is the caller's.
//
// Everything here belongs to the UI goroutine; what may take long is called on
// others.
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
)

// Request is what the page asks for. Servers have host, port and security; a
// User left empty means that the usual names are tried.
type Request struct {
	Name, Email, Password string
	IMAP, SMTP            accounts.Server
}

// Config is what the page needs. Add and Demo are called on goroutines of their
// own and end with their context; the others run on the UI goroutine.
type Config struct {
	Words *assets.Words
	Post  func(func()) // runs a function on the UI goroutine
	// Add verifies the servers and keeps the account.
	Add func(ctx context.Context, r Request) (accounts.Account, error)
	// Demo opens the built-in demo mailbox; nil hides "Look around first".
	Demo func(ctx context.Context) error
	// Done is called when there is an account, or with an empty one the demo.
	Done func(accounts.Account)
	// Cancelled leaves the page without an account; nil where there is nowhere
	// to go.
	Cancelled func()
}

// Page is the first-start page: one card with everything that is asked for.
type Page struct {
	widget.BaseWidget
	c                     Config
	name, email, password *field
	servers               *servers
	byHand, demo, stop    *look.Button
	proceed               *look.Button
	progress              *look.Paragraph
	notice                *look.Notice
	scroll                *container.Scroll
	sheet                 *fyne.Container // all that is within the card

	tried  bool // Continue was pressed: fields say what is wrong
	cancel context.CancelFunc
	run    int // of the attempt; late answers carry an older one
}

const (
	cardWidth  = 130 * look.Unit
	cardMargin = 9 * look.Unit
)

// New returns the page.
func New(c Config) *Page {
	p := &Page{c: c, cancel: func() {}}
	w := c.Words
	p.name = newField(w.Say("setup.name"), look.NewEntry())
	p.email = newField(w.Say("setup.email"), look.NewEntry())
	p.password = newField(w.Say("setup.password"), look.NewPassword())
	p.servers = newServers(w, p.edited)
	p.servers.box.Hide()
	p.byHand = look.NewLink(w.Say("setup.by_hand"), p.toggleServers)
	p.demo = look.NewLink(w.Say("setup.demo"), p.lookAround)
	p.demo.Hidden = c.Demo == nil
	p.stop = look.NewQuiet(w.Say("setup.stop"), p.Stop)
	p.stop.Hidden = c.Cancelled == nil
	p.proceed = look.NewPrimary(w.Say("setup.continue"), p.Continue)
	p.progress = look.NewParagraph("", look.Style{Size: 13.5, Ink: look.Muted})
	p.progress.Hide()
	p.notice = look.NewNotice("", "", nil)
	p.notice.Hide()
	p.wire()
	p.build()
	p.ExtendBaseWidget(p)
	return p
}

func (p *Page) build() {
	w := p.c.Words
	title := look.NewParagraph(w.Say("setup.title"), look.Style{Size: 22, Bold: true})
	intro := look.NewParagraph(w.Say("setup.intro"), look.Plain.With(look.Muted))
	buttons := look.Row(3*look.Unit, look.Fixed(p.byHand, fyne.NewSize(0, look.Hit)), look.Fixed(p.demo, fyne.NewSize(0, look.Hit)),
		layout.NewSpacer(), p.stop, look.Fixed(p.proceed, fyne.NewSize(112, 40)))
	p.sheet = look.Column(4*look.Unit, look.Column(look.Unit, title, intro), p.name.box, p.email.box, p.password.box,
		p.servers.box, p.progress, p.notice, buttons)
	card := look.Narrow(look.NewCard(p.sheet, cardMargin), cardWidth, true)
	p.scroll = container.NewVScroll(container.New(&centred{}, card))
}

// wire makes every field start what its keys mean.
func (p *Page) wire() {
	for _, e := range append(p.servers.entries(), p.name.entry, p.email.entry, p.password.entry) {
		e.OnSubmitted = func(string) { p.Continue() }
		e.OnKey = p.key
	}
	for _, f := range []*field{p.name, p.email, p.password} {
		f.entry.OnChanged = func(string) { p.edited() }
	}
	p.email.entry.OnChanged = func(s string) {
		p.servers.suggest(s)
		p.edited()
	}
	p.email.entry.OnFocus = func(on bool) {
		if !on && validEmail(p.email.text()) {
			p.showServers()
		}
	}
}

// key: Escape stops what is going on.
func (p *Page) key(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyEscape {
		return false
	}
	p.Stop()
	return true
}

// Focus puts the keyboard into the first field that is empty.
func (p *Page) Focus() {
	for _, f := range []*field{p.name, p.email, p.password} {
		if f.entry.Text == "" {
			p.focus(f.entry)
			return
		}
	}
	p.focus(p.password.entry)
}

func (p *Page) focus(f fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(f)
	}
}

func (p *Page) showServers() {
	if !p.servers.box.Visible() {
		p.toggleServers()
	}
}

// toggleServers shows or hides the servers.
func (p *Page) toggleServers() {
	if p.servers.box.Visible() {
		p.servers.box.Hide()
	} else {
		p.servers.suggest(p.email.text())
		p.servers.box.Show()
	}
	p.relayout()
}

// relayout gives the card its width first, because its height depends on it.
func (p *Page) relayout() {
	if p.Size().Width > 0 {
		p.scroll.Content.Resize(fyne.NewSize(p.Size().Width, p.scroll.Content.Size().Height))
		p.scroll.Content.Refresh()
	}
	p.scroll.Refresh()
}

// CreateRenderer puts the card on the page.
func (p *Page) CreateRenderer() fyne.WidgetRenderer {
	return &pageRenderer{p: p, paper: look.NewPaper(look.Sidebar)}
}

type pageRenderer struct {
	p     *Page
	paper *look.Paper
}

func (r *pageRenderer) Destroy()                     {}
func (r *pageRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.paper, r.p.scroll} }
func (r *pageRenderer) MinSize() fyne.Size           { return fyne.NewSize(480, 400) }

func (r *pageRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	content := r.p.scroll.Content
	content.Resize(fyne.NewSize(size.Width, content.Size().Height))
	r.p.scroll.Resize(size)
	r.p.scroll.Refresh()
}

func (r *pageRenderer) Refresh() {
	r.paper.Refresh()
	r.p.relayout()
}

// centred keeps one object in the middle, with a margin, as high as it needs.
type centred struct{}

const pageMargin = 6 * look.Unit

// MinSize is the object's, with the margin.
func (*centred) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize()
	return fyne.NewSize(m.Width+2*pageMargin, m.Height+2*pageMargin)
}

// Layout gives the object its width before asking for its height.
func (*centred) Layout(o []fyne.CanvasObject, size fyne.Size) {
	width := size.Width - 2*pageMargin
	o[0].Resize(fyne.NewSize(width, o[0].Size().Height))
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(width, h))
	o[0].Move(fyne.NewPos(pageMargin, max((size.Height-h)/2, pageMargin)))
}
