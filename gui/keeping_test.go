package gui

import (
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

func TestWithoutKeyringAFileIsOffered(t *testing.T) {
	f := newFake(testNow).fill()
	s := f.state["a"]
	s.Problem = &mailcore.Problem{Key: "engine.no-keyring", Action: "engine.no-keyring.action"}
	f.state["a"] = s
	x := open(t, f)
	x.until(t, "the bar", func() bool {
		return x.notice.Visible() && strings.HasPrefix(x.notice.Text(), "There is no keyring on this computer.")
	})
	x.hush()
	x.loading.again()
	x.until(t, "a second reading", func() bool { return !x.loading.busy })
	if x.notice.Visible() {
		t.Error("it is said again and again")
	}
	x.explainTrouble("a")
	if !x.notice.Visible() || x.win.Canvas().Overlays().Top() != nil {
		t.Error("a click does not say it again")
	}
	x.choosePassphrase()
	if x.win.Canvas().Overlays().Top() == nil {
		t.Error("no passphrase is asked for")
	}
}

func TestALockedFileIsAskedForOnce(t *testing.T) {
	f := newFake(testNow).fill()
	s := f.state["a"]
	s.Phase, s.Problem = mailcore.SignIn, &mailcore.Problem{Key: "trouble.file-locked"}
	f.state["a"] = s
	x := open(t, f)
	x.until(t, "the question for the passphrase", func() bool { return x.win.Canvas().Overlays().Top() != nil })
	if got := x.shortTrouble(s); got != "Passwords locked" {
		t.Errorf("the sidebar says %q", got)
	}
	overlays := x.win.Canvas().Overlays()
	overlays.Remove(overlays.Top())
	x.loading.again()
	x.until(t, "a second reading", func() bool { return !x.loading.busy })
	if x.win.Canvas().Overlays().Top() != nil {
		t.Error("it is asked again and again")
	}
	s.Phase, s.Problem = mailcore.Offline, &mailcore.Problem{Key: "engine.keyring-waits"}
	if got := x.shortTrouble(s); got != "Waiting for keyring" {
		t.Errorf("the sidebar says %q", got)
	}
}
