package setup

import (
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/look"
)

// Services know where one can sign in through the browser; *oauth.Service does.
type Services interface {
	ForServer(host string) (oauth.Provider, bool)
	Registered(key string) bool
}

// Browser is a sign-in in the browser in the place of a password.
type Browser struct {
	OAuth  accounts.OAuth
	Secret string               // of a client ID of the person's own, may be ""
	Open   func(*url.URL) error // shows an address in the browser; from any goroutine
	Back   func()               // the browser is done; from any goroutine
}

// browser is what stands in the place of the password where one can sign in
// through the browser: a button, and the ways around it.
type browser struct {
	words   *assets.Words
	open    func(*url.URL) error
	changed func()

	on       bool           // the sign-in is in the browser
	own      bool           // with a client ID of the person's own
	provider oauth.Provider // without a Key: endpoints are asked for too
	known    bool           // this program has a client ID there
	password bool           // a password would do as well

	why               *look.Paragraph
	id, secret        *field
	page, token       *field // endpoints
	scope             *field
	button            *look.Button
	mine, other       *look.Button
	asking, endpoints *fyne.Container
	place             *fyne.Container // of the button
	links, box        *fyne.Container
}

func newBrowser(w *assets.Words, signIn, changed func()) *browser {
	b := &browser{words: w, changed: changed}
	b.open = func(u *url.URL) error { return desktop.OpenWeb(fyne.CurrentApp(), u) }
	b.why = look.NewParagraph("", look.Plain)
	b.id = newField(w.Say("setup.browser.id"), look.NewEntry())
	b.secret = newField(w.Say("setup.browser.secret"), look.NewPassword())
	b.page = newField(w.Say("setup.browser.page"), look.NewEntry())
	b.token = newField(w.Say("setup.browser.token"), look.NewEntry())
	b.scope = newField(w.Say("setup.browser.scope"), look.NewEntry())
	b.button = look.NewPrimary("", signIn)
	b.mine = look.NewLink(w.Say("setup.browser.mine"), func() { b.choose(true, true) })
	b.other = look.NewLink("", func() { b.choose(!b.on, false) })
	b.endpoints = look.Column(3*look.Unit, b.page.box, b.token.box, b.scope.box)
	b.asking = look.Column(3*look.Unit, b.id.box, b.secret.box, b.endpoints)
	b.links = look.Row(4*look.Unit, b.other, b.mine)
	b.place = look.Fixed(b.button, fyne.NewSize(0, 44))
	b.box = look.Column(3*look.Unit, b.why, b.asking, b.place, b.links)
	b.update()
	return b
}

// fields are those for what the person's organisation has told them.
func (b *browser) fields() []*field { return []*field{b.id, b.secret, b.page, b.token, b.scope} }

// withdraw is for an address of which nothing is known (any more).
func (b *browser) withdraw() {
	b.on, b.own, b.known, b.password, b.provider = false, false, false, false, oauth.Provider{}
	b.box.Hide()
}

// offer is for a provider that takes tokens. Where this program has no client
// ID, and a password will do, the password comes first.
func (b *browser) offer(p oauth.Provider, known, password bool) {
	b.provider, b.known, b.password = p, known, password
	b.on, b.own = known || !password, !known && !password
	b.box.Show()
	b.update()
}

func (b *browser) choose(on, own bool) {
	b.on, b.own = on, own || on && !b.known
	b.update()
	b.changed()
}

// update shows what goes with the state.
func (b *browser) update() {
	w := b.words
	name := assets.Args{"Provider": b.provider.Name}
	b.button.SetText(w.Say("setup.browser.sign_in", name))
	if b.provider.Name == "" {
		b.button.SetText(w.Say("setup.browser.sign_in_own"))
	}
	b.why.Hidden = !b.on || !b.own
	switch {
	case b.provider.Key == "":
		b.why.Set(w.Say("setup.browser.why_own"))
	case b.known || b.password:
		b.why.Set(w.Say("setup.browser.why_mine", name))
	default:
		b.why.Set(w.Say("setup.browser.why_only", name))
	}
	b.other.SetText(w.Say("setup.browser.instead", name))
	if b.on {
		b.other.SetText(w.Say("setup.browser.password"))
	}
	b.button.Hidden, b.asking.Hidden, b.place.Hidden = !b.on, !b.on || !b.own, !b.on
	b.endpoints.Hidden = b.provider.Key != ""
	b.other.Hidden = b.on && !b.password || !b.on && !b.known
	b.mine.Hidden = b.own && b.on
	b.links.Hidden = b.other.Hidden && b.mine.Hidden
}

// check says what is missing.
func (b *browser) check() bool {
	asked := b.on && b.own
	need := func(f *field, wanted bool, key string) bool {
		if !wanted || f.text() != "" && (f == b.id || strings.HasPrefix(f.text(), "https://")) {
			return f.say("")
		}
		return f.say(b.words.Say(key))
	}
	id := need(b.id, asked, "setup.wrong.client_id")
	page := need(b.page, asked && b.provider.Key == "", "setup.wrong.https")
	token := need(b.token, asked && b.provider.Key == "", "setup.wrong.https")
	return id && page && token
}

// request is what Add needs. back is called on the UI goroutine.
func (b *browser) request(back func(), post func(func())) *Browser {
	r := &Browser{OAuth: accounts.OAuth{Provider: b.provider.Key}, Open: b.open, Back: func() { post(back) }}
	if b.own {
		r.OAuth.ClientID, r.Secret = b.id.text(), b.secret.text()
	}
	if b.provider.Key == "" {
		r.OAuth.AuthURL, r.OAuth.TokenURL, r.OAuth.Scopes = b.page.text(), b.token.text(), strings.Fields(b.scope.text())
	}
	return r
}

// first is what is to be used first.
func (b *browser) first() fyne.Focusable {
	if b.own {
		return b.id.entry
	}
	return b.button
}

func (b *browser) busy(on bool) {
	for _, o := range []*look.Button{b.button, b.mine, b.other} {
		if on {
			o.Disable()
		} else {
			o.Enable()
		}
	}
}

// forget empties what is in the keyring now.
func (b *browser) forget() { b.secret.entry.SetText("") }

// offerBrowser follows what was found.
func (p *Page) offerBrowser() {
	v := p.det.verdict
	provider, ok := p.through(v)
	if !p.det.done || !ok {
		p.browser.withdraw()
		p.det.verdict = v.withoutBrowser(p.c.Words)
	} else {
		p.browser.offer(provider, provider.Key != "" && p.c.Services.Registered(provider.Key), v.answer.TakesPassword())
	}
	p.showSignIn()
}

// through tells where one signs in to the servers that were found; a provider
// without a key is one that only the person knows.
func (p *Page) through(v verdict) (oauth.Provider, bool) {
	imap, smtp := v.servers()
	if p.c.Services == nil || !v.good || imap.Host == "" || smtp.Host == "" || !slices.Contains(v.answer.SignIn, autodetect.OAuth) {
		return oauth.Provider{}, false
	}
	provider, ok := p.c.Services.ForServer(imap.Host)
	return provider, ok || !v.answer.TakesPassword()
}

// browserChanged follows the person's choice.
func (p *Page) browserChanged() {
	p.notice.Hide()
	p.showSignIn()
	p.showFindings()
	if p.browser.on {
		p.focus(p.browser.first())
	} else {
		p.focus(p.password.entry)
	}
}

// showSignIn puts button or password there. The button does what Continue does.
func (p *Page) showSignIn() {
	p.password.box.Hidden = p.browser.on
	p.proceedBox.Hidden = p.browser.on
	if !p.browser.on {
		return
	}
	p.password.say("")
	c := fyne.CurrentApp().Driver().CanvasForObject(p)
	if c != nil && c.Focused() == fyne.Focusable(p.password.entry) { // what is typed there would not be seen
		c.Focus(p.browser.first())
	}
}

// onlyBrowser is for servers that take no password.
func (v *verdict) onlyBrowser(w *assets.Words, args assets.Args) {
	imap, smtp := v.servers()
	v.good = imap.Host != "" && smtp.Host != ""
	v.byHand, v.note = !v.good, w.Say("setup.note.found")
	for _, h := range v.answer.Hints {
		v.says = append(v.says, w.Say("detect.hint."+h))
	}
	v.link = v.answer.HelpURL
}

// withoutBrowser is the verdict where one cannot sign in through the browser.
func (v verdict) withoutBrowser(w *assets.Words) verdict {
	if v.good && !v.answer.TakesPassword() {
		v.good, v.link = false, v.answer.HelpURL
		v.says = []string{w.Say("setup.browser_only", assets.Args{"Provider": v.who()})}
	}
	return v
}

// withoutPassword leaves out what has to be known about a password.
func (v verdict) withoutPassword() verdict {
	v.password = nil
	v.link = ""
	if len(v.says) > 0 {
		v.link = v.answer.HelpURL
	}
	return v
}
