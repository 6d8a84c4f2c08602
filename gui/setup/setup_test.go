package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// desk is the page in a test window, with a fake engine behind it.
type desk struct {
	t      *testing.T
	p      *Page
	w      fyne.Window
	words  *assets.Words
	posted chan func()

	mu      sync.Mutex
	asked   []Request
	fail    error
	gate    chan struct{} // Add waits for it, if there is one
	stopped int           // Adds that ended with their context

	done      []accounts.Account
	cancelled int
	demos     int
}

func open(t *testing.T) *desk {
	t.Helper()
	return openWith(t, nil)
}

func openWith(t *testing.T, detect Detect) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, words: words, posted: make(chan func(), 100)}
	d.p = New(Config{
		Words: words, Post: d.post, Add: d.add, Demo: func(context.Context) error { d.demos++; return nil },
		Detect: detect, Done: func(a accounts.Account) { d.done = append(d.done, a) }, Cancelled: func() { d.cancelled++ },
	})
	d.w = test.NewTempWindow(t, d.p)
	d.w.Resize(fyne.NewSize(1000, 800))
	t.Cleanup(func() { d.p.Close(); goleak.VerifyNone(t, goleak.IgnoreCurrent()) })
	return d
}

func (d *desk) post(f func()) { d.posted <- f }

func (d *desk) add(ctx context.Context, r Request) (accounts.Account, error) {
	d.mu.Lock()
	d.asked = append(d.asked, r)
	gate, fail := d.gate, d.fail
	d.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			d.mu.Lock()
			d.stopped++
			d.mu.Unlock()
			return accounts.Account{}, ctx.Err()
		}
	}
	return accounts.Account{ID: "1", Email: r.Email}, fail
}

// drain runs what was posted until ok holds.
func (d *desk) drain(what string, ok func() bool) {
	d.t.Helper()
	deadline := time.After(5 * time.Second)
	for !ok() {
		select {
		case f := <-d.posted:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			d.t.Fatalf("never: %s", what)
		}
	}
}

func (d *desk) enter(e *look.Entry, s string) {
	d.w.Canvas().Focus(e)
	test.Type(e, s)
}

func (d *desk) fill() {
	d.enter(d.p.name.entry, "Anna Becker")
	d.enter(d.p.email.entry, "anna@becker.example")
	d.enter(d.p.password.entry, "correct horse")
}

func TestThreeFieldsAndAnAccount(t *testing.T) {
	d := open(t)
	if d.p.servers.box.Visible() {
		t.Error("servers are asked for at once")
	}
	d.fill()
	if !d.p.servers.box.Visible() || d.p.servers.imap.host.text() != "imap.becker.example" {
		t.Errorf("no suggestion: %q", d.p.servers.imap.host.text())
	}
	d.p.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if !d.p.progress.Visible() || d.p.progress.Text() != "Signing in to imap.becker.example and smtp.becker.example…" || !d.p.email.entry.Disabled() {
		t.Errorf("says %q", d.p.progress.Text())
	}
	d.drain("an account", func() bool { return len(d.done) == 1 })
	want := Request{
		Name: "Anna Becker", Email: "anna@becker.example", Password: "correct horse",
		IMAP: accounts.Server{Host: "imap.becker.example", Port: 993, Security: accounts.TLS},
		SMTP: accounts.Server{Host: "smtp.becker.example", Port: 465, Security: accounts.TLS},
	}
	if len(d.asked) != 1 || d.asked[0] != want {
		t.Errorf("asked %+v", d.asked)
	}
	if d.p.password.entry.Text != "" {
		t.Error("the password stays in the field")
	}
}

func TestAFailureLosesNothing(t *testing.T) {
	d := open(t)
	d.fail = &mailcore.Problem{Key: "trouble.wrong-password", Args: map[string]any{"Host": "imap.becker.example"}}
	d.fill()
	d.p.Continue()
	d.drain("an answer", func() bool { return d.p.notice.Visible() })
	if got := d.p.notice.Text(); !strings.Contains(got, "imap.becker.example did not accept") {
		t.Errorf("says %q", got)
	}
	p := d.p
	if p.name.text() != "Anna Becker" || p.email.text() != "anna@becker.example" || p.password.entry.Text != "correct horse" ||
		p.password.entry.Disabled() || p.proceed.Disabled() || p.progress.Visible() || len(d.done) != 0 {
		t.Error("something was lost")
	}
	d.mu.Lock()
	d.fail = errors.New("no words for this")
	d.mu.Unlock()
	p.Continue()
	d.drain("another answer", func() bool { return p.notice.Visible() && strings.Contains(p.notice.Text(), "could not be added") })
	d.mu.Lock()
	d.fail = nil
	d.mu.Unlock()
	p.Continue()
	d.drain("an account", func() bool { return len(d.done) == 1 })
}

func TestFieldsSayWhatIsWrong(t *testing.T) {
	d := open(t)
	d.p.Continue()
	p := d.p
	if !p.name.wrong.Visible() || !p.email.wrong.Visible() || !p.password.wrong.Visible() || len(d.asked) != 0 {
		t.Fatal("it went on")
	}
	if d.w.Canvas().Focused() != p.name.entry {
		t.Error("the first wrong field has not the focus")
	}
	d.enter(p.name.entry, "Anna")
	if p.name.wrong.Visible() {
		t.Error("it is still called wrong")
	}
	for _, bad := range []string{"anna", "anna@", "@becker.example", "anna@becker", "a b@c.example", "anna@becker..example", "Anna <anna@becker.example>"} {
		p.email.entry.SetText(bad)
		if !p.email.wrong.Visible() || !strings.Contains(p.email.wrong.Text(), bad) {
			t.Errorf("%q: %q", bad, p.email.wrong.Text())
		}
	}
	p.email.entry.SetText("anna@becker.example")
	p.password.entry.SetText("x")
	p.servers.imap.host.entry.SetText("not a host")
	p.servers.smtp.port.SetText("70000")
	p.Continue()
	if !p.servers.imap.host.wrong.Visible() || p.servers.smtp.host.wrong.Text() != "A port is a number from 1 to 65535." || len(d.asked) != 0 {
		t.Error("wrong servers were taken")
	}
}

func TestServersByHand(t *testing.T) {
	d := open(t)
	d.fill()
	s := d.p.servers
	s.imap.host.entry.SetText("mail.hosting.example")
	s.user.entry.SetText("anna")
	s.imap.kind.SetSelectedIndex(1)
	if s.imap.port.Text != "143" {
		t.Errorf("port %s", s.imap.port.Text)
	}
	s.smtp.port.SetText("587")
	if s.smtp.security() != accounts.StartTLS {
		t.Errorf("587 with %s", s.smtp.security())
	}
	s.smtp.port.SetText("2525")
	s.smtp.kind.SetSelectedIndex(0)
	if s.smtp.port.Text != "2525" {
		t.Error("an unusual port was overwritten")
	}
	d.p.email.entry.SetText("anna@other.example")
	if s.imap.host.text() != "mail.hosting.example" || s.smtp.host.text() != "smtp.other.example" {
		t.Errorf("%q, %q", s.imap.host.text(), s.smtp.host.text())
	}
	d.p.Continue()
	d.drain("an account", func() bool { return len(d.done) == 1 })
	r := d.asked[0]
	if r.IMAP != (accounts.Server{Host: "mail.hosting.example", Port: 143, Security: accounts.StartTLS, User: "anna"}) ||
		r.SMTP != (accounts.Server{Host: "smtp.other.example", Port: 2525, Security: accounts.TLS, User: "anna"}) {
		t.Errorf("asked %+v", r)
	}
}

func TestNoEncryptionOnlyOnThisComputer(t *testing.T) {
	d := open(t)
	s := d.p.servers.imap
	s.host.entry.SetText("imap.becker.example")
	if len(s.kind.Options) != 2 {
		t.Errorf("offered %v", s.kind.Options)
	}
	for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
		s.host.entry.SetText(host)
		if len(s.kind.Options) != 3 {
			t.Errorf("%s: offered %v", host, s.kind.Options)
		}
	}
	s.kind.SetSelectedIndex(2)
	if s.value().Security != accounts.Plain || !strings.Contains(s.help.Text(), "nothing is encrypted") {
		t.Errorf("%s, %q", s.value().Security, s.help.Text())
	}
	s.host.entry.SetText("imap.becker.example")
	if s.value().Security != accounts.TLS {
		t.Errorf("plain to another computer: %s", s.value().Security)
	}
}

func TestItCanBeStopped(t *testing.T) {
	d := open(t)
	d.gate = make(chan struct{})
	d.fill()
	d.p.Continue()
	d.p.Continue() // once is enough
	d.p.Stop()
	d.drain("stopped", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.stopped == 1 })
	if d.p.progress.Visible() || d.p.proceed.Disabled() || d.p.notice.Visible() || len(d.asked) != 1 {
		t.Error("it goes on")
	}
	d.p.email.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if d.cancelled != 1 {
		t.Error("Escape does not leave")
	}
}

func TestLookAround(t *testing.T) {
	d := open(t)
	test.Tap(d.p.demo)
	d.drain("the demo", func() bool { return len(d.done) == 1 })
	if d.demos != 1 || d.done[0].ID != "" {
		t.Errorf("%d demos, %+v", d.demos, d.done)
	}
}

func TestSignInAgain(t *testing.T) {
	d := open(t)
	var passwords []string
	var ended []bool
	fail := error(&mailcore.Problem{Key: "trouble.wrong-password", Args: map[string]any{"Host": "imap.becker.example"}})
	s := SignInAgain(d.w, d.words, d.post, "anna@becker.example", "", func(_ context.Context, password string) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		passwords = append(passwords, password)
		return fail
	}, func(done bool) { ended = append(ended, done) })
	if d.w.Canvas().Focused() != s.password.entry {
		t.Error("the password has not the focus")
	}
	s.confirm()
	if !s.password.wrong.Visible() {
		t.Error("an empty password was taken")
	}
	s.password.entry.SetText("old")
	s.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.drain("refused", func() bool { return s.notice.Visible() })
	if !strings.Contains(s.notice.Text(), "did not accept") || s.password.entry.Text != "old" || len(ended) != 0 {
		t.Errorf("says %q", s.notice.Text())
	}
	d.mu.Lock()
	fail = nil
	d.mu.Unlock()
	s.password.entry.SetText("new")
	test.Tap(s.yes)
	d.drain("signed in", func() bool { return len(ended) == 1 })
	if !ended[0] || strings.Join(passwords, " ") != "old new" || s.pop.Visible() {
		t.Errorf("%v, %v", ended, passwords)
	}
}

// keeper is an engine that removes accounts or keeps their mail.
type keeper struct {
	mu    sync.Mutex
	calls []string
	fail  error
}

func (k *keeper) note(call string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls = append(k.calls, call)
	return k.fail
}

func (k *keeper) said() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strings.Join(k.calls, ", ")
}

func (k *keeper) Remove(_ context.Context, id mailcore.AccountID) error {
	return k.note("remove " + string(id))
}

func (k *keeper) Keep(_ context.Context, id mailcore.AccountID, whole bool) error {
	return k.note(fmt.Sprint("keep ", id, " ", whole))
}

func TestRemoveAccount(t *testing.T) {
	d := open(t)
	k := &keeper{}
	var ended []bool
	ask := func(a accounts.Account) *Dialog {
		return RemoveAccount(d.w, d.words, d.post, a, k, func(done bool) { ended = append(ended, done) })
	}
	anna := accounts.Account{ID: "1", Email: "anna@becker.example"}
	first := ask(anna)
	if d.w.Canvas().Focused() != first.no {
		t.Error("Return would remove it")
	}
	first.no.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if k.said() != "" || len(ended) != 1 || ended[0] {
		t.Fatal("removed without consent")
	}
	test.Tap(ask(anna).yes)
	d.drain("removed", func() bool { return len(ended) == 2 })
	if k.said() != "remove 1" || !ended[1] {
		t.Errorf("did %s", k.said())
	}

	k.calls, k.fail = nil, &mailcore.Problem{Key: "trouble.no-network"}
	keeping := ask(anna)
	keeping.keep.SetChecked(true)
	test.Tap(keeping.yes)
	d.drain("it failed", func() bool { return keeping.notice.Visible() })
	if k.said() != "keep 1 true" || keeping.yes.Text != d.words.Say("accounts.remove.partly") {
		t.Errorf("did %s, offers %q", k.said(), keeping.yes.Text)
	}
	k.mu.Lock()
	k.fail = nil
	k.mu.Unlock()
	test.Tap(keeping.yes)
	d.drain("kept", func() bool { return len(ended) == 3 })
	if k.said() != "keep 1 true, keep 1 false" {
		t.Errorf("did %s", k.said())
	}
	anna.Kept = true
	if again := ask(anna); again.keep != nil {
		t.Error("what is kept only can be kept once more")
	}
}
