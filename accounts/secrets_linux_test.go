package accounts

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// insideVar marks the test process that runs inside a session bus of its own.
const insideVar = "LINNET_TEST_KEYRING"

// busConfig is a session bus that starts no services: there is nothing on it but
// what the test starts.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`

// TestRealKeyring runs the tests below in a session bus of their own, so that
// the keyring of whoever runs the tests is not touched.
func TestRealKeyring(t *testing.T) {
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing; dev/setup installs it", tool)
		}
		t.Skipf("%s is missing: install dbus and gnome-keyring (or run dev/setup)", tool)
	}
	for _, state := range []string{"unlocked", "locked", "none", "lost", "slow", "refusing"} {
		t.Run(state, func(t *testing.T) {
			home := t.TempDir()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			config := filepath.Join(home, "bus.conf")
			if err := os.WriteFile(config, []byte(busConfig), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(ctx, "dbus-run-session", "--config-file="+config, "--", os.Args[0], "-test.run=^TestInsideSessionBus$", "-test.v")
			cmd.WaitDelay = 5 * time.Second
			cmd.Env = append(os.Environ(), insideVar+"="+state, "HOME="+home, "XDG_RUNTIME_DIR="+home,
				"XDG_DATA_HOME="+filepath.Join(home, "data"), "DISPLAY=", "WAYLAND_DISPLAY=")
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestInsideSessionBus") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func TestInsideSessionBus(t *testing.T) {
	state := os.Getenv(insideVar)
	k := Keyring("linnet-test")
	switch state {
	case "":
		t.Skip("run by TestRealKeyring")
	case "none":
		if _, err := k.Get(t.Context(), "a"); !errors.Is(err, ErrNoKeyring) {
			t.Errorf("no service: %v", err)
		}
		return
	}
	if inside, ok := map[string]func(*testing.T, *SystemKeyring){"lost": lostKeyring, "slow": slowKeyring, "refusing": refusingKeyring}[state]; ok {
		inside(t, k)
		return
	}
	startKeyring(t, state == "unlocked")
	if state == "unlocked" {
		behaves(t, k)
		return
	}
	k.Limit = 5 * time.Second
	if err := k.Set(t.Context(), "a", "x"); !withoutKeyring(err) {
		t.Errorf("locked: %v", err)
	}
	f := WithFallback(k, nil)
	if err := f.Set(t.Context(), "a", "x"); err != nil || !withoutKeyring(f.Reason()) {
		t.Errorf("fallback: %v, reason %v", err, f.Reason())
	}
}

// startKeyring starts a daemon and waits until it owns its name on the bus.
func startKeyring(t *testing.T, unlocked bool) (stop func()) {
	t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlocked {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	cmd.Stdin = strings.NewReader("a password for the keyring")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(stop)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		out, _ := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
			"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").CombinedOutput()
		if strings.Contains(string(out), "boolean true") {
			return stop
		}
	}
	t.Fatal("the keyring did not start")
	return nil
}
