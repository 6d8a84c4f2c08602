package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

func TestLookoutNoticesSleepAndNetworks(t *testing.T) {
	now, at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), "192.0.2.7/24"
	l := lookout{now: func() time.Time { return now }, addresses: func() string { return at }}
	for _, step := range []struct {
		passed time.Duration
		at     string
		want   bool
	}{
		{0, "192.0.2.7/24", false},
		{lookEvery, "192.0.2.7/24", false},
		{lookEvery + 20*time.Second, "192.0.2.7/24", false}, // a busy machine
		{8 * time.Hour, "192.0.2.7/24", true},
		{lookEvery, "192.0.2.7/24", false},
		{lookEvery, "", false}, // gone: nothing can be reached
		{lookEvery, "198.51.100.4/16", true},
		{-time.Hour, "198.51.100.4/16", false}, // the clock was set
		{lookEvery, "198.51.100.4/16", false},
	} {
		now, at = now.Add(step.passed), step.at
		if got := l.changed(); got != step.want {
			t.Errorf("after %v at %q: %v", step.passed, step.at, got)
		}
	}
}

// refusal is a sign-in that the server refused.
func refusal() error {
	return trouble.At(trouble.Auth, "imap", accounts.Server{Host: "imap.example.org"},
		&imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "no"})
}

// A message that is opened signs in by a connection of its own. When that works,
// the worker must not go on waiting for a person whom nobody asks any more.
func TestASignInElsewhereEndsTheWait(t *testing.T) {
	e, p := stage(t)
	p.next(t) <- refusal()
	e.await(t, "sign-in", func(s mailcore.Status) bool { return s.Phase == mailcore.SignIn })
	e.resume()
	select {
	case <-p.runs:
		t.Fatal("waking up tried the refused password again")
	case <-time.After(300 * time.Millisecond):
	}
	r, _ := e.run(puppetAccount)
	r.up()
	p.next(t)
}

func TestGetMailTriesARefusedSignInAgain(t *testing.T) {
	e, p := stage(t)
	p.next(t) <- refusal()
	e.await(t, "sign-in", func(s mailcore.Status) bool { return s.Phase == mailcore.SignIn })
	e.Accounts().Refresh("") // IMAP was switched on, the keyring unlocked
	p.next(t)
}

func TestWakingUpEndsTheBackoff(t *testing.T) {
	e, p := stage(t)
	p.next(t) <- &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeUnavailable, Text: "in minutes"}
	e.await(t, "offline", func(s mailcore.Status) bool { return s.Problem != nil })
	e.resume()
	p.next(t)
}

// Looking at the status must not count as carrying changes out: a change of mind
// would not cancel them any more.
func TestStatusLeavesWaitingChangesAlone(t *testing.T) {
	e, _ := stage(t)
	inbox := fillInbox(t, e, 1, 1)
	ids, err := e.Messages().List(t.Context(), mailcore.Query{Folder: inbox})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%d messages, %v", len(ids), err)
	}
	for _, d := range []mailcore.FlagDelta{{Add: mailcore.Flagged}, {Remove: mailcore.Flagged}} {
		if err := e.Messages().Mark(t.Context(), ids, d); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Accounts().Status(t.Context(), puppetAccount); err != nil {
			t.Fatal(err)
		}
	}
	if s, _ := e.Accounts().Status(t.Context(), puppetAccount); s.Waiting != 0 {
		t.Errorf("%d changes wait after a change of mind", s.Waiting)
	}
}

// The store is closed after the engine: nothing may be under way then.
func TestCloseEndsWhatIsAskedOfServers(t *testing.T) {
	e, p := stage(t)
	inbox := fillInbox(t, e, 1, 1)
	ids, err := e.Messages().List(t.Context(), mailcore.Query{Folder: inbox})
	if err != nil {
		t.Fatal(err)
	}
	p.asked = make(chan struct{})
	opened := make(chan error, 1)
	go func() {
		_, err := e.Messages().Open(context.Background(), ids[0])
		opened <- err
	}()
	<-p.asked
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-opened:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("still waiting for the server")
	}
}

func TestARemovedAccountIsNotWorkedOn(t *testing.T) {
	e, _ := stage(t)
	e.leave(puppetAccount, true)
	e.stopRun(puppetAccount)
	if _, err := e.run(puppetAccount); err == nil {
		t.Error("a run was made for an account on its way out")
	}
	e.leave(puppetAccount, false)
	if _, err := e.run(puppetAccount); err != nil {
		t.Error(err)
	}
}
