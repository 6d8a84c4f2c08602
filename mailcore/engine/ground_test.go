package engine_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

var host = mailtest.NewShared(mailtest.Options{Postfix: true})

func TestMain(m *testing.M) { os.Exit(host.Run(m)) }

// patience bounds every wait for something that must happen.
const patience = 60 * time.Second

// profile is a profile's directory, and the engine that has it open.
type profile struct {
	t       *testing.T
	dir     string
	roots   *x509.CertPool
	secrets accounts.Secrets
	log     *slog.Logger // nil: the test's
	network network      // nil: the system's
	store   *store.Store
	file    *accounts.File
	engine  *engine.Engine
	close   func()
}

// network is where connections go.
type network interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

func newProfile(t *testing.T, roots *x509.CertPool) *profile {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
	return &profile{t: t, dir: t.TempDir(), roots: roots, secrets: accounts.Memory()}
}

// open starts the engine; it ends with the test unless closed before.
func (p *profile) open(offline bool) *engine.Engine {
	p.t.Helper()
	var err error
	if p.store, _, err = store.Open(p.t.Context(), filepath.Join(p.dir, "mail.db")); err != nil {
		p.t.Fatal(err)
	}
	if p.file, err = accounts.OpenFile(filepath.Join(p.dir, "accounts.json")); err != nil {
		p.t.Fatal(err)
	}
	log := p.log
	if log == nil {
		log = slog.New(slog.NewTextHandler(testLog{p.t}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	dialer := &connect.Dialer{Roots: p.roots, Log: log, Net: p.network}
	p.engine = engine.New(engine.Config{
		Store: p.store, Accounts: p.file, Secrets: p.secrets, Log: log, Dialer: dialer, Verify: verifying(dialer), Offline: offline,
	})
	if err := p.engine.Start(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	closed := false
	p.close = func() {
		if closed {
			return
		}
		closed = true
		if err := errors.Join(p.engine.Close(), p.store.Close()); err != nil {
			p.t.Error(err)
		}
	}
	p.t.Cleanup(p.close)
	return p.engine
}

// verifying signs in to both servers.
func verifying(d *connect.Dialer) engine.VerifyFunc {
	return func(ctx context.Context, a accounts.Account, credential func(accounts.Server) connect.CredentialFunc) error {
		in, err := d.IMAP(ctx, a.IMAP, credential(a.IMAP), nil)
		if err != nil {
			return err
		}
		_ = in.Close()
		out, err := d.SMTP(ctx, a.SMTP, "[127.0.0.1]", credential(a.SMTP))
		if err != nil {
			return err
		}
		return out.Quit()
	}
}

// add adds the account of a test user.
func (p *profile) add(u mailtest.User) accounts.Account {
	p.t.Helper()
	a := u.Account()
	if err := p.engine.Accounts().Adopt(p.t.Context(), a, u.Password); err != nil {
		p.t.Fatalf("add account: %v", err)
	}
	return a
}

// testLog writes the log to a test that still runs.
type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	if l.t.Context().Err() == nil {
		l.t.Log(strings.TrimSuffix(string(b), "\n"))
	}
	return len(b), nil
}

// until polls for something that must come to be.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// rows lists a folder by role.
func rows(t *testing.T, e *engine.Engine, role mailcore.Role) []mailcore.Message {
	t.Helper()
	page, err := e.Messages().Page(t.Context(), mailcore.Query{Role: role}, 1000, 0)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// find returns the message with a subject, if it is in a folder of role.
func find(t *testing.T, e *engine.Engine, role mailcore.Role, subject string) (mailcore.Message, bool) {
	t.Helper()
	for _, m := range rows(t, e, role) {
		if m.Subject == subject {
			return m, true
		}
	}
	return mailcore.Message{}, false
}

// await is find with patience.
func await(t *testing.T, e *engine.Engine, role mailcore.Role, subject string) mailcore.Message {
	t.Helper()
	var m mailcore.Message
	until(t, fmt.Sprintf("%q in %s", subject, role), func() bool {
		var ok bool
		m, ok = find(t, e, role, subject)
		return ok
	})
	return m
}

// watching waits until everything is here and the account listens.
func watching(t *testing.T, e *engine.Engine, id string) mailcore.Status {
	t.Helper()
	var s mailcore.Status
	until(t, "up to date", func() bool {
		var err error
		if s, err = e.Accounts().Status(t.Context(), mailcore.AccountID(id)); err != nil {
			t.Fatal(err)
		}
		return s.Phase == mailcore.Watching
	})
	return s
}

// letter is a plain message.
func letter(from, to, subject, text string) []byte {
	return fmt.Appendf(nil, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <%s@letters.test>\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		from, to, subject, time.Now().Format(time.RFC1123Z), strings.ReplaceAll(subject, " ", "."), text)
}
