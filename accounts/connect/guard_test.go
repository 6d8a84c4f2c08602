package connect

import (
	"errors"
	"net"
	"testing"
	"time"
)

// A Write that fails ends the reader before go-imap learns of it: it would close
// channels that the reader sends on.
func TestAFailedWriteWaitsForTheReader(t *testing.T) {
	near, far := net.Pipe()
	_ = far.Close()
	g := newGuard(near, Limits{}.orDefault(), nil)
	t.Cleanup(func() { _ = g.Close() })
	reading := make(chan struct{})
	g.readBy(reading)
	failed := make(chan error, 1)
	go func() {
		_, err := g.Write([]byte("a1 NOOP\r\n"))
		failed <- err
	}()
	if _, err := g.Read(make([]byte, 1)); err == nil {
		t.Fatal("a closed connection was read from")
	}
	until(t, func() bool { return g.why() != nil })
	select {
	case err := <-failed:
		t.Fatalf("Write came back before the reader ended: %v", err)
	case <-time.After(50 * time.Millisecond): // can only miss the fault, not invent one
	}
	close(reading)
	if err := <-failed; err == nil || !errors.Is(err, g.why()) {
		t.Errorf("%v, want %v", err, g.why())
	}
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}
