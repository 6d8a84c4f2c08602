// Package outbox is the send queue of one account: it submits messages that
// wait in the store, retries what is temporary, hands what was accepted over for
// filing in Sent, and never sends twice.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

var errContract = errors.New("outbox: not built yet")

// DialFunc makes a signed-in connection to the account's submission server.
type DialFunc func(ctx context.Context) (*connect.SMTPConn, error)

// Config is what a sender needs.
type Config struct {
	Account accounts.Account
	Store   *store.Store
	Dial    DialFunc
	Publish func(mailcore.Event) // never blocks
	Filed   func()               // an operation to file a sent copy waits (imapsync is poked)
	Log     *slog.Logger
	Now     func() time.Time // nil: time.Now
}

// Sender sends one account's mail in order.
type Sender struct{}

// New makes a sender; nothing is dialled until something is due.
func New(c Config) *Sender { return &Sender{} }

// Run sends what is due until ctx ends. Failures become the message's own
// problem and next try, not an error.
func (s *Sender) Run(ctx context.Context) error { return errContract }

// Poke says that something was queued or is to be tried now.
func (s *Sender) Poke() {}

// Flush tries everything that waits once, due or not, and returns when each was
// accepted, refused or put off again.
func (s *Sender) Flush(ctx context.Context) error { return errContract }
