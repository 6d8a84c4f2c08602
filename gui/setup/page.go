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
	"time"

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
	Sent                  accounts.SentBy // who files sent mail, where that is known
	Preset                *Preset         // what the account was made from, to be finished after it; may be nil
	Browser               *Browser        // to sign in there; then there is no Password
}

// Config is what the page needs. Add, Detect and Demo are called on goroutines
// of their own and end with their context; the others run on the UI goroutine.
type Config struct {
	Words *assets.Words
	Post  func(func()) // runs a function on the UI goroutine
	// Add verifies the servers and keeps the account.
	Add func(ctx context.Context, r Request) (accounts.Account, error)
	// Detect finds the servers of an address; nil leaves them to the person.
	Detect Detect
	// Preset is what is known already of the account to add, nil for nothing.
	Preset *Preset
	// Notice is a sentence to begin with, "" for none.
	Notice string
	// Services know where one can sign in through the browser; nil: nowhere.
	Services Services
	// Check shows the connection doctor for servers that could not be used; nil
	// where there is none.
	Check func(accounts.Account)
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
	intro                 *look.Paragraph
	name, email, password *field
	servers               *servers
	findings              *findings
	browser               *browser
	byHand, demo, stop    *look.Button
	proceed               *look.Button
	proceedBox            *fyne.Container
	progress              *look.Paragraph
	notice                *look.Notice
	card                  *look.Paper
	fields                *fyne.Container // scroll where the window is low
	scroll                *container.Scroll
	foot                  *fyne.Container // always in sight

	tried  bool // Continue was pressed: fields say what is wrong
	cancel context.CancelFunc
	run    int // of the attempt; late answers carry an older one

	det    detection
	opened bool          // the servers were opened by us
	pins   pins          // certificates that were accepted
	doubt  *Doubt        // the last question about one
	guide  *guide        // to an app password, the last one that was opened
	pause  time.Duration // typingPause but in tests
}

const (
	cardWidth  = 130 * look.Unit
	cardMargin = 9 * look.Unit
	cardGap    = 4 * look.Unit
	pageMargin = 6 * look.Unit
	// usualHeight is the card's with three lines about what was found.
	usualHeight = 125 * look.Unit
)

// New returns the page.
func New(c Config) *Page {
	p := &Page{c: c, cancel: func() {}, pause: typingPause}
	w := c.Words
	p.name = newField(w.Say("setup.name"), look.NewEntry())
	p.email = newField(w.Say("setup.email"), look.NewEntry())
	p.password = newField(w.Say("setup.password"), look.NewPassword())
	p.servers = newServers(w, p.edited)
	p.servers.box.Hide()
	p.findings = newFindings(w, p.lookAgain, p.showSteps)
	p.browser = newBrowser(w, p.Continue, p.browserChanged)
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
	p.prepare()
	if c.Notice != "" {
		p.notice.Set(c.Notice, "", nil)
		p.notice.Show()
	}
	p.ExtendBaseWidget(p)
	return p
}

func (p *Page) build() {
	w := p.c.Words
	title := look.NewParagraph(w.Say("setup.title"), look.Style{Size: 22, Bold: true})
	p.intro = look.NewParagraph(w.Say("setup.intro"), look.Plain.With(look.Muted))
	if p.c.Detect == nil {
		p.intro.Set(w.Say("setup.intro_by_hand"))
	}
	p.proceedBox = look.Fixed(p.proceed, fyne.NewSize(112, 40))
	buttons := look.Row(3*look.Unit, look.Fixed(p.byHand, fyne.NewSize(0, look.Hit)), look.Fixed(p.demo, fyne.NewSize(0, look.Hit)),
		layout.NewSpacer(), p.stop, p.proceedBox)
	fields := look.Column(4*look.Unit, look.Column(look.Unit, title, p.intro), p.name.box, p.email.box, p.password.box, p.browser.box, p.findings.box, p.servers.box)
	p.card = look.NewFrame(look.CardRadius)
	p.fields = look.Pad(fields, 0, cardMargin-2*look.Unit, 2*look.Unit, 0)
	p.scroll = container.NewVScroll(p.fields)
	p.foot = look.Column(3*look.Unit, p.progress, p.notice, buttons)
}

// wire makes every field start what its keys mean.
func (p *Page) wire() {
	for _, e := range p.entries() {
		e.OnSubmitted = func(string) { p.Continue() }
		e.OnKey = p.key
		e.OnFocus = func(on bool) {
			if on {
				p.reveal(e)
			}
		}
	}
	for _, f := range append(p.browser.fields(), p.name, p.email, p.password) {
		f.entry.OnChanged = func(string) { p.edited() }
	}
	p.email.entry.OnChanged = func(string) {
		p.addressTyped()
		p.edited()
	}
	p.email.entry.OnFocus = func(on bool) {
		if on {
			p.reveal(p.email.entry)
		} else {
			p.addressLeft()
		}
	}
}

// entries are all fields that text goes into.
func (p *Page) entries() []*look.Entry {
	entries := append(p.servers.entries(), p.name.entry, p.email.entry, p.password.entry)
	for _, f := range p.browser.fields() {
		entries = append(entries, f.entry)
	}
	return entries
}

// key: Escape stops what is going on.
func (p *Page) key(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyEscape {
		return false
	}
	p.Stop()
	return true
}

// First returns the first field that is empty, for the window to focus.
func (p *Page) First() fyne.Focusable {
	for _, f := range []*field{p.name, p.email} {
		if f.entry.Text == "" && f.box.Visible() {
			return f.entry
		}
	}
	return p.password.entry
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

// toggleServers shows or hides the servers, as the person wants it.
func (p *Page) toggleServers() {
	if p.servers.box.Visible() {
		p.fold()
	} else {
		p.unfold()
	}
	p.opened = false
	p.showFindings()
}

func (p *Page) unfold() {
	p.prefill()
	p.servers.box.Show()
	p.byHand.SetText(p.c.Words.Say("setup.hide_servers"))
}

func (p *Page) fold() {
	p.opened = false
	p.servers.box.Hide()
	p.byHand.SetText(p.c.Words.Say("setup.by_hand"))
}

// reveal scrolls so that the field with the keyboard is seen, with its label
// and what is said below it.
func (p *Page) reveal(e *look.Entry) {
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(e).Y - d.AbsolutePositionForObject(p.fields).Y - 6*look.Unit
	bottom := top + e.Size().Height + 12*look.Unit
	switch y, h := p.scroll.Offset.Y, p.scroll.Size().Height; {
	case top < y:
		p.scroll.ScrollToOffset(fyne.NewPos(0, max(top, 0)))
	case bottom > y+h:
		p.scroll.ScrollToOffset(fyne.NewPos(0, max(min(bottom, p.fields.MinSize().Height)-h, 0)))
	}
}

// revealFindings scrolls so that what was found is seen, below the password,
// while one of the first fields has the keyboard.
func (p *Page) revealFindings() {
	c := fyne.CurrentApp().Driver().CanvasForObject(p)
	if c == nil || !p.findings.box.Visible() {
		return
	}
	if f := c.Focused(); f != p.email.entry && f != p.password.entry {
		return
	}
	bottom := p.findings.box.Position().Y + p.findings.box.Size().Height
	if y := min(bottom-p.scroll.Size().Height, p.password.box.Position().Y); y > p.scroll.Offset.Y {
		p.scroll.ScrollToOffset(fyne.NewPos(0, y))
	}
}

// relayout places everything anew after something changed its height.
func (p *Page) relayout() {
	p.fields.Refresh()
	p.foot.Refresh()
	p.place(p.Size())
}

// place puts the card into the middle, as high as it needs to be or can be. Its
// parts get their width first, because their height depends on it.
func (p *Page) place(size fyne.Size) {
	width := min(cardWidth, size.Width-2*pageMargin)
	inner := width - 2*cardMargin
	if inner <= 0 {
		return
	}
	p.fields.Resize(fyne.NewSize(inner+cardMargin-2*look.Unit, p.fields.Size().Height))
	p.foot.Resize(fyne.NewSize(inner, p.foot.Size().Height))
	fields, foot := p.fields.MinSize().Height, p.foot.MinSize().Height
	height := min(2*cardMargin+fields+cardGap+foot, size.Height-2*pageMargin)
	x, y := (size.Width-width)/2, (size.Height-max(height, min(p.settledHeight(), size.Height-2*pageMargin)))/2
	p.card.Move(fyne.NewPos(x, y))
	p.card.Resize(fyne.NewSize(width, height))
	p.scroll.Move(fyne.NewPos(x+cardMargin, y+cardMargin))
	p.scroll.Resize(fyne.NewSize(inner+cardMargin-2*look.Unit, height-2*cardMargin-foot-cardGap))
	p.scroll.Refresh()
	p.foot.Move(fyne.NewPos(x+cardMargin, y+height-cardMargin-foot))
	p.foot.Resize(fyne.NewSize(inner, foot))
}

// settledHeight is how high the card usually gets: it does not jump when the
// lines about the servers come.
func (p *Page) settledHeight() float32 {
	if p.c.Detect == nil {
		return 0
	}
	return usualHeight
}

// Close breaks off what is going on; nothing is called afterwards.
func (p *Page) Close() {
	p.cancel()
	p.run++
	p.det.drop()
}

// CreateRenderer puts the card on the page.
func (p *Page) CreateRenderer() fyne.WidgetRenderer {
	return &pageRenderer{p: p, paper: look.NewPaper(look.Sidebar)}
}

type pageRenderer struct {
	p     *Page
	paper *look.Paper
}

func (r *pageRenderer) Destroy()           {}
func (r *pageRenderer) MinSize() fyne.Size { return fyne.NewSize(480, 400) }

func (r *pageRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.p.card, r.p.scroll, r.p.foot}
}

func (r *pageRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	r.p.place(size)
}

func (r *pageRenderer) Refresh() {
	r.paper.Refresh()
	r.p.card.Refresh()
	r.p.relayout()
}
