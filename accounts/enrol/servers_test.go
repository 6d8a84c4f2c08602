package enrol

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// mailServers are an IMAP and an SMTP server on loopback that know one
// user and keep what they are told.
type mailServers struct {
	user, password string
	noAuth         bool        // SMTP does not offer AUTH
	list           string      // what LIST ends with
	imapTLS        *tls.Config // nil: unencrypted
	smtpTLS        *tls.Config

	mu    sync.Mutex
	heard []string
	imap  int
	smtp  int
}

func start(t *testing.T, m *mailServers) *mailServers {
	t.Helper()
	m.imap, m.smtp = m.serve(t, m.imapTLS, m.speakIMAP), m.serve(t, m.smtpTLS, m.speakSMTP)
	return m
}

func (m *mailServers) serve(t *testing.T, secure *tls.Config, speak func(line string, say func(...string))) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if secure != nil {
				conn = tls.Server(conn, secure)
			}
			wg.Go(func() { m.session(conn, speak) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return l.Addr().(*net.TCPAddr).Port
}

func (m *mailServers) session(conn net.Conn, speak func(string, func(...string))) {
	defer conn.Close()
	say := func(lines ...string) {
		for _, l := range lines {
			fmt.Fprintf(conn, "%s\r\n", l)
		}
	}
	speak("", say)
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		m.mu.Lock()
		m.heard = append(m.heard, lines.Text())
		m.mu.Unlock()
		speak(lines.Text(), say)
	}
}

func (m *mailServers) knows(line string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	fields := strings.Fields(line)
	return fields[len(fields)-1] == base64.StdEncoding.EncodeToString([]byte("\x00"+m.user+"\x00"+m.password))
}

func (m *mailServers) speakIMAP(line string, say func(...string)) {
	tag, rest, _ := strings.Cut(line, " ")
	switch word, _, _ := strings.Cut(rest, " "); {
	case line == "":
		say("* OK ready")
	case word == "CAPABILITY":
		say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", tag+" OK done")
	case word == "AUTHENTICATE" && m.knows(line):
		say(tag + " OK in")
	case word == "AUTHENTICATE":
		say(tag + " NO [AUTHENTICATIONFAILED] no")
	case m.list != "":
		say(tag + " " + m.list)
	default:
		say(`* LIST () "/" INBOX`, tag+" OK done")
	}
}

func (m *mailServers) speakSMTP(line string, say func(...string)) {
	switch word, _, _ := strings.Cut(line, " "); {
	case line == "":
		say("220 ready")
	case word == "EHLO" && m.noAuth:
		say("250 mail")
	case word == "EHLO":
		say("250-mail", "250 AUTH PLAIN")
	case word == "AUTH" && m.knows(line):
		say("235 in")
	case word == "AUTH":
		say("535 5.7.8 no")
	default:
		say("221 bye")
	}
}

func (m *mailServers) all() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.heard, "\n")
}

// forget empties what was heard.
func (m *mailServers) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.heard = nil
}

func (m *mailServers) request() Request {
	local := func(port int) accounts.Server {
		return accounts.Server{Host: "127.0.0.1", Port: port, Security: accounts.Plain}
	}
	return Request{Name: "Ada", Email: "ada@example.org", Password: m.password, IMAP: local(m.imap), SMTP: local(m.smtp)}
}

func enroller(t *testing.T, s accounts.Secrets) *Enroller {
	t.Helper()
	return &Enroller{Dialer: &connect.Dialer{}, File: newFile(t), Secrets: s}
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestAddSavesAccountAndSecretAndSendsNothing(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p"})
	e := enroller(t, accounts.Memory())
	a, err := e.Add(bounded(t), m.request())
	if err != nil {
		t.Fatal(err)
	}
	if a.IMAP.User != "ada@example.org" || a.SMTP.User != "ada@example.org" || a.Identities[0].Name != "Ada" {
		t.Errorf("%+v", a)
	}
	if got, ok := e.File.Get(a.ID); !ok || got.Email != a.Email {
		t.Errorf("file: %+v", got)
	}
	if got, err := e.Secrets.Get(t.Context(), a.ID); err != nil || got != "p" {
		t.Errorf("secret: %q, %v", got, err)
	}
	for _, word := range []string{"MAIL", "RCPT", "DATA", "SELECT"} {
		if strings.Contains(m.all(), word) {
			t.Errorf("%s in:\n%s", word, m.all())
		}
	}
	if !strings.Contains(m.all(), "EHLO "+quietHello) {
		t.Errorf("EHLO name in:\n%s", m.all())
	}
}

func TestTheUserNameIsFound(t *testing.T) {
	m := start(t, &mailServers{user: "ada", password: "p", noAuth: true})
	e := enroller(t, accounts.Memory())
	a, err := e.Add(bounded(t), m.request())
	if err != nil || a.IMAP.User != "ada" || a.SMTP.User != "" {
		t.Fatalf("%+v, %v", a, err)
	}
	// A name that was given is the only one that is tried.
	r := m.request()
	r.IMAP.User = "eve"
	if err := e.Verify(bounded(t), r); trouble.Explain(err).Key != trouble.WrongPassword {
		t.Errorf("%v", err)
	}
}

func TestAWrongPasswordIsTriedOncePerName(t *testing.T) {
	m := start(t, &mailServers{user: "ada", password: "p"})
	e := enroller(t, accounts.Memory())
	r := m.request()
	r.Password = "wrong"
	_, err := e.Add(bounded(t), r)
	if c := trouble.Explain(err); c.Key != trouble.WrongPassword || c.Args["Address"] != "ada@example.org" {
		t.Errorf("%v: %+v", err, c)
	}
	if n := strings.Count(m.all(), "AUTH"); n != 2 {
		t.Errorf("%d attempts:\n%s", n, m.all())
	}
	if len(e.File.List()) != 0 {
		t.Error("an account was saved")
	}
}

func TestOutgoingFailureSavesNothing(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p"})
	e := enroller(t, failing{accounts.Memory(), t})
	r := m.request()
	r.SMTP.User = "eve"
	if _, err := e.Add(bounded(t), r); trouble.Explain(err).Key != trouble.WrongPassword {
		t.Errorf("%v", err)
	}
	if len(e.File.List()) != 0 {
		t.Error("an account was saved")
	}
}

func TestAListThatFailsIsAFailure(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p", list: "NO [SERVERBUG] odd"})
	err := enroller(t, accounts.Memory()).Verify(bounded(t), m.request())
	var staged *trouble.Error
	if !errors.As(err, &staged) || staged.Stage != trouble.Folders {
		t.Errorf("%v", err)
	}
}

// failing must not be written to.
type failing struct {
	accounts.Secrets
	t *testing.T
}

func (f failing) Set(context.Context, string, string) error {
	f.t.Error("a secret was saved")
	return nil
}

// watched counts what it keeps; its Set can fail half-way.
type watched struct {
	accounts.Secrets
	fail error
	kept map[string]bool
}

func (w *watched) Set(ctx context.Context, id, secret string) error {
	w.kept[id] = true
	return errors.Join(w.Secrets.Set(ctx, id, secret), w.fail)
}

func (w *watched) Delete(ctx context.Context, id string) error {
	delete(w.kept, id)
	return w.Secrets.Delete(ctx, id)
}

func TestNothingIsHalfSaved(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p"})
	w := &watched{Secrets: accounts.Memory(), fail: accounts.ErrKeyringLocked, kept: map[string]bool{}}
	e := enroller(t, w)
	if _, err := e.Add(bounded(t), m.request()); trouble.Explain(err).Key != "trouble.keyring-locked" {
		t.Errorf("locked keyring: %v", err)
	}
	if len(w.kept) != 0 || len(e.File.List()) != 0 {
		t.Errorf("left: %v, %v", w.kept, e.File.List())
	}
	// The file cannot be written: a file stands where its folder should be.
	w.fail = nil
	block := filepath.Join(t.TempDir(), "block")
	e.File = blockedFile(t, block)
	if _, err := e.Add(bounded(t), m.request()); err == nil {
		t.Error("a file was written below a file")
	}
	if len(w.kept) != 0 || len(e.File.List()) != 0 {
		t.Errorf("left: %v, %v", w.kept, e.File.List())
	}
}

func blockedFile(t *testing.T, block string) *accounts.File {
	t.Helper()
	f, err := accounts.OpenFile(filepath.Join(block, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(block, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestUpdatePassword(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p"})
	e := enroller(t, accounts.Memory())
	a, err := e.Add(bounded(t), m.request())
	if err != nil {
		t.Fatal(err)
	}
	if err := e.UpdatePassword(bounded(t), a.ID, "wrong"); trouble.Explain(err).Key != trouble.WrongPassword {
		t.Errorf("wrong: %v", err)
	}
	if got, _ := e.Secrets.Get(t.Context(), a.ID); got != "p" {
		t.Errorf("the old one was lost: %q", got)
	}
	m.mu.Lock()
	m.password = "new"
	m.mu.Unlock()
	if err := e.UpdatePassword(bounded(t), a.ID, "new"); err != nil {
		t.Fatal(err)
	}
	if got, _ := e.Secrets.Get(t.Context(), a.ID); got != "new" {
		t.Errorf("secret %q", got)
	}
	if err := errors.Join(e.UpdatePassword(bounded(t), "nobody", "x")); !errors.Is(err, ErrNoAccount) {
		t.Errorf("%v", err)
	}
	if err := e.UpdatePassword(bounded(t), a.ID, ""); !errors.Is(err, ErrPassword) {
		t.Errorf("%v", err)
	}
}
