package accounts

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// lostKeyring loses a real keyring while the program runs, and gets it back.
func lostKeyring(t *testing.T, k *SystemKeyring) {
	stop := startKeyring(t, true)
	var said []error
	f := WithFallback(k, func(reason error) { said = append(said, reason) })
	if err := errors.Join(f.Set(t.Context(), "a", "first"), f.Set(t.Context(), "b", "other")); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Get(t.Context(), "a"); got != "first" || err != nil || f.Reason() != nil {
		t.Fatalf("%q, %v, reason %v", got, err, f.Reason())
	}
	stop()
	// What was read in this run is still known, what was not is asked for.
	if got, err := f.Get(t.Context(), "a"); got != "first" || err != nil {
		t.Errorf("read before: %q, %v", got, err)
	}
	if _, err := f.Get(t.Context(), "b"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("not read before: %v", err)
	}
	if !errors.Is(f.Reason(), ErrNoKeyring) {
		t.Errorf("reason %v", f.Reason())
	}
	if err := f.Set(t.Context(), "a", "second"); err != nil {
		t.Errorf("set: %v", err)
	}
	startKeyring(t, true)
	if err := f.Keep(t.Context()); err != nil || f.Reason() != nil {
		t.Errorf("keep: %v, reason %v", err, f.Reason())
	}
	if got, err := k.Get(t.Context(), "a"); got != "second" || err != nil {
		t.Errorf("it is back and has %q, %v", got, err)
	}
	if len(said) != 2 || !errors.Is(said[0], ErrNoKeyring) || said[1] != nil {
		t.Errorf("said %v", said)
	}
}

// service is somebody who has the keyring's name on the bus.
type service struct {
	answer *dbus.Error
	until  chan struct{} // answers only then
}

// OpenSession is the first that is asked of a Secret Service.
func (s service) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	<-s.until
	return dbus.MakeVariant(""), "/", s.answer
}

func serveKeyring(t *testing.T, s service) {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	if err := bus.Export(s, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"); err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
}

// slowKeyring is one that does not answer in time: the person is told that it
// is waited for, and then that it did not answer.
func slowKeyring(t *testing.T, k *SystemKeyring) {
	until := make(chan struct{})
	serveKeyring(t, service{dbus.MakeFailedError(errors.New("too late")), until})
	var waits atomic.Int32
	k.Limit, k.Patience = 500*time.Millisecond, 10*time.Millisecond
	k.Waiting = func(on bool) {
		if on {
			waits.Add(1)
		}
	}
	f := WithFallback(k, nil)
	if err := f.Set(t.Context(), "a", "x"); err != nil || !errors.Is(f.Reason(), ErrKeyringLocked) {
		t.Errorf("%v, reason %v", err, f.Reason())
	}
	if got, err := f.Get(t.Context(), "a"); got != "x" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if waits.Load() == 0 {
		t.Error("nobody was told that the keyring is waited for")
	}
	close(until)
	k.Limit = 20 * time.Second
	if err := k.call(t.Context(), func() error { return nil }); err != nil { // the late call has ended
		t.Error(err)
	}
}

// refusingKeyring is one that answers with errors.
func refusingKeyring(t *testing.T, k *SystemKeyring) {
	until := make(chan struct{})
	close(until)
	serveKeyring(t, service{dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{"no"}), until})
	if _, err := k.Get(t.Context(), "a"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("get: %v", err)
	}
	f := WithFallback(k, nil)
	if err := f.Set(t.Context(), "a", "x"); err != nil || !errors.Is(f.Reason(), ErrNoKeyring) {
		t.Errorf("%v, reason %v", err, f.Reason())
	}
	if got, err := f.Get(t.Context(), "a"); got != "x" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
