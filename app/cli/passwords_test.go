package cli

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// nowhere is the keyring of a computer that has none.
type nowhere struct{}

func (nowhere) Get(context.Context, string) (string, error) { return "", accounts.ErrNoKeyring }
func (nowhere) Set(context.Context, string, string) error   { return accounts.ErrNoKeyring }
func (nowhere) Delete(context.Context, string) error        { return accounts.ErrNoKeyring }

func TestPasswordsCommands(t *testing.T) {
	dir := t.TempDir()
	words, err := assets.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "passwords.json")
	safe := accounts.NewSafe(path, nowhere{})
	db, _, err := store.Open(t.Context(), filepath.Join(dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := accounts.OpenFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	start := func() *engine.Engine {
		e := engine.New(engine.Config{Store: db, Accounts: file, Secrets: safe, Offline: true})
		t.Cleanup(func() { _ = e.Close() })
		return e
	}
	t.Cleanup(func() { _ = db.Close() })
	e := start()
	a := accounts.Account{ID: "a", Email: "anna@firm.test", Identities: []accounts.Identity{{Email: "anna@firm.test"}}, IMAP: tls("imap.firm.test", 993), SMTP: tls("smtp.firm.test", 465)}
	if err := e.Accounts().Adopt(t.Context(), a, "canary"); err != nil {
		t.Fatal(err)
	}
	run := func(stdin string, ask []string, args ...string) (string, int) {
		t.Helper()
		c, err := (&Program{Words: words}).Parse(append([]string{"passwords"}, args...))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		env := Env{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &out}
		if ask != nil {
			env.Ask = func(string) (string, error) {
				if len(ask) == 0 {
					return "", errors.New("asked too often")
				}
				typed := ask[0]
				ask = slices.Delete(ask, 0, 1)
				return typed, nil
			}
		}
		exit := c.Run(t.Context(), env, e)
		return out.String(), exit
	}
	for _, step := range []struct {
		what  string
		stdin string
		ask   []string
		args  []string
		exit  int
		said  string
	}{
		{"without keyring", "", nil, []string{"where"}, Done, "linnet passwords file"},
		{"nobody to ask", "", nil, []string{"file"}, Failed, "--passphrase-stdin"},
		{"two that differ", "", []string{"long enough", "long enouhg"}, []string{"file"}, Failed, "not the same"},
		{"too short", "short\n", nil, []string{"file", "--passphrase-stdin"}, Failed, "at least 8"},
		{"chosen", "", []string{"long enough", "long enough"}, []string{"file"}, Done, "protected by your passphrase"},
		{"where now", "", nil, []string{"where"}, Done, "protected by your passphrase"},
		{"twice", "long enough\n", nil, []string{"file", "--passphrase-stdin"}, Failed, "already"},
	} {
		if said, exit := run(step.stdin, step.ask, step.args...); exit != step.exit || !strings.Contains(said, step.said) || strings.Contains(said, "canary") {
			t.Errorf("%s: %d %s", step.what, exit, said)
		}
	}
	// Another run.
	safe = accounts.NewSafe(path, nowhere{})
	e = start()
	if said, exit := run("", nil, "where"); exit != Done || !strings.Contains(said, "locked") {
		t.Errorf("locked: %d %s", exit, said)
	}
	if said, exit := run("wrong one\n", nil, "open", "--passphrase-stdin"); exit != Failed || !strings.Contains(said, "does not open") {
		t.Errorf("wrong: %d %s", exit, said)
	}
	if said, exit := run("", []string{"long enough"}, "open"); exit != Done || !strings.Contains(said, "are open") {
		t.Errorf("open: %d %s", exit, said)
	}
	if got, err := safe.Get(t.Context(), "a"); got != "canary" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
