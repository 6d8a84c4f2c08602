package mailtest

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// Shared is one host for all tests of a package, started by the first that asks.
//
//	var host = mailtest.NewShared(mailtest.Options{Postfix: true})
//
//	func TestMain(m *testing.M) { os.Exit(host.Run(m)) }
//
//	func TestX(t *testing.T) { u := host.Get(t).NewUser(t); … }
type Shared struct {
	options Options
	mu      sync.Mutex
	host    *Host
	err     error
}

// NewShared returns a Shared that has not started yet.
func NewShared(o Options) *Shared { return &Shared{options: o} }

// Run runs the tests of the package and stops the host after them.
func (s *Shared) Run(m *testing.M) int {
	code := m.Run()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil {
		return code
	}
	if code != 0 {
		fmt.Fprintln(os.Stderr, s.host.Logs())
	}
	s.host.stop()
	return code
}

// Get returns the host; where a server is not installed it skips (or fails) like
// Start.
func (s *Shared) Get(t testing.TB) *Host {
	t.Helper()
	require(t, s.options)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil && s.err == nil {
		s.host, s.err = start(s.options)
	}
	if s.err != nil {
		t.Fatalf("start mail host: %v", s.err)
	}
	return s.host
}
