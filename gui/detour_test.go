package gui

import (
	"testing"

	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

func TestAnotherWayToSendIsOfferedAcceptedAndTakenBack(t *testing.T) {
	f := newFake(testNow).fill()
	f.offers = []engine.Offer{{
		Account: "a", Email: "anna@becker-print.example", Way: "starttls://smtp.firm.example:587", Key: "instead.offer.port",
		Args: map[string]any{"Email": "anna@becker-print.example", "Port": 587},
	}}
	x := open(t, f)
	const question = "Mail from anna@becker-print.example waits. Sending through port 587 works. Use it from now on?"
	x.until(t, "the offer above the messages", func() bool { return x.notice.Visible() && x.notice.Text() == question })
	if f.called("send through starttls://smtp.firm.example:587") {
		t.Fatal("it was accepted unasked")
	}
	x.goTo(folders.Place{Kind: folders.Outbox})
	if x.notice.Visible() {
		t.Error("the outbox says it twice")
	}
	notes := x.sendNotes()
	if len(notes) != 1 || notes[0].Text != question || notes[0].Action != "Use it" {
		t.Fatalf("the outbox says %+v", notes)
	}
	notes[0].Run()
	x.until(t, "what was accepted", func() bool { return len(x.overview.detours) == 1 && len(x.overview.offers) == 0 })
	notes = x.sendNotes()
	if len(notes) != 1 || notes[0].Action != "Send as before" {
		t.Fatalf("the outbox says %+v", notes)
	}
	notes[0].Run()
	x.until(t, "the usual way", func() bool { return len(x.sendNotes()) == 0 })
	for _, call := range []string{"send through starttls://smtp.firm.example:587", "send as before"} {
		if !f.called(call) {
			t.Errorf("no %q", call)
		}
	}
	x.goTo(folders.Place{Kind: folders.LocalDrafts})
}
