package mailcore

// Event says what to reload. Events are published after the commit they speak
// of; the data itself is read from the store.
type Event interface{ event() }

// MessagesChanged: rows of these folders came, went or changed.
type MessagesChanged struct {
	Account AccountID
	Folders []FolderID
	IDs     []ID // the messages, if few; nil means any
}

// NewMail: messages arrived just now (never for backfill).
type NewMail struct {
	Account AccountID
	Folder  FolderID
	IDs     []ID
}

// FolderChanged: the folder list or a folder's counts of this account changed.
type FolderChanged struct{ Account AccountID }

// AccountState: the account's status, progress or problem changed, or the
// account itself came, went or was edited.
type AccountState struct{ Account AccountID }

// SendChanged: a message of the outbox changed its state, came or went.
type SendChanged struct{ Outbox OutboxID }

// DraftsChanged: a draft was saved or removed.
type DraftsChanged struct{}

// Resync: events were lost to a slow reader; reload everything.
type Resync struct{}

func (MessagesChanged) event() {}
func (NewMail) event()         {}
func (FolderChanged) event()   {}
func (AccountState) event()    {}
func (SendChanged) event()     {}
func (DraftsChanged) event()   {}
func (Resync) event()          {}
