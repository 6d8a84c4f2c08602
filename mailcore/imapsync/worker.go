// Package imapsync keeps one account's folders the same here and on the server:
// folders, headers first and newest first, flags, bodies on demand, IDLE, and
// the replay of changes made offline. Package engine runs one Worker an account.
//
// A session (session.go) owns the sync connection and does all that changes the
// ledger of a folder; the watcher (idle.go) owns a second connection that waits
// for new mail; the lane (interactive.go) owns a third one, dialled when a person
// waits for something. Where the server refuses so many, the session does the
// work of the others.
package imapsync

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

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
type Worker struct {
	c      Config
	pace   pace
	todo   todo
	memory memory
	lane   lane
	turn   chan struct{} // held by the one session that may change folders' ledgers

	mu       sync.Mutex
	progress Progress
	running  context.Context // of Run, nil while it does not run
}

// New makes a worker; nothing is dialled yet.
func New(c Config) *Worker {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Publish == nil {
		c.Publish = func(mailcore.Event) {}
	}
	if c.Problem == nil {
		c.Problem = func(context.Context, error, *store.Op) {}
	}
	w := &Worker{c: c, pace: usualPace, turn: make(chan struct{}, 1)}
	w.todo.wake = make(chan struct{}, 1)
	w.lane.wake = make(chan struct{}, 1)
	w.memory.folders = map[mailcore.FolderID]*folderMemory{}
	w.memory.left = map[mailcore.FolderID]LeftOut{}
	w.memory.bodies = map[mailcore.ID]int{}
	w.progress.Phase = mailcore.Offline
	return w
}

func (w *Worker) id() mailcore.AccountID { return mailcore.AccountID(w.c.Account.ID) }

// Run syncs, watches and replays until ctx ends or the connection fails; the
// engine restarts it with backoff. An error carries its trouble.Stage.
func (w *Worker) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	w.setRunning(ctx)
	defer func() {
		cancel()
		w.setStopped()
		helpers.Wait()
		w.lane.runEnded(w)
		w.setPhase(mailcore.Offline)
	}()
	w.setPhase(mailcore.Connecting)
	c, err := w.dial(ctx)
	if err != nil {
		return err
	}
	watch := w.newWatcher(c)
	if watch != nil {
		helpers.Go(func() { watch.run(ctx) })
	}
	return w.serve(ctx, c, watch)
}

// serve runs sessions until one ends for good. A connection that the library
// gave up because of one odd answer is replaced at once: the memory of what was
// asked makes the next session ask for less, until the odd message is alone.
func (w *Worker) serve(ctx context.Context, c *conn, watch *watcher) error {
	for redials := 0; ; redials++ {
		err := c.because(w.newSession(c, watch).serve(ctx))
		odd := ctx.Err() == nil && refusal(err) == nil && c.odd()
		c.close()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !odd || redials >= maxRedials {
			return err
		}
		w.c.Log.Warn("imapsync: server sent what cannot be read, asking for less", "error", err)
		if c, err = w.dial(ctx); err != nil {
			return err
		}
	}
}

// maxRedials bounds the hunt for one odd message: halving a window of 1,000 and
// trying a single one in every way takes fewer.
const maxRedials = 24

func (w *Worker) setRunning(ctx context.Context) {
	w.mu.Lock()
	w.running = ctx
	w.mu.Unlock()
}

func (w *Worker) setStopped() {
	w.mu.Lock()
	w.running = nil
	w.mu.Unlock()
}

func (w *Worker) runContext() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running
}

// Poke says that pending operations wait.
func (w *Worker) Poke() { w.todo.add(func(t *todo) { t.replay = true }) }

// Refresh compares every folder now. It also makes IDLE begin anew, so that a
// connection which died unnoticed is found out.
func (w *Worker) Refresh() { w.todo.add(func(t *todo) { t.refresh, t.rewatch = true, true }) }

// Visible says which folder is on screen, 0 for none: it goes first.
func (w *Worker) Visible(id mailcore.FolderID) {
	w.todo.add(func(t *todo) {
		if id != t.visible && id != 0 {
			t.opened = id
		}
		t.visible = id
	})
}

// pace is how often things happen; tests have a quicker one.
type pace struct {
	idle      time.Duration   // IDLE is begun anew after this (servers hang up after 30 minutes)
	poll      time.Duration   // all folders are compared
	pollSeen  time.Duration   // the same while a window is looking
	fullFlags time.Duration   // all flags of a folder on a server without CONDSTORE
	linger    time.Duration   // an interactive connection waits for more
	find      []time.Duration // pauses between looking for a message that may have been sent
}

var usualPace = pace{
	idle:      9 * time.Minute,
	poll:      3 * time.Minute,
	pollSeen:  time.Minute,
	fullFlags: 15 * time.Minute,
	linger:    3 * time.Minute,
	find:      []time.Duration{time.Minute, 4 * time.Minute},
}
