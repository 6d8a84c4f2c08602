//go:build unix

package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// neomutt opens a mailbox and leaves again: what "make bench" compares with.
// It needs a terminal, which script(1) gives it.
type neomutt struct {
	t   *testing.T
	dir string
}

// newNeomutt reports false where neomutt or script is not installed.
func newNeomutt(t *testing.T, h *mailtest.Host, u mailtest.User) (*neomutt, bool) {
	t.Helper()
	for _, program := range []string{"neomutt", "script"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, false
		}
	}
	n := &neomutt{t: t, dir: t.TempDir()}
	settings := fmt.Sprintf(`set folder="imaps://localhost:%d/" spoolfile="+INBOX" imap_user="%s" imap_pass="%s"
set ssl_ca_certificates_file="%s" certificate_file="%s" ssl_force_tls=yes
set header_cache="%s/" sort=reverse-date mail_check=600 delete=no sleep_time=0
`, h.IMAP.Port, u.Login, u.Password, h.CAFile, h.CAFile, n.cache())
	if err := os.WriteFile(filepath.Join(n.dir, "rc"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	n.forget()
	return n, true
}

func (n *neomutt) cache() string { return filepath.Join(n.dir, "cache") }

// forget empties the header cache.
func (n *neomutt) forget() {
	n.t.Helper()
	if err := errors.Join(os.RemoveAll(n.cache()), os.Mkdir(n.cache(), 0o700)); err != nil {
		n.t.Fatal(err)
	}
}

// open shows the mailbox's list and quits. want is in what it shows.
func (n *neomutt) open(want string) cost {
	n.t.Helper()
	cmd := exec.Command("script", "-qec", "neomutt -n -F "+filepath.Join(n.dir, "rc")+" -e 'push <exit>'", os.DevNull)
	cmd.Env = append(os.Environ(), "TERM=xterm", "HOME="+n.dir, "LC_ALL=C.UTF-8")
	began := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(began)
	if err != nil || !strings.Contains(string(out), want) {
		n.t.Fatalf("neomutt: %v, and its list does not show %q: …%q", err, want, out[max(0, len(out)-300):])
	}
	return cost{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
}

// cost is what something took on the clock, and of the processors in the program
// itself (not in the server). On a machine that others use too, the second says
// more.
type cost struct{ clock, processor time.Duration }

// spent measures f in this process.
func spent(f func()) cost {
	began, used := time.Now(), processorTime()
	f()
	return cost{time.Since(began), processorTime() - used}
}

func processorTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// forgetPeak begins peakMemory anew, where the system can (Linux).
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peakMemory is the most memory that this process had, in octets; 0 where it
// cannot be known. Servers and neomutt are not in it.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var kilobytes int64
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
			break
		}
	}
	return kilobytes << 10
}
