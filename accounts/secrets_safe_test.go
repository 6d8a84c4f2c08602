package accounts

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestSafeIsTheKeyringUntilAFileIsChosen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords.json")
	keyring := Memory()
	s := NewSafe(path, keyring)
	behaves(t, s)
	if err := s.Set(t.Context(), "a", "in the keyring"); err != nil || s.Chosen() {
		t.Fatalf("%v, chosen %v", err, s.Chosen())
	}
	if err := s.Open("long enough"); !errors.Is(err, os.ErrNotExist) || s.Chosen() {
		t.Errorf("open without a file: %v", err)
	}
	if err := s.Choose(""); !errors.Is(err, ErrPassphrase) || s.Chosen() {
		t.Errorf("empty: %v", err)
	}
	if err := s.Choose("long enough"); err != nil || !s.Chosen() {
		t.Fatal(err)
	}
	if err := s.Choose("another one"); !errors.Is(err, ErrFileChosen) {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("the keyring is still asked: %v", err)
	}
	if err := s.Set(t.Context(), "a", "canary"); err != nil {
		t.Fatal(err)
	}
	if got, err := keyring.Get(t.Context(), "a"); got != "in the keyring" || err != nil {
		t.Errorf("the keyring has %q, %v", got, err)
	}

	// Another run: locked until it is opened.
	s = NewSafe(path, keyring)
	for _, err := range []error{s.Set(t.Context(), "a", "x"), s.Delete(t.Context(), "a")} {
		if !errors.Is(err, ErrFileLocked) {
			t.Errorf("locked: %v", err)
		}
	}
	if err := s.Open("a wrong one"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong: %v", err)
	}
	if err := s.Open("long enough"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(t.Context(), "a"); got != "canary" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestSafeAsksOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords.json")
	if err := NewSafe(path, Memory()).Choose("long enough"); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]error{"long enough": ErrNoSecret, "a wrong one": ErrPassphrase} {
		s, asked := NewSafe(path, Memory()), 0
		s.Ask = func() (string, error) { asked++; return typed, nil }
		if _, err := s.Get(t.Context(), "a"); !errors.Is(err, want) {
			t.Errorf("%q: %v", typed, err)
		}
		_, _ = s.Get(t.Context(), "b")
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	}
}

// TestFallbackBehindALockedFile keeps what is typed for this run, and puts it
// into the file once that is open.
func TestFallbackBehindALockedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwords.json")
	if err := NewSafe(path, Memory()).Choose("long enough"); err != nil {
		t.Fatal(err)
	}
	s := NewSafe(path, Memory())
	f := WithFallback(s, nil)
	if err := f.Set(t.Context(), "a", "typed"); err != nil || !errors.Is(f.Reason(), ErrFileLocked) {
		t.Fatalf("%v, reason %v", err, f.Reason())
	}
	if err := f.Keep(t.Context()); !errors.Is(err, ErrFileLocked) {
		t.Errorf("keep: %v", err)
	}
	if got, err := f.Get(t.Context(), "a"); got != "typed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if err := errors.Join(s.Open("long enough"), f.Keep(t.Context())); err != nil || f.Reason() != nil {
		t.Fatalf("%v, reason %v", err, f.Reason())
	}
	if got, err := s.Get(t.Context(), "a"); got != "typed" || err != nil {
		t.Errorf("in the file: %q, %v", got, err)
	}
}
