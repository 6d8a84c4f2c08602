package setup

import (
	"context"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/look"
)

// Examine looks step by step for what is wrong with an account; one without an
// ID is not added yet, and is looked at without signing in. It is called on a
// goroutine of its own and ends with its context; tell may be called from any
// goroutine.
type Examine func(ctx context.Context, a accounts.Account, tell func(Step)) Diagnosis

// Step and Diagnosis are what Examine speaks of, for those who do not know
// package doctor.
type (
	Step      = doctor.Step
	Diagnosis = doctor.Diagnosis
)

// DoctorConfig is what the doctor's view needs. Well and Close run on the UI
// goroutine.
type DoctorConfig struct {
	Words   *assets.Words
	Post    func(func()) // runs a function on the UI goroutine
	Account accounts.Account
	Examine Examine
	Well    func() // nothing was wrong; may be nil
	Close   func() // takes the view away
}

// Doctor is the view of the connection doctor: what is wrong and what to do, and
// below it every step as it happens.
type Doctor struct {
	widget.BaseWidget
	c      DoctorConfig
	title  *look.Paragraph
	sub    *look.Paragraph
	answer *answer
	rows   map[doctor.Name]*stepRow
	list   *fyne.Container
	scroll *container.Scroll
	copied *look.Text
	copy   *look.Button
	again  *look.Button
	close  *look.Button
	head   *fyne.Container
	foot   *fyne.Container
	open   func(*url.URL)

	cancel context.CancelFunc
	run    int              // late steps carry an older one
	found  doctor.Diagnosis // of the last run, once it is over
	over   bool
}

const doctorMargin = 7 * look.Unit

// NewDoctor returns the view. Start begins to look.
func NewDoctor(c DoctorConfig) *Doctor {
	w := c.Words
	d := &Doctor{c: c, cancel: func() {}, rows: map[doctor.Name]*stepRow{}}
	d.open = func(u *url.URL) { _ = desktop.OpenWeb(fyne.CurrentApp(), u) }
	d.title = look.NewParagraph("", look.Style{Size: 22, Bold: true})
	d.sub = look.NewParagraph(c.Account.Email, look.Plain.With(look.Muted))
	d.answer = newAnswer(func(u *url.URL) { d.open(u) })
	d.copied = look.NewWholeText(w.Say("doctor.copied"), look.Small)
	d.copy = look.NewLink(w.Say("doctor.copy"), d.Copy)
	d.again = look.NewPrimary(w.Say("doctor.again"), d.Start)
	d.close = look.NewWord(w.Say("dialog.close"), d.Close)
	d.build()
	d.ExtendBaseWidget(d)
	return d
}

func (d *Doctor) build() {
	d.list = look.Column(0)
	group := ""
	for _, n := range doctor.Names() {
		if g := groupOf(n); g != group {
			group = g
			d.list.Add(look.Pad(look.NewText(d.groupTitle(g), look.Label), 3*look.Unit, 0, look.Unit, 0))
		}
		d.rows[n] = newStepRow(doctor.Step{Name: n}.Title(d.c.Words.Say))
		d.list.Add(d.rows[n].box)
	}
	d.scroll = container.NewVScroll(d.list)
	d.head = look.Column(4*look.Unit, look.Column(look.Unit, d.title, d.sub), d.answer.box)
	d.foot = look.Row(3*look.Unit, look.Fixed(d.copy, fyne.NewSize(0, look.Hit)), d.copied, layout.NewSpacer(), d.close, look.Fixed(d.again, fyne.NewSize(112, 40)))
}

// groupOf says what a step is about: this computer, receiving or sending.
func groupOf(n doctor.Name) string {
	switch n {
	case doctor.Network:
		return "here"
	case doctor.SMTPName, doctor.SMTPReach, doctor.SMTPSecure, doctor.SMTPGreeting, doctor.SMTPSignIn, doctor.SMTPSender, doctor.SMTPSize:
		return "smtp"
	}
	return "imap"
}

func (d *Doctor) groupTitle(group string) string {
	host := d.c.Account.IMAP.Host
	if group == "smtp" {
		host = d.c.Account.SMTP.Host
	}
	return d.c.Words.Say("doctor.group."+group, assets.Args{"Host": host})
}

// Start looks, or looks again.
func (d *Doctor) Start() {
	d.cancel()
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.run++
	run := d.run
	d.begin()
	current := func(f func()) {
		d.c.Post(func() {
			if run == d.run {
				f()
			}
		})
	}
	go func() {
		found := d.c.Examine(ctx, d.c.Account, func(s doctor.Step) { current(func() { d.step(s) }) })
		current(func() { d.ended(found) })
	}()
}

// begin shows that nothing is known yet.
func (d *Doctor) begin() {
	d.over, d.found = false, doctor.Diagnosis{}
	d.title.Set(d.c.Words.Say("doctor.running"))
	d.answer.clear()
	for _, r := range d.rows {
		r.reset()
	}
	d.copy.Disable()
	d.copied.Hide()
	d.again.Disable()
	d.relayout()
}

// step shows one step. The first that fails is the answer, at once.
func (d *Doctor) step(s doctor.Step) {
	row := d.rows[s.Name]
	if row == nil {
		return
	}
	what, todo := s.Words(d.c.Words.Say)
	switch {
	case s.State == doctor.Failed && !d.answer.given():
		d.answer.give(what, todo, s.Page)
		what, todo = "", ""
	case s.State == doctor.Failed && what == d.answer.what.Text():
		what, todo = "", "" // it has been said
	}
	row.show(s, what, todo)
	d.relayout()
	d.reveal(row)
}

// ended says what came of it.
func (d *Doctor) ended(found doctor.Diagnosis) {
	d.cancel()
	d.found, d.over = found, true
	_, failed := found.First()
	switch {
	case found.Stopped:
		d.title.Set(d.c.Words.Say("doctor.stopped"))
	case failed:
		d.title.Set(d.c.Words.Say("doctor.wrong"))
	case d.signedIn():
		d.title.Set(d.c.Words.Say("doctor.well"))
	default:
		d.title.Set(d.c.Words.Say("doctor.well.unsigned"))
	}
	d.copy.Enable()
	d.again.Enable()
	d.relayout()
	d.scroll.ScrollToOffset(fyne.NewPos(0, 0))
	if d.c.Well != nil && found.OK() {
		d.c.Well()
	}
}

// signedIn says that the sign-in was looked at too.
func (d *Doctor) signedIn() bool {
	for _, s := range d.found.Steps {
		if s.Name == doctor.IMAPSignIn {
			return s.State == doctor.Fine
		}
	}
	return false
}

// Copy puts the report on the clipboard.
func (d *Doctor) Copy() {
	if !d.over {
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(d.found.Report(d.c.Words.Say))
	d.copied.Show()
	d.foot.Refresh()
}

// Close breaks off what is going on and takes the view away.
func (d *Doctor) Close() {
	d.Stop()
	if d.c.Close != nil {
		d.c.Close()
	}
}

// Stop breaks off what is going on; nothing is called afterwards.
func (d *Doctor) Stop() {
	d.cancel()
	d.run++
}

// First is where the keyboard begins.
func (d *Doctor) First() fyne.Focusable { return d.close }

// Key does what keys mean that no button takes: Escape closes, arrows scroll.
func (d *Doctor) Key(k *fyne.KeyEvent) {
	page := d.scroll.Size().Height - 8*look.Unit
	switch k.Name {
	case fyne.KeyEscape:
		d.Close()
	case fyne.KeyDown:
		d.scrollBy(10 * look.Unit)
	case fyne.KeyUp:
		d.scrollBy(-10 * look.Unit)
	case fyne.KeyPageDown:
		d.scrollBy(page)
	case fyne.KeyPageUp:
		d.scrollBy(-page)
	}
}

func (d *Doctor) scrollBy(y float32) {
	furthest := max(0, d.list.MinSize().Height-d.scroll.Size().Height)
	d.scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, d.scroll.Offset.Y+y), furthest)))
}

// reveal keeps the step that runs in sight.
func (d *Doctor) reveal(r *stepRow) {
	bottom := r.box.Position().Y + r.box.Size().Height
	if bottom > d.scroll.Offset.Y+d.scroll.Size().Height {
		d.scroll.ScrollToOffset(fyne.NewPos(0, bottom-d.scroll.Size().Height))
	}
}

func (d *Doctor) relayout() {
	d.head.Refresh()
	d.foot.Refresh()
	d.place(d.Size())
}

// place gives everything its width first, because heights depend on it.
func (d *Doctor) place(size fyne.Size) {
	width := min(look.TextColumn, size.Width-2*doctorMargin)
	if width <= 0 {
		return
	}
	x := (size.Width - width) / 2
	d.head.Resize(fyne.NewSize(width, d.head.Size().Height))
	head, foot := d.head.MinSize().Height, d.foot.MinSize().Height
	d.head.Move(fyne.NewPos(x, doctorMargin))
	d.head.Resize(fyne.NewSize(width, head))
	top := doctorMargin + head + 2*look.Unit
	d.list.Resize(fyne.NewSize(width, d.list.Size().Height))
	d.scroll.Move(fyne.NewPos(x, top))
	d.scroll.Resize(fyne.NewSize(width, max(0, size.Height-top-foot-doctorMargin-2*look.Unit)))
	d.scroll.Refresh()
	d.foot.Move(fyne.NewPos(x, size.Height-foot-4*look.Unit))
	d.foot.Resize(fyne.NewSize(width, foot))
}

// CreateRenderer puts the view on its paper.
func (d *Doctor) CreateRenderer() fyne.WidgetRenderer {
	return &doctorRenderer{d: d, paper: look.NewPaper(look.Surface)}
}

type doctorRenderer struct {
	d     *Doctor
	paper *look.Paper
}

func (r *doctorRenderer) Destroy()           {}
func (r *doctorRenderer) MinSize() fyne.Size { return fyne.NewSize(400, 320) }

func (r *doctorRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.paper, r.d.head, r.d.scroll, r.d.foot}
}

func (r *doctorRenderer) Layout(size fyne.Size) {
	r.paper.Resize(size)
	r.d.place(size)
}

func (r *doctorRenderer) Refresh() {
	r.paper.Refresh()
	r.d.relayout()
}
