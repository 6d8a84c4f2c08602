package setup

import (
	"context"
	"errors"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// edited is called by the fields. What was wrong is checked again; nothing is
// called wrong before Continue was pressed once. Most keys change nothing but
// their own field, and then nothing is placed anew.
func (p *Page) edited() {
	if !p.notice.Visible() && !p.tried {
		return
	}
	p.notice.Hide()
	if p.tried {
		p.check()
	}
	p.relayout()
}

// check says what is wrong with each field, and reports whether nothing is.
func (p *Page) check() bool {
	w := p.c.Words
	name, email, password := "", "", ""
	if p.name.text() == "" && !p.shared() {
		name = w.Say("setup.wrong.name")
	}
	switch {
	case p.email.text() == "":
		email = w.Say("setup.wrong.no_email")
	case !validEmail(p.email.text()):
		email = w.Say("setup.wrong.email", assets.Args{"Address": p.email.text()})
	default:
		email = p.notPrepared()
	}
	if p.password.entry.Text == "" && !p.browser.on {
		password = w.Say("setup.wrong.password")
	}
	named, addressed, secret := p.name.say(name), p.email.say(email), p.password.say(password)
	fine := named && addressed && secret && p.browser.check()
	if p.c.Detect == nil && !addressed && p.servers.imap.host.text() == "" {
		return false // the servers follow from the address
	}
	if p.c.Detect != nil && !p.servers.box.Visible() && !p.det.done {
		return fine // they are looked for
	}
	reached := p.servers.check()
	if !reached {
		p.showServers()
	}
	return fine && reached
}

// focusWrong leads to the first field that something is wrong with.
func (p *Page) focusWrong() {
	fields := append([]*field{p.name, p.email, p.password}, p.browser.fields()...)
	for _, f := range append(fields, p.servers.imap.host, p.servers.smtp.host) {
		if f.wrong.Visible() {
			p.focus(f.entry)
			return
		}
	}
}

// Continue checks the fields and signs in.
func (p *Page) Continue() {
	if p.busyNow() {
		return
	}
	p.tried = true
	if p.c.Detect == nil {
		p.suggest(p.email.text())
	} else {
		p.look() // also while something else is missing
	}
	if !p.check() {
		p.relayout()
		p.focusWrong()
		return
	}
	if !p.settled() {
		return
	}
	imap, smtp := p.servers.values()
	imap, smtp = p.prepared(imap, smtp)
	imap, smtp = p.pins.on(imap), p.pins.on(smtp)
	r := Request{Name: p.sender(), Email: p.email.text(), Password: p.password.entry.Text, IMAP: imap, SMTP: smtp, Preset: p.c.Preset}
	if known, _ := p.det.verdict.servers(); sameServer(imap, known) {
		r.Sent = p.det.verdict.answer.Sent
	}
	if p.given() {
		r.Sent = p.c.Preset.Sent
	}
	servers := p.c.Words.Say("setup.signing_in", assets.Args{"IMAP": imap.Host, "SMTP": smtp.Host})
	first := servers
	if p.browser.on {
		r.Password, r.Browser = "", p.browser.request(func() { p.say(servers) }, p.c.Post)
		first = p.c.Words.Say("setup.browser.waiting")
	}
	p.begin(first, func(ctx context.Context) (accounts.Account, error) {
		return p.c.Add(ctx, r)
	})
}

// lookAround opens the demo mailbox.
func (p *Page) lookAround() {
	if p.busyNow() {
		return
	}
	p.begin(p.c.Words.Say("setup.opening_demo"), func(ctx context.Context) (accounts.Account, error) {
		return accounts.Account{}, p.c.Demo(ctx)
	})
}

// begin does something that takes time, and says so meanwhile.
func (p *Page) begin(words string, do func(context.Context) (accounts.Account, error)) {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.run++
	run := p.run
	p.wait(words)
	go func() {
		a, err := do(ctx)
		p.c.Post(func() {
			if run == p.run {
				p.ended(a, err)
			}
		})
	}()
}

func (p *Page) ended(a accounts.Account, err error) {
	p.cancel()
	p.run++
	p.idle()
	switch {
	case err == nil:
		p.forget()
		if p.c.Done != nil {
			p.c.Done(a)
		}
	case errors.Is(err, context.Canceled):
	case p.pins.ask(p.askCertificate, err, p.Continue):
		p.relayout()
	default:
		p.tellTrouble(err)
		if !p.det.verdict.good {
			p.showServers()
		}
		p.relayout()
		if !p.browser.on {
			p.focus(p.password.entry)
		}
	}
}

// checkWord offers to look for what is wrong, where somebody can look.
func (p *Page) checkWord() string {
	if p.c.Check == nil {
		return ""
	}
	return p.c.Words.Say("doctor.why")
}

// checkServers has the servers looked at that were used last. The password is
// not tried once more: servers lock mailboxes over that.
func (p *Page) checkServers() {
	imap, smtp := p.servers.values()
	p.c.Check(accounts.Account{Email: p.email.text(), IMAP: imap, SMTP: smtp})
}

// forget empties the password field: it is in the keyring now.
func (p *Page) forget() {
	p.tried = false
	p.pins.forget()
	p.password.entry.SetText("")
	p.password.say("")
	p.browser.forget()
}

// Stop gives up what is going on, or leaves the page where one can.
func (p *Page) Stop() {
	if p.det.waiting {
		p.forgetFound()
	}
	if p.busyNow() {
		p.cancel()
		p.run++
		p.idle()
		return
	}
	if p.c.Cancelled != nil {
		p.Close()
		p.c.Cancelled()
	}
}

// wait says what is being waited for.
func (p *Page) wait(words string) {
	p.notice.Hide()
	p.progress.Set(words)
	p.busy(true)
}

// say changes what is being waited for.
func (p *Page) say(words string) {
	if p.busyNow() {
		p.progress.Set(words)
		p.relayout()
	}
}

func (p *Page) idle() { p.busy(false) }

func (p *Page) busyNow() bool { return p.proceed.Disabled() }

// busy shows that something is going on; nothing can be changed meanwhile.
func (p *Page) busy(on bool) {
	p.browser.busy(on)
	for _, e := range p.entries() {
		if on {
			e.Disable()
		} else {
			e.Enable()
		}
	}
	if on {
		p.proceed.Disable()
		p.servers.imap.kind.Disable()
		p.servers.smtp.kind.Disable()
	} else {
		p.proceed.Enable()
		p.servers.imap.kind.Enable()
		p.servers.smtp.kind.Enable()
	}
	p.progress.Hidden = !on
	p.stop.Hidden = !on && p.c.Cancelled == nil
	p.byHand.Hidden = on
	p.demo.Hidden = on || p.c.Demo == nil
	p.relayout()
	if on {
		p.focus(p.stop)
	}
}

// explain says an error in words: what happened and what to do.
func explain(w *assets.Words, err error, otherwise string) string {
	var problem *mailcore.Problem
	if !errors.As(err, &problem) {
		return w.Say(otherwise)
	}
	return problem.Sentence(w.Say)
}
