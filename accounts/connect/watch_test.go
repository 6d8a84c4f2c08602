package connect

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

func TestHostileAnswersEndTheConnection(t *testing.T) {
	cases := map[string]string{
		"bomb":         "* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", 300_000),
		"4 GB literal": "* 1 FETCH (UID 1 BODY[] {4294967296}\r\n",
		"endless line": "* SEARCH " + strings.Repeat("1 ", 1<<18),
	}
	for name, answer := range cases {
		c := signedIn(t, Limits{}, func(p *peer, _ string) { p.raw(answer); p.silence() })
		c.guard.mu.Lock()
		c.guard.scan.bounds.line = 1 << 18 // 16 MiB take long under the race detector
		c.guard.mu.Unlock()
		err := c.Noop().Wait()
		if err == nil || !errors.Is(c.Cause(), trouble.ErrHostile) || key(c.Trouble(trouble.Fetch, err)) != "hostile" {
			t.Errorf("%s: %v, cause %v", name, err, c.Cause())
		}
	}
}

func TestHostileAnswersBeforeSigningIn(t *testing.T) {
	ca := newAuthority(t)
	for name, greeting := range map[string]string{
		"bomb":    "* LIST " + strings.Repeat("(", 300_000),
		"line":    "* OK " + strings.Repeat("x", 1<<20),
		"literal": "* LIST () \"/\" {4294967296}\r\n",
	} {
		s := serve(t, ca.leaf(nil), true, func(p *peer) { p.raw(greeting); p.silence() })
		if err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.TLS)); !errors.Is(err, trouble.ErrHostile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := serve(t, ca.leaf(nil), true, func(p *peer) { p.raw("220-" + strings.Repeat("x", 1<<20)); p.silence() })
	if err := dialSMTP(t, &Dialer{Roots: ca.pool}, long.server(accounts.TLS)); !errors.Is(err, trouble.ErrHostile) {
		t.Errorf("SMTP: %v", err)
	}
}

func TestWatchdogNamesWhatStalled(t *testing.T) {
	drip := func(p *peer, _ string) {
		p.raw("* 1 FETCH (UID 1 BODY[] {100000}\r\n")
		for {
			p.raw("x")
			time.Sleep(20 * time.Millisecond)
		}
	}
	cases := map[string]func(p *peer, line string){
		"silent":      func(p *peer, _ string) { p.silence() },
		"mid-literal": func(p *peer, _ string) { p.raw("* 1 FETCH (UID 1 BODY[] {100000}\r\nabc"); p.silence() },
		"mid-line":    func(p *peer, _ string) { p.raw("* LIST () "); p.silence() },
		"slow drip":   drip,
	}
	for name, script := range cases {
		c := signedIn(t, hurried, script)
		err := c.Noop().Wait()
		var stall *trouble.StallError
		if err == nil || !errors.As(c.Cause(), &stall) || stall.Waiting != "NOOP" {
			t.Errorf("%s: %v, cause %v", name, err, c.Cause())
		}
		if got := key(c.Trouble(trouble.Fetch, err)); got != "stalled" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A large answer on a slow line is progress, however long it takes.
func TestSteadyProgressIsNoStall(t *testing.T) {
	limits := patient
	c := signedIn(t, limits, func(p *peer, line string) {
		tag, _, _ := strings.Cut(line, " ")
		for i := range 12 { // one and a half times the limit in all
			p.raw(fmt.Sprintf("* %d EXISTS\r\n", i))
			time.Sleep(limits.Progress / 8)
		}
		p.say(tag + " OK done")
	})
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestQuietConnectionsAndIdleAreNotCutShort(t *testing.T) {
	limits := patient
	c := signedIn(t, limits, func(p *peer, line string) {
		tag, word, _ := strings.Cut(line, " ")
		if word == "IDLE" {
			p.say("+ idling")
			p.line()
		}
		p.say(tag + " OK done")
	})
	time.Sleep(limits.Progress * 5 / 4)
	c.Idling(true)
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(limits.Progress * 5 / 4)
	if err := errors.Join(idle.Close(), idle.Wait()); err != nil {
		t.Fatalf("%v, cause %v", err, c.Cause())
	}
	c.Idling(false)
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestIdleIsBoundedAndItsStartWatched(t *testing.T) {
	limits := patient
	limits.First, limits.Idle = 20*time.Second, 200*time.Millisecond
	c := signedIn(t, limits, func(p *peer, _ string) { p.say("+ idling"); p.silence() })
	c.Idling(true)
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	<-c.Closed()
	_ = idle.Close()
	var stall *trouble.StallError
	if !errors.As(c.Cause(), &stall) || stall.Waiting != "IDLE not renewed" {
		t.Errorf("not renewed: %v", c.Cause())
	}
	c = signedIn(t, hurried, func(p *peer, _ string) { p.silence() })
	c.Idling(true)
	if _, err := c.Idle(); err == nil || !errors.Is(c.Cause(), trouble.ErrStalled) {
		t.Errorf("IDLE without an answer: %v, %v", err, c.Cause())
	}
}

func TestSilentServersBeforeSigningIn(t *testing.T) {
	ca := newAuthority(t)
	d := &Dialer{Roots: ca.pool, Limits: hurried}
	silent := func(p *peer) { p.silence() }
	for _, c := range []struct {
		security accounts.Security
		implicit bool
	}{{accounts.TLS, false}, {accounts.TLS, true}, {accounts.StartTLS, false}} {
		s := serve(t, ca.leaf(nil), c.implicit, silent)
		for name, err := range map[string]error{
			"imap": dialIMAP(t, d, s.server(c.security)), "smtp": dialSMTP(t, d, s.server(c.security)),
		} {
			if k := key(err); k != "stalled" && k != "timeout" {
				t.Errorf("%s %s implicit %v: %v (%s)", name, c.security, c.implicit, err, k)
			}
		}
	}
}

func TestGoodbyeIsTheCause(t *testing.T) {
	c := signedIn(t, Limits{}, func(p *peer, _ string) {
		p.say("* BYE [UNAVAILABLE] restarting")
		panic(hangup{})
	})
	err := c.Noop().Wait()
	if err == nil || key(c.Trouble(trouble.Fetch, err)) != "unavailable" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestALostConnectionSaysSo(t *testing.T) {
	c := signedIn(t, Limits{}, func(*peer, string) { panic(hangup{}) })
	err := c.Noop().Wait()
	if err == nil || !errors.Is(c.Cause(), io.ErrUnexpectedEOF) || key(c.Trouble(trouble.Fetch, err)) != "lost" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}
