package setup

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// TestEveryProviderWithAppPasswordsHasSteps goes through the table: each kind has
// its steps, numbered in an order that works, and a page to open.
func TestEveryProviderWithAppPasswordsHasSteps(t *testing.T) {
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	table, err := autodetect.ParseTable(assets.Providers())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ domain, want string }{
		{"gmail.com", "open two-step make paste"},
		{"icloud.com", "open two-step make paste"},
		{"yahoo.com", "open make paste"},
		{"aol.com", "open make paste"},
		{"t-online.de", "open mail-password paste"},
		{"qq.com", "open imap-off make paste"},
		{"fastmail.com", "open paid-plan make paste"},
		{"yandex.ru", "open imap-off make paste"},
		{"gmx.net", "open imap-off make paste"},
	} {
		r, err := (&autodetect.Detector{Table: table}).Detect(t.Context(), "anna@"+c.domain, nil) // no network: a row is there
		if err != nil || len(r.Answers) != 1 || r.Answers[0].Source != autodetect.Table {
			t.Fatalf("%s is not in the table: %v", c.domain, err)
		}
		a := r.Answers[0]
		args := assets.Args{"Provider": a.Provider}
		var got []string
		for _, said := range steps(words, a, args) {
			for _, name := range []string{"open", "paid-plan", "imap-off", "two-step", "mail-password", "make", "paste"} {
				if said == words.Say("apppassword.step."+name, args) {
					got = append(got, name)
				}
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.domain, s, c.want)
		}
		if u, ok := appPasswordPage(a); !ok || u.Scheme != "https" {
			t.Errorf("%s: its page is %v", c.domain, u)
		}
	}
	if got := steps(words, autodetect.Answer{SignIn: []autodetect.SignIn{autodetect.Password}}, nil); got != nil {
		t.Errorf("steps to a password that one has: %q", got)
	}
}

// findIn finds a button in something that is shown.
func (d *desk) findIn(o fyne.CanvasObject, text string) *look.Button {
	for _, o := range test.LaidOutObjects(o) {
		if b, ok := o.(*look.Button); ok && b.Text == text && b.Visible() {
			return b
		}
	}
	return nil
}

func (d *desk) tapIn(o fyne.CanvasObject, text string) {
	d.t.Helper()
	b := d.findIn(o, text)
	if b == nil {
		d.t.Fatalf("no button %q", text)
	}
	test.Tap(b)
}

// wanting is an answer of a provider that wants app passwords.
func wanting() autodetect.Result {
	r := hosted()
	a := &r.Answers[0]
	a.Provider, a.SignIn, a.Hints = "Hosting", []autodetect.SignIn{autodetect.AppPassword}, []string{"two-step"}
	a.AppPasswordURL = "https://hosting.example/app-passwords"
	return r
}

func TestTheStepsLeadToTheInbox(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	var opened []string
	d.p.findings.open = func(u *url.URL) { opened = append(opened, u.String()) }
	w.answer(wanting(), nil)
	d.fill()
	d.found()
	d.tapLink(d.words.Say("apppassword.show"))
	g := d.p.guide
	if g == nil || d.w.Canvas().Focused() != fyne.Focusable(g.password.entry) {
		t.Fatal("no steps are shown")
	}
	test.Tap(g.open)
	if !slices.Equal(opened, []string{"https://hosting.example/app-passwords"}) {
		t.Errorf("opened %q", opened)
	}
	g.use()
	if !g.pop.Visible() || len(d.asked) != 0 {
		t.Fatal("it goes on without a password")
	}
	g.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if g.pop.Visible() || d.p.password.entry.Text != "correct horse" {
		t.Fatal("Escape does not go back as it was")
	}
	d.p.showSteps()
	g = d.p.guide
	d.w.Canvas().Focus(g.password.entry)
	test.Type(g.password.entry, "abcd efgh")
	g.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if len(d.asked) != 1 || d.asked[0].Password != "abcd efgh" || g.password.entry.Text != "" {
		t.Errorf("asked %+v", d.asked)
	}
}

func TestARefusedPasswordLeadsToTheSteps(t *testing.T) {
	d := open(t)
	d.fail = &mailcore.Problem{Key: "trouble.app-password", Action: "trouble.do.app-password", Args: map[string]any{"Host": "imap.becker.example", "Address": "anna"}}
	d.fill()
	d.p.Continue()
	d.drain("the reason", func() bool { return d.p.notice.Visible() })
	d.tapIn(d.p.notice, d.words.Say("apppassword.how"))
	if d.p.guide == nil || d.p.guide.open.Visible() {
		t.Fatal("no steps, or a page of a provider that nobody knows")
	}
	d.p.guide.close()
	d.p.guide = nil
	d.mu.Lock()
	d.fail = errors.New("something else")
	d.mu.Unlock()
	d.p.Continue()
	d.drain("another reason", func() bool { return d.p.notice.Visible() })
	if d.findIn(d.p.notice, d.words.Say("apppassword.how")) != nil {
		t.Error("every failure leads to app passwords")
	}
}
