package setup

import (
	"errors"
	"net/url"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// google is what is found for an address at Gmail.
func google() autodetect.Result {
	return autodetect.Result{Answers: []autodetect.Answer{{
		Source: autodetect.Table, Provider: "Gmail", Checked: true, Sent: accounts.SentByServer,
		SignIn: []autodetect.SignIn{autodetect.OAuth, autodetect.AppPassword}, AppPasswordURL: "https://support.google.com/x",
		IMAP: []accounts.Server{{Host: "imap.gmail.com", Port: 993, Security: accounts.TLS, User: "anna@becker.example"}},
		SMTP: []accounts.Server{{Host: "smtp.gmail.com", Port: 465, Security: accounts.TLS, User: "anna@becker.example"}},
	}}}
}

func onlyBrowser(host string) autodetect.Result {
	r := google()
	a := &r.Answers[0]
	a.Provider, a.SignIn, a.AppPasswordURL = "Post", []autodetect.SignIn{autodetect.OAuth}, ""
	a.IMAP[0].Host, a.SMTP[0].Host = host, host
	return r
}

// browserDesk is a page on which name and address are typed and r was found;
// registered is what this program is registered as.
func browserDesk(t *testing.T, r autodetect.Result, registered string) *desk {
	t.Helper()
	w := newWorld()
	d := openWith(t, w.detect)
	d.p.c.Services = &oauth.Service{Clients: oauth.ParseClients(registered)}
	w.answer(r, nil)
	d.enter(d.p.name.entry, "Anna Becker")
	d.enter(d.p.email.entry, "anna@becker.example")
	d.w.Canvas().Focus(d.p.password.entry)
	d.found()
	return d
}

// visible reports whether o and all that it is in are shown.
func (d *desk) visible(o fyne.CanvasObject) bool { return within(o, d.p.fields) || within(o, d.p.foot) }

func within(o, c fyne.CanvasObject) bool {
	if !c.Visible() || o == c {
		return c.Visible()
	}
	box, ok := c.(*fyne.Container)
	return ok && slices.ContainsFunc(box.Objects, func(inner fyne.CanvasObject) bool { return within(o, inner) })
}

func (d *desk) press(b *look.Button) {
	d.t.Helper()
	if !d.visible(b) {
		d.t.Fatalf("there is no button %q", b.Text)
	}
	test.Tap(b)
}

func TestTheBrowserTakesThePasswordsPlace(t *testing.T) {
	d := browserDesk(t, google(), "google=ours")
	b := d.p.browser
	if d.visible(d.p.password.entry) || d.visible(d.p.proceed) || b.button.Text != "Sign in with Google in the browser" {
		t.Errorf("password or Continue is there; the button says %q", b.button.Text)
	}
	if d.w.Canvas().Focused() != fyne.Focusable(b.button) {
		t.Error("the keyboard stays with a password that nobody sees")
	}
	d.says("A provider that Linnet knows: Gmail", "Incoming mail: imap.gmail.com · encrypted", "Outgoing mail: smtp.gmail.com · encrypted")
	d.gate = make(chan struct{})
	d.press(b.button)
	if d.p.progress.Text() != "Waiting for your sign-in in the browser…" || !d.p.stop.Visible() {
		t.Errorf("says %q", d.p.progress.Text())
	}
	d.drain("a request", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.asked) == 1 })
	r := d.asked[0]
	if r.Password != "" || r.Browser == nil || r.Browser.OAuth.Provider != "google" || r.Browser.OAuth.ClientID != "" || r.IMAP.Host != "imap.gmail.com" {
		t.Fatalf("asked %+v", r)
	}
	r.Browser.Back()
	d.drain("the servers are next", func() bool { return d.p.progress.Text() == "Signing in to imap.gmail.com and smtp.gmail.com…" })
	close(d.gate)
	d.drain("an account", func() bool { return len(d.done) == 1 })
}

func TestTheBrowserCanBeGivenUp(t *testing.T) {
	d := browserDesk(t, google(), "google=ours")
	d.gate = make(chan struct{})
	d.press(d.p.browser.button)
	d.drain("a request", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.asked) == 1 })
	d.press(d.p.stop)
	d.drain("the end of it", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return d.stopped == 1 })
	if d.p.busyNow() || d.p.progress.Visible() || !d.visible(d.p.browser.button) {
		t.Error("the page still waits")
	}
	d.mu.Lock()
	d.gate, d.fail = nil, &mailcore.Problem{Key: "trouble.browser-denied", Action: "trouble.do.browser-again"}
	d.mu.Unlock()
	d.press(d.p.browser.button)
	d.drain("why", func() bool { return d.p.notice.Visible() })
	if d.p.busyNow() || len(d.done) != 0 {
		t.Error("not ready for another try")
	}
}

func TestAnAppPasswordInstead(t *testing.T) {
	d := browserDesk(t, google(), "google=ours")
	d.press(d.p.browser.other)
	if !d.visible(d.p.password.entry) || !d.visible(d.p.proceed) || d.visible(d.p.browser.button) {
		t.Error("there is no way to enter a password")
	}
	if got := d.p.findings.texts(); got[len(got)-1] != "Gmail wants an app password here instead of your usual one. You make it in its settings." {
		t.Errorf("says %q", got)
	}
	d.enter(d.p.password.entry, "app password")
	d.press(d.p.proceed)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0]; r.Browser != nil || r.Password != "app password" {
		t.Errorf("asked %+v", r)
	}
}

// Without a client ID there is always something that works, or is said.
func TestWithoutAClientID(t *testing.T) {
	d := browserDesk(t, google(), "")
	b := d.p.browser
	if !d.visible(d.p.password.entry) || !d.visible(d.p.proceed) || d.visible(b.button) || d.visible(b.other) || !d.visible(b.mine) {
		t.Error("Gmail: not the app password, or no way to a client ID")
	}
	d.press(b.mine)
	d.press(b.button)
	if !d.visible(b.id.wrong) || len(d.asked) != 0 {
		t.Error("signs in without a client ID")
	}
	d.enter(b.id.entry, " org.apps.example ")
	d.enter(b.secret.entry, "GOCSPX")
	d.press(b.button)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0].Browser; r == nil || r.OAuth.ClientID != "org.apps.example" || r.Secret != "GOCSPX" || r.OAuth.Provider != "google" {
		t.Errorf("asked %+v", r)
	}
	if b.secret.entry.Text != "" {
		t.Error("the secret stays in its field")
	}
}

func TestAProviderWithoutPasswords(t *testing.T) {
	d := browserDesk(t, onlyBrowser("outlook.office365.com"), "google=ours")
	b := d.p.browser
	if d.visible(d.p.password.entry) || d.visible(b.other) || d.visible(b.mine) || !d.visible(b.id.entry) || d.visible(b.page.entry) || !d.visible(b.why) {
		t.Errorf("Microsoft: says %q", b.why.Text())
	}
	d.enter(b.id.entry, "0000-1111")
	d.press(b.button)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0].Browser; r.OAuth.Provider != "microsoft" || r.OAuth.ClientID != "0000-1111" {
		t.Errorf("asked %+v", r)
	}
}

func TestEndpointsOfOnesOwn(t *testing.T) {
	d := browserDesk(t, onlyBrowser("mail.school.example"), "google=ours")
	b := d.p.browser
	d.enter(b.id.entry, "pupils")
	d.enter(b.page.entry, "http://login.school.example/a")
	d.press(b.button)
	if !d.visible(b.page.wrong) || !d.visible(b.token.wrong) || len(d.asked) != 0 {
		t.Error("signs in where nothing is encrypted")
	}
	b.page.entry.SetText("https://login.school.example/a")
	d.enter(b.token.entry, "https://login.school.example/t")
	d.enter(b.scope.entry, "mail offline_access")
	d.press(b.button)
	d.drain("an account", func() bool { return len(d.done) == 1 })
	o := d.asked[0].Browser.OAuth
	if o.Provider != "" || o.ClientID != "pupils" || o.TokenURL != "https://login.school.example/t" || !slices.Equal(o.Scopes, []string{"mail", "offline_access"}) {
		t.Errorf("asked %+v", o)
	}
}

func TestAnotherAddressBringsThePasswordBack(t *testing.T) {
	d := browserDesk(t, google(), "google=ours")
	d.enter(d.p.email.entry, "x")
	if !d.visible(d.p.password.entry) || !d.visible(d.p.proceed) || d.visible(d.p.browser.button) {
		t.Error("the browser is offered for an address of which nothing is known")
	}
}

func TestTheBrowserIsOpenedWithWebAddressesOnly(t *testing.T) {
	d := browserDesk(t, google(), "google=ours")
	if err := d.p.browser.open(&url.URL{Scheme: "file", Path: "/etc/passwd"}); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}
