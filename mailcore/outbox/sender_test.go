package outbox

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const raw = "From: <anna@becker.example>\r\nSubject: Offer\r\nMessage-ID: <1@becker.example>\r\n\r\n.leading dot\r\nlast line\r\n"

var start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// bench is a sender with its own store, clock and server.
type bench struct {
	*testing.T
	server *submissionServer
	store  *store.Store
	sender *Sender
	clock  atomic.Int64 // nanoseconds after start
	dials  atomic.Int64
}

func newBench(t *testing.T, change ...func(*accounts.Account)) *bench {
	t.Helper()
	st, recovery, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "linnet.db"))
	if err != nil || recovery != nil {
		t.Fatalf("open store: %v, %+v", err, recovery)
	}
	t.Cleanup(func() { st.Close() })
	b := &bench{T: t, server: startServer(t), store: st}
	account := accounts.Account{ID: "a1", Email: "anna@becker.example", SMTP: b.server.server()}
	for _, c := range change {
		c(&account)
	}
	dialer := &connect.Dialer{}
	b.sender = New(Config{
		Account: account, Store: st, Now: b.now,
		Dial: func(ctx context.Context) (*connect.SMTPConn, error) {
			b.dials.Add(1)
			return dialer.SMTP(ctx, account.SMTP, "becker.example", func(context.Context, bool) (connect.Credential, error) {
				return connect.Credential{User: "anna", Secret: "s3cret"}, nil
			})
		},
	})
	return b
}

func (b *bench) now() time.Time { return start.Add(time.Duration(b.clock.Load())) }

func (b *bench) queue(recipients ...string) mailcore.OutboxID {
	b.Helper()
	id, err := b.store.Enqueue(b.Context(), mailcore.Outgoing{
		Account: "a1", State: mailcore.Queued, From: "anna@becker.example", Recipients: recipients,
		Subject: "Offer", MessageID: "1@becker.example", Size: int64(len(raw)), Created: b.now(), NextTry: b.now(),
	}, []byte(raw), 0)
	if err != nil {
		b.Fatal(err)
	}
	return id
}

func (b *bench) send() {
	b.Helper()
	if err := b.sender.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) row(id mailcore.OutboxID) mailcore.Outgoing {
	b.Helper()
	o, err := b.store.Outgoing(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return o
}

func (b *bench) want(id mailcore.OutboxID, state mailcore.SendState, problem string) mailcore.Outgoing {
	b.Helper()
	o := b.row(id)
	if o.State != state {
		b.Errorf("state %s, want %s (problem %v)", o.State, state, o.Problem)
	}
	switch {
	case problem == "" && o.Problem != nil:
		b.Errorf("unexpected problem %v", o.Problem)
	case problem != "" && (o.Problem == nil || !strings.HasPrefix(o.Problem.Key, problem)):
		b.Errorf("problem %v, want %s…", o.Problem, problem)
	}
	return o
}

func TestAcceptedMessageIsHandedOverForFiling(t *testing.T) {
	b := newBench(t)
	var atDot mailcore.SendState
	id := b.queue("jonas@print.example", "ines@print.example")
	b.server.dot = func() string { atDot = b.row(id).State; return "" }
	b.send()
	b.want(id, mailcore.ToFile, "")
	if atDot != mailcore.DotPending {
		t.Errorf("state when the final dot arrived: %s", atDot)
	}
	if got := b.server.delivered(); len(got) != 1 || got[0] != raw {
		t.Errorf("delivered %q", got)
	}
	ops, err := b.store.Pending(t.Context(), "a1")
	if err != nil || len(ops) != 1 || ops[0].Kind != store.OpFile || ops[0].Outbox != id {
		t.Errorf("pending %+v, %v", ops, err)
	}
	if !strings.Contains(b.server.sent(), "RCPT TO:<ines@print.example>") {
		t.Errorf("commands:\n%s", b.server.sent())
	}
}

func TestServerThatFilesSentMailIsSearched(t *testing.T) {
	b := newBench(t, func(a *accounts.Account) { a.Sent = accounts.SentByServer })
	id := b.queue("jonas@print.example")
	b.send()
	b.want(id, mailcore.ToFile, "")
	ops, err := b.store.Pending(t.Context(), "a1")
	if err != nil || len(ops) != 1 || ops[0].Kind != store.OpFind {
		t.Errorf("pending %+v, %v", ops, err)
	}
}

// answers replies to commands with the given prefix.
func answers(prefix, reply string) func(*submissionServer) {
	return func(s *submissionServer) {
		s.answer = func(line string) string {
			if strings.HasPrefix(line, prefix) {
				return reply
			}
			return ""
		}
	}
}

func dots(reply string) func(*submissionServer) {
	return func(s *submissionServer) { s.dot = func() string { return reply } }
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name    string
		fault   func(*submissionServer)
		state   mailcore.SendState
		problem string
	}{
		{"temporary refusal of the sender", answers("MAIL", "451 4.3.0 later"), mailcore.Queued, "trouble."},
		{"final refusal of the sender", answers("MAIL", "550 5.7.1 no"), mailcore.Refused, "trouble."},
		{"greylisting", answers("RCPT TO:<ines", "450 4.2.0 greylisted"), mailcore.Queued, "trouble."},
		{"unknown recipient", answers("RCPT TO:<ines", "550 5.1.1 no such user"), mailcore.Refused, "outbox.recipient"},
		{"no DATA", answers("DATA", "554 5.5.1 no"), mailcore.Refused, "trouble."},
		{"going down", answers("MAIL", "421 4.3.2 shutting down"), mailcore.Queued, "trouble."},
		{"sign-in wanted", answers("MAIL", "530 5.7.0 authentication required"), mailcore.Queued, "trouble."},
		{"refused after the dot for now", dots("452 4.3.1 full"), mailcore.Queued, "trouble."},
		{"refused after the dot for good", dots("554 5.6.0 spam"), mailcore.Refused, "trouble."},
		{"lost at MAIL", answers("MAIL", drop), mailcore.Queued, "trouble."},
		{"lost at DATA", answers("DATA", drop), mailcore.Queued, "trouble."},
		{"lost after the dot", dots(drop), mailcore.Unknown, "outbox.unknown"},
		{"too large", func(s *submissionServer) { s.size = "20" }, mailcore.Refused, "outbox.too_large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t)
			test.fault(b.server)
			id := b.queue("jonas@print.example", "ines@print.example")
			b.send()
			o := b.want(id, test.state, test.problem)
			if test.state == mailcore.Queued && (o.Attempts != 1 || !o.NextTry.Equal(start.Add(time.Minute))) {
				t.Errorf("attempts %d, next try %v", o.Attempts, o.NextTry)
			}
			if n := len(b.server.delivered()); n != 0 {
				t.Errorf("%d delivered", n)
			}
		})
	}
}

func TestLossWithinTheBodyIsTemporary(t *testing.T) {
	b := newBench(t)
	b.server.inBody = func(line int) bool { return line == 1 }
	big := strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef\r\n", 400_000)
	id, err := b.store.Enqueue(t.Context(), mailcore.Outgoing{
		Account: "a1", State: mailcore.Queued, From: "anna@becker.example",
		Recipients: []string{"jonas@print.example"}, Created: b.now(), NextTry: b.now(),
	}, []byte("Subject: big\r\n\r\n"+big), 0)
	if err != nil {
		t.Fatal(err)
	}
	b.send()
	b.want(id, mailcore.Queued, "trouble.")
}

func TestUnknownIsNeverSentAgainUnasked(t *testing.T) {
	b := newBench(t)
	b.server.dot = func() string { return drop }
	id := b.queue("jonas@print.example")
	b.send()
	b.clock.Add(int64(72 * time.Hour))
	b.send()
	b.want(id, mailcore.Unknown, "outbox.unknown")
	if b.dials.Load() != 1 {
		t.Errorf("%d connections", b.dials.Load())
	}
}

func TestServerAwayThenBackSendsEachOnceInOrder(t *testing.T) {
	b := newBench(t)
	away := true
	b.server.answer = func(line string) string {
		if away && strings.HasPrefix(line, "EHLO") {
			return drop
		}
		return ""
	}
	var ids []mailcore.OutboxID
	for range 3 {
		ids = append(ids, b.queue("jonas@print.example"))
	}
	b.send()
	for _, id := range ids {
		b.want(id, mailcore.Queued, "trouble.")
	}
	b.server.mu.Lock()
	away = false
	b.server.mu.Unlock()
	b.clock.Add(int64(time.Minute))
	b.sender.sendDue(t.Context())
	for _, id := range ids {
		b.want(id, mailcore.ToFile, "")
	}
	if n := len(b.server.delivered()); n != 3 {
		t.Errorf("%d delivered", n)
	}
	if b.dials.Load() != 2 {
		t.Errorf("%d connections, want one for all three", b.dials.Load())
	}
}

func TestNotDueIsNotSent(t *testing.T) {
	b := newBench(t)
	b.server.answer = func(line string) string {
		if strings.HasPrefix(line, "MAIL") {
			return "451 later"
		}
		return ""
	}
	b.queue("jonas@print.example")
	b.sender.sendDue(t.Context())
	if wait := b.sender.sendDue(t.Context()); wait != time.Minute {
		t.Errorf("next pass in %v", wait)
	}
	if b.dials.Load() != 1 {
		t.Errorf("%d connections", b.dials.Load())
	}
}

func TestTwoDaysOfFailureAreARefusal(t *testing.T) {
	b := newBench(t)
	b.server.dot = func() string { return "451 later" }
	id := b.queue("jonas@print.example")
	b.send()
	b.clock.Add(int64(giveUp))
	b.send()
	b.want(id, mailcore.Refused, "trouble.")
}

func TestAMessageWaitsForTheNetworkAsLongAsItTakes(t *testing.T) {
	b := newBench(t)
	id := b.queue("jonas@print.example")
	dial := b.sender.Dial
	b.sender.Dial = func(context.Context) (*connect.SMTPConn, error) {
		return nil, trouble.At(trouble.Resolve, "smtp", accounts.Server{}, errors.New("no network"))
	}
	b.send()
	b.clock.Add(int64(3 * giveUp))
	b.send()
	b.want(id, mailcore.Queued, "trouble.")
	b.sender.Dial = dial
	b.sender.sendDue(t.Context())
	if o := b.row(id); o.State != mailcore.Queued || b.dials.Load() != 0 {
		t.Errorf("tried before it was due: %s", o.State)
	}
	b.sender.Hurry()
	b.sender.sendDue(t.Context())
	b.want(id, mailcore.ToFile, "")
}

func TestWhatIsSentOnceMoreAfterTwoDaysIsPutOffFirst(t *testing.T) {
	b := newBench(t)
	b.server.dot = func() string { return "451 later" }
	id := b.queue("jonas@print.example")
	b.clock.Add(int64(giveUp))
	b.send()
	b.want(id, mailcore.Queued, "trouble.")
}

func TestLadder(t *testing.T) {
	var got []time.Duration
	for n := 1; n <= 7; n++ {
		got = append(got, delay(n))
	}
	want := []time.Duration{1, 2, 5, 15, 60, 60, 60}
	for i := range want {
		if got[i] != want[i]*time.Minute {
			t.Errorf("attempt %d: %v", i+1, got[i])
		}
	}
}

func TestLeftoversOfACrash(t *testing.T) {
	b := newBench(t)
	sending, pending := b.queue("jonas@print.example"), b.queue("ines@print.example")
	step := func(id mailcore.OutboxID, to, from mailcore.SendState) {
		o := b.row(id)
		o.State = to
		if err := b.store.Advance(t.Context(), o, []mailcore.SendState{from}, nil); err != nil {
			t.Fatal(err)
		}
	}
	step(sending, mailcore.Sending, mailcore.Queued)
	step(pending, mailcore.Sending, mailcore.Queued)
	step(pending, mailcore.DotPending, mailcore.Sending)
	b.send()
	b.want(sending, mailcore.ToFile, "")
	b.want(pending, mailcore.Unknown, "outbox.unknown")
	if n := len(b.server.delivered()); n != 1 {
		t.Errorf("%d delivered", n)
	}
}

func TestRunEndsWithItsContextAndAnswersFlush(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.sender.Run(ctx) }()
	id := b.queue("jonas@print.example")
	if err := b.sender.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	b.want(id, mailcore.ToFile, "")
	cancel()
	if err := <-done; err != context.Canceled {
		t.Errorf("Run returned %v", err)
	}
}

func TestClosingInTheMiddleOfABodyKeepsTheMessageQueued(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.server.answer = func(line string) string {
		if line == "DATA" {
			cancel()
			time.Sleep(50 * time.Millisecond) // until the connection is closed
		}
		return ""
	}
	id := b.queue("jonas@print.example")
	if err := b.sender.Flush(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	o := b.want(id, mailcore.Queued, "")
	if o.Attempts != 0 || len(b.server.delivered()) != 0 {
		t.Errorf("attempts %d, delivered %d", o.Attempts, len(b.server.delivered()))
	}
}
