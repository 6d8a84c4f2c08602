package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/app/demo"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// screen is a window without a display, with a real engine behind it. What is
// posted waits until the test's goroutine, which is the UI goroutine, runs it.
type screen struct {
	t     *testing.T
	app   fyne.App
	win   fyne.Window
	words *assets.Words

	mu   sync.Mutex
	jobs []func()
}

func (s *screen) post(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jobs = append(s.jobs, f)
}

func (s *screen) drain() {
	for {
		s.mu.Lock()
		if len(s.jobs) == 0 {
			s.mu.Unlock()
			return
		}
		f := s.jobs[0]
		s.jobs = s.jobs[1:]
		s.mu.Unlock()
		f()
	}
}

func (s *screen) until(what string, done func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for s.drain(); !done(); s.drain() {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain for %s; on screen are %q", what, s.labels(s.win))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// walk visits everything visible in a window.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}

// labels returns what an assistive technology would read in a window.
func (s *screen) labels(w fyne.Window) []string {
	var out []string
	walk(w.Content(), func(o fyne.CanvasObject) {
		if a, ok := o.(fyne.Accessible); ok {
			out = append(out, a.AccessibilityLabel())
		}
	})
	return out
}

// labelled finds a widget by what it is called.
func (s *screen) labelled(w fyne.Window, label string) fyne.CanvasObject {
	var found fyne.CanvasObject
	walk(w.Content(), func(o fyne.CanvasObject) {
		a, ok := o.(fyne.Accessible)
		if ok && found == nil && a.AccessibilityRole() != fyne.AccessibleRoleText && strings.TrimSpace(a.AccessibilityLabel()) == label {
			found = o
		}
	})
	return found
}

func (s *screen) tap(w fyne.Window, label string) {
	s.t.Helper()
	o, ok := s.labelled(w, label).(fyne.Tappable)
	if !ok {
		s.t.Fatalf("there is nothing to press called %q among %q", label, s.labels(w))
	}
	o.Tapped(&fyne.PointEvent{})
	s.drain()
}

func (s *screen) entries() []*look.Entry {
	var out []*look.Entry
	walk(s.win.Content(), func(o fyne.CanvasObject) {
		if e, ok := o.(*look.Entry); ok {
			out = append(out, e)
		}
	})
	return out
}

// menu chooses from the menu bar.
func (s *screen) menu(title string) {
	s.t.Helper()
	for _, m := range s.win.MainMenu().Items {
		for _, item := range m.Items {
			if item.Label == title && !item.Disabled {
				item.Action()
				s.drain()
				return
			}
		}
	}
	s.t.Fatalf("the menu bar does not offer %q now", title)
}

// folder returns the newest messages of a folder of a role.
func folder(t *testing.T, e *engine.Engine, role mailcore.Role) []mailcore.Message {
	t.Helper()
	out, err := e.Messages().Page(context.Background(), mailcore.Query{Role: role}, 5, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// onDemo opens the window on an empty profile beside the demo servers.
func onDemo(t *testing.T, detect setup.Detect) (*screen, *demo.Demo, *engine.Engine) {
	t.Helper()
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	d, err := demo.Start(ctx, 60)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hold(d.Dir, 0, &cli.Program{Words: words})
	if err != nil {
		t.Fatal(err)
	}
	h.secrets = accounts.Memory()
	h.dialer.Roots = d.Roots()
	e, err := h.open(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, app: test.NewTempApp(t), words: words}
	w, err := gui.Open(ctx, s.app, s.post, gui.Config{Engine: e, Words: words, Detect: detect, Settings: &settings{path: h.file(settingsFile)}, Log: h.log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		h.close()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	s.win = w.Window()
	s.win.Show()
	s.win.Resize(fyne.NewSize(1280, 800))
	w.Begin()
	return s, d, e
}

// enter fills in the first-start page, servers by hand.
func (s *screen) enter(d *demo.Demo) {
	s.until("the first-start page", func() bool { return s.labelled(s.win, s.words.Say("setup.continue")) != nil })
	s.tap(s.win, s.words.Say("setup.by_hand"))
	a := d.Account()
	fields := []string{
		d.Name, d.Address, d.Password,
		a.IMAP.Host, strconv.Itoa(a.IMAP.Port), a.SMTP.Host, strconv.Itoa(a.SMTP.Port), a.IMAP.User,
	}
	entries := s.entries()
	if len(entries) != len(fields) {
		s.t.Fatalf("the page has %d fields", len(entries))
	}
	walk(s.win.Content(), func(o fyne.CanvasObject) { // both connections are TLS from the first byte
		if k, ok := o.(*widget.Select); ok {
			k.SetSelectedIndex(0)
		}
	})
	for i, e := range entries {
		e.SetText(fields[i])
	}
	s.tap(s.win, s.words.Say("setup.continue"))
}

// TestWindowJourney walks the whole way in the window: an account is added, its
// mail appears, a message is read, answered, and the answer is in Sent.
func TestWindowJourney(t *testing.T) {
	s, d, e := onDemo(t, nil)
	s.enter(d)
	var newest mailcore.Message
	s.until("mail in the list", func() bool {
		rows := folder(t, e, mailcore.RoleInbox)
		if len(rows) == 0 {
			return false
		}
		newest = rows[0]
		return slices.ContainsFunc(s.labels(s.win), func(l string) bool { return newest.Subject != "" && strings.Contains(l, newest.Subject) })
	})

	list, ok := s.labelled(s.win, s.words.Say("list.name")).(fyne.Focusable)
	if !ok {
		t.Fatal("there is no list")
	}
	s.win.Canvas().Focus(list)
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	s.until("the message counts as read", func() bool {
		rows := folder(t, e, mailcore.RoleInbox)
		return slices.ContainsFunc(rows, func(m mailcore.Message) bool { return m.ID == newest.ID && m.Flags.Has(mailcore.Seen) })
	})

	s.menu(s.words.Say("command.reply"))
	var composer fyne.Window
	s.until("the composer", func() bool {
		for _, w := range s.app.Driver().AllWindows() {
			if w != s.win && strings.Contains(w.Title(), newest.Subject) {
				composer = w
			}
		}
		return composer != nil
	})
	for _, r := range "Thank you, that suits me well." {
		composer.Canvas().Focused().TypedRune(r)
	}
	s.tap(composer, s.words.Say("compose.send"))
	s.until("the answer in Sent", func() bool {
		rows := folder(t, e, mailcore.RoleSent)
		return slices.ContainsFunc(rows, func(m mailcore.Message) bool {
			return m.InReplyTo == newest.MessageID && strings.Contains(m.Subject, newest.Subject)
		})
	})
	s.tap(s.win, s.words.Say("folder.sent"))
	s.until("the answer in the window", func() bool {
		return slices.ContainsFunc(s.labels(s.win), func(l string) bool {
			return strings.HasPrefix(l, "To ") && strings.Contains(l, newest.Subject)
		})
	})
	out, err := e.Outbox().List(context.Background(), false)
	if err != nil || len(out) != 0 {
		t.Errorf("still in the outbox: %v, %v", out, err)
	}
}

// TestAKnownProviderIsFound fills in the first-start page for a provider of the
// built-in table, which asks no network.
func TestAKnownProviderIsFound(t *testing.T) {
	s, _, _ := onDemo(t, detect)
	s.until("the first-start page", func() bool { return len(s.entries()) == 3 })
	for i, text := range []string{"Anna Becker", "anna@gmail.com", "correct horse"} {
		e := s.entries()[i]
		s.win.Canvas().Focus(e)
		test.Type(e, text)
	}
	s.until("the servers", func() bool {
		return slices.Contains(s.labels(s.win), "Incoming mail: imap.gmail.com · encrypted") &&
			slices.Contains(s.labels(s.win), "Outgoing mail: smtp.gmail.com · encrypted")
	})
	if n := len(s.entries()); n != 3 {
		t.Errorf("%d fields are asked for", n)
	}
}
