package gui

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// ward is a window whose doctor finds all well, and tells whom he looked at.
func ward(t *testing.T, f *fake) (*testWindow, chan string) {
	t.Helper()
	x := open(t, f)
	seen := make(chan string, 10)
	x.examine = func(_ context.Context, a accounts.Account, _ func(setup.Step)) setup.Diagnosis {
		seen <- a.Email
		return setup.Diagnosis{Email: a.Email}
	}
	return x, seen
}

// pressAction presses what a bar offers.
func pressAction(t *testing.T, n *look.Notice) {
	t.Helper()
	for _, o := range test.WidgetRenderer(n).Objects() {
		if b, ok := o.(*look.Button); ok && b.Text == "What is wrong?" {
			b.Tapped(nil)
			return
		}
	}
	t.Fatal("the bar does not offer to look what is wrong")
}

// doctorWindows returns the windows of the doctor that are open.
func doctorWindows(x *testWindow) []fyne.Window {
	var out []fyne.Window
	for _, w := range x.app.Driver().AllWindows() {
		if w.Title() == "Check the connection" {
			out = append(out, w)
		}
	}
	return out
}

func TestTheBarOffersToLookWhatIsWrong(t *testing.T) {
	f := newFake(testNow)
	f.state["b"] = mailcore.Status{Account: "b", Phase: mailcore.Offline, Problem: &mailcore.Problem{Key: "trouble.no-network"}}
	x, seen := ward(t, f)
	x.until(t, "the state", func() bool { return x.overview.status["b"].Phase == mailcore.Offline })
	x.explainTrouble("b")
	if !x.notice.Visible() || x.notice.Text() != "This computer does not seem to be connected to the internet." {
		t.Errorf("the bar says %q", x.notice.Text())
	}
	pressAction(t, x.notice)
	if x.notice.Visible() {
		t.Error("the bar stays")
	}
	x.until(t, "the examination", func() bool { return len(seen) > 0 })
	if got := <-seen; got != "anna@becker.example" {
		t.Errorf("looked at %s", got)
	}
	x.until(t, "the account to be connected again", func() bool { return f.called("refresh b") })
	x.check(x.overview.accounts[1])
	if n := len(doctorWindows(x)); n != 1 {
		t.Errorf("%d windows for one account", n)
	}
	doctorWindows(x)[0].Close()
	if len(x.doctors) != 0 {
		t.Error("a closed window is remembered")
	}
}

func TestTheCommandAsksWhichAccount(t *testing.T) {
	x, seen := ward(t, newFake(testNow))
	x.until(t, "the accounts", func() bool { return len(x.overview.accounts) == 2 })
	x.run("checkconnection")
	if x.question() == nil || len(doctorWindows(x)) > 0 {
		t.Fatal("with two accounts nobody is asked which")
	}
	x.win.Canvas().Overlays().Remove(x.question())
	x.overview.accounts = x.overview.accounts[:1]
	x.run("checkconnection")
	x.until(t, "the examination", func() bool { return len(seen) > 0 })
	if got := <-seen; got != "anna@becker-print.example" {
		t.Errorf("looked at %s", got)
	}
}

func TestWithoutADoctorNothingIsOffered(t *testing.T) {
	x := open(t, newFake(testNow))
	x.until(t, "the accounts", func() bool { return len(x.overview.accounts) == 2 })
	if x.command("checkconnection").can() {
		t.Error("the command is offered")
	}
}
