// Package mailcore holds the vocabulary of Linnet's mail engine: messages,
// folders, drafts, flags, queries, events and problems. It does no work, and it
// imports the standard library only; the subpackages do the work.
package mailcore

// AccountID names an account on this computer. It is the ID field of
// accounts.Account, and stays the same when the account is edited.
type AccountID string

// FolderID is the local identity of a folder (a mailbox, in IMAP's terms).
type FolderID int64

// ID is the local identity of a message. It survives moves between folders and
// a change of UIDVALIDITY. The Message-ID header field is a different thing.
type ID int64

// ConversationID is the local identity of a conversation.
type ConversationID int64

// DraftID is the local identity of a draft that is being written.
type DraftID int64

// OutboxID is the local identity of a message in the outbox.
type OutboxID int64

// UID is a message's unique identifier within one folder and one UIDVALIDITY
// (RFC 9051 section 2.3.1.1). 0 means "not known to the server yet".
type UID uint32
