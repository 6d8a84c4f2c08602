package compose

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// desk is a composer in the test driver with a fake engine behind it.
type desk struct {
	t      *testing.T
	m      *Composer
	posted chan func()

	mu        sync.Mutex
	saves     []mailcore.Draft
	discarded []mailcore.DraftID
	sent      []mailcore.Draft
	failSave  error
	failSend  error

	closed int
	sentID mailcore.OutboxID
}

func (d *desk) Save(_ context.Context, draft mailcore.Draft) (mailcore.DraftID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failSave != nil {
		return 0, d.failSave
	}
	d.saves = append(d.saves, draft)
	if draft.ID == 0 {
		return 7, nil
	}
	return draft.ID, nil
}

func (d *desk) Discard(_ context.Context, id mailcore.DraftID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.discarded = append(d.discarded, id)
	return nil
}

func (d *desk) Send(_ context.Context, draft mailcore.Draft) (mailcore.OutboxID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failSend != nil {
		return 0, d.failSend
	}
	d.sent = append(d.sent, draft)
	return 3, nil
}

func open(t *testing.T, draft mailcore.Draft) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, posted: make(chan func(), 100)}
	d.m = Open(Config{
		App: app, Words: words, Drafts: d, Outbox: d, Post: func(f func()) { d.posted <- f },
		Senders: []Sender{
			{Account: "work", Address: mailcore.Address{Name: "Anna Becker", Addr: "anna@becker-print.example"}, Label: "work"},
			{Account: "home", Address: mailcore.Address{Name: "Anna", Addr: "anna@becker.example"}, Label: "anna@becker.example"},
		},
		Now:      func() time.Time { return time.Date(2026, 11, 23, 10, 14, 0, 0, time.UTC) },
		OnSent:   func(id mailcore.OutboxID) { d.sentID = id },
		OnClosed: func(*Composer) { d.closed++ },
	}, draft)
	t.Cleanup(func() { d.m.shut(); goleak.VerifyNone(t, goleak.IgnoreCurrent()) })
	return d
}

// drain runs what was posted until ok holds.
func (d *desk) drain(what string, ok func() bool) {
	d.t.Helper()
	deadline := time.After(5 * time.Second)
	for !ok() {
		select {
		case f := <-d.posted:
			f()
		case <-deadline:
			d.t.Fatalf("never: %s", what)
		}
	}
}

func (d *desk) count() (saves, sent int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.saves), len(d.sent)
}

func (d *desk) enter(e *entry, s string) {
	d.m.win.Canvas().Focus(e)
	test.Type(e, s)
}

func reply() mailcore.Draft {
	return mailcore.Draft{
		Account: "home", From: mailcore.Address{Name: "Anna", Addr: "anna@becker.example"}, Kind: mailcore.Reply, Original: 4,
		To: []mailcore.Address{{Name: "Jonas Weber", Addr: "jonas@druckhaus.example"}}, Subject: "Re: Offer", InReplyTo: "x@y",
		References: []string{"x@y"}, Text: "\n\nJonas wrote:\n> Please see the attached file.\n",
	}
}

func TestANewMessageIsSentAndClosesAfterTheOutbox(t *testing.T) {
	d := open(t, mailcore.Draft{Account: "work", Kind: mailcore.NewMessage})
	m := d.m
	if m.win.Canvas().Focused() != m.to.entry || !m.send.Disabled() || !strings.Contains(m.footnote.Text(), "Add a recipient") {
		t.Fatalf("at first: %v, %q", m.send.Disabled(), m.footnote.Text())
	}
	d.enter(m.to.entry, "Ines Costa <ines@becker.example>,")
	d.enter(m.to.entry, "jonas@druckhaus.example")
	d.enter(m.subject, "Hello")
	d.enter(m.body, "How are you?")
	if m.send.Disabled() {
		t.Fatalf("still hindered: %q", m.footnote.Text())
	}
	test.Tap(m.send)
	if d.closed != 0 {
		t.Fatal("closed before the outbox had it")
	}
	d.drain("sent", func() bool { return d.closed == 1 })
	if d.sentID != 3 {
		t.Errorf("id %v", d.sentID)
	}
	got := d.sent[0]
	if got.ID != 7 || got.Subject != "Hello" || got.Text != "How are you?" || list(got.To) != "Ines Costa|ines@becker.example |jonas@druckhaus.example" ||
		got.From.Addr != "anna@becker-print.example" || got.Account != "work" {
		t.Errorf("sent %+v", got)
	}
}

func TestAReplyBeginsAtTheTopAndKeepsItsQuote(t *testing.T) {
	d := open(t, reply())
	m := d.m
	if m.win.Canvas().Focused() != m.body || m.body.Text != "" || !m.quoteLine.Visible() {
		t.Fatalf("text %q", m.body.Text)
	}
	d.enter(m.body, "Yes.")
	m.Send() // the word "attached" is the other's
	d.drain("sent", func() bool { return d.closed == 1 })
	got := d.sent[0]
	if got.Text != "Yes.\n\nJonas wrote:\n> Please see the attached file.\n" || got.InReplyTo != "x@y" || got.Original != 4 || got.Account != "home" {
		t.Errorf("sent %+v", got)
	}
}

func TestTheQuoteCanBeShownAndLeftOut(t *testing.T) {
	d := open(t, reply())
	test.Tap(d.m.quoteLine.actions[0])
	if d.m.body.Text != "\n\nJonas wrote:\n> Please see the attached file.\n" || d.m.quoteLine.Visible() || d.m.body.CursorRow != 0 {
		t.Errorf("shown: %q", d.m.body.Text)
	}
	long := reply()
	long.Text = "\n\nJonas wrote:\n" + strings.Repeat("> a line of the original\n", 2000)
	d = open(t, long)
	if len(d.m.quoteLine.actions) != 1 || d.m.body.Text != "" {
		t.Fatal("a long original must stay outside the field")
	}
	if got := d.m.collect().Text; got != long.Text {
		t.Error("the long original is not what is sent")
	}
	test.Tap(d.m.quoteLine.actions[0])
	if got := d.m.collect().Text; got != "" {
		t.Errorf("left out, still %d octets", len(got))
	}
}

func TestTheDraftIsKeptWhileTyping(t *testing.T) {
	d := open(t, reply())
	d.enter(d.m.body, "Yes")
	d.drain("saved", func() bool { n, _ := d.count(); return n == 1 && d.m.foot.Text() == "Saved 10:14" })
	if d.m.Draft() != 7 {
		t.Errorf("id %v", d.m.Draft())
	}
	d.enter(d.m.body, ", and")
	closed := false
	d.m.Close(func(ok bool) { closed = ok })
	d.drain("closed", func() bool { return d.closed == 1 })
	last := d.saves[len(d.saves)-1]
	if !closed || last.ID != 7 || !strings.HasPrefix(last.Text, "Yes, and\n\nJonas wrote:") {
		t.Errorf("kept %+v", last)
	}
	if len(d.discarded) != 0 {
		t.Error("discarded on closing")
	}
}

func TestClosingAnUntouchedReplyKeepsNothing(t *testing.T) {
	d := open(t, reply())
	d.m.Close(nil)
	d.drain("closed", func() bool { return d.closed == 1 })
	if n, _ := d.count(); n != 0 {
		t.Errorf("%d drafts", n)
	}
}

func TestAnEmptiedDraftIsRemoved(t *testing.T) {
	d := open(t, mailcore.Draft{ID: 5, Account: "work", Kind: mailcore.NewMessage, Subject: "x"})
	d.m.subject.SetText("")
	d.m.Close(nil)
	d.drain("closed", func() bool { return d.closed == 1 })
	if len(d.discarded) != 1 || d.discarded[0] != 5 {
		t.Errorf("discarded %v", d.discarded)
	}
}

func TestTroubleKeepsTheWindow(t *testing.T) {
	d := open(t, reply())
	d.failSend = &mailcore.Problem{Key: "compose.send_trouble"}
	d.enter(d.m.body, "Yes")
	d.m.Send()
	d.drain("told", func() bool { return d.m.notice.Visible() })
	if d.closed != 0 || d.m.sending || d.m.body.Text != "Yes" || d.m.body.Disabled() || d.m.notice.Text() != "The message could not be sent. It is kept here." {
		t.Fatalf("%q", d.m.notice.Text())
	}
	d.mu.Lock()
	d.failSend, d.failSave = nil, errors.New("disk full")
	d.mu.Unlock()
	closed := true
	d.m.Close(func(ok bool) { closed = ok })
	d.drain("told again", func() bool { return !closed })
	if d.closed != 0 || !strings.Contains(d.m.notice.Text(), "could not be kept") {
		t.Errorf("%q", d.m.notice.Text())
	}
	d.mu.Lock()
	d.failSave = nil
	d.mu.Unlock()
	d.m.Send()
	d.drain("sent", func() bool { return d.closed == 1 })
	if len(d.sent) != 1 || d.sent[0].ID != 7 {
		t.Errorf("sent %v", d.sent)
	}
}

func TestForgottenThingsAreAskedAbout(t *testing.T) {
	d := open(t, mailcore.Draft{Account: "work", Kind: mailcore.NewMessage, To: []mailcore.Address{{Addr: "a@b.example"}}, Text: "The PDF is attached."})
	d.m.Send()
	if want := "There is no subject yet. You mention an attachment, but there is none."; d.m.notice.Text() != want || !d.m.notice.Visible() {
		t.Fatalf("%q", d.m.notice.Text())
	}
	if _, n := d.count(); n != 0 {
		t.Fatal("sent without asking")
	}
	d.enter(d.m.subject, "PDF")
	if d.m.notice.Visible() {
		t.Error("the question stays after an answer")
	}
	d.m.Send()
	if !strings.HasPrefix(d.m.notice.Text(), "You mention") {
		t.Errorf("%q", d.m.notice.Text())
	}
	d.m.Send() // asked once is enough
	d.drain("sent", func() bool { return d.closed == 1 })
}

func TestAWrongAddressIsRedAndHinders(t *testing.T) {
	d := open(t, mailcore.Draft{Account: "work", Kind: mailcore.NewMessage})
	m := d.m
	d.enter(m.to.entry, "hiro@exmple")
	m.Send()
	if _, n := d.count(); n != 0 || len(m.to.chips) != 1 || !m.to.chips[0].Bad || m.to.chips[0].Text != "hiro@exmple ?" {
		t.Fatal("not marked")
	}
	if m.notice.Text() != "“hiro@exmple” is not a complete address." || !m.send.Disabled() {
		t.Errorf("%q", m.notice.Text())
	}
	m.win.Canvas().Focus(m.to.entry)
	m.to.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if m.to.entry.Text != "hiro@exmple" || len(m.to.chips) != 0 {
		t.Fatalf("not editable: %q", m.to.entry.Text)
	}
	d.enter(m.to.entry, ".org")
	m.to.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(m.to.chips) != 1 || m.to.chips[0].Bad || m.send.Disabled() {
		t.Errorf("%+v, %q", m.to.list, m.footnote.Text())
	}
	m.to.chips[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if len(m.to.chips) != 0 || m.win.Canvas().Focused() != m.to.entry {
		t.Error("not removed")
	}
}

func TestPastedListsBecomeChips(t *testing.T) {
	d := open(t, mailcore.Draft{Account: "work", Kind: mailcore.NewMessage})
	d.m.to.entry.SetText("Becker, Anna <a@b.example>; c@d.example, e@f.example")
	if got := list(d.m.to.list); got != "Becker, Anna|a@b.example |c@d.example |e@f.example" {
		t.Errorf("%s", got)
	}
}

func TestKeys(t *testing.T) {
	d := open(t, reply())
	d.enter(d.m.body, "Yes")
	d.m.body.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	d.drain("sent", func() bool { return d.closed == 1 })
	if d.m.body.AcceptsTab() {
		t.Error("Tab does not lead out of the text")
	}
	d = open(t, reply())
	d.m.tell("x", "", nil)
	d.m.body.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if d.m.notice.Visible() || d.closed != 0 {
		t.Error("Escape takes the notice first")
	}
	d.m.body.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	d.drain("closed", func() bool { return d.closed == 1 })
}

func TestFilesAreAttachedAndRemoved(t *testing.T) {
	d := open(t, reply())
	dir := t.TempDir()
	path := filepath.Join(dir, "Catalogue.pdf")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 6400)), 0o600); err != nil {
		t.Fatal(err)
	}
	d.m.dropped([]fyne.URI{storage.NewFileURI(path), storage.NewFileURI(dir), storage.NewFileURI(filepath.Join(dir, "gone"))})
	if !d.m.send.Disabled() {
		t.Error("it can be sent before the file is read")
	}
	d.drain("read", func() bool { return d.m.reading == 0 })
	if len(d.m.files) != 1 || d.m.files[0].Name != "Catalogue.pdf" || d.m.files[0].Type != "application/pdf" || len(d.m.shelf.cards) != 1 {
		t.Fatalf("%d files", len(d.m.files))
	}
	if !d.m.notice.Visible() || d.m.send.Disabled() {
		t.Error("a folder or a missing file is not spoken of")
	}
	for _, o := range d.m.shelf.cards[0].Objects {
		if b, ok := o.(*look.Button); ok {
			test.Tap(b)
		}
	}
	if len(d.m.files) != 0 || d.m.shelf.Visible() {
		t.Error("not removed")
	}
}

func TestDiscard(t *testing.T) {
	d := open(t, reply())
	d.m.Discard() // nothing to lose
	d.drain("closed", func() bool { return d.closed == 1 })
	d = open(t, reply())
	d.enter(d.m.body, "Yes")
	d.m.Discard()
	if d.closed != 0 || d.m.win.Canvas().Overlays().Top() == nil {
		t.Fatal("it does not ask")
	}
	if d.m.win.Canvas().Focused() != d.m.asking.No {
		t.Error("Return would throw it away")
	}
	test.Tap(d.m.asking.No)
	if d.closed != 0 || d.m.body.Text != "Yes" || d.m.win.Canvas().Overlays().Top() != nil {
		t.Fatal("thrown away without consent")
	}
	d.m.Discard()
	test.Tap(d.m.asking.Yes)
	d.drain("closed after consent", func() bool { return d.closed == 1 })
}

func TestCcIsFoldedUntilNeeded(t *testing.T) {
	d := open(t, reply())
	if d.m.rows["compose.cc"].Visible() {
		t.Error("shown without need")
	}
	d.m.unfold()
	if !d.m.rows["compose.bcc"].Visible() || d.m.win.Canvas().Focused() != d.m.cc.entry {
		t.Error("not unfolded")
	}
	r := reply()
	r.Cc = []mailcore.Address{{Addr: "a@b.example"}}
	if d = open(t, r); !d.m.rows["compose.cc"].Visible() || d.m.win.Canvas().Focused() != d.m.body {
		t.Error("a copy is hidden")
	}
}

func TestTheSenderCanBeChosen(t *testing.T) {
	d := open(t, reply())
	if d.m.from.SelectedIndex() != 1 {
		t.Fatalf("sender %d", d.m.from.SelectedIndex())
	}
	d.m.from.SetSelectedIndex(0)
	if got := d.m.collect(); got.Account != "work" || got.From.Addr != "anna@becker-print.example" {
		t.Errorf("%+v", got.From)
	}
	if !d.m.touched {
		t.Error("not noted")
	}
}

func TestSavesThatWaitBecomeOne(t *testing.T) {
	block, entered := make(chan struct{}), make(chan struct{}, 10)
	slow := &slowDrafts{block: block, entered: entered}
	var told sync.WaitGroup
	k := newKeeper(Config{Drafts: slow, Post: func(f func()) { f() }}, 0)
	told.Add(4)
	for _, text := range []string{"a", "b", "c", "d"} {
		k.save(mailcore.Draft{Text: text}, func(error) { told.Done() })
		if text == "a" {
			<-entered
		}
	}
	close(block)
	told.Wait()
	if got := strings.Join(slow.texts, ""); got != "ad" || k.known() != 1 {
		t.Errorf("saved %q under %v", got, k.known())
	}
}

type slowDrafts struct {
	block, entered chan struct{}
	texts          []string
}

func (s *slowDrafts) Save(_ context.Context, d mailcore.Draft) (mailcore.DraftID, error) {
	s.entered <- struct{}{}
	<-s.block
	s.texts = append(s.texts, d.Text)
	return 1, nil
}

func (s *slowDrafts) Discard(context.Context, mailcore.DraftID) error { return nil }
