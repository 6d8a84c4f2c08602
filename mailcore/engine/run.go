package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// run is one account at work: its sync worker, its sender, and what is known of
// their connection.
type run struct {
	e       *Engine
	account accounts.Account
	log     *slog.Logger
	worker  syncer
	sender  sender
	tokens  *oauth.Source // nil: the account signs in with a password

	retry chan struct{} // do not wait any longer: a new password, the network is back, the person asks

	cancel context.CancelFunc // nil while nothing runs in the background
	done   chan struct{}      // closed when all of it has ended

	life context.Context // of calls to the servers beside the background's
	end  context.CancelFunc

	mu        sync.Mutex
	calls     sync.WaitGroup
	ended     bool              // no more calls
	paused    bool              // waits to try again
	connected time.Time         // first sign-in of this attempt
	down      *mailcore.Problem // why there is no connection; nil if there is, or was none yet
	signIn    bool              // down until the person signs in
	notice    *mailcore.Problem // a change was refused; shown until looked at
}

// run returns the account's run, making it at first use. It does not start
// background work.
func (e *Engine) run(id mailcore.AccountID) (*run, error) {
	a, ok := e.c.Accounts.Get(string(id))
	if !ok {
		return nil, problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if a.Kept {
		return nil, problemf("engine.kept", "", map[string]any{"Email": a.Email})
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.runs[id]; r != nil {
		return r, nil
	}
	if e.leaving[id] {
		return nil, problemf("engine.no-account", "engine.no-account.action", nil)
	}
	r := &run{e: e, account: a, log: e.log.With("account", a.ID), retry: make(chan struct{}, 1), ended: e.closed}
	r.life, r.end = context.WithCancel(context.Background())
	if e.closed {
		r.end()
	}
	if a.OAuth != nil {
		r.tokens = e.c.OAuth.Source(*a.OAuth, a.ID, e.secrets)
	}
	r.worker = e.newSyncer(r)
	r.sender = e.newSender(r)
	if e.visible != 0 {
		r.worker.Visible(e.visible)
	}
	e.runs[id] = r
	return r, nil
}

// during bounds a call to the account's servers by the life of the run, which
// ends with the engine or the account and waits for done.
func (r *run) during(ctx context.Context) (bounded context.Context, done func()) {
	bounded, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(r.life, cancel)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		cancel()
		return bounded, func() { stop() }
	}
	r.calls.Add(1)
	return bounded, func() {
		stop()
		cancel()
		r.calls.Done()
	}
}

// endCalls ends all calls and waits for them.
func (r *run) endCalls() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.end()
	r.calls.Wait()
	if r.tokens != nil {
		r.tokens.Close()
	}
}

// startRun begins an account's background work, if the engine does any.
func (e *Engine) startRun(id mailcore.AccountID) {
	r, err := e.run(id)
	if err != nil {
		return // removed meanwhile
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx == nil || e.ctx.Err() != nil || e.c.Offline || r.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(e.ctx)
	r.cancel, r.done = cancel, make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() { r.superviseSync(ctx) })
	both.Go(func() { r.superviseSender(ctx) })
	e.wg.Go(func() {
		both.Wait()
		close(r.done)
	})
}

// stopRun ends an account's background work and forgets its run.
func (e *Engine) stopRun(id mailcore.AccountID) {
	e.mu.Lock()
	r := e.runs[id]
	delete(e.runs, id)
	var cancel context.CancelFunc
	if r != nil {
		cancel = r.cancel
	}
	e.mu.Unlock()
	if r != nil {
		r.endCalls()
	}
	if cancel != nil {
		cancel()
		<-r.done
	}
}

// current lists the runs that exist; none is made.
func (e *Engine) current() []*run {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]*run, 0, len(e.runs))
	for _, r := range e.runs {
		out = append(out, r)
	}
	return out
}

// working reports whether r's workers run in the background.
func (e *Engine) working(r *run) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return r.cancel != nil && e.ctx.Err() == nil
}

func (r *run) id() mailcore.AccountID { return mailcore.AccountID(r.account.ID) }

func (r *run) dialIMAP(ctx context.Context, h *imapclient.UnilateralDataHandler) (*connect.IMAPConn, error) {
	c, err := r.e.c.Dialer.IMAP(ctx, r.account.IMAP, r.credential(r.account.IMAP), h)
	if err != nil {
		return nil, err
	}
	r.up()
	return c, nil
}

// refused hears from the worker that the server refused a change for good.
func (r *run) refused(_ context.Context, err error, op *store.Op) {
	p := asProblem(err)
	if op != nil {
		r.log.Warn("change refused", "kind", op.Kind, "problem", p.Key)
	}
	r.mu.Lock()
	r.notice = p
	r.mu.Unlock()
	r.e.publish(mailcore.AccountState{Account: r.id()})
}

// up notes that signing in worked. If that was not for Run, Run need not wait any
// longer; and what could not be sent for the same reason may be sent now.
func (r *run) up() {
	r.mu.Lock()
	changed, paused := r.down != nil, r.paused
	if r.connected.IsZero() {
		r.connected = r.e.now()
	}
	r.down, r.signIn = nil, false
	r.mu.Unlock()
	if paused {
		token(r.retry)
	}
	if changed {
		r.sender.Hurry()
		r.e.publish(mailcore.AccountState{Account: r.id()})
	}
}

func token(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
