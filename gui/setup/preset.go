package setup

import (
	"bytes"
	"errors"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/preset"
	"github.com/linnet-mail/linnet/assets"
)

// Preset is an account that somebody prepared: the page is filled in with it, and
// asks for what is missing.
type Preset struct {
	preset.Account
	Organisation string // who prepared it, "" if that is not said
}

// ReadPresets reads a list of accounts. What is wrong with it is said in
// sentences; then there are no accounts.
func ReadPresets(w *assets.Words, data []byte) (list []Preset, wrong []string) {
	p, err := preset.Read(bytes.NewReader(data))
	var mistakes preset.Mistakes
	if errors.As(err, &mistakes) {
		for _, m := range mistakes {
			wrong = append(wrong, w.Say(m.Key, m.Args))
		}
		return nil, wrong
	}
	for _, a := range p.Accounts {
		list = append(list, Preset{Account: a, Organisation: p.Organisation})
	}
	return list, nil
}

// WritePresets writes the accounts without secrets, as ReadPresets reads them.
func WritePresets(list []accounts.Account, first accounts.Account) ([]byte, error) {
	return preset.Of(list, first.ID).Marshal()
}

// prepare fills the page in with what is known.
func (p *Page) prepare() {
	known := p.c.Preset
	if known == nil {
		return
	}
	p.name.entry.SetText(known.Name)
	p.name.box.Hidden = known.Shared
	p.email.entry.SetText(known.Email)
	if known.Organisation != "" {
		p.intro.Set(p.c.Words.Say("preset.intro_by", assets.Args{"Organisation": known.Organisation}))
	} else {
		p.intro.Set(p.c.Words.Say("preset.intro"))
	}
	if known.HasServers() {
		p.c.Detect = nil // nothing is to be found
		p.servers.imap.fill(known.IMAP)
		p.servers.smtp.fill(known.SMTP)
		p.servers.giveUser("", p.c.Words.Say("setup.user_found"))
	}
}

// given reports whether the servers were prepared.
func (p *Page) given() bool { return p.c.Preset != nil && p.c.Preset.HasServers() }

// shared reports whether the mailbox is several people's.
func (p *Page) shared() bool { return p.c.Preset != nil && p.c.Preset.Shared }

// suggest guesses servers from the address, where none were prepared.
func (p *Page) suggest(address string) {
	if !p.given() {
		p.servers.suggest(address)
	}
}

// prepared gives servers what only the preset knows of them.
func (p *Page) prepared(imap, smtp accounts.Server) (accounts.Server, accounts.Server) {
	if !p.given() {
		return imap, smtp
	}
	return p.c.Preset.Complete(imap, smtp, p.email.text())
}

// sender is the name that mail will be sent under.
func (p *Page) sender() string {
	if p.c.Preset == nil {
		return p.name.text()
	}
	return p.c.Preset.Sender(p.name.text())
}

// notPrepared says that the account was prepared for other addresses, "" if not.
func (p *Page) notPrepared() string {
	known := p.c.Preset
	switch {
	case known == nil || known.Allows(p.email.text()):
		return ""
	case known.Email != "":
		return p.c.Words.Say("preset.other_address", assets.Args{"Address": known.Email})
	}
	return p.c.Words.Say("preset.other_domain", assets.Args{"Domain": known.Domain})
}
