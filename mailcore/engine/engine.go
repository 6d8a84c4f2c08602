// Package engine is what the window and the command line call: services by noun
// (Messages, Folders, Drafts, Outbox, Accounts), events, and the life cycle of
// the workers behind them.
package engine

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

var errContract = errors.New("engine: not built yet")

// Config is what an engine needs. The caller keeps the profile's lock.
type Config struct {
	Store    *store.Store
	Accounts *accounts.File
	Secrets  accounts.Secrets
	Log      *slog.Logger
	// Dialer *connect.Dialer
	Offline bool // no workers: only what is here (list, mark, search …)
}

// Engine runs one profile.
type Engine struct{}

// New makes an engine over an open store. Start begins work.
func New(c Config) *Engine { return &Engine{} }

// Start recovers the outbox and starts a sync worker and a sender per account.
func (e *Engine) Start(ctx context.Context) error { return errContract }

// Close stops all workers and waits for them.
func (e *Engine) Close() error { return nil }

// Subscribe returns a stream of events. A slow reader's events merge; past a
// bound they become one Resync. Publishing never blocks.
func (e *Engine) Subscribe() *Subscription { return nil }

// Subscription is one reader of events.
type Subscription struct{}

// Next returns the next event, or ctx's error.
func (s *Subscription) Next(ctx context.Context) (mailcore.Event, error) { return nil, errContract }

// Close ends the subscription.
func (s *Subscription) Close() {}

// Messages, Folders, Drafts, Outbox and Accounts are the services.
func (e *Engine) Messages() *Messages { return nil }
func (e *Engine) Folders() *Folders   { return nil }
func (e *Engine) Drafts() *Drafts     { return nil }
func (e *Engine) Outbox() *Outbox     { return nil }
func (e *Engine) Accounts() *Accounts { return nil }

// Messages reads and changes messages.
type Messages struct{}

// List returns the ids of a query, newest first.
func (m *Messages) List(ctx context.Context, q mailcore.Query) ([]mailcore.ID, error) {
	return nil, errContract
}

// Rows returns messages for ids in that order; what is gone is left out.
func (m *Messages) Rows(ctx context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	return nil, errContract
}

// Page returns limit messages from offset on.
func (m *Messages) Page(ctx context.Context, q mailcore.Query, limit, offset int) ([]mailcore.Message, error) {
	return nil, errContract
}

// Open returns a message's content, fetching its body if need be (cancellable).
func (m *Messages) Open(ctx context.Context, id mailcore.ID) (mailcore.Content, error) {
	return mailcore.Content{}, errContract
}

// Raw returns a message's bytes, fetching them if need be.
func (m *Messages) Raw(ctx context.Context, id mailcore.ID) ([]byte, error) { return nil, errContract }

// SaveAttachment writes attachment index of a message to w, byte-exact.
func (m *Messages) SaveAttachment(ctx context.Context, id mailcore.ID, index int, w io.Writer) error {
	return errContract
}

// Mark changes flags, here at once and on the server as soon as it can be reached.
func (m *Messages) Mark(ctx context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error {
	return errContract
}

// Move moves messages to a folder of the same account.
func (m *Messages) Move(ctx context.Context, ids []mailcore.ID, to mailcore.FolderID) error {
	return errContract
}

// MoveTo moves messages to their account's folder of a role (Archive, Junk,
// Inbox …). A role without folder is a Problem.
func (m *Messages) MoveTo(ctx context.Context, ids []mailcore.ID, role mailcore.Role) error {
	return errContract
}

// Delete moves messages to Trash; what is in Trash (or Junk) is deleted for good.
func (m *Messages) Delete(ctx context.Context, ids []mailcore.ID) error { return errContract }

// Folders reads and changes folders.
type Folders struct{}

// List returns an account's folders, or all with "".
func (f *Folders) List(ctx context.Context, account mailcore.AccountID) ([]mailcore.Folder, error) {
	return nil, errContract
}

// Create, Rename and Delete change folders on the server, now.
func (f *Folders) Create(ctx context.Context, account mailcore.AccountID, path string) error {
	return errContract
}
func (f *Folders) Rename(ctx context.Context, id mailcore.FolderID, path string) error {
	return errContract
}
func (f *Folders) Delete(ctx context.Context, id mailcore.FolderID) error { return errContract }

// Visible tells the engine which folder is on screen: it is compared first and
// more often. 0 means none.
func (f *Folders) Visible(id mailcore.FolderID) {}

// Drafts keeps what is being written.
type Drafts struct{}

// Save stores a draft and returns its id.
func (d *Drafts) Save(ctx context.Context, draft mailcore.Draft) (mailcore.DraftID, error) {
	return 0, errContract
}

// List returns the drafts without attachment data, last changed first.
func (d *Drafts) List(ctx context.Context) ([]mailcore.Draft, error) { return nil, errContract }

// Get returns one draft whole.
func (d *Drafts) Get(ctx context.Context, id mailcore.DraftID) (mailcore.Draft, error) {
	return mailcore.Draft{}, errContract
}

// Discard removes a draft.
func (d *Drafts) Discard(ctx context.Context, id mailcore.DraftID) error { return errContract }

// New begins a draft from account's default identity ("" = first account).
func (d *Drafts) New(account mailcore.AccountID) mailcore.Draft { return mailcore.Draft{} }

// Answer begins a reply, reply to all or forward of a message, quoted. The
// attribution line is the words' business and comes as a function.
func (d *Drafts) Answer(ctx context.Context, kind mailcore.DraftKind, id mailcore.ID, attribution func(mailcore.Content) string) (mailcore.Draft, error) {
	return mailcore.Draft{}, errContract
}

// Outbox is the send queue.
type Outbox struct{}

// Send builds a draft's message once, puts it into the outbox and returns after
// commit. A draft that cannot be sent (no recipient, bad address) is a Problem.
func (o *Outbox) Send(ctx context.Context, d mailcore.Draft) (mailcore.OutboxID, error) {
	return 0, errContract
}

// SendRaw puts a finished message into the outbox; recipients are read from its
// To, Cc and Bcc (the Bcc field is taken out).
func (o *Outbox) SendRaw(ctx context.Context, account mailcore.AccountID, raw []byte) (mailcore.OutboxID, error) {
	return 0, errContract
}

// List returns what waits, was refused or is unknown; with done also what was sent.
func (o *Outbox) List(ctx context.Context, done bool) ([]mailcore.Outgoing, error) {
	return nil, errContract
}

// Get returns one row.
func (o *Outbox) Get(ctx context.Context, id mailcore.OutboxID) (mailcore.Outgoing, error) {
	return mailcore.Outgoing{}, errContract
}

// Retry sends a waiting, refused or unknown message now. For unknown the caller
// has asked the person: it may arrive twice.
func (o *Outbox) Retry(ctx context.Context, id mailcore.OutboxID) error { return errContract }

// Cancel takes a message that is not being sent out of the outbox and makes it a
// draft again.
func (o *Outbox) Cancel(ctx context.Context, id mailcore.OutboxID) (mailcore.Draft, error) {
	return mailcore.Draft{}, errContract
}

// Accounts knows the accounts and their state.
type Accounts struct{}

// List returns the accounts in the person's order.
func (a *Accounts) List() []accounts.Account { return nil }

// Status returns an account's state.
func (a *Accounts) Status(ctx context.Context, id mailcore.AccountID) (mailcore.Status, error) {
	return mailcore.Status{}, errContract
}

// Add verifies the servers, saves secret and account, and starts its workers.
func (a *Accounts) Add(ctx context.Context, r AddRequest) (accounts.Account, error) {
	return accounts.Account{}, errContract
}

// AddRequest is what the first-start page and "linnet account add" ask for.
type AddRequest struct {
	Name, Email, Password string
	IMAP, SMTP            accounts.Server
	Demo                  bool
}

// Remove stops an account's workers and deletes its local mail and secret.
func (a *Accounts) Remove(ctx context.Context, id mailcore.AccountID) error { return errContract }

// SignIn stores a new password after a refused sign-in and connects again.
func (a *Accounts) SignIn(ctx context.Context, id mailcore.AccountID, password string) error {
	return errContract
}

// Refresh compares everything with the server now ("Get mail").
func (a *Accounts) Refresh(id mailcore.AccountID) {}

// SyncRequest says what SyncOnce brings up to date.
type SyncRequest struct {
	Account mailcore.AccountID // "" for all
	Folders []string           // paths; none means all
	Bodies  bool
}

// FolderReport is what one folder's sync did.
type FolderReport struct {
	Account  string `json:"account"` // e-mail address
	Folder   string `json:"folder"`
	New      int    `json:"new"`
	Changed  int    `json:"changed"`
	Removed  int    `json:"removed"`
	Total    int    `json:"total"`
	BytesIn  int64  `json:"imap_bytes_in"`
	BytesOut int64  `json:"imap_bytes_out"`
}

// SyncReport is what "linnet sync" prints.
type SyncReport struct {
	Folders     []FolderReport `json:"folders"`
	Bodies      int            `json:"bodies"`
	FirstScreen float64        `json:"first_screen_s"` // until the first 100 rows were stored
	Listable    float64        `json:"listable_s"`
	Searchable  float64        `json:"searchable_s"`
	BytesIn     int64          `json:"imap_bytes_in"`
	BytesOut    int64          `json:"imap_bytes_out"`
}

// SyncOnce brings everything up to date once, pending operations first.
func (a *Accounts) SyncOnce(ctx context.Context, r SyncRequest) (SyncReport, error) {
	return SyncReport{}, errContract
}
