package outbox

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

func view(t *testing.T) (*View, time.Time) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	v := New(words, func() time.Time { return now })
	w := test.NewTempWindow(t, v)
	w.Resize(fyne.NewSize(700, 600))
	return v, now
}

func TestEveryStateIsSaidInWords(t *testing.T) {
	v, now := view(t)
	offline := &mailcore.Problem{Key: "trouble.no-network"}
	for want, m := range map[string]mailcore.Outgoing{
		"Will be sent in a moment.": {State: mailcore.Queued},
		"Not sent yet. This computer does not seem to be connected to the internet. Next try at 10:05.": {
			State: mailcore.Queued, Problem: offline, NextTry: now.Add(5 * time.Minute),
		},
		"Not sent yet. This computer does not seem to be connected to the internet. Next try at 2026-11-24 10:00.": {
			State: mailcore.Queued, Problem: offline, NextTry: now.Add(24 * time.Hour),
		},
		"Being sent…": {State: mailcore.DotPending},
		"Not sent. This computer does not seem to be connected to the internet.": {State: mailcore.Refused, Problem: offline},
		"It may have been sent: the connection was lost at the last moment.":     {State: mailcore.Unknown},
	} {
		got, _ := v.state(m)
		if got != want {
			t.Errorf("%s is said as %q, not %q", m.State, got, want)
		}
	}
}

func TestWhatCanBeDone(t *testing.T) {
	v, _ := view(t)
	m := mailcore.Outgoing{ID: 7, State: mailcore.Unknown, Recipients: []string{"a@x.example"}}
	var retried, edited, deleted mailcore.OutboxID
	v.OnRetry = func(m mailcore.Outgoing) { retried = m.ID }
	v.OnEdit = func(m mailcore.Outgoing) { edited = m.ID }
	v.OnDelete = func(m mailcore.Outgoing) { deleted = m.ID }
	c := v.outgoingCard(m)
	if c.to != "To a@x.example" || c.subject != "(no subject)" || len(c.actions) != 3 {
		t.Fatalf("the card is %+v", c)
	}
	if c.actions[0].title != "Send again" {
		t.Errorf("of a message that may have gone out it offers %q", c.actions[0].title)
	}
	for _, a := range c.actions {
		a.run()
	}
	if retried != 7 || edited != 7 || deleted != 7 {
		t.Errorf("called with %d, %d, %d", retried, edited, deleted)
	}
	m.State = mailcore.Sending
	if len(v.outgoingCard(m).actions) != 0 {
		t.Error("what is just being sent can be changed")
	}
}

func TestNothingIsMadeAnewWhereNothingChanged(t *testing.T) {
	v, now := view(t)
	out := []mailcore.Outgoing{{ID: 1, State: mailcore.Queued, Subject: "One", Created: now}}
	v.Set(out, nil, Waiting)
	first := v.rows.Objects[0]
	v.Set(out, nil, Waiting)
	if v.rows.Objects[0] != first {
		t.Error("an equal list made new rows: the keyboard would be lost")
	}
	v.Set(nil, []mailcore.Draft{{ID: 1, Subject: "Half", Changed: now}}, Drafts)
	if len(v.rows.Objects) != 1 || !strings.HasPrefix(v.title.Text(), "Drafts") || v.empty.Visible() {
		t.Error("drafts are not shown")
	}
	v.Set(nil, nil, Waiting)
	if len(v.rows.Objects) != 0 || !v.empty.Visible() {
		t.Error("an empty outbox does not say so")
	}
}
