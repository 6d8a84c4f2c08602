package setup

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// editor edits one account. Nothing is changed before Save, and nothing is lost
// when saving fails.
type editor struct {
	m        *Manager
	was      accounts.Account
	label    *field
	colour   *swatches
	writeAs  *identities
	servers  *servers
	byHand   *look.Button
	password *field
	progress *look.Paragraph
	notice   *look.Notice
	save     *look.Button
	back     *look.Button
	others   []*look.Button // that are no use while something goes on

	pins   pins
	doubt  *Doubt
	busy   bool
	cancel context.CancelFunc
	run    int
}

func newEditor(m *Manager, a accounts.Account) *editor {
	w := m.c.Words
	e := &editor{m: m, was: a, cancel: func() {}, notice: look.NewNotice("", "", nil)}
	e.notice.Hide()
	e.label = newField(w.Say("accounts.label"), look.NewEntry())
	e.label.entry.SetPlaceHolder(w.Say("accounts.label_same"))
	e.label.entry.SetText(a.Label)
	e.colour = newSwatches(w)
	e.colour.set(a.Colour)
	e.colour.onKey = m.key
	e.writeAs = newIdentities(w, e.edited, m.relayout, e.wire)
	e.writeAs.set(a.Identities)
	e.servers = newServers(w, e.edited)
	e.servers.fillFrom(a)
	e.servers.tell(w.Say("accounts.servers.note"))
	e.servers.box.Hide()
	e.byHand = look.NewLink(w.Say("accounts.servers.show"), e.toggleServers)
	e.password = newField(w.Say("accounts.password"), look.NewPassword())
	e.progress = look.NewParagraph("", look.Small)
	e.progress.Hide()
	e.save = look.NewPrimary(w.Say("accounts.save"), e.Save)
	e.back = look.NewWord(w.Say("setup.cancel"), m.leave)
	for _, one := range append(e.servers.entries(), e.label.entry, e.password.entry) {
		e.wire(one)
	}
	return e
}

// wire gives an entry the keys that mean something here.
func (e *editor) wire(one *look.Entry) {
	one.OnSubmitted = func(string) { e.Save() }
	one.OnKey = e.m.key
}

// show puts the account into the page.
func (e *editor) show() {
	m, w := e.m, e.m.c.Words
	m.head.Objects = []fyne.CanvasObject{
		flush(look.Row(0, look.NewLink(w.Say("accounts.back"), m.leave)), look.Unit),
		look.NewParagraph(e.was.Title(), look.Title),
		look.NewParagraph(secondLine(e.was), look.Small),
	}
	m.body.Objects = []fyne.CanvasObject{
		e.label.box,
		look.Column(look.Unit, look.NewWholeText(w.Say("accounts.colour"), look.Label), e.colour),
	}
	if !e.was.Kept {
		m.body.Objects = append(m.body.Objects, e.writeAs.box)
		if e.was.OAuth == nil { // else there is no password
			m.body.Objects = append(m.body.Objects, look.Column(look.Unit, e.password.box, look.NewParagraph(w.Say("accounts.password.help"), look.Small)))
		}
		m.body.Objects = append(m.body.Objects, flush(look.Row(0, e.byHand), look.Unit), e.servers.box)
	}
	remove := look.NewDanger(w.Say("accounts.remove"), e.remove)
	check := look.NewWord(w.Say("accounts.check"), func() { m.c.Check(e.was) })
	check.Hidden = m.c.Check == nil || e.was.Kept
	e.others = []*look.Button{remove, check}
	for _, b := range append(e.others, e.back, e.save) {
		b.OnEscape = m.leave
	}
	m.foot.Objects = []fyne.CanvasObject{e.progress, e.notice, flush(look.Row(2*look.Unit, remove, check, layout.NewSpacer(), e.back, e.save), 3*look.Unit)}
	m.scroll.ScrollToTop()
	m.relayout()
	m.focus(e.label.entry)
}

// edited is called by the fields: what was said about them is no longer true.
func (e *editor) edited() {
	if e.notice.Visible() {
		e.notice.Hide()
		e.m.relayout()
	}
}

func (e *editor) toggleServers() {
	w := e.m.c.Words
	if e.servers.box.Visible() {
		e.servers.box.Hide()
		e.byHand.SetText(w.Say("accounts.servers.show"))
	} else {
		e.servers.box.Show()
		e.byHand.SetText(w.Say("accounts.servers.hide"))
	}
	e.m.relayout()
}

// value is the account as it is in the fields.
func (e *editor) value() accounts.Account {
	a := e.was
	a.Label, a.Colour = e.label.text(), e.colour.colour()
	if a.Kept {
		return a
	}
	a.Identities = e.writeAs.values()
	a.IMAP, a.SMTP = e.servers.changed(e.was)
	a.IMAP, a.SMTP = e.pins.on(a.IMAP), e.pins.on(a.SMTP)
	return a
}

// check says what is wrong, and leads to it.
func (e *editor) check() bool {
	if e.was.Kept {
		return true
	}
	named, reached := e.writeAs.check(), e.servers.check()
	if !reached && !e.servers.box.Visible() {
		e.toggleServers()
	}
	e.m.relayout()
	if named && reached {
		return true
	}
	for _, r := range e.writeAs.rows {
		if r.email.wrong.Visible() {
			e.m.focus(r.email.entry)
			return false
		}
	}
	for _, s := range []*server{e.servers.imap, e.servers.smtp} {
		if s.host.wrong.Visible() {
			e.m.focus(s.host.entry)
			return false
		}
	}
	return false
}

// Save checks the fields, has the servers verified if they changed, and goes back
// to the list.
func (e *editor) Save() {
	if e.busy || !e.check() {
		return
	}
	a, password := e.value(), e.password.entry.Text
	words := e.m.c.Words.Say("accounts.saving")
	if password != "" || !a.SameServers(e.was) {
		words = e.m.c.Words.Say("accounts.signing_in", assets.Args{"IMAP": a.IMAP.Host, "SMTP": a.SMTP.Host})
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	e.run++
	run := e.run
	e.wait(words)
	e.m.work(func() error { return e.m.c.Accounts.Update(ctx, a, password) }, func(err error) {
		if run == e.run {
			e.ended(err)
		}
	})
}

func (e *editor) ended(err error) {
	e.cancel()
	e.idle()
	switch {
	case err == nil:
		e.password.entry.SetText("")
		e.m.c.Changed()
		e.m.showList()
		e.m.Reload()
	case errors.Is(err, context.Canceled):
	case e.pins.ask(e.askCertificate, err, e.Save):
	default:
		e.notice.Set(explain(e.m.c.Words, err, "accounts.trouble"), "", nil)
		e.notice.Show()
		e.m.relayout()
		e.m.focus(e.save)
	}
}

func (e *editor) askCertificate(c accounts.Certificate, accept func()) {
	e.notice.Set(e.m.c.Words.Say(c.Reason, assets.Args{"Host": c.Host}), "", nil)
	e.notice.Show()
	e.m.relayout()
	e.doubt = AskCertificate(e.m.c.Window.Canvas(), e.m.c.Words, c, accept, func() { e.m.focus(e.save) })
}

// stop gives up what is going on.
func (e *editor) stop() {
	e.cancel()
	e.run++
	if e.busy {
		e.idle()
	}
}

func (e *editor) wait(words string) {
	e.notice.Hide()
	e.progress.Set(words)
	e.enable(false)
	e.m.focus(e.back)
}

func (e *editor) idle() { e.enable(true) }

// enable lets everything be changed, or nothing while something goes on.
func (e *editor) enable(on bool) {
	e.busy = !on
	set := func(d fyne.Disableable) {
		if on {
			d.Enable()
		} else {
			d.Disable()
		}
	}
	for _, one := range append(append(e.servers.entries(), e.writeAs.entries()...), e.label.entry, e.password.entry) {
		set(one)
	}
	for _, b := range append(e.others, e.save, e.byHand, e.writeAs.add) {
		set(b)
	}
	set(e.servers.imap.kind)
	set(e.servers.smtp.kind)
	e.progress.Hidden = on
	e.back.SetText(e.m.c.Words.Say(map[bool]string{true: "setup.cancel", false: "accounts.stop"}[on]))
	e.m.relayout()
}

// remove asks whether the account shall go.
func (e *editor) remove() {
	e.m.askRemove(e.was)
}
