package gui_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// desk is a virtual display with a window manager, and the real program on it.
type desk struct {
	t       *testing.T
	binary  string
	env     []string
	tmp     string
	program *exec.Cmd
	ended   chan error
	mu      sync.Mutex
	said    bytes.Buffer
}

// Write collects what the program says.
func (d *desk) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.said.Write(b)
}

func (d *desk) output() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.said.String()
}

// newDesk skips where there is nothing to show a window on; in CI that is a
// failure.
func newDesk(t *testing.T) *desk {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the real window is tested on Linux only")
	}
	if testing.Short() {
		t.Skip("short: builds the program and opens its window")
	}
	for _, tool := range []string{"Xvfb", "openbox", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing: dev/setup installs it", tool)
			}
			t.Skipf("%s is missing, so the real window was not tested; dev/setup installs it", tool)
		}
	}
	d := &desk{t: t, tmp: t.TempDir(), ended: make(chan error, 1)}
	d.binary = filepath.Join(d.tmp, "linnet")
	if out, err := exec.Command("go", "build", "-o", d.binary, "..").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	d.startDisplay()
	return d
}

func (d *desk) startDisplay() {
	d.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x860x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	d.start(x)
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		d.t.Fatalf("Xvfb did not start: %v", err)
	}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "WAYLAND_DISPLAY=") && !strings.HasPrefix(e, "LINNET_") && !strings.HasPrefix(e, "XDG_") {
			d.env = append(d.env, e)
		}
	}
	d.env = append(d.env, "DISPLAY=:"+strings.TrimSpace(number), "LANG=C.UTF-8", "FYNE_PLATFORM=x11", "FYNE_SCALE=1",
		"HOME="+d.tmp, "TMPDIR="+d.tmp, "XDG_RUNTIME_DIR="+d.tmp)
	wm := exec.Command("openbox")
	wm.Env = d.env
	d.start(wm)
}

// start runs a helper until the test ends.
func (d *desk) start(c *exec.Cmd) {
	d.t.Helper()
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// open starts the program and waits for its window.
func (d *desk) open(args ...string) (window string) {
	d.t.Helper()
	d.program = exec.Command(d.binary, args...)
	d.program.Env = d.env
	d.program.Stdout, d.program.Stderr = d, d
	if err := d.program.Start(); err != nil {
		d.t.Fatal(err)
	}
	go func() { d.ended <- d.program.Wait() }()
	d.t.Cleanup(func() { _ = d.program.Process.Kill() })
	return d.await("^Linnet$")
}

// until polls; a program that ended by itself will not do what is waited for.
func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for !done() {
		select {
		case err := <-d.ended:
			d.t.Fatalf("waiting for %s, the program ended: %v\n%s", what, err, d.output())
		case <-time.After(200 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("waited in vain for %s\n%s", what, d.output())
		}
	}
}

// await returns the visible window whose title matches.
func (d *desk) await(title string) (window string) {
	d.t.Helper()
	d.until("a window called "+title, func() bool {
		window = strings.TrimSpace(d.tool("xdotool", "search", "--onlyvisible", "--name", title))
		window, _, _ = strings.Cut(window, "\n")
		return window != ""
	})
	return window
}

// tool runs a program that may fail: xdotool does so when nothing was found.
func (d *desk) tool(name string, args ...string) string {
	c := exec.Command(name, args...)
	c.Env = d.env
	out, _ := c.Output()
	return string(out)
}

func (d *desk) key(window string, keys ...string) {
	d.tool("xdotool", "windowfocus", "--sync", window)
	d.tool("xdotool", append([]string{"key", "--delay", "120"}, keys...)...)
}

// row is a message as "linnet list --json" prints it.
type row struct {
	Subject string   `json:"subject"`
	Flags   []string `json:"flags"`
}

// list asks the running program, through its profile's socket.
func (d *desk) list(folder string) []row {
	d.t.Helper()
	profiles, err := filepath.Glob(filepath.Join(d.tmp, "linnet-demo-*"))
	if err != nil || len(profiles) != 1 {
		return nil
	}
	var out []row
	lines := bufio.NewScanner(strings.NewReader(d.tool(d.binary, "--profile", profiles[0], "list", "--folder", folder, "--limit", "5", "--json")))
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			d.t.Fatalf("%q: %v", lines.Text(), err)
		}
		out = append(out, r)
	}
	return out
}

// TestRealWindow walks through the demo as a person with a keyboard: list, read,
// reply, send, Sent. It also fails on Fyne's complaint about calls from the
// wrong goroutine, which a development build makes.
func TestRealWindow(t *testing.T) {
	d := newDesk(t)
	main := d.open("demo")
	var first row
	d.until("mail in the inbox", func() bool {
		if rows := d.list("INBOX"); len(rows) > 0 {
			first = rows[0]
		}
		return first.Subject != ""
	})
	d.until("the newest message counts as read", func() bool {
		d.key(main, "Home")
		for _, r := range d.list("INBOX") {
			if r.Subject == first.Subject {
				return strings.Contains(strings.ToLower(fmt.Sprint(r.Flags)), "seen")
			}
		}
		return false
	})
	d.key(main, "ctrl+r")
	subject := strings.TrimPrefix(first.Subject, "Re: ")
	composer := d.await("^Re: ")
	d.tool("xdotool", "windowfocus", "--sync", composer)
	d.tool("xdotool", "type", "--delay", "40", "Thank you, that suits me well.")
	d.key(composer, "ctrl+Return")
	d.until("the answer in Sent", func() bool {
		for _, r := range d.list("Sent") {
			if strings.HasPrefix(r.Subject, "Re: ") && strings.Contains(r.Subject, subject) {
				return true
			}
		}
		return false
	})
	d.key(main, "ctrl+q")
	select {
	case err := <-d.ended:
		if err != nil {
			t.Errorf("the program ended with %v", err)
		}
	case <-time.After(60 * time.Second):
		t.Fatal("the program does not quit")
	}
	if said := d.output(); strings.Contains(said, "Error in Fyne call thread") {
		t.Errorf("the screen was touched from the wrong goroutine:\n%s", said)
	}
}
