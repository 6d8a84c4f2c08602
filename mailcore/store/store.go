// Package store keeps one profile's mail in one SQLite file: folders, messages,
// bodies, conversations, pending operations, drafts, the outbox and the
// full-text index. It is the only package that speaks SQL.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound = errors.New("store: not found")
	ErrNewer    = errors.New("store: written by a newer version of Linnet")
	ErrFull     = errors.New("store: disk full")
	ErrReadOnly = errors.New("store: profile is read-only")
)

var errContract = errors.New("store: not built yet")

// Recovery says what Open did with a damaged file.
type Recovery struct {
	SetAside string // path of the damaged file, kept
	Drafts   int    // salvaged
	Outbox   int    // salvaged
	Pending  int    // salvaged
}

// Store is an open profile database. One writer, several readers; safe for
// concurrent use.
type Store struct{}

// Open opens or creates the database at path (0600, its directory 0700). A
// damaged file is set aside and what only lives here is salvaged into a new
// one: then Recovery is not nil.
func Open(ctx context.Context, path string) (*Store, *Recovery, error) {
	return nil, nil, errContract
}

// Close checkpoints and closes the database.
func (s *Store) Close() error { return nil }

// --- folders ---

// FolderInfo is one line of LIST.
type FolderInfo struct {
	Path       string
	Delimiter  string
	Role       mailcore.Role
	Selectable bool
	Subscribed bool
}

// SetFolders makes an account's folders those of a complete LIST answer; what
// is missing from it is removed with its messages (rows that wait for a pending
// move elsewhere stay). It reports whether anything changed.
func (s *Store) SetFolders(ctx context.Context, account mailcore.AccountID, list []FolderInfo) (bool, error) {
	return false, errContract
}

// Folders lists an account's folders, or all with account "", inbox first, then
// by role, then by path.
func (s *Store) Folders(ctx context.Context, account mailcore.AccountID) ([]mailcore.Folder, error) {
	return nil, errContract
}

// Folder returns one folder, or ErrNotFound.
func (s *Store) Folder(ctx context.Context, id mailcore.FolderID) (mailcore.Folder, error) {
	return mailcore.Folder{}, errContract
}

// RemoveAccount deletes everything of an account.
func (s *Store) RemoveAccount(ctx context.Context, account mailcore.AccountID) error {
	return errContract
}

// --- sync ---

// Cursor is how far a folder's sync has come. It is saved in the transaction
// that stores what it speaks of.
type Cursor struct {
	UIDValidity   uint32 // 0: never selected
	UIDNext       mailcore.UID
	HighestModSeq uint64       // 0: no CONDSTORE
	Backfilled    mailcore.UID // all UIDs >= this and < UIDNext are here; 1 = complete, 0 = nothing yet
	ServerTotal   int          // EXISTS when last compared
	Checked       time.Time    // when last compared in full
}

// Arrival is one message as FETCH described it.
type Arrival struct {
	UID      mailcore.UID
	Flags    mailcore.Flags
	Received time.Time // INTERNALDATE
	Size     int64
	Header   mailcore.Header
}

// FlagState is what the server says a message's flags are.
type FlagState struct {
	UID   mailcore.UID
	Flags mailcore.Flags
}

// Batch is one window of sync, applied in one transaction.
type Batch struct {
	Folder  mailcore.FolderID
	Arrived []Arrival
	Flags   []FlagState
	Gone    []mailcore.UID
	Cursor  *Cursor // saved with the batch; nil keeps the old one
}

// Applied says what a batch changed.
type Applied struct {
	New     []mailcore.ID // rows that are new here (not re-attached ones)
	Changed int           // rows whose flags changed
	Removed int
}

// Cursor returns a folder's cursor; a zero one if it was never synced.
func (s *Store) Cursor(ctx context.Context, folder mailcore.FolderID) (Cursor, error) {
	return Cursor{}, errContract
}

// Apply stores a batch. An arrival whose UID is known updates its flags; one
// that matches a row without UID in this folder (moved here by us, or left by an
// old UIDVALIDITY) by Message-ID, size and, where known, INTERNALDATE gives that
// row its UID; one whose (folder, UID) a pending move or expunge takes away is
// not shown again. Flags with a pending operation keep the local value. Pending
// operations of a Gone UID are dropped. Conversations and counts are kept.
func (s *Store) Apply(ctx context.Context, b Batch) (Applied, error) {
	return Applied{}, errContract
}

// UIDs returns, ascending, the UIDs the server is known to have in a folder,
// those of messages that a pending operation takes away included.
func (s *Store) UIDs(ctx context.Context, folder mailcore.FolderID) ([]mailcore.UID, error) {
	return nil, errContract
}

// KnownCount is len(UIDs) without the list.
func (s *Store) KnownCount(ctx context.Context, folder mailcore.FolderID) (int, error) {
	return 0, errContract
}

// BeginGeneration starts a folder over after UIDVALIDITY changed: every row
// loses its UID, the cursor becomes {UIDValidity: v}. Apply re-attaches rows.
func (s *Store) BeginGeneration(ctx context.Context, folder mailcore.FolderID, v uint32) error {
	return errContract
}

// EndGeneration deletes what was not re-attached and returns how many pending
// operations had to be dropped.
func (s *Store) EndGeneration(ctx context.Context, folder mailcore.FolderID) (dropped int, err error) {
	return 0, errContract
}

// --- lists ---

// List returns the ids of a query, newest first.
func (s *Store) List(ctx context.Context, q mailcore.Query) ([]mailcore.ID, error) {
	return nil, errContract
}

// Page returns limit messages of a query from offset on, newest first.
func (s *Store) Page(ctx context.Context, q mailcore.Query, limit, offset int) ([]mailcore.Message, error) {
	return nil, errContract
}

// Rows returns the messages of ids in that order; ids that are gone are left out.
func (s *Store) Rows(ctx context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	return nil, errContract
}

// Message returns one message, or ErrNotFound.
func (s *Store) Message(ctx context.Context, id mailcore.ID) (mailcore.Message, error) {
	return mailcore.Message{}, errContract
}

// ByUID returns the message at (folder, uid), or ErrNotFound.
func (s *Store) ByUID(ctx context.Context, folder mailcore.FolderID, uid mailcore.UID) (mailcore.Message, error) {
	return mailcore.Message{}, errContract
}

// --- bodies ---

// Body is a whole message with what was read out of it.
type Body struct {
	Raw         []byte // as fetched
	Text        string // for the full-text index
	Snippet     string
	Attachments bool
}

// PutBody stores a body and queues it for the full-text index.
func (s *Store) PutBody(ctx context.Context, id mailcore.ID, b Body) error { return errContract }

// Raw returns the stored bytes of a message, or ErrNotFound if its body is not here.
func (s *Store) Raw(ctx context.Context, id mailcore.ID) ([]byte, error) { return nil, errContract }

// WithoutBody returns, newest first, up to limit messages of a folder without a
// stored body and of at most maxSize octets.
func (s *Store) WithoutBody(ctx context.Context, folder mailcore.FolderID, maxSize int64, limit int) ([]mailcore.Message, error) {
	return nil, errContract
}

// IndexNext adds up to limit messages to the full-text index and returns how
// many it did; 0 means all is searchable. It keeps its own stored cursor.
func (s *Store) IndexNext(ctx context.Context, limit int) (int, error) { return 0, errContract }

// --- pending operations ---

// OpID is the identity of a pending operation; a greater one is later.
type OpID int64

// OpKind is what a pending operation does on the server.
type OpKind string

// The kinds.
const (
	OpFlags   OpKind = "flags"
	OpMove    OpKind = "move"
	OpExpunge OpKind = "expunge"
	OpFile    OpKind = "file" // append the sent copy of Outbox to Folder
	OpFind    OpKind = "find" // look for Outbox's Message-ID in Folder: outcome unknown, or the server files Sent itself
)

// Op is a change that the server has not confirmed.
type Op struct {
	ID          OpID
	Account     mailcore.AccountID
	Kind        OpKind
	Message     mailcore.ID       // 0 for OpFile and OpFind
	Folder      mailcore.FolderID // where the message is on the server, or the Sent folder
	UIDValidity uint32            // of Folder when the UID was learnt
	UID         mailcore.UID      // 0: not known yet (moved here by an earlier operation)
	Target      mailcore.FolderID // of OpMove
	Flags       mailcore.FlagDelta
	Outbox      mailcore.OutboxID
	Attempts    int
	NotBefore   time.Time
	Created     time.Time
}

// Mark changes flags here at once and records pending operations in the same
// transaction (synchronous FULL). Inverse pairs that were not sent yet cancel.
func (s *Store) Mark(ctx context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error {
	return errContract
}

// Move moves messages here at once and records pending operations. Messages
// already in target, or of another account than target's, are left alone.
func (s *Store) Move(ctx context.Context, ids []mailcore.ID, target mailcore.FolderID) error {
	return errContract
}

// Expunge hides messages at once and records pending operations; the rows are
// deleted when the server confirms.
func (s *Store) Expunge(ctx context.Context, ids []mailcore.ID) error { return errContract }

// Pending returns an account's operations in order, or all with account "".
func (s *Store) Pending(ctx context.Context, account mailcore.AccountID) ([]Op, error) {
	return nil, errContract
}

// OpDone removes a confirmed operation. For OpMove, newUID (0 if the server did
// not say) and its folder's UIDVALIDITY become the row's, and of later
// operations on the message; for OpFile and OpFind the outbox row becomes Done.
func (s *Store) OpDone(ctx context.Context, op OpID, newUID mailcore.UID, uidValidity uint32) error {
	return errContract
}

// OpRefused removes an operation that the server refused for good and takes its
// local effect back (a moved row returns, a hidden one is shown). The caller
// fetches the flags afresh.
func (s *Store) OpRefused(ctx context.Context, op OpID) error { return errContract }

// OpRetry keeps an operation for a later attempt.
func (s *Store) OpRetry(ctx context.Context, op OpID, notBefore time.Time) error {
	return errContract
}

// --- drafts ---

// SaveDraft stores a draft (synchronous FULL) and returns its id.
func (s *Store) SaveDraft(ctx context.Context, d mailcore.Draft) (mailcore.DraftID, error) {
	return 0, errContract
}

// Drafts lists the drafts, last changed first, without attachment data.
func (s *Store) Drafts(ctx context.Context) ([]mailcore.Draft, error) { return nil, errContract }

// Draft returns one draft whole, or ErrNotFound.
func (s *Store) Draft(ctx context.Context, id mailcore.DraftID) (mailcore.Draft, error) {
	return mailcore.Draft{}, errContract
}

// DeleteDraft removes a draft; one that is gone is no error.
func (s *Store) DeleteDraft(ctx context.Context, id mailcore.DraftID) error { return errContract }

// --- outbox ---

// Enqueue puts a built message into the outbox in state Queued and removes the
// draft it was written in (0 if none), in one transaction (synchronous FULL).
func (s *Store) Enqueue(ctx context.Context, o mailcore.Outgoing, raw []byte, draft mailcore.DraftID) (mailcore.OutboxID, error) {
	return 0, errContract
}

// Outbox lists the outbox in order of creation; Done rows only with done.
func (s *Store) Outbox(ctx context.Context, done bool) ([]mailcore.Outgoing, error) {
	return nil, errContract
}

// Outgoing returns one outbox row, or ErrNotFound.
func (s *Store) Outgoing(ctx context.Context, id mailcore.OutboxID) (mailcore.Outgoing, error) {
	return mailcore.Outgoing{}, errContract
}

// OutgoingRaw returns the bytes to submit.
func (s *Store) OutgoingRaw(ctx context.Context, id mailcore.OutboxID) ([]byte, error) {
	return nil, errContract
}

// Advance moves an outbox row from one of the states from to the row's new
// state, attempts, next try and problem in one transaction (synchronous FULL),
// adding op to the pending operations if it is not nil. It fails with
// ErrNotFound when the row is not in one of those states: nobody else's step is
// ever undone.
func (s *Store) Advance(ctx context.Context, o mailcore.Outgoing, from []mailcore.SendState, op *Op) error {
	return errContract
}

// DeleteOutgoing removes a row that is in one of the states from.
func (s *Store) DeleteOutgoing(ctx context.Context, id mailcore.OutboxID, from ...mailcore.SendState) error {
	return errContract
}

// RecoverOutbox puts right what a crash left of an earlier process, once at
// start: Sending becomes Queued, DotPending becomes Unknown. It returns the rows
// that are now Unknown.
func (s *Store) RecoverOutbox(ctx context.Context) ([]mailcore.Outgoing, error) {
	return nil, errContract
}
