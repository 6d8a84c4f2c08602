package setup

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// surgery is the doctor's view in a test window, with a doctor who says what the
// test wants.
type surgery struct {
	*desk
	d      *Doctor
	next   chan doctor.Step // what is told; closing it ends the examination
	mu     sync.Mutex
	asked  []accounts.Account
	ended  int
	closed int
	well   int
}

func openDoctor(t *testing.T) *surgery {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	s := &surgery{desk: &desk{t: t, words: words, posted: make(chan func(), 100)}, next: make(chan doctor.Step)}
	s.d = NewDoctor(DoctorConfig{
		Words: words, Post: s.post, Examine: s.examine, Well: func() { s.well++ }, Close: func() { s.closed++ },
		Account: accounts.Account{
			ID: "1", Email: "anna@becker.example",
			IMAP: accounts.Server{Host: "imap.becker.example", Port: 993}, SMTP: accounts.Server{Host: "smtp.becker.example", Port: 465},
		},
	})
	s.w = test.NewTempWindow(t, s.d)
	s.w.Canvas().SetOnTypedKey(s.d.Key)
	s.w.Resize(fyne.NewSize(600, 700))
	t.Cleanup(func() { s.d.Stop(); goleak.VerifyNone(t, goleak.IgnoreCurrent()) })
	return s
}

func (s *surgery) examine(ctx context.Context, a accounts.Account, tell func(doctor.Step)) doctor.Diagnosis {
	s.mu.Lock()
	s.asked = append(s.asked, a)
	s.mu.Unlock()
	found := doctor.Diagnosis{Email: a.Email, Version: "1.2.3"}
	defer func() { s.mu.Lock(); s.ended++; s.mu.Unlock() }()
	for {
		select {
		case step, more := <-s.next:
			if !more {
				return found
			}
			tell(step)
			if step.State != doctor.Running {
				found.Steps = append(found.Steps, step)
			}
		case <-ctx.Done():
			found.Stopped = true
			return found
		}
	}
}

// tell sends a step and waits until the view has it.
func (s *surgery) tell(step doctor.Step) {
	s.t.Helper()
	select {
	case s.next <- step:
	case <-time.After(5 * time.Second):
		s.t.Fatal("nobody listens to the doctor")
	}
	s.one()
}

// one runs one thing that was posted.
func (s *surgery) one() {
	s.t.Helper()
	select {
	case f := <-s.posted:
		f()
	case <-time.After(5 * time.Second):
		s.t.Fatal("nothing was posted")
	}
}

func (s *surgery) finish() {
	s.t.Helper()
	close(s.next)
	s.one()
	s.next = make(chan doctor.Step)
}

func (s *surgery) press(key fyne.KeyName) {
	s.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
}

var wrongPassword = trouble.Explain(trouble.At(trouble.Keyring, "imap", accounts.Server{Host: "imap.becker.example"}, accounts.ErrNoSecret))

func TestTheDoctorsStepsAppearAsTheyHappen(t *testing.T) {
	s := openDoctor(t)
	s.d.Start()
	if s.d.title.Text() != "Checking the connection…" || !s.d.again.Disabled() || !s.d.copy.Disabled() || s.d.answer.given() {
		t.Errorf("at first: %q", s.d.title.Text())
	}
	row := s.d.rows[doctor.IMAPFolders]
	if row.line.mark != waiting || row.line.text() != "It shows your folders" {
		t.Errorf("before: %v %q", row.line.mark, row.line.text())
	}
	s.tell(doctor.Step{Name: doctor.IMAPFolders, State: doctor.Running})
	if row.line.mark != going {
		t.Errorf("running: %v", row.line.mark)
	}
	s.tell(doctor.Step{Name: doctor.IMAPFolders, State: doctor.Fine, Note: "doctor.note.folders", Args: map[string]any{"Number": 6}})
	if row.line.mark != fine || row.line.text() != "It shows your folders · Folders: 6" {
		t.Errorf("fine: %v %q", row.line.mark, row.line.text())
	}
	s.tell(doctor.Step{Name: doctor.IMAPSignIn, State: doctor.Fine})
	s.finish()
	if s.d.title.Text() != "All is well" || s.well != 1 || s.d.again.Disabled() {
		t.Errorf("%q, well %d", s.d.title.Text(), s.well)
	}
}

func TestTheDoctorsAnswerIsInFront(t *testing.T) {
	s := openDoctor(t)
	s.d.Start()
	s.tell(doctor.Step{Name: doctor.IMAPSignIn, State: doctor.Failed, Cause: wrongPassword, Page: "https://becker.example/help"})
	if !s.d.answer.given() || s.d.answer.what.Text() != "The password for this account is not on this computer." ||
		s.d.answer.todo.Text() != "Please type it again." || s.d.answer.link.Text != "becker.example/help" {
		t.Errorf("answer: %q %q %q", s.d.answer.what.Text(), s.d.answer.todo.Text(), s.d.answer.link.Text)
	}
	opened := ""
	s.d.open = func(u *url.URL) { opened = u.String() }
	s.d.answer.link.Tapped(nil)
	if opened != "https://becker.example/help" {
		t.Errorf("opened %q", opened)
	}
	refused := trouble.Explain(trouble.At(trouble.Dial, "smtp", accounts.Server{Host: "smtp.becker.example", Port: 465}, errors.New("connection refused")))
	s.tell(doctor.Step{Name: doctor.IMAPOn, State: doctor.Skipped, Note: doctor.NotReached})
	s.tell(doctor.Step{Name: doctor.SMTPReach, State: doctor.Failed, Cause: refused})
	s.tell(doctor.Step{Name: doctor.SMTPSize, State: doctor.Failed, Cause: wrongPassword})
	first, second, same, skipped := s.d.rows[doctor.IMAPSignIn], s.d.rows[doctor.SMTPReach], s.d.rows[doctor.SMTPSize], s.d.rows[doctor.IMAPOn]
	if first.line.mark != wrong || first.why.Text() != "" || same.why.Text() != "" {
		t.Errorf("said twice: %q %q", first.why.Text(), same.why.Text())
	}
	if !strings.Contains(second.why.Text(), "smtp.becker.example does not take connections on port 465.") {
		t.Errorf("second: %q", second.why.Text())
	}
	if skipped.line.mark != left || skipped.line.text() != "It lets mail programs into your mailbox" {
		t.Errorf("skipped: %v %q", skipped.line.mark, skipped.line.text())
	}
	s.finish()
	if s.d.title.Text() != "This is what is wrong" || s.well != 0 {
		t.Errorf("%q, well %d", s.d.title.Text(), s.well)
	}
}

func TestTheDoctorByKeyboard(t *testing.T) {
	s := openDoctor(t)
	s.d.Start()
	s.w.Canvas().Focus(s.d.First())
	s.tell(doctor.Step{Name: doctor.IMAPSignIn, State: doctor.Failed, Cause: wrongPassword})
	s.finish()
	s.press(fyne.KeyEnd) // means nothing here
	s.press(fyne.KeyPageDown)
	if s.d.scroll.Offset.Y <= 0 {
		t.Error("page down does not scroll")
	}
	s.press(fyne.KeyPageUp)
	if s.d.scroll.Offset.Y != 0 {
		t.Errorf("page up scrolls to %v", s.d.scroll.Offset.Y)
	}
	s.w.Canvas().FocusNext()
	if s.w.Canvas().Focused() != s.d.again {
		t.Fatalf("Tab leads to %T", s.w.Canvas().Focused())
	}
	s.press(fyne.KeyReturn)
	if s.d.title.Text() != "Checking the connection…" || s.d.answer.given() {
		t.Errorf("trying again: %q", s.d.title.Text())
	}
	s.finish()
	s.w.Canvas().Focus(s.d.copy)
	s.press(fyne.KeySpace)
	report := fyne.CurrentApp().Clipboard().Content()
	if !strings.Contains(report, "a…@becker.example") || !strings.Contains(report, "Linnet 1.2.3") || !s.d.copied.Visible() {
		t.Errorf("copied %q", report)
	}
	s.press(fyne.KeyEscape)
	if s.closed != 1 {
		t.Errorf("Escape closed %d times", s.closed)
	}
}

// Steps that come late belong to an examination that nobody waits for.
func TestClosingTheDoctorStopsIt(t *testing.T) {
	s := openDoctor(t)
	s.d.Start()
	s.tell(doctor.Step{Name: doctor.Network, State: doctor.Running})
	s.d.close.Tapped(nil)
	if s.closed != 1 {
		t.Errorf("closed %d times", s.closed)
	}
	s.drain("the end of the examination", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.ended == 1 && len(s.posted) == 0
	})
	if s.d.title.Text() != "Checking the connection…" || s.well != 0 {
		t.Errorf("after closing: %q", s.d.title.Text())
	}
}

func TestTheDoctorFitsAtEverySize(t *testing.T) {
	s := openDoctor(t)
	s.d.Start()
	s.tell(doctor.Step{Name: doctor.IMAPSignIn, State: doctor.Failed, Cause: wrongPassword, Page: "https://becker.example/" + strings.Repeat("help/", 40)})
	s.finish()
	for _, size := range []fyne.Size{{Width: 1200, Height: 900}, {Width: 600, Height: 760}, {Width: 400, Height: 400}} {
		s.w.Resize(size)
		for _, o := range []fyne.CanvasObject{s.d.head, s.d.scroll, s.d.foot} {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			if at.X < 0 || at.Y < 0 || at.X+o.Size().Width > size.Width || at.Y+o.Size().Height > size.Height || o.MinSize().Width > o.Size().Width {
				t.Errorf("at %v %T lies at %v, %v, and wants %v", size, o, at, o.Size(), o.MinSize())
			}
		}
		if head, list := s.d.head, s.d.scroll; head.Position().Y+head.Size().Height > list.Position().Y {
			t.Errorf("at %v the answer lies over the steps", size)
		}
	}
}

func TestTheFirstPageOffersToLookWhatIsWrong(t *testing.T) {
	d := open(t)
	var checked []accounts.Account
	d.p.c.Check = func(a accounts.Account) { checked = append(checked, a) }
	d.fill()
	d.fail = errors.New("no way")
	d.p.Continue()
	d.drain("the failure", func() bool { return d.p.notice.Visible() })
	for _, o := range test.WidgetRenderer(d.p.notice).Objects() {
		if b, ok := o.(*look.Button); ok && b.Text == "What is wrong?" {
			b.Tapped(nil)
		}
	}
	if len(checked) != 1 || checked[0].ID != "" || checked[0].Email != "anna@becker.example" || checked[0].IMAP.Address() != "imap.becker.example:993" || checked[0].SMTP.Host == "" {
		t.Errorf("looked at %+v", checked)
	}
}
