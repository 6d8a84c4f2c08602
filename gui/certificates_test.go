package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// inQuestion finds something in what lies over the window.
func inQuestion[T fyne.CanvasObject](x *testWindow, fits func(T) bool) (found T, ok bool) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if one, is := o.(T); is && !ok && fits(one) {
			found, ok = one, true
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	if q := x.question(); q != nil {
		walk(q)
	}
	return found, ok
}

func TestAChangedCertificateIsToldAndAccepted(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	changed := accounts.Certificate{Proto: "imap", Host: "imap.becker.example", Port: 993, Reason: "trouble.pin-changed", Fingerprint: strings.Repeat("cd", 32), Accepted: "ab"}
	print := accounts.GroupFingerprint(changed.Fingerprint)
	f.mu.Lock()
	f.certs = []accounts.Certificate{changed}
	f.state["b"] = mailcore.Status{Account: "b", Phase: mailcore.Offline, Problem: &mailcore.Problem{
		Key: "trouble.pin-changed", Action: "trouble.do.ask-provider-certificate", Args: map[string]any{"Host": changed.Host, "Fingerprint": print},
	}}
	f.mu.Unlock()
	f.events <- mailcore.AccountState{Account: "b"}
	x.until(t, "the bar", func() bool { return x.notice.Visible() })
	if got := x.Window.notice.Text(); !strings.Contains(got, print) || !strings.Contains(got, "another certificate") {
		t.Errorf("it says %q", got)
	}
	x.hush()
	x.loading.again()
	x.until(t, "another reading", func() bool { return !x.loading.busy })
	if x.notice.Visible() {
		t.Error("the same certificate is told of again and again")
	}
	x.explainTrouble("b")
	x.lookAtCertificates(f.people[1])
	x.until(t, "the question", func() bool { return x.question() != nil })
	tick, ok := inQuestion(x, func(*widget.Check) bool { return true })
	trust, there := inQuestion(x, func(b *look.Button) bool { return b.Text == x.words.Say("certificate.trust") })
	if !ok || !there {
		t.Fatal("there is nothing to accept it with")
	}
	test.Tap(trust)
	if f.called("trust " + changed.Fingerprint) {
		t.Fatal("accepted without a tick")
	}
	tick.SetChecked(true)
	test.Tap(trust)
	x.until(t, "trust", func() bool { return f.called("trust " + changed.Fingerprint) })
	if x.question() != nil {
		t.Error("the question stays")
	}
}
