package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/preset"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// TestPresetsOnTheCommandLine sets up a computer from a preset, and another one
// from what the first exports.
func TestPresetsOnTheCommandLine(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	own, shared := h.NewUser(t), h.NewUser(t)
	dir := t.TempDir()
	c := &terminal{t: t, profile: filepath.Join(dir, "one")}
	file := filepath.Join(dir, "preset.json")
	text := fmt.Sprintf(`{"version": 1, "organisation": "Becker Print", "accounts": [
		{"domain": "linnet.test", "label": "Work", "imap": {"server": %[1]q, "user": "{local}"}, "smtp": {"server": %[2]q, "user": "{local}"}},
		{"email": %[3]q, "label": "Reception", "shared": true, "default": true, "colour": "#8A5BC7",
		 "imap": {"server": %[1]q, "user": %[4]q}, "smtp": {"server": %[2]q, "user": %[4]q}}]}`,
		serverArg(h.IMAP), serverArg(h.SMTPStartTLS), shared.Email, shared.Login)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	both := own.Password + "\n" + shared.Password + "\n"
	c.fails(cli.Usage, "--email", both, "account", "add", "--preset", file, "--password-stdin")
	c.fails(cli.Failed, "@linnet.test", both, "account", "add", "--preset", file, "--email", "x@example.org", "--password-stdin")
	c.ok(both, "account", "add", "--preset", file, "--email", own.Email, "--name", "Anna Becker", "--password-stdin")
	f, err := accounts.OpenFile(filepath.Join(c.profile, accountsFile))
	if err != nil {
		t.Fatal(err)
	}
	list := f.List()
	if len(list) != 2 || list[0].Email != own.Email || list[0].Label != "Work" || list[0].IMAP.User != own.Login || list[0].DefaultIdentity().Name != "Anna Becker" {
		t.Fatalf("%+v", list)
	}
	if d, _ := f.Default(); d.Email != shared.Email || d.Label != "Reception" || d.Colour != "#8A5BC7" || d.DefaultIdentity().Name != "Reception" {
		t.Errorf("the default is %+v", d)
	}

	exported := c.ok("", "account", "export")
	for _, secret := range []string{own.Password, shared.Password} {
		if strings.Contains(exported, secret) {
			t.Errorf("a password is exported:\n%s", exported)
		}
	}
	second := &terminal{t: t, profile: filepath.Join(dir, "two")}
	if err := os.WriteFile(file, []byte(exported), 0o600); err != nil {
		t.Fatal(err)
	}
	second.ok(both, "account", "import", file, "--password-stdin")
	if again := second.ok("", "account", "export"); again != exported {
		t.Errorf("exported\n%s\nimported\n%s", exported, again)
	}
	second.ok("", "account", "import", file) // nothing is missing, nothing is asked for
}

func TestMistakesInAPresetAreAllSaid(t *testing.T) {
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	file := filepath.Join(t.TempDir(), "preset.json")
	if err := os.WriteFile(file, []byte("{\"version\": 1,\n\"accounts\": [\n{\"email\": \"anna\",\n\"password\": \"x\"}]}"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.run("", "account", "add", "--preset", file)
	lines := strings.Split(strings.TrimSpace(c.err), "\n")
	if c.exit != cli.Failed || len(lines) != 3 || !strings.HasPrefix(lines[0], "Line 3:") || !strings.HasPrefix(lines[1], "Line 4:") || !strings.Contains(lines[1], "keyring") || !strings.Contains(lines[2], file) {
		t.Errorf("exit %d:\n%s", c.exit, c.err)
	}
	if _, err := preset.Read(strings.NewReader("{}")); err == nil {
		t.Error("an empty preset was taken")
	}
}
