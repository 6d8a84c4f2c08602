package setup

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
)

const prepared = `{"version": 1, "organisation": "Becker Print", "accounts": [
	{"domain": "becker.example", "label": "Work",
	 "imap": {"server": "tls://imap.hosting.example", "user": "{local}", "pin": "` + somePin + `"},
	 "smtp": {"server": "starttls://smtp.hosting.example:587", "user": "{address}"}, "sent": "server"},
	{"email": "info@becker.example", "label": "Reception", "shared": true,
	 "imap": {"server": "tls://imap.hosting.example", "user": "info"}, "smtp": {"server": "tls://smtp.hosting.example", "user": "info"}},
	{"email": "anna@becker.example", "name": "Anna Becker"}]}`

const somePin = "abababababababababababababababababababababababababababababababab"

// openPrepared opens the page for account n of the list.
func openPrepared(t *testing.T, n int, detect Detect) (*desk, *Preset) {
	t.Helper()
	d := openWith(t, nil)
	list, wrong := ReadPresets(d.words, []byte(prepared))
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	c := d.p.c
	c.Preset, c.Detect = &list[n], detect
	d.p.Close()
	d.p = New(c)
	t.Cleanup(d.p.Close)
	d.w.SetContent(d.p)
	d.w.Canvas().Focus(d.p.First())
	return d, &list[n]
}

func TestAPreparedAccountAsksForWhatIsMissing(t *testing.T) {
	w := newWorld()
	d, known := openPrepared(t, 0, w.detect)
	if got := d.p.intro.Text(); !strings.Contains(got, "Becker Print") {
		t.Errorf("says %q", got)
	}
	d.enter(d.p.name.entry, "Anna")
	d.enter(d.p.email.entry, "anna@elsewhere.example")
	d.enter(d.p.password.entry, "correct horse")
	if d.p.servers.box.Visible() {
		t.Error("servers are asked for although they are known")
	}
	d.p.Continue()
	if !strings.Contains(d.p.email.wrong.Text(), "@becker.example") || len(d.asked) != 0 {
		t.Errorf("another domain was taken: %q", d.p.email.wrong.Text())
	}
	d.p.email.entry.SetText("anna@becker.example")
	d.p.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.wants(Request{
		Name: "Anna", Email: "anna@becker.example", Password: "correct horse", Sent: accounts.SentByServer, Preset: known,
		IMAP: accounts.Server{Host: "imap.hosting.example", Port: 993, Security: accounts.TLS, User: "anna", Pin: somePin},
		SMTP: accounts.Server{Host: "smtp.hosting.example", Port: 587, Security: accounts.StartTLS, User: "anna@becker.example"},
	})
	if len(w.asked) != 0 {
		t.Error("servers were looked for")
	}
}

func TestASharedMailboxAsksForItsPasswordOnly(t *testing.T) {
	d, known := openPrepared(t, 1, nil)
	if d.p.name.box.Visible() || d.w.Canvas().Focused() != fyne.Focusable(d.p.password.entry) {
		t.Error("a name is asked for")
	}
	test.Type(d.p.password.entry, "correct horse")
	test.Tap(d.p.proceed)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0]; r.Name != "Reception" || r.Email != "info@becker.example" || r.IMAP.User != "info" || r.SMTP.User != "info" || r.Preset != known {
		t.Errorf("%+v", r)
	}
}

func TestAPreparedAddressIsLookedUp(t *testing.T) {
	w := newWorld()
	d, _ := openPrepared(t, 2, w.detect)
	w.answer(hosted(), nil)
	d.p.look()
	if got := <-w.asked; got != "anna@becker.example" {
		t.Errorf("looked up %q", got)
	}
	d.found()
	test.Type(d.p.password.entry, "correct horse")
	d.p.Continue()
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0]; r.Name != "Anna Becker" || r.IMAP.Host != "imap.hosting.example" {
		t.Errorf("%+v", r)
	}
}

// What a person enters by hand counts, and no user or certificate goes with it.
func TestPreparedServersCanBeChangedByHand(t *testing.T) {
	d, _ := openPrepared(t, 0, nil)
	d.fill()
	d.p.toggleServers()
	if d.p.servers.imap.host.text() != "imap.hosting.example" || d.p.servers.user.text() != "" {
		t.Errorf("shown are %q, %q", d.p.servers.imap.host.text(), d.p.servers.user.text())
	}
	d.p.servers.imap.host.entry.SetText("mail.becker.example")
	d.p.Continue()
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if s := d.asked[0].IMAP; s.Host != "mail.becker.example" || s.User != "" || s.Pin != "" {
		t.Errorf("%+v", s)
	}
}

func TestMistakesOfAListAreSaid(t *testing.T) {
	d := open(t)
	list, wrong := ReadPresets(d.words, []byte(`{"version": 2, "accounts": [{"password": "x"}]}`))
	if len(list) != 0 || len(wrong) != 2 || !strings.HasPrefix(wrong[0], "Line 1:") {
		t.Errorf("%v, %q", list, wrong)
	}
}
