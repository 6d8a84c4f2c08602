package engine

import (
	"testing"
	"time"
)

func TestBackoffDoublesToFiveMinutesAndStartsAnewAfterAHealthyMinute(t *testing.T) {
	b := backoff{jitter: func(d time.Duration) time.Duration { return d }}
	want := time.Second
	for range 12 {
		if got := b.next(0, false); got != want {
			t.Fatalf("wait = %v, want %v", got, want)
		}
		want = min(2*want, 5*time.Minute)
	}
	if got := b.next(59*time.Second, false); got != 5*time.Minute {
		t.Errorf("after 59 s: %v", got)
	}
	if got := b.next(60*time.Second, false); got != time.Second {
		t.Errorf("after a healthy minute: %v", got)
	}
}

func TestBackoffUsesFullJitter(t *testing.T) {
	var b backoff
	below := 0
	for range 200 {
		b.bound = 2 * time.Minute
		got := b.next(0, false)
		if got < 0 || got >= 4*time.Minute {
			t.Fatalf("wait = %v", got)
		}
		if got < 2*time.Minute {
			below++
		}
	}
	if below < 50 || below > 150 {
		t.Errorf("%d of 200 waits in the lower half", below)
	}
}

func TestABusyServerIsLeftAloneForMinutes(t *testing.T) {
	var b backoff
	for range 100 {
		if got := b.next(0, true); got < 2*time.Minute || got > 5*time.Minute {
			t.Fatalf("wait = %v", got)
		}
	}
}
