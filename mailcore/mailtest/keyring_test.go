package mailtest

import (
	"errors"
	"testing"

	"github.com/zalando/go-keyring"
)

func TestKeyringKeepsASecret(t *testing.T) {
	Keyring(t)
	if err := keyring.Set("linnet-test", "u1", "a secret"); err != nil {
		t.Fatal(err)
	}
	if got, err := keyring.Get("linnet-test", "u1"); err != nil || got != "a secret" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestKeyringIsNewEachTime(t *testing.T) {
	Keyring(t)
	if got, err := keyring.Get("linnet-test", "u1"); !errors.Is(err, keyring.ErrNotFound) {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestNoKeyringHasNone(t *testing.T) {
	NoKeyring(t)
	if err := keyring.Set("linnet-test", "u1", "a secret"); err == nil {
		t.Fatal("a bus without keyring kept a secret")
	}
}
