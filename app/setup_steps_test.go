package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/app/demo"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// hand is a person at the first-start page: what they fill in and click counts.
type hand struct {
	*screen
	fields, clicks int
}

// typed fills in the field that has the keyboard, and goes to the next by Tab.
func (h *hand) typed(text string) {
	h.t.Helper()
	e, ok := h.win.Canvas().Focused().(*look.Entry)
	if !ok || e.Text != "" {
		h.t.Fatalf("the keyboard is not in an empty field after %d", h.fields)
	}
	h.fields++
	for _, r := range text {
		e.TypedRune(r)
	}
	h.drain()
	h.win.Canvas().FocusNext()
}

// click presses what is called so, where it is on the screen.
func (h *hand) click(label string) {
	h.t.Helper()
	o := h.labelled(h.win, label)
	if o == nil {
		h.t.Fatalf("there is nothing to click called %q among %q", label, h.labels(h.win))
	}
	h.clicks++
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	test.TapCanvas(h.win.Canvas(), at.AddXY(o.Size().Width/2, o.Size().Height/2))
	h.drain()
}

// tableOf is a table of providers with the demo's servers in it, and the detector
// that reads it: no network is asked.
func tableOf(t *testing.T, d *demo.Demo) setup.Detect {
	t.Helper()
	a := d.Account()
	_, domain, _ := strings.Cut(d.Address, "@")
	table, err := autodetect.ParseTable(strings.NewReader(
		"domains\tname\timap\timap_user\tsmtp\tsmtp_user\tsign_in\tsent\thints\tapp_password_url\thelp_url\tmx\tsource\ttaken\n" +
			fmt.Sprintf("%s\tBecker Print\t%s\taddress\t%s\taddress\tpassword\t\t\t\t\t\ttest\t2026-11-25\n", domain, serverArg(a.IMAP), serverArg(a.SMTP))))
	if err != nil {
		t.Fatal(err)
	}
	return (&autodetect.Detector{Table: table}).Detect
}

// foundOf is a domain whose servers were found by its records and tried.
func foundOf(_ *testing.T, d *demo.Demo) setup.Detect {
	a := d.Account()
	return func(_ context.Context, address string, progress func(autodetect.Step)) (autodetect.Result, error) {
		progress(autodetect.Step{Source: autodetect.SRV})
		_, domain, _ := strings.Cut(address, "@")
		return autodetect.Result{
			Address: address, Domain: domain,
			Answers: []autodetect.Answer{{Source: autodetect.SRV, Via: domain, Checked: true, IMAP: []accounts.Server{a.IMAP}, SMTP: []accounts.Server{a.SMTP}}},
			Tried:   []autodetect.Attempt{{What: serverArg(a.IMAP), Found: true}, {What: serverArg(a.SMTP), Found: true}},
		}, nil
	}
}

// TestThreeFieldsAndTwoClicksToTheInbox counts what a person has to do for a
// provider that takes a password: three fields, "Continue", and a click on the
// newest message. Nothing else is asked for on the way.
func TestThreeFieldsAndTwoClicksToTheInbox(t *testing.T) {
	for name, detection := range map[string]func(*testing.T, *demo.Demo) setup.Detect{"a provider of the table": tableOf, "a detected domain": foundOf} {
		t.Run(name, func(t *testing.T) {
			var detect setup.Detect
			s, d, e := onDemo(t, func(ctx context.Context, address string, progress func(autodetect.Step)) (autodetect.Result, error) {
				return detect(ctx, address, progress)
			})
			detect = detection(t, d)
			walkToInbox(t, &hand{screen: s}, d, e)
		})
	}
}

func walkToInbox(t *testing.T, h *hand, d *demo.Demo, e *engine.Engine) {
	h.until("the first-start page", func() bool { return h.labelled(h.win, h.words.Say("setup.continue")) != nil })
	if n := len(h.entries()); n != 3 {
		t.Fatalf("%d fields are shown", n)
	}
	windows := len(h.app.Driver().AllWindows())
	h.typed(d.Name)
	h.typed(d.Address)
	h.typed(d.Password)
	h.click(h.words.Say("setup.continue"))
	var newest mailcore.Message
	h.until("the inbox", func() bool {
		if h.win.Canvas().Overlays().Top() != nil {
			t.Fatal("a question is asked on the way")
		}
		rows := folder(t, e, mailcore.RoleInbox)
		if len(rows) == 0 || h.labelled(h.win, h.words.Say("list.name")) == nil {
			return false
		}
		newest = rows[0]
		return slices.ContainsFunc(h.labels(h.win), func(l string) bool { return newest.Subject != "" && strings.Contains(l, newest.Subject) })
	})
	if n := len(h.app.Driver().AllWindows()); n != windows {
		t.Errorf("%d windows are open, not %d", n, windows)
	}
	h.clickRow(newest)
	h.until("the message is read", func() bool {
		return slices.ContainsFunc(folder(t, e, mailcore.RoleInbox), func(m mailcore.Message) bool {
			return m.ID == newest.ID && m.Flags.Has(mailcore.Seen)
		})
	})
	if h.fields != 3 || h.clicks != 2 {
		t.Errorf("it took %d fields and %d clicks, not 3 and 2", h.fields, h.clicks)
	}
	t.Logf("%d fields and %d clicks", h.fields, h.clicks)
}

// clickRow clicks a message's row.
func (h *hand) clickRow(m mailcore.Message) {
	h.t.Helper()
	label := ""
	walk(h.win.Content(), func(o fyne.CanvasObject) {
		a, ok := o.(fyne.Accessible)
		if ok && label == "" && a.AccessibilityRole() == fyne.AccessibleRoleButton && strings.Contains(a.AccessibilityLabel(), m.Subject) {
			label = strings.TrimSpace(a.AccessibilityLabel())
		}
	})
	h.click(label)
}
