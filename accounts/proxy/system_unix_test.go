//go:build !windows && !darwin

package proxy

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// noEnvironment takes away what comes before the system's settings.
func noEnvironment(t *testing.T, home string) {
	t.Helper()
	for _, name := range []string{"ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, "")
	}
	t.Setenv("XDG_CONFIG_HOME", home)
}

// TestGNOMESettings reads what the real gsettings has written.
func TestGNOMESettings(t *testing.T) {
	program := mailtest.Need(t, "gsettings")[0]
	home := t.TempDir()
	noEnvironment(t, home)
	t.Setenv("XDG_CURRENT_DESKTOP", "GNOME")
	t.Setenv("GSETTINGS_BACKEND", "keyfile") // a file in home, instead of the person's own
	for _, set := range [][]string{
		{"org.gnome.system.proxy", "mode", "manual"},
		{"org.gnome.system.proxy.socks", "host", "socks.example"},
		{"org.gnome.system.proxy.socks", "port", "1080"},
		{"org.gnome.system.proxy", "ignore-hosts", "['near.example']"},
	} {
		if out, err := exec.Command(program, append([]string{"set"}, set...)...).CombinedOutput(); err != nil {
			t.Skipf("gsettings cannot be written here: %s", out)
		}
	}
	s := System(t.Context())
	if s.From != "gnome" || s.Mail != "socks5h://socks.example:1080" || len(s.Except) != 1 || s.Except[0] != "near.example" {
		t.Errorf("%+v", s)
	}
}

func TestKDESettings(t *testing.T) {
	home := t.TempDir()
	noEnvironment(t, home)
	t.Setenv("XDG_CURRENT_DESKTOP", "KDE")
	if s := System(t.Context()); s.Mail != "" {
		t.Errorf("no file: %+v", s)
	}
	if err := os.WriteFile(filepath.Join(home, "kioslaverc"), []byte("[Proxy Settings]\nProxyType=1\nsocksProxy=socks://socks.example 1080\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := System(t.Context()); s.Mail != "socks://socks.example:1080" {
		t.Errorf("%+v", s)
	}
}

func TestADesktopWithoutSettings(t *testing.T) {
	noEnvironment(t, t.TempDir())
	t.Setenv("XDG_CURRENT_DESKTOP", "")
	t.Setenv("PATH", t.TempDir())
	if s := System(t.Context()); s.Mail != "" || s.Web != "" {
		t.Errorf("%+v", s)
	}
}
