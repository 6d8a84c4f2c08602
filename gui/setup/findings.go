package setup

import (
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/look"
)

// findings shows what detection does and what came of it.
type findings struct {
	words *assets.Words
	open  func(*url.URL)
	again func()
	how   func() // shows how to come by an app password
	box   *fyne.Container
}

func newFindings(w *assets.Words, again, how func()) *findings {
	f := &findings{words: w, again: again, how: how, box: look.Column(0)}
	f.open = func(u *url.URL) { _ = desktop.OpenWeb(fyne.CurrentApp(), u) }
	f.clear()
	return f
}

func (f *findings) clear() {
	f.box.RemoveAll()
	f.box.Hide()
}

func (f *findings) add(o fyne.CanvasObject) {
	f.box.Add(o)
	f.box.Show()
}

// texts returns what the lines say.
func (f *findings) texts() []string {
	var out []string
	for _, o := range f.box.Objects {
		if l, ok := o.(*line); ok {
			out = append(out, l.text())
		}
	}
	return out
}

// progress says in one line what is going on.
func (f *findings) progress(words string) {
	if len(f.box.Objects) == 1 {
		if l, ok := f.box.Objects[0].(*line); ok && l.mark == going {
			l.spans = []span{{words, plainSpan.With(look.Muted)}}
			l.Refresh()
			return
		}
	}
	f.clear()
	f.add(newLine(going, span{words, plainSpan.With(look.Muted)}))
}

// show says what was found. imap and smtp are the servers that Continue would
// use; they are named unless they are seen below.
func (f *findings) show(v verdict, domain string, imap, smtp accounts.Server, seen bool) {
	f.clear()
	if v.good {
		f.add(newLine(fine, f.source(v, domain)...))
		if !seen {
			f.add(f.server("setup.found.incoming", v, imap))
			f.add(f.server("setup.found.outgoing", v, smtp))
		}
	}
	for _, s := range slices.Concat(v.password, v.says) {
		f.add(newLine(told, span{s, plainSpan}))
	}
	if v.wantsAppPassword() {
		f.add(f.button(look.NewLink(f.words.Say("apppassword.show"), f.how)))
	}
	f.link(v.link)
	if v.retry {
		f.add(f.button(look.NewLink(f.words.Say("setup.look_again"), f.again)))
	}
}

// slot is put where an argument goes that has a style of its own.
const slot = "\ufffc"

// source says where the answer comes from.
func (f *findings) source(v verdict, domain string) []span {
	said := f.words.Say("setup.found."+string(v.answer.Source), assets.Args{"Provider": slot, "Domain": domain})
	before, after, _ := strings.Cut(said, slot)
	bold := plainSpan
	bold.Bold = true
	return []span{{before, plainSpan}, {v.who(), bold}, {after, plainSpan}}
}

// server names one server, and says of it what is known to be true.
func (f *findings) server(key string, v verdict, s accounts.Server) *line {
	said := span{f.words.Say(key, assets.Args{"Host": s.Host}), plainSpan}
	imap, smtp := v.servers()
	claim, m := "setup.found.encrypted", fine
	switch {
	case !sameServer(s, imap) && !sameServer(s, smtp):
		claim, m = "setup.found.by_hand", told
	case v.proven(s):
		claim = "setup.found.checked"
	}
	return newLine(m, said, span{" · ", plainSpan.With(look.Muted)}, span{f.words.Say(claim), plainSpan.With(look.Muted)})
}

func sameServer(a, b accounts.Server) bool {
	return a.Host == b.Host && a.Port == b.Port && a.Security == b.Security
}

// webPage returns an address that is one for the browser.
func webPage(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	return u, err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// link offers a page of the provider, if it is one for the browser.
func (f *findings) link(address string) {
	u, ok := webPage(address)
	if !ok {
		return
	}
	shown := look.NewRuler().Cut(strings.TrimPrefix(address, "https://"), cardWidth-2*cardMargin-markWidth-2*look.Unit, look.Plain)
	f.add(f.button(look.NewLink(shown, func() { f.open(u) })))
}

// button stands below the text of the lines.
func (f *findings) button(b *look.Button) fyne.CanvasObject {
	return look.Row(0, look.Pad(b, 0, 0, 0, markWidth-look.Unit))
}

// doing says what is asked just now: the best of what still runs.
func doing(w *assets.Words, running map[autodetect.Source]bool, domain string) string {
	for _, s := range []autodetect.Source{
		autodetect.Provider, autodetect.Database, autodetect.SRV, autodetect.Parent, autodetect.MX, autodetect.Probe,
	} {
		if running[s] {
			return w.Say("setup.asking."+string(s), assets.Args{"Domain": domain})
		}
	}
	return w.Say("setup.asking", assets.Args{"Domain": domain})
}
