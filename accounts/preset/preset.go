// Package preset reads and writes lists of accounts without secrets: what an
// administrator prepares for many people, and what a person takes from one
// computer to another. docs/presets.md describes the file.
//
// Reading is strict. Everything that is wrong is said at once, each mistake with
// its line, so that nobody wonders later why a setting has no effect.
package preset

import (
	"fmt"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// Version is the layout that this program writes and the only one it reads.
const Version = 1

// MaxSize bounds a file, in octets.
const MaxSize = 1 << 20

// Preset is a list of accounts to set up.
type Preset struct {
	Organisation string // who prepared it, for people; may be ""
	Accounts     []Account
}

// Account is one account as prepared. What is empty is asked for, or found.
type Account struct {
	Email      string // "": the person's own, asked for
	Domain     string // of the address that is asked for, "" for any
	Name       string // as others see it
	Label      string // what the sidebar calls it
	Colour     string // #rrggbb
	Shared     bool   // several people use it: no person's name belongs to it
	Default    bool   // new mail is written from it
	Identities []accounts.Identity
	IMAP, SMTP accounts.Server // without a host: to be found. User may hold placeholders, see Fill
	Sent       accounts.SentBy
}

// The placeholders of user names.
const (
	wholeAddress = "{address}"
	localPart    = "{local}"
)

// Fill puts an address in the place of the placeholders of a user name: {address}
// is the whole address, {local} what stands before the @.
func Fill(user, email string) string {
	local := email[:max(strings.LastIndexByte(email, '@'), 0)]
	return strings.NewReplacer(wholeAddress, email, localPart, local).Replace(user)
}

// HasServers reports whether the servers are given.
func (a Account) HasServers() bool { return a.IMAP.Host != "" }

// Allows reports whether an address may be that of this account.
func (a Account) Allows(email string) bool {
	if a.Email != "" {
		return strings.EqualFold(a.Email, email)
	}
	return a.Domain == "" || strings.EqualFold(email[strings.LastIndexByte(email, '@')+1:], a.Domain)
}

// Sender is the name to write as, where the person was asked for typed.
func (a Account) Sender(typed string) string {
	for _, name := range []string{typed, a.Name, a.Label} {
		if name != "" {
			return name
		}
	}
	return ""
}

// Servers returns the prepared servers for an address.
func (a Account) Servers(email string) (imap, smtp accounts.Server) {
	imap, smtp = a.IMAP, a.SMTP
	imap.User, smtp.User = Fill(imap.User, email), Fill(smtp.User, email)
	return imap, smtp
}

// Complete gives servers that a person saw, and may have changed, what only the
// preset knows of them: the user and the accepted certificate, each for the very
// server that they were prepared for.
func (a Account) Complete(imap, smtp accounts.Server, email string) (accounts.Server, accounts.Server) {
	wantIMAP, wantSMTP := a.Servers(email)
	return complete(imap, wantIMAP), complete(smtp, wantSMTP)
}

func complete(now, prepared accounts.Server) accounts.Server {
	if now.Host != prepared.Host || now.Port != prepared.Port {
		now.User = strings.NewReplacer(wholeAddress, "", localPart, "").Replace(now.User)
		return now
	}
	if now.User == "" || strings.Contains(now.User, "{") {
		now.User = prepared.User
	}
	if now.Pin == "" {
		now.Pin = prepared.Pin
	}
	return now
}

// Finish gives an account that was added the rest of what was prepared.
func (a Account) Finish(added accounts.Account) accounts.Account {
	added.Label = a.Label
	if a.Colour != "" {
		added.Colour = a.Colour
	}
	if len(a.Identities) > 0 {
		added.Identities = append([]accounts.Identity(nil), a.Identities...)
	}
	return added
}

// Of makes the preset of accounts that are set up; first is the id of the default
// one. What is only kept for its mail, and the demo, are left out.
func Of(list []accounts.Account, first string) Preset {
	var p Preset
	for _, a := range list {
		if a.Kept || a.Demo {
			continue
		}
		p.Accounts = append(p.Accounts, Account{
			Email: a.Email, Name: a.DefaultIdentity().Name, Label: a.Label, Colour: a.Colour, Default: a.ID == first,
			Identities: a.Identities, IMAP: a.IMAP, SMTP: a.SMTP, Sent: a.Sent,
		})
	}
	return p
}

// Mistake is one thing that is wrong with a file, as a translation key with its
// arguments; Line, from 1 on, is among them.
type Mistake struct {
	Line int
	Key  string
	Args map[string]any
}

// Mistakes is everything that is wrong with a file, in the order of its lines.
type Mistakes []Mistake

// Error names the first one; people are shown the words of all.
func (m Mistakes) Error() string {
	if len(m) == 0 {
		return "preset: no mistakes"
	}
	return fmt.Sprintf("preset: %s in line %d, %d mistakes in all", m[0].Key, m[0].Line, len(m))
}
