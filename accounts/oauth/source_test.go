package oauth

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// keeper is a keyring that can refuse.
type keeper struct {
	accounts.Secrets
	mu   sync.Mutex
	fail error
	sets int
}

func (k *keeper) Set(ctx context.Context, id, secret string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	k.sets++
	return k.Secrets.Set(ctx, id, secret)
}

func (k *keeper) refuse(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fail = err
}

// bench is a source whose account has signed in once, and whose clock a test
// can put forward.
type bench struct {
	server *mailtest.SignIn
	s      *Service
	source *Source
	keeper *keeper
	mu     sync.Mutex
	later  time.Duration
}

func (b *bench) forward(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.later += d
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{server: mailtest.StartSignIn(t), keeper: &keeper{Secrets: accounts.Memory()}}
	b.s = service(b.server)
	b.source = b.s.Source(accounts.OAuth{Provider: "test"}, "1", b.keeper)
	b.source.now = func() time.Time {
		b.mu.Lock()
		defer b.mu.Unlock()
		return time.Now().Add(b.later)
	}
	t.Cleanup(b.source.Close)
	b.signIn(t)
	return b
}

func (b *bench) signIn(t *testing.T) {
	t.Helper()
	var w browser
	tokens, err := b.s.SignIn(bounded(t), config(t, b.s), "ada@example.org", w.open)
	w.saw()
	if err == nil {
		err = b.source.Adopt(bounded(t), tokens, "")
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bench) token(t *testing.T, not string) string {
	t.Helper()
	token, err := b.source.Token(bounded(t), not)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (b *bench) kept(t *testing.T) Grant {
	t.Helper()
	secret, err := b.keeper.Get(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	g, ok := ParseGrant(secret)
	if !ok {
		t.Fatalf("the keyring has %q", secret)
	}
	return g
}

func TestTokensAreRenewedBeforeTheyExpire(t *testing.T) {
	b := newBench(t)
	first, grant := b.token(t, ""), b.kept(t)
	b.forward(50 * time.Minute)
	if b.token(t, "") != first || b.server.Renewals() != 0 {
		t.Error("renewed too early")
	}
	b.forward(9*time.Minute + 30*time.Second)
	second := b.token(t, "")
	if second == first || b.server.Renewals() != 1 {
		t.Errorf("%d renewals", b.server.Renewals())
	}
	if b.kept(t) == grant {
		t.Error("the new refresh token was not kept")
	}
	// A new start of the program has nothing but the keyring.
	again := b.s.Source(accounts.OAuth{Provider: "test"}, "1", b.keeper)
	defer again.Close()
	if third, err := again.Token(bounded(t), ""); err != nil || third == second {
		t.Errorf("%v", err)
	}
}

func TestARefusedTokenIsReplacedOnce(t *testing.T) {
	b := newBench(t)
	first := b.token(t, "")
	second := b.token(t, first)
	// Another connection was refused with the first one as well.
	if b.token(t, first) != second || b.server.Renewals() != 1 {
		t.Errorf("%d renewals", b.server.Renewals())
	}
}

func TestOneRenewalForAll(t *testing.T) {
	b := newBench(t)
	hang := make(chan struct{})
	first := b.token(t, "")
	b.server.Rules(mailtest.SignInRules{Hang: hang})
	var all sync.WaitGroup
	started := make(chan struct{}, 20)
	got := make([]string, 20)
	for i := range got {
		all.Go(func() {
			started <- struct{}{}
			token, err := b.source.Token(bounded(t), first)
			if err != nil {
				t.Error(err)
			}
			got[i] = token
		})
	}
	for range got {
		<-started
	}
	close(hang)
	all.Wait()
	for _, token := range got {
		if token != got[0] || token == first || b.server.Renewals() != 1 {
			t.Fatalf("%d renewals", b.server.Renewals())
		}
	}
}

// Somebody who gives up does not lose the refresh token of the answer.
func TestARenewalOutlivesItsCaller(t *testing.T) {
	b := newBench(t)
	old := b.kept(t)
	hang := make(chan struct{})
	b.server.Rules(mailtest.SignInRules{Hang: hang})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.source.Token(ctx, b.token(t, "")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(hang)
	deadline := time.Now().Add(20 * time.Second)
	for b.kept(t) == old {
		if time.Now().After(deadline) {
			t.Fatal("the answer is lost")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestASlowServiceDoesNotHoldUpTheEnd(t *testing.T) {
	b := newBench(t)
	b.s.Times.Request = time.Hour
	b.server.Rules(mailtest.SignInRules{Hang: make(chan struct{})})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	first := b.token(t, "")
	if _, err := b.source.Token(ctx, first); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	b.source.Close() // goleak sees whether anything stays
	if _, err := b.source.Token(bounded(t), first); err == nil {
		t.Error("a closed source asks for tokens")
	}
}

func TestARevokedPermissionIsNotAskedForAgainAndAgain(t *testing.T) {
	b := newBench(t)
	first := b.token(t, "")
	b.server.Revoke("")
	before := b.server.Asked()
	for range 3 {
		_, err := b.source.Token(bounded(t), first)
		if c := trouble.Explain(err); !errors.Is(err, trouble.ErrRevoked) || key(err) != "token-revoked" || !c.SignIn {
			t.Fatalf("%v: %+v", err, c)
		}
	}
	if asked := b.server.Asked() - before; asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	b.signIn(t)
	if b.token(t, "") == first {
		t.Error("the old token came back")
	}
}

func TestARefreshTokenThatStays(t *testing.T) {
	b := newBench(t)
	b.server.Rules(mailtest.SignInRules{KeepsOld: true})
	old, sets := b.kept(t), b.keeper.sets
	b.token(t, b.token(t, ""))
	if b.kept(t) != old || b.keeper.sets != sets {
		t.Error("the keyring was written to")
	}
}

// What the keyring does not take is not used, and not lost.
func TestALockedKeyring(t *testing.T) {
	b := newBench(t)
	first := b.token(t, "")
	b.keeper.refuse(accounts.ErrKeyringLocked)
	for range 2 {
		if _, err := b.source.Token(bounded(t), first); !errors.Is(err, accounts.ErrKeyringLocked) || key(err) != "keyring-locked" {
			t.Errorf("%v", err)
		}
	}
	b.keeper.refuse(nil)
	if second := b.token(t, first); second == first || b.server.Renewals() != 1 {
		t.Errorf("%d renewals", b.server.Renewals())
	}
	b.token(t, b.token(t, "")) // with the refresh token that was saved late
}

func TestAPasswordIsNeverSentToASignInService(t *testing.T) {
	b := newBench(t)
	if err := b.keeper.Set(t.Context(), "1", "a password"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.source.Token(bounded(t), b.token(t, "")); !errors.Is(err, trouble.ErrNoGrant) || key(err) != "token-missing" || b.server.Renewals() != 0 {
		t.Errorf("%v", err)
	}
}

// Nothing that is logged or returned holds a token, whatever the service says.
func TestNoTokenIsLogged(t *testing.T) {
	b := newBench(t)
	var log strings.Builder
	b.s.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 10}))
	first := b.token(t, b.token(t, ""))
	b.server.Revoke("")
	_, err := b.source.Token(bounded(t), first) // its words repeat the request
	b.s.Log.Info("failed", "error", err, "cause", trouble.Explain(err), "source", config(t, b.s))
	b.signIn(t)
	b.source.Close()
	if !strings.Contains(log.String(), "token renewed") || !strings.Contains(log.String(), "signed in") {
		t.Errorf("log: %s", log.String())
	}
	for _, secret := range b.server.GivenOut() {
		if strings.Contains(log.String(), secret) || strings.Contains(log.String(), secret[8:]) {
			t.Errorf("%s is in the log:\n%s", secret, log.String())
		}
	}
}
