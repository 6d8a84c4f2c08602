package mailtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// tools are the programs of the servers; "" where one is not installed.
type tools struct {
	dovecot, doveadm, postfix, postconf string
}

func findTools() tools {
	return tools{
		dovecot:  lookPath("dovecot"),
		doveadm:  lookPath("doveadm"),
		postfix:  lookPath("postfix"),
		postconf: lookPath("postconf"),
	}
}

// lookPath also looks where an ordinary user's PATH does not lead.
func lookPath(name string) string {
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, dir := range []string{"/usr/local/sbin", "/usr/sbin", "/sbin"} {
		if p, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return p
		}
	}
	return ""
}

// require skips the test if o cannot be had here. On a continuous-integration
// machine (CI=true) nothing may be missing.
func require(t testing.TB, o Options) {
	t.Helper()
	found := findTools()
	switch {
	case found.dovecot == "" || found.doveadm == "":
		missing(t, "Dovecot is not installed: run dev/setup (or install dovecot-imapd and dovecot-lmtpd)")
	case o.Postfix && (found.postfix == "" || found.postconf == ""):
		missing(t, "Postfix is not installed: run dev/setup (or install postfix)")
	case o.Postfix && os.Getuid() != 0:
		missing(t, "Postfix starts as root only: run the tests as root to see this one")
	}
}

// missing skips the test with why, or fails it where CI=true.
func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Need skips the test (or fails it where CI=true) unless all programs are there.
// It returns their paths in order.
func Need(t testing.TB, programs ...string) []string {
	t.Helper()
	paths := make([]string, len(programs))
	for i, p := range programs {
		if paths[i] = lookPath(p); paths[i] == "" {
			missing(t, p+" is not installed: run dev/setup")
		}
	}
	return paths
}
