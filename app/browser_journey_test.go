package app

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// follower is standard error, read by somebody who opens the address that they
// are shown in a browser.
type follower struct {
	mu    sync.Mutex
	wg    sync.WaitGroup
	said  bytes.Buffer
	shown string // in the browser, in the end
	went  bool
}

func (f *follower) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said.Write(p)
	for line := range strings.Lines(f.said.String()) {
		address := strings.TrimSuffix(line, "\n")
		if !f.went && address != line && strings.HasPrefix(address, "http://") {
			f.went = true
			f.wg.Go(func() { f.browse(address) })
		}
	}
	return len(p), nil
}

func (f *follower) browse(address string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	r, err := client.Get(address)
	if err != nil {
		return
	}
	defer r.Body.Close()
	page, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.shown = string(page)
}

// inTheBrowser runs a command of the program with a follower.
func (c *terminal) inTheBrowser(input string, args ...string) string {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	var out bytes.Buffer
	var f follower
	cmd := exec.CommandContext(ctx, c.program, append([]string{"--profile", c.profile, "--log-level", "debug"}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &f
	_ = cmd.Run() // its exit status says it
	f.wg.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	c.exit, c.out, c.err = cmd.ProcessState.ExitCode(), out.String(), f.said.String()
	return f.shown
}

// The program on the command line, a real keyring, real servers: an account is
// added through the browser, lives on its tokens over several starts, loses its
// permission and gets it again. Nothing of it is in the profile.
func TestJourneyThroughTheBrowser(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Postfix: true, Tokens: true})
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.Keyring(t)
	u := h.User(1)
	h.Append(t, u, "INBOX", letter(u.Email, "By token", "hello"), nil, time.Now())
	const clientSecret = "client-secret-canary"
	h.SignIn.Rules(mailtest.SignInRules{Secret: clientSecret, Deny: true})
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile"), program: build(t)}
	add := []string{
		"account", "add", "--email", u.Email, "--name", "User", "--imap", serverArg(h.IMAP), "--smtp", serverArg(h.SMTP), "--password-stdin",
		"--client-id", mailtest.ClientID, "--auth-url", h.SignIn.AuthURL, "--token-url", h.SignIn.TokenURL,
	}
	c.inTheBrowser(clientSecret+"\n", add...)
	if c.exit != cli.Failed || !strings.Contains(c.err, "refused in the browser") || strings.Contains(c.ok("", "account", "list"), u.Email) {
		t.Errorf("denied: exit %d\n%s", c.exit, c.err)
	}
	h.SignIn.Rules(mailtest.SignInRules{Secret: clientSecret})
	shown := c.inTheBrowser(clientSecret+"\n", add...)
	if c.exit != cli.Done || !strings.Contains(shown, "You are signed in") || !strings.Contains(shown, "close this window") {
		t.Fatalf("exit %d\n%s%s%s", c.exit, c.out, c.err, shown)
	}

	// Every start renews, and the next one needs what that one kept.
	for range 2 {
		c.ok("", "sync")
	}
	if list := decode[listed](t, c.ok("", "list", "--folder", "INBOX", "--json"), true); len(list) != 1 || list[0].Subject != "By token" {
		t.Errorf("list = %+v", list)
	}
	c.ok("To: "+u.Email+"\nSubject: Sent by token\n\nHello.\n", "send", "--wait")
	h.Await(t, u, "INBOX", func(got []mailtest.Stored) bool { return len(got) == 2 })
	if h.SignIn.Renewals() < 3 {
		t.Errorf("%d renewals", h.SignIn.Renewals())
	}

	h.SignIn.Revoke("")
	c.fails(cli.Failed, "“linnet account sign-in ADDRESS” does that.", "", "sync")
	c.inTheBrowser("", "account", "sign-in", u.Email)
	if c.exit != cli.Done {
		t.Fatalf("sign in again: exit %d\n%s", c.exit, c.err)
	}
	c.ok("", "sync")
	if faults := h.SignIn.Faults(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
	nowhere(t, c.profile, append(h.SignIn.GivenOut(), clientSecret))
}

// nowhere looks for secrets in all files below dir.
func nowhere(t *testing.T, dir string, secrets []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		for _, s := range secrets {
			if _, bare, _ := strings.Cut(s, "-"); bytes.Contains(data, []byte(bare)) {
				t.Errorf("%s is in %s", s, path)
			}
		}
		return err
	})
	if err != nil || files < 3 || len(secrets) < 8 {
		t.Errorf("%d files, %d secrets: %v", files, len(secrets), err)
	}
}
