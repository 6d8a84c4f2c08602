package gui

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

var testNow = time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC)

// memory is a Settings in memory.
type memory struct{ state WindowState }

func (m *memory) Load() WindowState        { return m.state }
func (m *memory) Save(s WindowState) error { m.state = s; return nil }

// fakeComposer is a composer that only remembers.
type fakeComposer struct {
	win    fyne.Window
	draft  mailcore.Draft
	stays  bool
	closed bool
}

func (c *fakeComposer) Window() fyne.Window     { return c.win }
func (c *fakeComposer) Draft() mailcore.DraftID { return c.draft.ID }
func (c *fakeComposer) Close(done func(bool)) {
	c.closed = !c.stays
	done(!c.stays)
}

type testWindow struct {
	*Window
	*queue
	f       *fake
	memory  *memory
	written []*fakeComposer
}

// open makes a window over a fake engine, with its feed running.
func open(t *testing.T, f *fake) *testWindow {
	t.Helper()
	a := test.NewTempApp(t)
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	x := &testWindow{queue: &queue{}, f: f, memory: &memory{}}
	x.Window = newWindow(ctx, parts{
		app: a, words: words, log: slog.New(slog.DiscardHandler), mail: f.mail(), post: x.queue.post, settings: x.memory,
		now: func() time.Time { return testNow }, version: "1.0",
	})
	x.seenAfter, x.searchAfter = 0, 0
	x.composers = composers{
		open: func(d mailcore.Draft) composer {
			c := &fakeComposer{draft: d, win: a.NewWindow("compose")}
			x.written = append(x.written, c)
			return c
		},
		parseMailto: func(url string) (mailcore.Draft, error) {
			to, ok := strings.CutPrefix(url, "mailto:")
			if !ok {
				return mailcore.Draft{}, errors.New("no")
			}
			return mailcore.Draft{To: []mailcore.Address{{Addr: to}}}, nil
		},
	}
	feed := newFeed(f.mail().subscribe(), x.queue.post, x.show)
	x.hurry = feed.Hurry
	ended := make(chan struct{})
	go func() { feed.run(ctx); close(ended) }()
	t.Cleanup(func() {
		cancel()
		<-ended
		x.Window.clearReader()
		x.stopCounting()
	})
	x.win.Show()
	x.win.Resize(fyne.NewSize(1280, 800))
	x.start()
	x.until(t, "the list and the folders", func() bool { return x.model.Loaded() && len(x.overview.accounts) == len(f.people) && !x.loading.busy })
	return x
}

func (x *testWindow) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		if f := x.win.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: k})
			continue
		}
		x.runKey(&fyne.KeyEvent{Name: k})
	}
}

func (x *testWindow) subjects() []string {
	var out []string
	for i := range x.model.Len() {
		m, _ := x.model.Row(i)
		out = append(out, m.Subject)
	}
	return out
}

// TestOpenListReadArchive is the daily round, by keyboard only.
func TestOpenListReadArchive(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	x.focusList()
	x.press(fyne.KeyHome)
	x.until(t, "the message", func() bool { c, ok := x.reader.Content(); return ok && strings.HasPrefix(c.Text, "Thank you Anna") })
	x.until(t, "it counts as read", func() bool { return f.called("mark") })
	first, second := x.model.ID(0), x.model.ID(1)
	x.until(t, "the row is read", func() bool { m, _ := x.model.Cached(first); return m.Flags.Has(mailcore.Seen) })
	x.run("archive")
	if x.model.Place(first) >= 0 || !slices.Equal(x.model.Selected(), []mailcore.ID{second}) {
		t.Fatalf("at once: archived is at %d, selected is %v", x.model.Place(first), x.model.Selected())
	}
	x.until(t, "the archive", func() bool { return f.called("move to archive") })
	x.until(t, "the next in the reader", func() bool { _, ok := x.reader.Content(); return ok && x.reader.Shown() == second })
	x.press(fyne.KeyDelete)
	x.until(t, "the deletion", func() bool { return f.called("delete") && x.model.Len() == 5 })
	x.goTo(folders.Place{Kind: folders.Folder, Folder: archive})
	x.until(t, "the archive's list", x.model.Loaded)
	if got := x.subjects(); !slices.Equal(got, []string{"Offer for the spring catalogue"}) {
		t.Errorf("archived are %v", got)
	}
	if x.command("archive").can() {
		t.Error("what is in the archive can be archived")
	}
}

func TestWhatCannotBeMovedComesBack(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	x.model.Select(x.model.ID(0))
	f.mu.Lock()
	f.fail = &mailcore.Problem{Key: "engine.no-folder.archive", Action: "engine.no-folder.action"}
	f.mu.Unlock()
	x.run("archive")
	x.until(t, "the notice", func() bool { return x.notice.Visible() })
	x.until(t, "the message is back", func() bool { return x.model.Len() == 7 })
	if got := x.Window.notice.Text(); !strings.HasPrefix(got, "This account has no folder for the archive.") {
		t.Errorf("it says %q", got)
	}
	x.press(fyne.KeyEscape)
	if x.notice.Visible() {
		t.Error("Escape leaves the notice")
	}
}

func TestArrivingMailKeepsTheReader(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	id := x.model.ID(2)
	x.model.Select(id)
	x.showMessage(id)
	x.until(t, "the message", func() bool { _, ok := x.reader.Content(); return ok })
	f.add(inbox, "Ines|i@x.example", "New", "Hello", 0, 0, false)
	f.events <- mailcore.NewMail{Folder: inbox}
	x.until(t, "the new message", func() bool { return x.model.Len() == 8 })
	if x.reader.Shown() != id || !slices.Equal(x.model.Selected(), []mailcore.ID{id}) {
		t.Errorf("the reader shows %d, selected are %v", x.reader.Shown(), x.model.Selected())
	}
}

func TestSearchFiltersAndEnds(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	x.run("search")
	if x.win.Canvas().Focused() != fyne.Focusable(x.Window.search) {
		t.Fatal("the search box has no focus")
	}
	for _, r := range "Invoice" {
		x.win.Canvas().Focused().TypedRune(r)
	}
	x.until(t, "the result", func() bool { return slices.Equal(x.subjects(), []string{"Invoice 2026-118"}) })
	x.Window.search.SetText("zzz")
	x.until(t, "no result", func() bool { return x.empty.view.Visible() && x.empty.text.Text() == "No match for “zzz”" })
	x.press(fyne.KeyEscape)
	x.until(t, "everything", func() bool { return x.model.Len() == 7 })
	if x.win.Canvas().Focused() != fyne.Focusable(x.list) {
		t.Error("after the search the list has no focus")
	}
}

func TestAnswerAndMailto(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	x.model.Select(x.model.ID(0))
	x.run("reply")
	x.until(t, "the composer", func() bool { return len(x.written) == 1 })
	d := x.written[0].draft
	if d.Kind != mailcore.Reply || !strings.Contains(d.Text, "On 2026-11-23 at 10:01, Jonas Weber wrote:") {
		t.Errorf("the draft is %+v", d)
	}
	x.composeURL("mailto:ines@x.example")
	if len(x.written) != 2 || x.written[1].draft.Account != "a" {
		t.Errorf("mailto opened %d windows", len(x.written))
	}
	x.composeURL("javascript:x")
	if len(x.written) != 2 || !x.notice.Visible() {
		t.Error("a bad address opens a window, or nothing is said")
	}
}

func TestLocalDraftsGoOn(t *testing.T) {
	f := newFake(testNow).fill()
	f.written = []mailcore.Draft{{ID: 4, Subject: "Half", Changed: testNow}}
	x := open(t, f)
	x.goTo(folders.Place{Kind: folders.LocalDrafts})
	x.openDraft(f.written[0])
	x.until(t, "the composer", func() bool { return len(x.written) == 1 && x.written[0].draft.Subject == "Half" })
	x.openDraft(f.written[0])
	x.until(t, "quiet", func() bool { return true })
	if err := fakeDraftsGone(f, x, t); err != nil {
		t.Error(err)
	}
}

// fakeDraftsGone discards the last draft and expects the window to leave a place
// that is not there any more.
func fakeDraftsGone(f *fake, x *testWindow, t *testing.T) error {
	if err := (fakeDrafts{f}).Discard(context.Background(), 4); err != nil {
		return err
	}
	x.until(t, "leaving", func() bool { return x.place.Kind == folders.AllInboxes })
	if len(x.written) != 1 {
		return errors.New("the same draft is open twice")
	}
	return nil
}

func TestQuittingSaysWhatWaits(t *testing.T) {
	f := newFake(testNow).fill()
	f.out = []mailcore.Outgoing{{ID: 1, State: mailcore.Queued}, {ID: 2, State: mailcore.Queued}, {ID: 3, State: mailcore.Done}}
	x := open(t, f)
	x.newMessage()
	x.written[0].stays = true
	x.quit()
	if x.written[0].closed || x.win.Canvas().Overlays().Top() != nil {
		t.Fatal("a composer that stays does not stop quitting")
	}
	x.written[0].stays = false
	x.quit()
	x.until(t, "the question", func() bool { return x.win.Canvas().Overlays().Top() != nil })
	if len(x.composers.list) != 0 {
		t.Error("composers are still open")
	}
}

func TestStatusTellsTheTruth(t *testing.T) {
	f := newFake(testNow)
	x := open(t, f)
	for want, s := range map[string]mailcore.Status{
		"All 8,412 here · checked 10:03":                                  {Phase: mailcore.Watching, Here: 8412, Checked: testNow.Add(time.Minute)},
		"Fetching 1,200 of 8,412":                                         {Phase: mailcore.Syncing, Here: 1200, Missing: 7212},
		"Offline · tries again by itself":                                 {Phase: mailcore.Offline, Problem: &mailcore.Problem{}},
		"Offline since 10:02 · tries again by itself · 3 changes waiting": {Phase: mailcore.Offline, Checked: testNow, Waiting: 3},
		"Waiting for your sign-in":                                        {Phase: mailcore.SignIn},
		"12 here · checking for new mail":                                 {Phase: mailcore.Syncing, Here: 12},
	} {
		if got := x.statusOf(s); got != want {
			t.Errorf("%+v is told as %q, not %q", s, got, want)
		}
	}
	if got := x.status.Text(); got != "All 8,412 here · checked 10:03\nanna@becker.example: Connecting…" {
		t.Errorf("the line says %q", got)
	}
}

func TestEveryCommandHasATitleAndItsOwnKeys(t *testing.T) {
	x := open(t, newFake(testNow))
	taken := map[string]string{}
	claim := func(key, name string) {
		if other, ok := taken[key]; ok {
			t.Errorf("%s and %s share %s", other, name, key)
		}
		taken[key] = name
	}
	inMenu := map[string]bool{}
	for _, m := range menus {
		if title := x.words.Say("menu." + m.name); strings.HasPrefix(title, "menu.") {
			t.Errorf("menu %s has no title", m.name)
		}
		for _, name := range m.items {
			inMenu[name] = true
		}
	}
	for _, c := range x.commands {
		if title := x.title(c); strings.HasPrefix(title, "command.") {
			t.Errorf("%s has no title", c.name)
		}
		if !inMenu[c.name] {
			t.Errorf("%s is in no menu", c.name)
		}
		if c.shortcut != nil {
			claim(c.shortcut.ShortcutName(), c.name)
		}
		for _, k := range c.keys {
			claim(string(k), c.name)
		}
	}
	for _, names := range [][]string{toolbarItems, moreItems, contextItems} {
		for _, name := range names {
			if name != "" && x.command(name) == nil {
				t.Errorf("there is no command %s", name)
			}
		}
	}
	if len(x.menu.Items) != len(menus) {
		t.Error("the menu bar is not made from the table")
	}
}

func TestSelectAllKnowsWhereTheKeyboardIs(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	x.focusSearch()
	x.Window.search.SetText("abc")
	x.run("selectall")
	if x.model.SelectedCount() != 0 || x.Window.search.SelectedText() != "abc" {
		t.Errorf("%d messages, text %q", x.model.SelectedCount(), x.Window.search.SelectedText())
	}
	x.Window.search.SetText("")
	x.focusList()
	x.run("selectall")
	if x.model.SelectedCount() != 7 {
		t.Errorf("selected are %d", x.model.SelectedCount())
	}
	if !x.several.view.Visible() || x.several.text.Text() != "7 messages selected" {
		t.Errorf("of several it says %q", x.several.text.Text())
	}
	if item := x.menu.Items[2].Items[2]; item.Label != "Reply" || !item.Disabled {
		t.Errorf("with several selected the menu offers %q", item.Label)
	}
	x.run("delete")
	x.until(t, "the deletion", func() bool { return x.f.called("delete") && x.model.Len() == 0 })
	x.until(t, "the word for it", func() bool { return x.empty.view.Visible() && x.empty.text.Text() == "Nothing here" })
}

func TestDeletingForGoodAsks(t *testing.T) {
	f := newFake(testNow)
	f.add(trash, "A|a@x.example", "Old", "x", 0, 0, false)
	x := open(t, f)
	x.goTo(folders.Place{Kind: folders.Folder, Folder: trash})
	x.until(t, "the list", func() bool { return x.model.Len() == 1 })
	x.model.Select(x.model.ID(0))
	x.run("delete")
	if x.win.Canvas().Overlays().Top() == nil || f.called("delete") || x.model.Len() != 1 {
		t.Error("deleting from Trash does not ask")
	}
	x.runKey(&fyne.KeyEvent{Name: fyne.KeyDelete}) // behind the question nothing happens
	x.run("junk")
	x.runKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if x.question() != nil || f.called("delete") || f.called("move to junk") || x.model.Len() != 1 {
		t.Errorf("after Escape: %v", f.calls)
	}
}

func TestMoveByTypingAName(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	x.model.Select(x.model.ID(0))
	x.run("move")
	for _, r := range "cata" {
		x.win.Canvas().Focused().TypedRune(r)
	}
	x.press(fyne.KeyReturn)
	x.until(t, "the move", func() bool { return f.called("move") })
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mails[0].Folder != catalogue {
		t.Errorf("moved to %d", f.mails[0].Folder)
	}
}

func TestNarrowWindowShowsOneAtATime(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	x.win.Resize(fyne.NewSize(900, 600))
	if !x.panes.narrow || x.panes.reader.Visible() || !x.panes.list.Visible() {
		t.Fatal("the list is not in front")
	}
	x.focusList()
	x.press(fyne.KeyHome, fyne.KeyReturn)
	if !x.panes.reader.Visible() || x.panes.list.Visible() {
		t.Fatal("Return does not bring the reader to the front")
	}
	x.until(t, "the keyboard in the text", func() bool { return x.win.Canvas().Focused() == x.reader.Text() })
	x.press(fyne.KeyEscape)
	if x.panes.reader.Visible() || !x.panes.list.Visible() {
		t.Error("Escape does not bring the list back")
	}
	x.win.Resize(fyne.NewSize(1280, 800))
	if x.panes.narrow || !x.panes.reader.Visible() || !x.panes.list.Visible() {
		t.Error("a wide window does not show both")
	}
}

func TestTheSizeIsRemembered(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	x.panes.first.onDrag(30)
	x.panes.second.onDrag(-5000)
	x.setTheme(look.Dark)
	x.sidebar.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	s := x.memory.state
	if s.Sidebar != look.SidebarWidth+30 || s.List != leastList || s.Theme != "dark" || s.Width != 1280 {
		t.Errorf("remembered is %+v", s)
	}
	if !look.IsDark() {
		t.Error("the window is not dark")
	}
}

func TestSignInAgain(t *testing.T) {
	f := newFake(testNow)
	f.state["b"] = mailcore.Status{Account: "b", Phase: mailcore.SignIn}
	x := open(t, f)
	x.explainTrouble("b")
	for _, r := range "geheim" {
		x.win.Canvas().Focused().TypedRune(r)
	}
	x.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	x.until(t, "the sign-in", func() bool { return f.called("sign in with geheim") })
}

func TestSignInAgainInTheBrowser(t *testing.T) {
	f := newFake(testNow)
	f.state["b"] = mailcore.Status{Account: "b", Phase: mailcore.SignIn}
	for i := range f.people {
		if f.people[i].ID == "b" {
			f.people[i].OAuth = &accounts.OAuth{Provider: "google"}
		}
	}
	x := open(t, f)
	x.explainTrouble("b")
	x.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	x.until(t, "the sign-in", func() bool { return f.called("sign in in the browser: b") })
}

func TestWithoutAccountTheFirstPageIsShown(t *testing.T) {
	f := newFake(testNow)
	people := f.people
	f.people, f.boxes = nil, nil
	x := open(t, f)
	var done func()
	x.newSetup = func(first bool, d func()) fyne.CanvasObject {
		done = d
		return look.NewText("Add your mail", look.Title)
	}
	x.loading.again()
	x.until(t, "the first page", func() bool { return x.setupOn })
	if x.win.Content() == x.main {
		t.Fatal("the main window is shown without an account")
	}
	f.mu.Lock()
	f.people = people
	f.mu.Unlock()
	done()
	x.until(t, "the main window", func() bool { return x.win.Content() == x.main })
}

func TestTheWindowFitsAtEverySize(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	for _, size := range []fyne.Size{{Width: 1600, Height: 1000}, {Width: 1280, Height: 800}, {Width: 900, Height: 600}, {Width: 640, Height: 400}} {
		x.win.Resize(size)
		for _, o := range []fyne.CanvasObject{x.sidebar, x.list, x.reader, x.tools.view} {
			if !o.Visible() {
				continue
			}
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
			if at.X < 0 || at.Y < 0 || at.X+o.Size().Width > size.Width+1 || at.Y+o.Size().Height > size.Height+1 {
				t.Errorf("at %v %T lies at %v, %v", size, o, at, o.Size())
			}
		}
	}
}
