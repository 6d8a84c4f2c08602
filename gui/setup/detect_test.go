package setup

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// world is a fake detection: what it asks for goes to asked, and it ends with
// the next answer or its context.
type world struct {
	asked   chan string
	answers chan func(address string, progress func(autodetect.Step)) (autodetect.Result, error)
	ended   chan error // contexts that ended first
}

func newWorld() *world {
	return &world{
		asked: make(chan string, 20), ended: make(chan error, 20),
		answers: make(chan func(string, func(autodetect.Step)) (autodetect.Result, error), 20),
	}
}

func (w *world) detect(ctx context.Context, address string, progress func(autodetect.Step)) (autodetect.Result, error) {
	w.asked <- address
	select {
	case answer := <-w.answers:
		return answer(address, progress)
	case <-ctx.Done():
		w.ended <- ctx.Err()
		return autodetect.Result{}, ctx.Err()
	}
}

// answer lets the next detection end.
func (w *world) answer(r autodetect.Result, err error) {
	w.answers <- func(address string, _ func(autodetect.Step)) (autodetect.Result, error) {
		r.Address, r.Domain = address, domainOf(address)
		return r, err
	}
}

// hosted is a good answer: both servers were tried.
func hosted() autodetect.Result {
	return autodetect.Result{
		Answers: []autodetect.Answer{{
			Source: autodetect.MX, Via: "hosting.example", Checked: true, Sent: accounts.SentByServer,
			IMAP: []accounts.Server{{Host: "imap.hosting.example", Port: 993, Security: accounts.TLS, User: "anna"}},
			SMTP: []accounts.Server{{Host: "smtp.hosting.example", Port: 587, Security: accounts.StartTLS, User: "anna@becker.example"}},
		}},
		Tried: []autodetect.Attempt{
			{What: "tls://imap.hosting.example:993", Found: true},
			{What: "starttls://smtp.hosting.example:587", Found: true},
		},
	}
}

func hostedRequest() Request {
	a := hosted().Answers[0]
	return Request{
		Name: "Anna Becker", Email: "anna@becker.example", Password: "correct horse",
		IMAP: a.IMAP[0], SMTP: a.SMTP[0], Sent: accounts.SentByServer,
	}
}

func (d *desk) found() { d.t.Helper(); d.drain("an answer", func() bool { return d.p.det.done }) }

func (d *desk) enterKey(e *look.Entry) {
	d.w.Canvas().Focus(e)
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

func (d *desk) says(want ...string) {
	d.t.Helper()
	if got := d.p.findings.texts(); !slices.Equal(got, want) {
		d.t.Errorf("says %q, want %q", got, want)
	}
}

func (d *desk) wants(r Request) {
	d.t.Helper()
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if len(d.asked) != 1 || d.asked[0] != r {
		d.t.Errorf("asked %+v, want %+v", d.asked, r)
	}
}

func TestServersAreFound(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	if got := <-w.asked; got != "anna@becker.example" {
		t.Errorf("asked for %q", got)
	}
	d.says("Looking for the mail servers of becker.example…")
	w.answer(hosted(), nil)
	d.found()
	d.says("Found by your domain's records: hosting.example",
		"Incoming mail: imap.hosting.example · encrypted, certificate checked",
		"Outgoing mail: smtp.hosting.example · encrypted, certificate checked")
	if d.p.servers.box.Visible() || len(d.asked) != 0 {
		t.Error("servers are asked for, or it signs in unasked")
	}
	d.enterKey(d.p.password.entry)
	d.wants(hostedRequest())
}

func TestOnlyWhatIsTrueIsClaimed(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	r := hosted()
	r.Tried, r.Answers[0].Source, r.Answers[0].Provider = nil, autodetect.Table, "Hosting"
	w.answer(r, nil)
	d.fill()
	d.found()
	d.says("A provider that Linnet knows: Hosting", "Incoming mail: imap.hosting.example · encrypted", "Outgoing mail: smtp.hosting.example · encrypted")
	d.p.toggleServers()
	s := d.p.servers
	if s.imap.host.text() != "imap.hosting.example" || s.smtp.port.Text != "587" || s.smtp.security() != accounts.StartTLS ||
		s.user.text() != "" || s.note.Text() != d.words.Say("setup.note.found") {
		t.Errorf("%+v, %+v, %q", s.imap.value(), s.smtp.value(), s.note.Text())
	}
	d.says("A provider that Linnet knows: Hosting")
	s.imap.host.entry.SetText("mail.hosting.example")
	d.p.toggleServers()
	d.says("A provider that Linnet knows: Hosting", "Incoming mail: mail.hosting.example · entered by hand", "Outgoing mail: smtp.hosting.example · encrypted")
	d.p.Continue()
	want := hostedRequest()
	want.IMAP.Host, want.IMAP.User, want.Sent = "mail.hosting.example", "", ""
	d.wants(want)
}

func TestNothingFound(t *testing.T) {
	for _, c := range []struct {
		name, says string
		result     autodetect.Result
		err        error
	}{
		{"nobody knows", "The servers of becker.example could not be found.", autodetect.Result{Reason: autodetect.NotFound}, nil},
		{"offline", "There seems to be no connection to the internet.", autodetect.Result{Reason: autodetect.Offline}, nil},
		{"mistyped", "Nobody knows becker.example. Please check the address for typing mistakes.", autodetect.Result{Reason: autodetect.NoDomain}, nil},
		{"failed", "The servers of becker.example could not be found.", autodetect.Result{}, errors.New("broken table")},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			d := openWith(t, w.detect)
			w.answer(c.result, c.err)
			d.fill()
			d.found()
			d.says(c.says)
			s := d.p.servers
			if !s.box.Visible() || s.imap.host.text() != "imap.becker.example" || s.note.Text() != d.words.Say("setup.suggested") {
				t.Errorf("open %v with %q: %q", s.box.Visible(), s.imap.host.text(), s.note.Text())
			}
			d.p.Continue()
			d.drain("an account", func() bool { return len(d.done) == 1 })
			if d.asked[0].SMTP != (accounts.Server{Host: "smtp.becker.example", Port: 465, Security: accounts.TLS}) {
				t.Errorf("asked %+v", d.asked)
			}
		})
	}
}

func TestLookAgain(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	w.answer(autodetect.Result{Reason: autodetect.Offline}, nil)
	d.fill()
	d.found()
	test.Tap(d.button("setup.look_again"))
	if d.p.servers.box.Visible() {
		t.Error("the guesses stay open")
	}
	w.answer(hosted(), nil)
	d.found()
	if d.p.servers.box.Visible() || !d.p.det.verdict.good {
		t.Error("not found")
	}
	d.p.Continue()
	d.wants(hostedRequest())
}

// button returns what is offered below the lines.
func (d *desk) button(key string) *look.Button {
	d.t.Helper()
	var out *look.Button
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *look.Button:
			if o.Text == d.words.Say(key) {
				out = o
			}
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		}
	}
	walk(d.p.findings.box)
	if out == nil {
		d.t.Fatalf("no button %q", key)
	}
	return out
}

func TestContinueWaitsForTheAnswer(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	d.p.Continue()
	d.p.Continue() // once is enough
	if !d.p.progress.Visible() || !d.p.stop.Visible() || !d.p.email.entry.Disabled() || d.p.progress.Text() != d.words.Say("setup.waiting") {
		t.Errorf("says %q", d.p.progress.Text())
	}
	w.answer(hosted(), nil)
	d.wants(hostedRequest())
	if len(w.asked) != 1 {
		t.Errorf("looked %d times", len(w.asked))
	}
}

func TestContinueDoesNotUseGuessesUnseen(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	d.p.Continue()
	w.answer(autodetect.Result{Reason: autodetect.NotFound}, nil)
	d.found()
	if len(d.asked) != 0 || d.p.busyNow() || !d.p.servers.box.Visible() {
		t.Fatalf("asked %+v", d.asked)
	}
	d.p.toggleServers()
	d.p.Continue()
	if len(d.asked) != 0 || !d.p.servers.box.Visible() {
		t.Fatal("guesses were used unseen")
	}
	d.p.Continue()
	d.drain("an account", func() bool { return len(d.done) == 1 })
}

func TestWaitingCanBeStopped(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	d.p.Continue()
	d.p.Stop()
	if err := <-w.ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if d.p.busyNow() || d.p.progress.Visible() || d.p.findings.box.Visible() || len(d.asked) != 0 || d.cancelled != 0 {
		t.Error("it goes on")
	}
	w.answer(hosted(), nil)
	d.p.Continue()
	d.wants(hostedRequest())
}

func TestAnotherAddressStartsAnew(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	<-w.asked
	late := d.p.det.run
	d.p.email.entry.SetText("anna@other.example")
	<-w.ended
	if d.p.findings.box.Visible() {
		t.Error("says something about the old address")
	}
	d.w.Canvas().Focus(d.p.email.entry)
	d.w.Canvas().Focus(d.p.password.entry)
	if got := <-w.asked; got != "anna@other.example" || late == d.p.det.run {
		t.Errorf("asked for %q", got)
	}
	w.answer(autodetect.Result{Reason: autodetect.NoDomain}, nil)
	d.found()
	if !d.p.servers.box.Visible() {
		t.Fatal("closed")
	}
	// A late answer that its context did not stop is dropped too.
	d.p.email.entry.SetText("anna@becker.example")
	if d.p.servers.box.Visible() || d.p.findings.box.Visible() {
		t.Error("what was said of the old address stays")
	}
	d.p.look()
	w.answers <- func(address string, _ func(autodetect.Step)) (autodetect.Result, error) {
		r := hosted()
		r.Domain = domainOf(address)
		return r, nil
	}
	<-w.asked
	f := <-d.posted // the answer is on its way
	d.p.email.entry.SetText("anna@third.example")
	f()
	if d.p.det.done || d.p.findings.box.Visible() || d.p.servers.imap.host.text() == "imap.hosting.example" {
		t.Error("a late answer was taken")
	}
}

func TestAPauseInTypingIsEnough(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.p.pause = time.Millisecond
	d.enter(d.p.email.entry, "anna@becker.example")
	d.drain("looked up", func() bool { return d.p.det.address == "anna@becker.example" })
	if d.w.Canvas().Focused() != d.p.email.entry {
		t.Error("the field lost the keyboard")
	}
}

func TestProgressInWords(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	next := make(chan autodetect.Step)
	w.answers <- func(_ string, progress func(autodetect.Step)) (autodetect.Result, error) {
		for s := range next {
			progress(s)
		}
		return hosted(), nil
	}
	for _, c := range []struct {
		step autodetect.Step
		want string
	}{
		{autodetect.Step{Source: autodetect.Probe}, "Trying the usual mail servers of becker.example…"},
		{autodetect.Step{Source: autodetect.Provider}, "Asking becker.example for its mail servers…"},
		{autodetect.Step{Source: autodetect.Database}, "Asking becker.example for its mail servers…"},
		{autodetect.Step{Source: autodetect.Provider, Done: true}, "Looking in the public list of mail providers…"},
	} {
		next <- c.step
		d.drain(c.want, func() bool { return slices.Equal(d.p.findings.texts(), []string{c.want}) })
	}
	close(next)
	d.found()
}

func TestServersEnteredMeanwhileAreUsed(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	<-w.asked
	test.Tap(d.p.byHand)
	d.p.servers.imap.host.entry.SetText("imap.own.example")
	d.p.servers.smtp.host.entry.SetText("smtp.own.example")
	d.p.Continue()
	<-w.ended
	d.drain("an account", func() bool { return len(d.done) == 1 })
	if r := d.asked[0]; r.IMAP.Host != "imap.own.example" || r.SMTP.Host != "smtp.own.example" {
		t.Errorf("asked %+v", r)
	}
}

func TestWhatIsEnteredStaysWhenTheAnswerComes(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fill()
	<-w.asked
	test.Tap(d.p.byHand)
	d.p.servers.imap.host.entry.SetText("imap.own.example")
	w.answer(hosted(), nil)
	d.found()
	if s := d.p.servers; !s.box.Visible() || s.imap.host.text() != "imap.own.example" || s.smtp.host.text() != "smtp.hosting.example" {
		t.Errorf("%v: %q, %q", s.box.Visible(), s.imap.host.text(), s.smtp.host.text())
	}
}

func TestWhatIsEnteredStaysInSightForAnotherAddress(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	w.answer(autodetect.Result{Reason: autodetect.NotFound}, nil)
	d.fill()
	d.found()
	d.p.servers.imap.host.entry.SetText("imap.own.example")
	d.p.email.entry.SetText("anna@other.example")
	if s := d.p.servers; !s.box.Visible() || s.imap.host.text() != "imap.own.example" || s.smtp.host.text() != "smtp.other.example" {
		t.Errorf("%v: %q, %q", s.box.Visible(), s.imap.host.text(), s.smtp.host.text())
	}
}

func TestServersOfSomebodyElseAreForThePerson(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	r := hosted()
	r.Answers[0].Doubt, r.Reason = autodetect.OtherDomain, autodetect.Confirm
	d.fill()
	d.p.Continue()
	w.answer(r, nil)
	d.found()
	d.says(d.words.Say("detect.doubt.other-domain"))
	if len(d.asked) != 0 || !d.p.servers.box.Visible() || d.p.servers.imap.host.text() != "imap.hosting.example" {
		t.Fatalf("asked %+v", d.asked)
	}
	d.p.Continue()
	d.wants(hostedRequest())
}

func TestNoEncryptionIsNeverFilledIn(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	r := hosted()
	r.Answers[0].IMAP[0].Security = accounts.Plain
	w.answer(r, nil)
	d.fill()
	d.found()
	if v := d.p.servers.imap.value(); v.Security != accounts.TLS || v.Host != "imap.becker.example" {
		t.Errorf("%+v", v)
	}
}

func TestWaysToSignIn(t *testing.T) {
	const page = "https://help.hosting.example/app-passwords"
	for _, c := range []struct {
		name     string
		signIn   []autodetect.SignIn
		reason   autodetect.Reason
		says     string
		folded   bool // the servers stay so
		atOnce   bool // Continue signs in
		shown    string
		noServer bool
	}{
		{"app password", []autodetect.SignIn{autodetect.OAuth, autodetect.AppPassword}, "", "Hosting wants an app password", true, true, page, false},
		{"password too", []autodetect.SignIn{autodetect.Password, autodetect.AppPassword}, "", "", true, true, "", false},
		{"browser only", []autodetect.SignIn{autodetect.OAuth}, "", "only through the browser", true, false, "https://help.hosting.example/", false},
		{"no IMAP", []autodetect.SignIn{autodetect.NoSignIn}, autodetect.Unsupported, "does not let mail programs in", true, false, "https://help.hosting.example/", true},
		{"bridge", []autodetect.SignIn{autodetect.Bridge}, autodetect.NeedsBridge, "needs its own program", false, true, "https://help.hosting.example/", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			d := openWith(t, w.detect)
			var opened []string
			d.p.findings.open = func(u *url.URL) { opened = append(opened, u.String()) }
			r := hosted()
			a := &r.Answers[0]
			a.Provider, a.SignIn, a.AppPasswordURL, a.HelpURL, r.Reason = "Hosting", c.signIn, page, "https://help.hosting.example/", c.reason
			if c.noServer {
				a.IMAP, a.SMTP = nil, nil
			}
			w.answer(r, nil)
			d.fill()
			d.found()
			if got := strings.Join(d.p.findings.texts(), "\n"); !strings.Contains(got, c.says) || d.p.servers.box.Visible() == c.folded {
				t.Errorf("says %q", got)
			}
			if c.shown != "" {
				d.tapLink(strings.TrimPrefix(c.shown, "https://"))
				if !slices.Equal(opened, []string{c.shown}) {
					t.Errorf("opened %q", opened)
				}
			}
			d.p.Continue()
			if !c.atOnce {
				if len(d.asked) != 0 || !d.p.servers.box.Visible() {
					t.Fatal("the password was sent where it cannot help")
				}
				d.p.Continue() // never a dead end
			}
			d.drain("an account", func() bool { return len(d.done) == 1 })
		})
	}
}

func (d *desk) tapLink(text string) {
	d.t.Helper()
	for _, o := range test.LaidOutObjects(d.p.findings.box) {
		if b, ok := o.(*look.Button); ok && b.Text == text {
			test.Tap(b)
			return
		}
	}
	d.t.Fatalf("no link %q", text)
}

func TestOnlyWebPagesAreLinked(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	for _, bad := range []string{"", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "https:", "//host/x", "https://%zz/"} {
		d.p.findings.clear()
		d.p.findings.link(bad)
		if d.p.findings.box.Visible() {
			t.Errorf("%q is a link", bad)
		}
	}
}

func TestAWrongPasswordKeepsWhatWasFound(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.fail = &mailcore.Problem{Key: "trouble.wrong-password", Args: map[string]any{"Host": "imap.hosting.example"}}
	w.answer(hosted(), nil)
	d.fill()
	d.found()
	d.p.Continue()
	d.drain("an answer", func() bool { return d.p.notice.Visible() })
	if d.p.servers.box.Visible() || len(d.p.findings.texts()) != 3 || d.p.password.entry.Text == "" {
		t.Error("it is lost, or servers are asked for")
	}
	if len(w.asked) != 1 {
		t.Error("looked again")
	}
}

func TestWhatIsFoundIsSeenInALowWindow(t *testing.T) {
	w := newWorld()
	d := openWith(t, w.detect)
	d.w.Resize(fyne.NewSize(560, 460))
	w.answer(hosted(), nil)
	d.fill()
	d.found()
	p := d.p
	bottom := p.findings.box.Position().Y + p.findings.box.Size().Height
	top := p.password.box.Position().Y
	if y, h := p.scroll.Offset.Y, p.scroll.Size().Height; p.fields.MinSize().Height <= h || top < y || (bottom > y+h+1 && top > y+1) {
		t.Errorf("%v to %v of %v seen, but the lines end at %v", y, y+h, p.fields.MinSize().Height, bottom)
	}
}

func TestLongLinesWrapBesideTheMark(t *testing.T) {
	open(t)
	l := newLine(fine, span{strings.Repeat("word ", 40), plainSpan})
	l.Resize(fyne.NewSize(400, 26))
	rows := float32(0)
	for _, w := range l.words(400) {
		if w.x < markWidth || w.x+w.style.Width(strings.TrimSpace(w.text)) > 400 {
			t.Fatalf("%q at %v", w.text, w.x)
		}
		rows = max(rows, w.row)
	}
	if rows == 0 || l.MinSize().Height != lineHeight+rows*wrapHeight {
		t.Errorf("%v rows, %v high", rows, l.MinSize().Height)
	}
}
