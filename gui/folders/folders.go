// Package folders is in charge of the list of places at the left: all inboxes,
// starred, outbox, and every account with its folders. It shows what it is given
// and reports where a person wants to go.
package folders

import "github.com/linnet-mail/linnet/mailcore"

// Kind is what a place is.
type Kind int

// The kinds of places.
const (
	Nowhere Kind = iota
	AllInboxes
	Starred
	Outbox
	LocalDrafts // drafts that are on this computer only
	Folder
)

// Place is somewhere one can go; it is comparable.
type Place struct {
	Kind   Kind
	Folder mailcore.FolderID // with Kind Folder
}

// Account is an account as the sidebar shows it.
type Account struct {
	ID      mailcore.AccountID
	Title   string
	Colour  string // #rrggbb
	Trouble string // a few words on what is wrong, "" if nothing
	Kept    bool   // has no server any more
	Folders []mailcore.Folder
}

// Content is everything the sidebar shows.
type Content struct {
	Accounts []Account
	Waiting  int // messages in the outbox
	Stuck    int // of these, those that need the person: refused or unknown
	Drafts   int // drafts on this computer
}
