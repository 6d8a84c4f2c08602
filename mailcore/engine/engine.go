// Package engine is what the window and the command line call: services by noun
// (Messages, Folders, Drafts, Outbox, Accounts), events, and the life cycle of
// the workers behind them. Every error that a service returns is, by errors.As,
// a *mailcore.Problem whose keys are in assets/translations.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/imapsync"
	"github.com/linnet-mail/linnet/mailcore/outbox"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// helloName is what we call ourselves in EHLO: an address literal (RFC 5321
// section 4.1.3) that says nothing about this machine.
const helloName = "[127.0.0.1]"

// EnrolFunc verifies a new account's servers, then saves its secret and the
// account; on failure nothing is saved.
type EnrolFunc func(ctx context.Context, secrets accounts.Secrets, r AddRequest) (accounts.Account, error)

// Config is what an engine needs. The caller keeps the profile's lock, and
// closes the store after the engine.
type Config struct {
	Store    *store.Store
	Accounts *accounts.File
	Secrets  accounts.Secrets // the keyring; without one the engine remembers for this run
	Log      *slog.Logger
	Dialer   *connect.Dialer
	Enrol    EnrolFunc      // nil: Accounts.Add is not possible
	Verify   VerifyFunc     // nil: Accounts.Update cannot change servers or password
	OAuth    *oauth.Service // nil: one without client ids

	// Offline runs no workers in the background. What is asked for by name
	// (SyncOnce, a body, a folder's name, Flush) still connects.
	Offline bool
}

// Engine runs one profile.
type Engine struct {
	c       Config
	log     *slog.Logger
	secrets *session
	bus     bus

	keyringWaits atomic.Bool // for the person

	index chan struct{} // something may be new for the full-text index
	now   func() time.Time

	newSyncer func(*run) syncer
	newSender func(*run) sender

	mu      sync.Mutex
	runs    map[mailcore.AccountID]*run
	ctx     context.Context // of the workers; nil until Start
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	visible mailcore.FolderID
	leaving map[mailcore.AccountID]bool // being removed: no new run
	closed  bool
}

// syncer is what the engine asks of imapsync.Worker.
type syncer interface {
	Run(ctx context.Context) error
	Progress() imapsync.Progress
	LeftOut() []imapsync.LeftOut
	Poke()
	Refresh()
	Visible(id mailcore.FolderID)
	FetchBody(ctx context.Context, id mailcore.ID) error
	Search(ctx context.Context, f mailcore.Folder, want store.Wanted) ([]mailcore.ID, error)
	CreateFolder(ctx context.Context, path string) error
	RenameFolder(ctx context.Context, id mailcore.FolderID, path string) error
	DeleteFolder(ctx context.Context, id mailcore.FolderID) error
	SyncOnce(ctx context.Context, folders []string, bodies bool) (imapsync.Report, error)
}

// sender is what the engine asks of outbox.Sender.
type sender interface {
	Run(ctx context.Context) error
	Poke()
	Hurry()
	Flush(ctx context.Context) error
}

// New makes an engine over an open store. Start begins work.
func New(c Config) *Engine {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Dialer == nil {
		c.Dialer = &connect.Dialer{Log: c.Log}
	}
	if c.OAuth == nil {
		c.OAuth = &oauth.Service{Roots: c.Dialer.Roots, Net: c.Dialer.Net, Log: c.Log}
	}
	if c.Secrets == nil {
		c.Secrets = noKeyring{}
	}
	e := &Engine{
		c: c, log: c.Log, now: time.Now,
		index: make(chan struct{}, 1), runs: map[mailcore.AccountID]*run{}, leaving: map[mailcore.AccountID]bool{},
		newSyncer: newWorker, newSender: newOutboxSender,
	}
	e.secrets = newSession(c.Secrets, e.keyringChanged)
	return e
}

// Start recovers the outbox and starts a sync worker and a sender per account,
// which live until Close or the end of ctx.
func (e *Engine) Start(ctx context.Context) error {
	unknown, err := e.c.Store.RecoverOutbox(ctx)
	if err != nil {
		return e.problem(fmt.Errorf("recover outbox: %w", err))
	}
	e.mu.Lock()
	if e.ctx != nil {
		e.mu.Unlock()
		return e.problem(errors.New("engine started twice"))
	}
	e.ctx, e.cancel = context.WithCancel(ctx)
	e.mu.Unlock()
	for _, o := range unknown {
		e.publish(mailcore.SendChanged{Outbox: o.ID})
	}
	if e.c.Offline {
		return nil
	}
	e.wg.Go(func() { e.indexLoop(e.ctx) })
	e.wg.Go(func() { e.lookOut(e.ctx) })
	for _, a := range e.c.Accounts.List() {
		e.startRun(mailcore.AccountID(a.ID))
	}
	return nil
}

// Close ends what is asked of servers just now, stops all workers, waits for
// both, and ends all subscriptions. The store may be closed after it.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	for _, r := range e.current() {
		r.endCalls() // before Run ends: it waits for what nobody waits for any more
	}
	e.mu.Lock()
	if e.cancel != nil {
		e.cancel()
	}
	e.mu.Unlock()
	e.wg.Wait()
	e.bus.close()
	return nil
}

// Messages is the service that reads and changes messages.
func (e *Engine) Messages() *Messages { return &Messages{e} }

// Folders is the service that reads and changes folders.
func (e *Engine) Folders() *Folders { return &Folders{e} }

// Drafts is the service that keeps what is being written.
func (e *Engine) Drafts() *Drafts { return &Drafts{e} }

// Outbox is the send queue.
func (e *Engine) Outbox() *Outbox { return &Outbox{e} }

// Accounts is the service that knows the accounts and their state.
func (e *Engine) Accounts() *Accounts { return &Accounts{e} }

// SignInServices are where one can sign in through the browser.
func (e *Engine) SignInServices() *oauth.Service { return e.c.OAuth }

// publish tells all subscribers, and the indexer when there may be new text.
func (e *Engine) publish(ev mailcore.Event) {
	switch ev.(type) {
	case mailcore.MessagesChanged, mailcore.NewMail, mailcore.FolderChanged:
		e.pokeIndex()
	}
	e.bus.publish(ev)
}

func newWorker(r *run) syncer {
	return imapsync.New(imapsync.Config{
		Account: r.account, Store: r.e.c.Store, Dial: r.dialIMAP, Publish: r.e.publish,
		Problem: r.refused, Log: r.log, Prefetch: imapsync.Prefetch{Newest: 100, MaxSize: 256 << 10},
	})
}

func newOutboxSender(r *run) sender {
	a := r.account
	a.Sent = a.Files()
	return outbox.New(outbox.Config{
		Account: a, Store: r.e.c.Store, Dial: r.dialSMTP, Publish: r.e.publish,
		Filed: func() { r.worker.Poke() }, Log: r.log,
	})
}
