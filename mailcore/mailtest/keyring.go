package mailtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// busConf is a session bus that starts nothing by itself: what is not started
// here is not there, whatever the machine has installed.
const busConf = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Keyring starts a session bus and an unlocked gnome-keyring of their own and
// sets DBUS_SESSION_BUS_ADDRESS for the test and its children (so the test must
// not be parallel). The keyring is empty and lives as long as the test.
func Keyring(t testing.TB) {
	t.Helper()
	programs := Need(t, "dbus-daemon", "gnome-keyring-daemon")
	dir := startBus(t, programs[0])
	cmd := exec.Command(programs[1], "--foreground", "--unlock", "--components=secrets", "--control-directory="+dir)
	cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+dir, "XDG_RUNTIME_DIR="+dir, "HOME="+dir)
	cmd.Stdin = strings.NewReader("test ground")
	if err := startDaemon(t, dir, "keyring", cmd); err != nil {
		t.Fatal(err)
	}
	awaitFile(t, dir, "keyring", filepath.Join(dir, "control"))
	awaitSecretService(t, dir)
}

// NoKeyring gives the test a session bus on which nobody offers a keyring.
func NoKeyring(t testing.TB) {
	t.Helper()
	startBus(t, Need(t, "dbus-daemon")[0])
}

// startBus starts a bus, sets the environment, and returns its directory.
func startBus(t testing.TB, program string) string {
	t.Helper()
	dir, err := shortTempDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	socket, conf := filepath.Join(dir, "bus"), filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, busConf, socket), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--config-file="+conf, "--nofork", "--nopidfile")
	if err := startDaemon(t, dir, "bus", cmd); err != nil {
		t.Fatal(err)
	}
	awaitFile(t, dir, "bus", socket)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)
	return dir
}

// startDaemon starts a program that ends with the test, or with its guard.
func startDaemon(t testing.TB, dir, name string, cmd *exec.Cmd) error {
	t.Helper()
	p, err := spawn(name, filepath.Join(dir, name+".out"), cmd)
	if err != nil {
		return err
	}
	pid := filepath.Join(dir, name+".pid")
	if err := os.WriteFile(pid, fmt.Appendln(nil, cmd.Process.Pid), 0o600); err != nil {
		return err
	}
	g, err := newGuard(dir)
	if err != nil {
		return err
	}
	t.Cleanup(func() {
		_ = p.stop()
		_ = os.Remove(pid)
		g.end()
	})
	return nil
}

// awaitSecretService waits until the keyring has its name on the bus.
func awaitSecretService(t testing.TB, dir string) {
	t.Helper()
	send := Need(t, "dbus-send")[0]
	await(t, dir, "keyring", func() bool {
		out, err := exec.Command(send, "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
			"org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets").Output()
		return err == nil && strings.Contains(string(out), "boolean true")
	})
}

func awaitFile(t testing.TB, dir, name, path string) {
	t.Helper()
	await(t, dir, name, func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

// await polls until done, and fails the test with the program's output if it
// takes too long.
func await(t testing.TB, dir, name string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			out, _ := os.ReadFile(filepath.Join(dir, name+".out"))
			t.Fatalf("%s is not ready: %s", name, out)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
