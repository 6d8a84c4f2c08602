package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// browse plays the person's browser.
func browse(u *url.URL) error {
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
		if r, err := client.Get(u.String()); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
		}
	}()
	return nil
}

// tokenGround is a host whose servers take tokens, and a profile with accounts
// that sign in with them.
type tokenGround struct {
	t *testing.T
	h *mailtest.Host
	p *profile
	e *engine.Engine
}

func newTokenGround(t *testing.T, log *slog.Logger) *tokenGround {
	t.Helper()
	h := mailtest.Start(t, mailtest.Options{Users: 3, Postfix: true, Tokens: true})
	g := &tokenGround{t: t, h: h, p: newProfile(t, h.Roots)}
	g.p.log = log
	g.e = g.p.open(false)
	return g
}

// adopt adds user n, who has not signed in yet.
func (g *tokenGround) adopt(n int) accounts.Account {
	g.t.Helper()
	a := g.h.User(n).Account()
	a.OAuth = &accounts.OAuth{ClientID: mailtest.ClientID, AuthURL: g.h.SignIn.AuthURL, TokenURL: g.h.SignIn.TokenURL, Scopes: []string{"mail"}}
	if err := g.e.Accounts().Adopt(g.t.Context(), a, "not a permission"); err != nil {
		g.t.Fatal(err)
	}
	return a
}

func (g *tokenGround) signIn(a accounts.Account) error {
	ctx, cancel := context.WithTimeout(g.t.Context(), patience)
	defer cancel()
	back := false
	err := g.e.Accounts().SignInBrowser(ctx, mailcore.AccountID(a.ID), engine.Browser{Open: browse, Back: func() { back = true }})
	if err == nil && !back {
		g.t.Error("nobody heard that the browser was done")
	}
	return err
}

// asks waits until an account asks for a new sign-in, and says why.
func (g *tokenGround) asks(a accounts.Account) string {
	g.t.Helper()
	var key string
	until(g.t, "a new sign-in is asked for", func() bool {
		s, err := g.e.Accounts().Status(g.t.Context(), mailcore.AccountID(a.ID))
		if err != nil {
			g.t.Fatal(err)
		}
		if s.Phase == mailcore.SignIn && s.Problem != nil {
			key = s.Problem.Key
		}
		return key != ""
	})
	return key
}

// reconnect breaks every connection, as a bad network would.
func (g *tokenGround) reconnect() {
	g.t.Helper()
	g.h.StopDovecot(g.t)
	g.h.StartDovecot(g.t)
	g.e.Accounts().Refresh("")
}

func problemKey(err error) string {
	var p *mailcore.Problem
	if errors.As(err, &p) {
		return p.Key
	}
	return fmt.Sprint(err)
}

func TestAnAccountLivesOnTokens(t *testing.T) {
	g := newTokenGround(t, nil)
	a := g.adopt(1)
	if key := g.asks(a); key != "trouble.token-missing" {
		t.Errorf("before the first sign-in: %s", key)
	}
	if err := g.signIn(a); err != nil {
		t.Fatal(err)
	}
	watching(t, g.e, a.ID)

	// Mail goes out through Postfix and comes back through Dovecot.
	d := g.e.Drafts().New(mailcore.AccountID(a.ID))
	d.To, d.Subject, d.Text = []mailcore.Address{{Addr: a.Email}}, "by token", "hello"
	if _, err := g.e.Outbox().Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	await(t, g.e, mailcore.RoleInbox, "by token")

	// Expired: renewed without anybody being asked.
	before := g.h.SignIn.Renewals()
	g.h.SignIn.Expire()
	g.reconnect()
	until(t, "renewed", func() bool { return g.h.SignIn.Renewals() > before })
	g.h.Append(t, g.h.User(1), "INBOX", letter("x@y.test", a.Email, "after renewal", "hello"), nil, time.Now())
	await(t, g.e, mailcore.RoleInbox, "after renewal")

	// Revoked: the person is asked once, and nobody knocks on and on.
	g.h.SignIn.Revoke("")
	g.reconnect()
	if key := g.asks(a); key != "trouble.token-revoked" {
		t.Errorf("revoked: %s", key)
	}
	if err := g.signIn(a); err != nil {
		t.Fatal(err)
	}
	watching(t, g.e, a.ID)

	// A new start of the program has the keyring, and that is enough.
	g.p.close()
	g.e = g.p.open(false)
	watching(t, g.e, a.ID)
	if faults := g.h.SignIn.Faults(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
}

// Servers that change are tried with the permission, never with a password.
func TestAnAccountOnTokensIsChanged(t *testing.T) {
	g := newTokenGround(t, nil)
	a := g.adopt(1)
	if err := g.signIn(a); err != nil {
		t.Fatal(err)
	}
	watching(t, g.e, a.ID)
	a.IMAP.Host = "localhost" // another name of the same server
	a.OAuth = nil             // not for an edit to change
	if err := g.e.Accounts().Update(t.Context(), a, ""); err != nil {
		t.Fatal(err)
	}
	if got, _ := g.e.Accounts().Get(mailcore.AccountID(a.ID)); got.IMAP.Host != "localhost" || got.OAuth == nil {
		t.Errorf("%+v", got)
	}
	watching(t, g.e, a.ID)
	if err := g.e.Accounts().Update(t.Context(), a, "a password"); problemKey(err) != "engine.no-password-here" {
		t.Errorf("a password: %v", err)
	}
	if faults := g.h.SignIn.Faults(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
}

func TestASignInThatFailsChangesNothing(t *testing.T) {
	g := newTokenGround(t, nil)
	a := g.adopt(1)
	if err := g.signIn(a); err != nil {
		t.Fatal(err)
	}
	watching(t, g.e, a.ID)
	kept, err := g.p.secrets.Get(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	for want, rules := range map[string]mailtest.SignInRules{
		"trouble.browser-denied": {Deny: true},
		"trouble.token-refused":  {As: g.h.User(2).Email},
		"trouble.browser-code":   {CodeLives: -time.Second},
		"trouble.token-short":    {NoRefresh: true},
		"trouble.token-service":  {Answer: "<html>"},
	} {
		g.h.SignIn.Rules(rules)
		if err := g.signIn(a); problemKey(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	g.h.SignIn.Rules(mailtest.SignInRules{Silent: true})
	ctx, cancel := context.WithCancel(t.Context())
	err = g.e.Accounts().SignInBrowser(ctx, mailcore.AccountID(a.ID), engine.Browser{Open: func(u *url.URL) error { cancel(); return browse(u) }})
	if problemKey(err) != "engine.cancelled" {
		t.Errorf("given up: %v", err)
	}
	if now, err := g.p.secrets.Get(t.Context(), a.ID); err != nil || now != kept {
		t.Error("the permission was replaced")
	}
	if err := g.e.Accounts().SignIn(t.Context(), mailcore.AccountID(a.ID), "a password"); problemKey(err) != "engine.no-password-here" {
		t.Errorf("a password: %v", err)
	}
	watching(t, g.e, a.ID)
}

func TestTokensOfAProviderStayThere(t *testing.T) {
	g := newTokenGround(t, nil)
	a := g.h.User(1).Account()
	a.OAuth = &accounts.OAuth{Provider: "google", ClientID: "x"}
	if err := g.e.Accounts().Adopt(t.Context(), a, "x"); err != nil {
		t.Fatal(err)
	}
	if key := g.asks(a); key != "trouble.token-host" {
		t.Errorf("%s", key)
	}
	if err := g.signIn(a); problemKey(err) != "trouble.token-host" {
		t.Errorf("%v", err)
	}
}

// notes is a log that is kept.
type notes struct {
	mu sync.Mutex
	b  strings.Builder
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

// Two accounts sign in at once, work, lose their permission and get it again; no
// code and no token of all that is in a log, the accounts file or the database.
func TestNoTokenIsEverWritten(t *testing.T) {
	var log notes
	g := newTokenGround(t, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 10, AddSource: true})))
	both := []accounts.Account{g.adopt(1), g.adopt(2)}
	signIn := func() {
		var wait sync.WaitGroup
		for _, a := range both {
			wait.Go(func() {
				if err := g.signIn(a); err != nil {
					t.Errorf("%s: %v", a.Email, err)
				}
			})
		}
		wait.Wait()
		for _, a := range both {
			watching(t, g.e, a.ID)
		}
	}
	signIn()
	g.h.SignIn.Expire()
	g.reconnect()
	until(t, "both renewed", func() bool { return g.h.SignIn.Renewals() >= 2 })
	g.h.SignIn.Revoke("")
	g.reconnect()
	for _, a := range both {
		g.asks(a)
	}
	g.h.SignIn.Rules(mailtest.SignInRules{As: g.h.User(3).Email})
	for _, a := range both {
		if err := g.signIn(a); err == nil {
			t.Error("signed in as somebody else")
		} else {
			g.p.log.Error("sign in", "error", err)
		}
	}
	g.h.SignIn.Rules(mailtest.SignInRules{})
	signIn()
	g.p.close()

	written := map[string]string{"the log": log.b.String()}
	files, err := filepath.Glob(filepath.Join(g.p.dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%v: %v", files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		written[filepath.Base(name)] = string(data)
	}
	secrets := g.h.SignIn.GivenOut()
	if len(secrets) < 12 || !strings.Contains(written["the log"], "signed in") || !strings.Contains(written["accounts.json"], mailtest.ClientID) {
		t.Errorf("%d secrets; %d octets of log", len(secrets), len(written["the log"]))
	}
	for _, secret := range secrets {
		_, bare, _ := strings.Cut(secret, "-")
		for name, text := range written {
			if strings.Contains(text, bare) {
				t.Errorf("%s is in %s", secret, name)
			}
		}
	}
}
