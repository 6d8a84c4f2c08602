package setup

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/assets"
)

// pins are the certificates that a person accepted while a page is open, by the
// server that showed them.
type pins struct {
	of    map[string]string // host:port → fingerprint
	known []string          // accepted for the account, whichever server showed it first
}

// on puts the accepted certificates into a server that is about to be used.
func (p *pins) on(s accounts.Server) accounts.Server {
	if print, ok := p.of[place(s.Host, s.Port)]; ok {
		s.Pin = print
	}
	return s
}

// place names a server however its host was written.
func place(host string, port int) string {
	return accounts.Server{Host: strings.ToLower(accounts.ASCIIHost(host)), Port: port}.Address()
}

func (p *pins) accept(c accounts.Certificate) {
	if p.of == nil {
		p.of = map[string]string{}
	}
	p.of[place(c.Host, c.Port)] = c.Fingerprint
	p.known = append(p.known, c.Fingerprint)
}

// forget drops everything: another account is meant.
func (p *pins) forget() { *p = pins{} }

// ask handles a failure that is about a certificate: again runs once the person
// trusts it. A certificate that was accepted a moment ago for the account's other
// server is not asked about twice. false means that it is another failure.
func (p *pins) ask(show func(c accounts.Certificate, accept func()), err error, again func()) bool {
	c, ok := trouble.Certificate(err)
	if !ok {
		return false
	}
	if p.of[place(c.Host, c.Port)] == "" && slices.Contains(p.known, c.Fingerprint) && c.Accepted == "" {
		p.accept(c)
		again()
		return true
	}
	show(c, func() {
		p.accept(c)
		again()
	})
	return true
}

// askCertificate shows the question over the page. Going back leaves the reason
// on it.
func (p *Page) askCertificate(c accounts.Certificate, accept func()) {
	p.notice.Set(p.c.Words.Say(c.Reason, assets.Args{"Host": c.Host}), "", nil)
	p.notice.Show()
	p.relayout()
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(p); canvas != nil {
		p.doubt = AskCertificate(canvas, p.c.Words, c, accept, func() { p.focus(p.password.entry) })
	}
}
