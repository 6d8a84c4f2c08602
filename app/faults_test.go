package app

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// adding is "account add" for a user, with servers of the test's choice.
func adding(u mailtest.User, imap, smtp accounts.Server) []string {
	return []string{
		"account", "add", "--email", u.Email, "--imap", serverArg(imap), "--smtp", serverArg(smtp), "--user", u.Login, "--password-stdin",
	}
}

func TestAnAccountThatCannotBeReachedIsNotAdded(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	u := h.NewUser(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}

	unknown, refused, untrusted := h.IMAP, h.IMAP, h.IMAP
	unknown.Host = "no-such-host.invalid"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused.Port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	other := mailtest.Script(t, mailtest.ScriptOptions{TLS: true}, "S: * OK ready\n")
	untrusted.Host, untrusted.Port = other.Server.Host, other.Server.Port
	plain := h.IMAP
	plain.Host, plain.Security = "mail.example.org", accounts.Plain

	for _, f := range []struct {
		what, password string
		imap, smtp     accounts.Server
	}{
		{"wrong password", "wrong", h.IMAP, h.SMTP},
		{"unknown host", u.Password, unknown, h.SMTP},
		{"refused port", u.Password, refused, h.SMTP},
		{"refused submission port", u.Password, h.IMAP, refused},
		{"untrusted certificate", u.Password, untrusted, h.SMTP},
		{"no encryption", u.Password, plain, h.SMTP},
	} {
		c.run(f.password+"\n", adding(u, f.imap, f.smtp)...)
		t.Logf("%s: %s", f.what, strings.TrimSpace(c.err))
		if c.exit != 1 || strings.Count(c.err, "\n") != 1 || strings.Contains(c.err, "trouble.") || strings.Contains(c.err, "{{") ||
			strings.Contains(c.err, f.password) {
			t.Errorf("%s: exit %d, %q", f.what, c.exit, c.err)
		}
		if out := c.ok("", "account", "list", "--json"); strings.TrimSpace(out) != "[]" {
			t.Errorf("%s: something was saved: %s", f.what, out)
		}
	}
}

func TestWithoutKeyringThePasswordIsAskedForEachTime(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	u := h.NewUser(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	c.ok(u.Password+"\n", adding(u, h.IMAP, h.SMTP)...)
	if !strings.Contains(c.err, "keyring") {
		t.Errorf("nothing was said about the keyring: %q", c.err)
	}
	c.fails(1, "--password-stdin", "", "sync")
	c.fails(1, "password", "\n", "sync", "--password-stdin")
	c.ok(u.Password+"\n", "sync", "--password-stdin")
	noSecretOnDisk(t, c.profile, u.Password)
}

func TestWrongUsage(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	for want, args := range map[string][]string{
		"frobnicate":         {"frobnicate"},
		"linnet show":        {"show"},
		"not the number":     {"show", "twelve"},
		"--seen":             {"mark", "1"},
		"flag provided":      {"list", "--frob"},
		"is not a server":    {"account", "add", "--email", "a@example.org", "--imap", "imap.example.org", "--smtp", "tls://smtp.example.org"},
		"--email":            {"account", "add"},
		"debug, info":        {"list", "--log-level", "loud"},
		"linnet demo":        {"demo", "--messages", "many"},
		"linnet mailto":      {"mailto:a@example.org", "list"},
		"cannot be below":    {"list", "--limit", "-1"},
		"needs a value":      {"list", "--log-level"},
		"parse --json FILE…": {"parse"},
	} {
		c.fails(2, want, "", args...)
	}
	c.fails(1, "No account", "", "sync")
	c.fails(1, "no longer here", "", "show", "12")
	c.fails(1, "No account", "To: a@example.org\n\nHello\n", "send")
}

func TestANewerStoreIsNotTouchedAndTheWindowSaysSo(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	c.ok("", "folders")
	path := filepath.Join(c.profile, storeFile)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(before[60:], 999) // user_version: SQLite file format, section 1.3
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	c.fails(1, "newer version", "", "folders")

	t.Setenv("DISPLAY", ":0") // nothing is opened on it
	var said string
	env := cli.Env{Stdout: io.Discard, Stderr: io.Discard}
	exit := run(t.Context(), []string{"--profile", c.profile}, env, func(_ *assets.Words, text string) error {
		said = text
		return nil
	})
	if exit != cli.Failed || !strings.Contains(said, "newer version") || strings.Contains(said, "\n") {
		t.Errorf("exit %d, said %q", exit, said)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was touched, %v", err)
	}
}

func TestAnAccountsFileOfANewerVersionIsNotTouched(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	c.ok("", "folders")
	path := filepath.Join(c.profile, accountsFile)
	if err := os.WriteFile(path, []byte(`{"version": 99, "accounts": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c.fails(1, "newer", "", "folders")
	if data, err := os.ReadFile(path); err != nil || string(data) != `{"version": 99, "accounts": []}` {
		t.Errorf("the file was touched: %s, %v", data, err)
	}
}

func TestADamagedStoreIsSetAsideAndSaidSo(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	c.ok("", "folders")
	path := filepath.Join(c.profile, storeFile)
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	c.ok("", "folders")
	if !strings.Contains(c.err, "damaged") || strings.Count(c.err, "\n") != 1 {
		t.Errorf("said %q", c.err)
	}
	c.ok("", "folders")
	if c.err != "" {
		t.Errorf("said again: %q", c.err)
	}
	aside, _ := filepath.Glob(filepath.Join(c.profile, "mail-damaged-*.db"))
	if len(aside) != 1 {
		t.Errorf("the damaged file is gone: %v", aside)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs root on Linux to mount a small disk")
	}
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a small disk here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	u := h.NewUser(t)
	c := &terminal{t: t, profile: filepath.Join(disk, "profile")}
	c.ok(u.Password+"\n", adding(u, h.IMAP, h.SMTP)...)
	message := func(n int) string {
		return fmt.Sprintf("To: %s\nSubject: Message %d\n\n%s\n", u.Email, n, strings.Repeat("All of this matters. ", 5000))
	}
	c.ok(message(1), "send")
	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	c.fails(1, "disk is full", message(2), "send")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if out := c.ok("", "outbox", "--json"); !strings.Contains(out, "Message 1") || strings.Contains(out, "Message 2") {
		t.Errorf("outbox = %s", out)
	}
	c.ok(message(3), "send")
	c.ok(u.Password+"\n", "outbox", "--flush", "--password-stdin")
	if got := h.Await(t, u, "INBOX", func(l []mailtest.Stored) bool { return len(l) >= 2 }); len(got) != 2 {
		t.Errorf("%d messages delivered", len(got))
	}
}

// fill writes until the disk takes no more.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = f.Close()
}

func TestAReadOnlyProfileIsSaidSo(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs root on Linux to mount a disk read-only")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a disk here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	c := &terminal{t: t, profile: filepath.Join(disk, "profile")}
	c.run("", "folders")
	t.Logf("%s", c.err)
	if c.exit != 1 || strings.Count(c.err, "\n") != 1 || strings.Contains(c.err, "restart") {
		t.Errorf("exit %d, %q", c.exit, c.err)
	}
}

func TestASecondCommandRunsInTheFirst(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	p := &program{words: testWords(t), dir: c.profile}
	p.cli.Words = p.words
	h, err := hold(c.profile, 0, &p.cli)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	h.secrets = accounts.Memory()
	e, err := h.open(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := h.answer(t.Context(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	defer s.finish(true)
	account := accounts.Account{ID: accounts.NewID(), Email: "ada@example.org", Identities: []accounts.Identity{{Email: "ada@example.org"}}}
	if err := e.Accounts().Adopt(t.Context(), account, "pw"); err != nil {
		t.Fatal(err)
	}
	if out := c.ok("", "account", "list"); !strings.Contains(out, "ada@example.org") {
		t.Errorf("list = %s", out)
	}
	c.ok("To: bob@example.org\nSubject: Through the socket\n\nHello\n", "send")
	list, err := e.Outbox().List(t.Context(), false)
	if err != nil || len(list) != 1 || list[0].Subject != "Through the socket" {
		t.Errorf("outbox = %+v, %v", list, err)
	}
	c.fails(1, "no longer here", "", "show", "12")
}
