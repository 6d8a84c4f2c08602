package accounts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The D-Bus library keeps one connection for the life of the process.
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.(*Conn).inWorker"),
		goleak.IgnoreAnyFunction("github.com/godbus/dbus/v5.newConn.func1"))
}

// behaves is what every keeper of secrets does.
func behaves(t *testing.T, s Secrets) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.Get(ctx, "a"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("nothing stored: %v", err)
	}
	for _, secret := range []string{
		"pass", "", "ünï ✓\n\"quoted\"", strings.Repeat("é", 5000), "short again", chunkMarker + "x", strings.Repeat("x", chunkSize+1),
	} {
		if err := errors.Join(s.Set(ctx, "a", secret), s.Set(ctx, "b", "other")); err != nil {
			t.Fatalf("%.20q: %v", secret, err)
		}
		if got, err := s.Get(ctx, "a"); err != nil || got != secret {
			t.Errorf("%.20q came back as %.20q, %v", secret, got, err)
		}
	}
	if err := errors.Join(s.Delete(ctx, "a"), s.Delete(ctx, "a")); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := s.Get(ctx, "a"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("deleted: %v", err)
	}
	if got, err := s.Get(ctx, "b"); err != nil || got != "other" {
		t.Errorf("the other: %q, %v", got, err)
	}
}

// mocked is a keyring over the library's mock.
func mocked() *SystemKeyring {
	k := Keyring("linnet-test")
	k.available = func() error { return nil }
	return k
}

func TestMemory(t *testing.T) { behaves(t, Memory()) }

func TestKeyringOverTheMock(t *testing.T) {
	keyring.MockInit()
	behaves(t, mocked())
}

func TestLongSecretsAreStoredInPartsAndLeaveNone(t *testing.T) {
	keyring.MockInit()
	k := mocked()
	long := strings.Repeat("0123456789", 700)
	if err := k.Set(t.Context(), "a", long); err != nil {
		t.Fatal(err)
	}
	head, err := keyring.Get("linnet-test", "a")
	if err != nil {
		t.Fatal(err)
	}
	h, ok := parseChunkHead(head)
	if !ok || h.parts != 4 {
		t.Fatalf("head %q", head)
	}
	for i := range h.parts {
		if part, err := keyring.Get("linnet-test", h.part("a", i)); err != nil || len(part) > chunkSize {
			t.Errorf("part %d: %d octets, %v", i, len(part), err)
		}
	}
	if err := keyring.Set("linnet-test", h.part("a", 1), "tampered"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Get(t.Context(), "a"); err == nil {
		t.Error("parts that do not belong together were joined")
	}
	if err := k.Set(t.Context(), "a", "short"); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Get("linnet-test", h.part("a", 0)); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("an old part is still there: %v", err)
	}
}

func TestKeyringErrors(t *testing.T) {
	for _, c := range []struct{ from, want error }{
		{keyring.ErrNotFound, ErrNoSecret},
		{keyring.ErrUnsupportedPlatform, ErrNoKeyring},
		{errors.New("odd"), ErrNoKeyring},
	} {
		keyring.MockInitWithError(c.from)
		if _, err := mocked().Get(t.Context(), "a"); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c.from, err, c.want)
		}
	}
}

func TestKeyringThatBlocks(t *testing.T) {
	k := mocked()
	k.Limit, k.Patience = 100*time.Millisecond, time.Millisecond
	var mu sync.Mutex
	var said []bool
	k.Waiting = func(on bool) { mu.Lock(); said = append(said, on); mu.Unlock() }
	release := make(chan struct{})
	if err := k.call(t.Context(), func() error { <-release; return nil }); !errors.Is(err, ErrKeyringLocked) {
		t.Errorf("blocked: %v", err)
	}
	mu.Lock()
	if len(said) != 2 || !said[0] || said[1] {
		t.Errorf("waiting said %v", said)
	}
	mu.Unlock()
	// It still has its turn: the next call waits and gives up too.
	if err := k.call(t.Context(), func() error { t.Error("overtook"); return nil }); !errors.Is(err, ErrKeyringLocked) {
		t.Errorf("second: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k.Limit = time.Hour
	if err := k.call(ctx, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	close(release)
	if err := k.call(t.Context(), func() error { return nil }); err != nil {
		t.Errorf("unlocked: %v", err)
	}
}

func TestKeyringCallsGoOneAtATimeAndAPanicIsAnError(t *testing.T) {
	k := mocked()
	var wg sync.WaitGroup
	running := 0
	for range 10 {
		wg.Go(func() {
			err := k.call(t.Context(), func() error {
				if running++; running != 1 {
					t.Errorf("%d at a time", running)
				}
				running--
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := k.call(t.Context(), func() error { panic("nil signal") }); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("panic: %v", err)
	}
}

func TestWithoutASessionBusNoneIsStarted(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("D-Bus is Linux's")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	if _, err := Keyring("linnet-test").Get(t.Context(), "a"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("%v", err)
	}
}

// broken fails every call.
type broken struct{ err error }

func (b broken) Get(context.Context, string) (string, error) { return "", b.err }
func (b broken) Set(context.Context, string, string) error   { return b.err }
func (b broken) Delete(context.Context, string) error        { return b.err }

func TestFallbackKeepsForThisRunAndSaysSo(t *testing.T) {
	for _, reason := range []error{ErrNoKeyring, ErrKeyringLocked} {
		var said []error
		f := WithFallback(broken{reason}, func(r error) { said = append(said, r) })
		if _, err := f.Get(t.Context(), "a"); !errors.Is(err, reason) {
			t.Errorf("get: %v", err)
		}
		if err := f.Set(t.Context(), "a", "x"); err != nil {
			t.Fatal(err)
		}
		if got, err := f.Get(t.Context(), "a"); err != nil || got != "x" {
			t.Errorf("%q, %v", got, err)
		}
		if !errors.Is(f.Reason(), reason) || len(said) != 1 || !errors.Is(said[0], reason) {
			t.Errorf("reason %v, said %v", f.Reason(), said)
		}
	}
	odd := errors.New("odd")
	if err := WithFallback(broken{odd}, nil).Set(t.Context(), "a", "x"); !errors.Is(err, odd) {
		t.Errorf("another failure: %v", err)
	}
	keyring.MockInit()
	f := WithFallback(mocked(), nil)
	behaves(t, f)
	if f.Reason() != nil {
		t.Errorf("reason %v", f.Reason())
	}
}

func vaultAt(t *testing.T, path, pass string) Secrets {
	t.Helper()
	s, err := PassphraseFile(path, pass)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPassphraseFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	s := vaultAt(t, path, "correct horse")
	behaves(t, s)
	if err := s.Set(t.Context(), "a", "canary"); err != nil {
		t.Fatal(err)
	}
	if got, err := vaultAt(t, path, "correct horse").Get(t.Context(), "a"); err != nil || got != "canary" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := PassphraseFile(path, "wrong"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("wrong: %v", err)
	}
	if _, err := PassphraseFile(path, ""); !errors.Is(err, ErrPassphrase) {
		t.Errorf("empty: %v", err)
	}
	data, err := os.ReadFile(path)
	if err != nil || bytes.Contains(data, []byte("canary")) || bytes.Contains(data, []byte("horse")) {
		t.Errorf("in clear: %s, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestPassphraseFileThatWasChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets")
	if err := vaultAt(t, path, "p").Set(t.Context(), "a", "x"); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(f *vaultFile)
		want   error
	}{
		"newer":       {func(f *vaultFile) { f.Version = 2 }, ErrNewer},
		"much memory": {func(f *vaultFile) { f.MemoryKiB = 1 << 30 }, ErrDamaged},
		"no nonce":    {func(f *vaultFile) { f.Nonce = nil }, ErrDamaged},
		"weaker":      {func(f *vaultFile) { f.Time = 1 }, ErrPassphrase},
		"other box":   {func(f *vaultFile) { f.Box[0] ^= 1 }, ErrPassphrase},
	} {
		var f vaultFile
		if err := json.Unmarshal(good, &f); err != nil {
			t.Fatal(err)
		}
		c.change(&f)
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := PassphraseFile(path, "p"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
