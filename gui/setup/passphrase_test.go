package setup

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/mailcore"
)

func TestChoosePassphrase(t *testing.T) {
	d := open(t)
	var kept []string
	var ended []bool
	s := ChoosePassphrase(d.w, d.words, d.post, func(_ context.Context, passphrase string) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		kept = append(kept, passphrase)
		if len(passphrase) < 8 {
			return &mailcore.Problem{Key: "engine.passphrase-short", Args: map[string]any{"Least": 8}}
		}
		return nil
	}, func(done bool) { ended = append(ended, done) })
	if d.w.Canvas().Focused() != s.password.entry {
		t.Error("the passphrase has not the focus")
	}
	s.confirm()
	if !s.password.wrong.Visible() {
		t.Error("an empty passphrase was taken")
	}
	s.password.entry.SetText("short")
	s.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d.w.Canvas().Focused() != s.again.entry {
		t.Error("Return does not go on to the repetition")
	}
	s.again.entry.SetText("shord")
	s.confirm()
	if !s.again.wrong.Visible() || s.password.wrong.Visible() || len(kept) != 0 {
		t.Errorf("two that differ were taken: %q", kept)
	}
	s.again.entry.SetText("short")
	s.confirm()
	d.drain("refused", func() bool { return s.notice.Visible() })
	if !strings.Contains(s.notice.Text(), "at least 8 characters") || len(ended) != 0 {
		t.Errorf("says %q", s.notice.Text())
	}
	s.password.entry.SetText("long enough")
	s.again.entry.SetText("long enough")
	test.Tap(s.yes)
	d.drain("kept", func() bool { return len(ended) == 1 })
	if !ended[0] || strings.Join(kept, " ") != "short long enough" || s.password.entry.Text+s.again.entry.Text != "" {
		t.Errorf("%v, %q", ended, kept)
	}
}

func TestOpenPassphrase(t *testing.T) {
	d := open(t)
	var ended []bool
	fail := true
	s := OpenPassphrase(d.w, d.words, d.post, func(context.Context, string) error {
		if fail {
			fail = false
			return &mailcore.Problem{Key: "trouble.passphrase"}
		}
		return nil
	}, func(done bool) { ended = append(ended, done) })
	s.password.entry.SetText("wrong")
	test.Tap(s.yes)
	d.drain("refused", func() bool { return s.notice.Visible() })
	if !strings.Contains(s.notice.Text(), "does not open") {
		t.Errorf("says %q", s.notice.Text())
	}
	s.password.entry.SetText("right")
	s.password.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.drain("opened", func() bool { return len(ended) == 1 })
	if !ended[0] {
		t.Error("not done")
	}
}
