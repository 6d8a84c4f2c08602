// Package imapsync keeps one account's folders the same here and on the server:
// folders, headers first and newest first, flags, bodies on demand, IDLE, and
// the replay of changes made offline. Package engine runs one Worker an account.
package imapsync

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

var errContract = errors.New("imapsync: not built yet")

// DialFunc makes a signed-in connection to the account's IMAP server.
type DialFunc func(ctx context.Context, h *imapclient.UnilateralDataHandler) (*connect.IMAPConn, error)

// Config is what a worker needs.
type Config struct {
	Account  accounts.Account
	Store    *store.Store
	Dial     DialFunc
	Publish  func(mailcore.Event)                             // never blocks
	Problem  func(ctx context.Context, p error, op *store.Op) // a pending operation was refused, a folder dropped changes …
	Log      *slog.Logger
	Prefetch Prefetch
}

// Prefetch says which bodies are fetched without being asked for, so that
// lists have snippets and recent mail opens at once.
type Prefetch struct {
	Newest  int   // so many of each of inbox and the visible folder; 0 = none
	MaxSize int64 // octets
}

// Worker syncs one account. Its methods may be called from any goroutine.
type Worker struct{}

// New makes a worker; nothing is dialled yet.
func New(c Config) *Worker { return &Worker{} }

// Run syncs, watches and replays until ctx ends or the connection fails; the
// engine restarts it with backoff. An error carries its trouble.Stage.
func (w *Worker) Run(ctx context.Context) error { return errContract }

// Progress is what the worker is doing, for the status line.
type Progress struct {
	Phase       mailcore.Phase
	Folder      string
	Done, Total int
	Checked     time.Time // when all folders were last compared
}

// Progress returns the current progress.
func (w *Worker) Progress() Progress { return Progress{} }

// Poke says that pending operations wait.
func (w *Worker) Poke() {}

// Refresh compares every folder now.
func (w *Worker) Refresh() {}

// Visible says which folder is on screen, 0 for none: it goes first.
func (w *Worker) Visible(id mailcore.FolderID) {}

// FetchBody brings a message's body into the store, ahead of all background
// work, over the interactive connection. It works while Run is not running too
// (it dials then).
func (w *Worker) FetchBody(ctx context.Context, id mailcore.ID) error { return errContract }

// CreateFolder, RenameFolder and DeleteFolder act on the server now and update
// the store.
func (w *Worker) CreateFolder(ctx context.Context, path string) error { return errContract }
func (w *Worker) RenameFolder(ctx context.Context, id mailcore.FolderID, path string) error {
	return errContract
}
func (w *Worker) DeleteFolder(ctx context.Context, id mailcore.FolderID) error { return errContract }

// FolderReport is what a one-off sync did in one folder.
type FolderReport struct {
	Folder                mailcore.Folder
	New, Changed, Removed int
	BytesIn, BytesOut     int64
}

// Report is what a one-off sync did.
type Report struct {
	Folders           []FolderReport
	Bodies            int
	FirstScreen       time.Duration // until the first 100 rows were stored
	Listable          time.Duration
	Searchable        time.Duration
	BytesIn, BytesOut int64
}

// SyncOnce replays pending operations and brings the named folders (all with
// none) up to date, with bodies too if asked.
func (w *Worker) SyncOnce(ctx context.Context, folders []string, bodies bool) (Report, error) {
	return Report{}, errContract
}
