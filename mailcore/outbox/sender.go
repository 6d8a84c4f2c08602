// Package outbox is the send queue of one account: it submits messages that
// wait in the store, retries what is temporary, hands what was accepted over for
// filing in Sent, and never sends twice.
//
// A message's state is committed before each step that cannot be taken back:
//
//	queued → sending → dot-pending → to-file → done
//
// Whatever fails before dot-pending goes back to queued (temporary) or to
// refused (for good). Only a loss between the final dot and the server's answer
// leaves unknown: SMTP cannot tell then, so nothing is sent again unasked.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// DialFunc makes a signed-in connection to the account's submission server.
type DialFunc func(ctx context.Context) (*connect.SMTPConn, error)

// Config is what a sender needs.
type Config struct {
	Account accounts.Account
	Store   *store.Store
	Dial    DialFunc
	Publish func(mailcore.Event) // never blocks
	Filed   func()               // an operation on a sent copy waits (imapsync is poked)
	Log     *slog.Logger         // nil: discarded
	Now     func() time.Time     // nil: time.Now
}

// Sender sends one account's mail in order.
type Sender struct {
	Config
	account mailcore.AccountID
	poke    chan struct{}
	turn    chan struct{} // holds a token while a pass is under way
	hurry   atomic.Bool   // what was put off is tried in the next pass
}

// New makes a sender; nothing is dialled until something is due.
func New(c Config) *Sender {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Publish == nil {
		c.Publish = func(mailcore.Event) {}
	}
	if c.Filed == nil {
		c.Filed = func() {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{
		Config:  c,
		account: mailcore.AccountID(c.Account.ID),
		poke:    make(chan struct{}, 1),
		turn:    make(chan struct{}, 1),
	}
}

// Poke says that something was queued or is to be tried now. It never blocks.
func (s *Sender) Poke() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

// Hurry tries now what was put off after a failure: the network is back, or there
// is a new password. It never blocks.
func (s *Sender) Hurry() {
	s.hurry.Store(true)
	s.Poke()
}

// Flush tries everything that waits once, due or not, and returns when each was
// accepted, refused or put off again. It works while Run is not running too.
func (s *Sender) Flush(ctx context.Context) error {
	return s.pass(ctx, func(mailcore.Outgoing) bool { return true })
}

// Run sends what is due until ctx ends. Failures of sending become the
// message's own problem and next try; the error is ctx's.
func (s *Sender) Run(ctx context.Context) error {
	for {
		wait := s.sendDue(ctx)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-s.poke:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// sendDue makes one pass over what is due and returns how long to sleep.
func (s *Sender) sendDue(ctx context.Context) time.Duration {
	now, hurry := s.Now(), s.hurry.Swap(false)
	due := func(o mailcore.Outgoing) bool { return hurry && o.Attempts > 0 || !o.NextTry.After(now) }
	if err := s.pass(ctx, due); err != nil {
		s.Log.Error("send", "account", s.account, "error", err)
		return storeRetry
	}
	return s.untilNext(ctx)
}

// storeRetry is the pause after the store itself failed (a full disk, say).
const storeRetry = time.Minute

// idle bounds the sleep, so that a changed clock cannot strand a message.
const idle = 10 * time.Minute

// untilNext returns the time until the next message is due, at most idle.
func (s *Sender) untilNext(ctx context.Context) time.Duration {
	queue, err := s.queued(ctx)
	if err != nil {
		return storeRetry
	}
	wait := idle
	for _, o := range queue {
		wait = min(wait, max(o.NextTry.Sub(s.Now()), 0))
	}
	return wait
}

// queued lists this account's queue in order.
func (s *Sender) queued(ctx context.Context) ([]mailcore.Outgoing, error) {
	all, err := s.Store.Outbox(ctx, false)
	if err != nil {
		return nil, err
	}
	queue := all[:0]
	for _, o := range all {
		if o.Account == s.account && o.State == mailcore.Queued {
			queue = append(queue, o)
		}
	}
	return queue, nil
}

// pass sends, over one connection, every queued message that wanted says. A
// failed connection puts all of them off; the error is the store's. One pass at
// a time.
func (s *Sender) pass(ctx context.Context, wanted func(mailcore.Outgoing) bool) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := s.reclaim(ctx); err != nil {
		return err
	}
	queue, err := s.queued(ctx)
	if err != nil {
		return err
	}
	due := queue[:0]
	for _, o := range queue {
		if wanted(o) {
			due = append(due, o)
		}
	}
	if len(due) == 0 {
		return nil
	}
	conn, err := s.Dial(ctx)
	if err != nil {
		return s.putOffAll(ctx, due, err)
	}
	sub := &submission{conn: conn}
	defer sub.quit()
	for i, o := range due {
		lost, err := s.send(ctx, sub, o)
		if err != nil {
			return err
		}
		if lost != nil && i+1 < len(due) {
			return s.putOffAll(ctx, due[i+1:], lost)
		}
	}
	return nil
}

// putOffAll puts messages off that could not even be begun. When we are being
// stopped they just stay queued.
func (s *Sender) putOffAll(ctx context.Context, due []mailcore.Outgoing, why error) error {
	if ctx.Err() != nil {
		return nil
	}
	var errs []error
	for _, o := range due {
		errs = append(errs, s.putOff(ctx, o, []mailcore.SendState{mailcore.Queued}, why))
	}
	return errors.Join(errs...)
}
