package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

var host = mailtest.NewShared(mailtest.Options{Postfix: true})

// terminal runs commands on one profile, in this process or with the program.
type terminal struct {
	t       *testing.T
	profile string
	program string // "": in this process
	exit    int
	out     string
	err     string
}

// run runs a command line with input and remembers what came of it.
func (c *terminal) run(input string, args ...string) {
	c.t.Helper()
	args = append([]string{"--profile", c.profile}, args...)
	var out, errOut bytes.Buffer
	if c.program == "" {
		c.exit = Run(c.t.Context(), args, cli.Env{Stdin: strings.NewReader(input), Stdout: &out, Stderr: &errOut, Dir: c.t.TempDir()})
	} else {
		ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, c.program, args...)
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // shows where it hangs
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errOut
		err := cmd.Run()
		var failed *exec.ExitError
		if err != nil && !errors.As(err, &failed) {
			c.t.Fatal(err)
		}
		c.exit = cmd.ProcessState.ExitCode()
	}
	c.out, c.err = out.String(), errOut.String()
}

// ok runs a command that must work.
func (c *terminal) ok(input string, args ...string) string {
	c.t.Helper()
	if c.run(input, args...); c.exit != cli.Done {
		c.t.Fatalf("linnet %s: exit %d\n%s%s", strings.Join(args, " "), c.exit, c.out, c.err)
	}
	return c.out
}

// fails runs a command that must fail with status and one sentence that says want.
func (c *terminal) fails(status int, want, input string, args ...string) {
	c.t.Helper()
	c.run(input, args...)
	line := strings.TrimSuffix(c.err, "\n")
	if c.exit != status || !strings.Contains(line, want) || strings.Contains(line, "\n") || line == "" {
		c.t.Errorf("linnet %s: exit %d, want %d and %q\n out %s\n err %s", strings.Join(args, " "), c.exit, status, want, c.out, c.err)
	}
}

// decode reads a JSON document, or with lines the objects of its lines.
func decode[T any](t *testing.T, text string, lines bool) []T {
	t.Helper()
	if !lines {
		var v T
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		return []T{v}
	}
	var out []T
	for line := range strings.Lines(text) {
		out = append(out, decode[T](t, line, false)...)
	}
	return out
}

// listed is what the tests read of a line of "list".
type listed struct {
	ID      int64    `json:"id"`
	UID     uint32   `json:"uid"`
	Folder  string   `json:"folder"`
	Subject string   `json:"subject"`
	Flags   []string `json:"flags"`
	Date    int64    `json:"date"`
	From    []struct {
		Name, Address string
	} `json:"from"`
}

func serverArg(s accounts.Server) string {
	return fmt.Sprintf("%s://%s:%d", s.Security, s.Host, s.Port)
}

func letter(to, subject, text string) []byte {
	return fmt.Appendf(nil, "From: Ada <ada@example.org>\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@letters.test>\r\n\r\n%s\r\n",
		to, subject, time.Now().Format(time.RFC1123Z), strings.ReplaceAll(subject, " ", "."), text)
}

// journey is the whole way on the command line. secret is what goes before the
// input of commands that need the password, flag the flag that says so.
func journey(t *testing.T, c *terminal, h *mailtest.Host, withStdin bool) {
	u, friend := h.NewUser(t), h.NewUser(t)
	for _, s := range []string{"Mark me", "Move me", "Delete me"} {
		h.Append(t, u, "INBOX", letter(u.Email, s, "Text of: "+s), nil, time.Now())
	}
	secret := func(args ...string) (string, []string) {
		if withStdin {
			return u.Password + "\n", append(args, "--password-stdin")
		}
		return "", args
	}
	online := func(args ...string) string {
		t.Helper()
		in, args := secret(args...)
		return c.ok(in, args...)
	}
	c.ok(u.Password+"\n", "account", "add", "--email", u.Email, "--name", "Test User", "--imap", serverArg(h.IMAP),
		"--smtp", serverArg(h.SMTPStartTLS), "--user", u.Login, "--password-stdin")
	report := decode[struct {
		Folders []struct {
			Folder string `json:"folder"`
			New    int    `json:"new"`
			Total  int    `json:"total"`
		} `json:"folders"`
		Listable float64 `json:"listable_s"`
		BytesIn  int64   `json:"imap_bytes_in"`
	}](t, online("sync", "--json"), false)[0]
	i := slices.IndexFunc(report.Folders, func(f struct {
		Folder string `json:"folder"`
		New    int    `json:"new"`
		Total  int    `json:"total"`
	},
	) bool {
		return f.Folder == "INBOX"
	})
	if i < 0 || report.Folders[i].New != 3 || report.Folders[i].Total != 3 || report.BytesIn == 0 {
		t.Errorf("report = %+v", report)
	}
	list := decode[listed](t, c.ok("", "list", "--folder", "INBOX", "--json"), true)
	if len(list) != 3 || list[0].UID == 0 || list[0].Date == 0 || list[0].From[0].Address != "ada@example.org" {
		t.Fatalf("list = %+v", list)
	}
	id := map[string]string{}
	for _, m := range list {
		id[m.Subject] = fmt.Sprint(m.ID)
	}
	shown := decode[struct{ Text, Subject string }](t, online("show", id["Mark me"], "--json"), false)[0]
	if strings.TrimSpace(shown.Text) != "Text of: Mark me" || shown.Subject != "Mark me" {
		t.Errorf("show = %+v", shown)
	}
	if raw := c.ok("", "show", id["Mark me"], "--raw"); !bytes.Equal([]byte(raw), letterOf(h, t, u, "Mark me")) {
		t.Errorf("raw = %q", raw)
	}
	found := decode[listed](t, c.ok("", "search", "delete", "--json"), true)
	if len(found) != 1 || found[0].Subject != "Delete me" {
		t.Errorf("search = %+v", found)
	}

	c.ok("", "mark", id["Mark me"], "--seen", "--flagged")
	c.ok("", "move", id["Move me"], "Archive")
	c.ok("", "delete", id["Delete me"])
	left := decode[listed](t, c.ok("", "list", "--folder", "INBOX", "--json"), true)
	if len(left) != 1 || !slices.Equal(left[0].Flags, []string{"seen", "flagged"}) {
		t.Errorf("after the changes: %+v", left)
	}
	if got := h.Fetch(t, u, "INBOX"); len(got) != 3 {
		t.Errorf("the server heard of it before the sync: %d", len(got))
	}
	online("sync")
	if got := h.Fetch(t, u, "INBOX"); len(got) != 1 || !slices.Contains(got[0].Flags, `\Flagged`) {
		t.Errorf("inbox on the server: %+v", got)
	}
	if a, b := len(h.Fetch(t, u, "Archive")), len(h.Fetch(t, u, "Trash")); a != 1 || b != 1 {
		t.Errorf("%d in the archive, %d in the trash", a, b)
	}

	in, args := secret("send", "--wait", "--json")
	message := "To: " + friend.Email + "\nBcc: " + u.Email + "\nSubject: From the shell\n\nHello.\n"
	sent := decode[struct {
		ID    int64  `json:"id"`
		State string `json:"state"`
	}](t, c.ok(in+message, args...), false)[0]
	if sent.State != "done" && sent.State != "to-file" {
		t.Errorf("sent = %+v", sent)
	}
	got := h.Await(t, friend, "INBOX", func(l []mailtest.Stored) bool { return len(l) == 1 })
	if raw := string(got[0].Raw); strings.Contains(raw, "Bcc") || !strings.Contains(raw, "Message-ID: <") || !strings.Contains(raw, "From: <"+u.Email) {
		t.Errorf("delivered:\n%s", raw)
	}
	h.Await(t, u, "Sent", func(l []mailtest.Stored) bool { return len(l) == 1 })
	if out := c.ok("", "outbox", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("outbox = %s", out)
	}
	file := filepath.Join(t.TempDir(), "data.bin")
	if err := os.WriteFile(file, []byte{0, 1, 2, 255}, 0o600); err != nil {
		t.Fatal(err)
	}
	in, args = secret("send", "--to", friend.Email, "--subject", "With a file", "--body", "See there.", "--attach", file)
	c.ok(in, args...)
	if out := c.ok("", "outbox", "--json"); !strings.Contains(out, `"state": "queued"`) || !strings.Contains(out, "With a file") {
		t.Errorf("outbox = %s", out)
	}
	online("outbox", "--flush")
	h.Await(t, friend, "INBOX", func(l []mailtest.Stored) bool { return len(l) == 2 })

	online("folder", "create", "Projects")
	online("folder", "rename", "Projects", "Works")
	if out := c.ok("", "folders", "--json"); !strings.Contains(out, `"Works"`) || strings.Contains(out, `"Projects"`) {
		t.Errorf("folders = %s", out)
	}
	online("folder", "delete", "Works")
	c.fails(cli.Failed, "no folder Works", "", "list", "--folder", "Works")
	c.ok("", "account", "remove", u.Email)
	if out := c.ok("", "account", "list", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("accounts = %s", out)
	}
	noSecretOnDisk(t, c.profile, u.Password)
	noSecretOnDisk(t, c.profile, fmt.Sprintf("%q", u.Password))
}

func letterOf(h *mailtest.Host, t *testing.T, u mailtest.User, subject string) []byte {
	for _, m := range h.Fetch(t, u, "INBOX") {
		if bytes.Contains(m.Raw, []byte("Subject: "+subject)) {
			return m.Raw
		}
	}
	return nil
}

// noSecretOnDisk greps the profile for a password, and looks at its rights.
func noSecretOnDisk(t *testing.T, dir, secret string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, info.Mode())
		}
		if !info.Mode().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the password is in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestJourneyOnTheCommandLine(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	journey(t, c, h, true)
}

func TestJourneyWithTheProgramAndARealKeyring(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.Keyring(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile"), program: build(t)}
	journey(t, c, h, false)
}

// built is the program, made by the first test that needs it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "linnet-program-")
	if err != nil {
		return "", err
	}
	wasBuilt.Store(true)
	program := filepath.Join(dir, "linnet")
	if out, err := exec.Command("go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		return program, fmt.Errorf("build: %w\n%s", err, out)
	}
	return program, nil
})

// wasBuilt says that there is something to remove.
var wasBuilt atomic.Bool

func build(t *testing.T) string {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func testWords(t *testing.T) *assets.Words {
	t.Helper()
	w, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}
