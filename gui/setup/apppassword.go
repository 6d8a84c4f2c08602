package setup

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

const twoStep = "two-step"

// steps says one after the other what leads to a password for mail programs at a
// provider of a kind; none where its usual password does.
func steps(w *assets.Words, a autodetect.Answer, args assets.Args) []string {
	if !slices.Contains(a.SignIn, autodetect.AppPassword) {
		return nil
	}
	has := func(hint string) bool { return slices.Contains(a.Hints, hint) }
	out := []string{w.Say("apppassword.step.open", args)}
	if has("paid-plan") {
		out = append(out, w.Say("apppassword.step.paid-plan", args))
	}
	if has("imap-off") {
		out = append(out, w.Say("apppassword.step.imap-off", args))
	}
	if has(twoStep) {
		out = append(out, w.Say("apppassword.step.two-step", args))
	}
	if has("mail-password") {
		out = append(out, w.Say("apppassword.step.mail-password", args))
	} else {
		out = append(out, w.Say("apppassword.step.make", args))
	}
	return append(out, w.Say("apppassword.step.paste"))
}

// wantsAppPassword reports whether the usual password will not do.
func (v verdict) wantsAppPassword() bool {
	return len(v.steps) > 0 && !slices.Contains(v.answer.SignIn, autodetect.Password)
}

// guide leads to an app password in numbered steps, and takes it at the end.
type guide struct {
	page     *Page
	pop      *widget.PopUp
	password *field
	open     *look.Button // the provider's page; hidden without one
	proceed  *look.Button
	back     *look.Button
}

const guideWidth = 120 * look.Unit

// showSteps shows how to come by an app password at the provider that was found.
func (p *Page) showSteps() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p)
	if canvas == nil || p.busyNow() {
		return
	}
	v, w := p.det.verdict, p.c.Words
	provider := v.answer.Provider
	if provider == "" {
		provider = domainOf(p.email.text())
	}
	args := assets.Args{"Provider": provider}
	list := v.steps
	if len(list) == 0 {
		list = steps(w, autodetect.Answer{SignIn: []autodetect.SignIn{autodetect.AppPassword}}, args)
	}
	g := &guide{page: p, password: newField(w.Say("apppassword.password"), look.NewPassword())}
	p.guide = g
	g.back = look.NewWord(w.Say("certificate.back"), g.close)
	g.proceed = look.NewPrimary(w.Say("setup.continue"), g.use)
	g.open = look.NewLink(w.Say("apppassword.open", args), nil)
	g.open.Hidden = true
	if u, ok := appPasswordPage(v.answer); ok {
		g.open.OnTapped, g.open.Hidden = func() { p.findings.open(u) }, false
	}
	g.password.entry.OnSubmitted = func(string) { g.use() }
	g.password.entry.OnKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyEscape {
			g.close()
		}
		return k.Name == fyne.KeyEscape
	}
	g.back.OnEscape, g.proceed.OnEscape, g.open.OnEscape = g.close, g.close, g.close
	g.show(canvas, w.Say("apppassword.title", args), list)
}

// appPasswordPage is the provider's page about app passwords, or its general one.
func appPasswordPage(a autodetect.Answer) (*url.URL, bool) {
	if u, ok := webPage(a.AppPasswordURL); ok {
		return u, true
	}
	return webPage(a.HelpURL)
}

func (g *guide) show(canvas fyne.Canvas, title string, list []string) {
	rows := look.Column(2 * look.Unit)
	for i, s := range list {
		number := look.Fixed(look.NewWholeText(strconv.Itoa(i+1)+".", look.Strong.With(look.Accent)), fyne.NewSize(6*look.Unit, 0))
		rows.Add(container.NewBorder(nil, nil, container.NewVBox(number), nil, look.NewParagraph(s, look.Plain)))
		if i == 0 && g.open.Visible() {
			rows.Add(look.Row(0, look.Pad(g.open, 0, 0, 0, 6*look.Unit)))
		}
	}
	body := look.Pad(look.Column(4*look.Unit,
		look.NewParagraph(title, look.Style{Size: 16, Bold: true}), rows, g.password.box,
		look.Row(2*look.Unit, layout.NewSpacer(), g.back, g.proceed),
	), 5*look.Unit, 5*look.Unit, 4*look.Unit, 5*look.Unit)
	g.pop = showModal(canvas, body, guideWidth)
	canvas.Focus(g.password.entry)
}

// use takes the password and goes on.
func (g *guide) use() {
	secret := g.password.entry.Text
	if secret == "" {
		g.page.focus(g.password.entry)
		return
	}
	g.close()
	g.page.password.entry.SetText(secret)
	g.page.Continue()
}

func (g *guide) close() {
	g.password.entry.SetText("")
	g.pop.Hide()
	g.page.focus(g.page.password.entry)
}

// tellTrouble says why an account could not be added. Where only an app password
// helps, it leads to one; else to the doctor.
func (p *Page) tellTrouble(err error) {
	action, tapped := p.checkWord(), p.checkServers
	var problem *mailcore.Problem
	if errors.As(err, &problem) && problem.Action == "trouble.do.app-password" {
		action, tapped = p.c.Words.Say("apppassword.how"), p.showSteps
	}
	p.notice.Set(explain(p.c.Words, err, "setup.trouble"), action, tapped)
	p.notice.Show()
}
