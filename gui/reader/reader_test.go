package reader

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// desk is a reader in a test window, with a fake engine behind it. Posted
// functions wait until they are drained, as they would for the UI goroutine.
type desk struct {
	t       *testing.T
	r       *Reader
	w       fyne.Window
	posted  chan func()
	ran     int // of what was posted
	now     time.Time
	mu      sync.Mutex
	gates   map[mailcore.ID]chan struct{}
	content map[mailcore.ID]mailcore.Content
	fail    map[mailcore.ID]error
	links   []string
	opened  []mailcore.ID
	saved   []Attachment
	replies int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{
		t: t, posted: make(chan func(), 100), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		gates: map[mailcore.ID]chan struct{}{}, content: map[mailcore.ID]mailcore.Content{}, fail: map[mailcore.ID]error{},
	}
	d.r = New(Config{
		Words: words, Messages: d, Post: func(f func()) { d.posted <- f }, Now: func() time.Time { return d.now },
		Own:      func(a string) bool { return a == "anna@becker.example" },
		OnOpened: func(id mailcore.ID) { d.opened = append(d.opened, id) },
		OnLink:   func(u *url.URL) { d.links = append(d.links, u.String()) },
		OnReply:  func() { d.replies++ },
		OnSave:   func(a Attachment) { d.saved = append(d.saved, a) },
		OnOpen:   func(Attachment) {},
		OnAll:    func(a []Attachment) { d.saved = append(d.saved, a...) },
	})
	d.w = test.NewTempWindow(t, d.r)
	d.w.Resize(fyne.NewSize(700, 600))
	t.Cleanup(func() { d.r.Clear(); goleak.VerifyNone(t, goleak.IgnoreCurrent()) })
	return d
}

func (d *desk) Open(ctx context.Context, id mailcore.ID) (mailcore.Content, error) {
	d.mu.Lock()
	gate, content, err := d.gates[id], d.content[id], d.fail[id]
	d.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return mailcore.Content{}, ctx.Err()
		}
	}
	return content, err
}

func (d *desk) SaveAttachment(_ context.Context, _ mailcore.ID, index int, w io.Writer) error {
	_, err := w.Write([]byte{byte(index)})
	return err
}

// drain runs what was posted until ok holds.
func (d *desk) drain(what string, ok func() bool) {
	d.t.Helper()
	deadline := time.After(5 * time.Second)
	for !ok() {
		select {
		case f := <-d.posted:
			f()
			d.ran++
		case <-deadline:
			d.t.Fatalf("never: %s", what)
		}
	}
}

func (d *desk) show(id mailcore.ID, c mailcore.Content) {
	d.t.Helper()
	d.mu.Lock()
	d.content[id] = c
	d.mu.Unlock()
	d.r.Open(mailcore.Message{ID: id, Header: c.Header})
	d.drain("the message is shown", func() bool { return d.r.page.state == reading || d.r.page.state == troubled })
}

func jonas(text string) mailcore.Content {
	return mailcore.Content{Header: mailcore.Header{
		From: []mailcore.Address{{Name: "Jonas Weber", Addr: "jonas.weber@druckhaus.example"}},
		To:   []mailcore.Address{{Name: "Anna", Addr: "anna@becker.example"}, {Name: "Ines Costa", Addr: "ines@becker.example"}},
		Date: time.Date(2026, 11, 23, 10, 1, 0, 0, time.UTC), Subject: "Offer for the spring catalogue",
	}, Text: text}
}

func (d *desk) notices() string {
	var out []string
	for _, o := range d.r.page.notices.Objects {
		out = append(out, o.(*look.Notice).Text())
	}
	return strings.Join(out, "|")
}

func TestAMessageIsShown(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas("Thank you Anna.\n\nKind regards,\nJonas"))
	p := d.r.page
	if p.subject.Text() != "Offer for the spring catalogue" || p.head.name.Text() != "Jonas Weber" {
		t.Errorf("head: %q, %q", p.subject.Text(), p.head.name.Text())
	}
	if got := p.head.line.text.Text(); got != "jonas.weber@druckhaus.example · to you, Ines Costa" {
		t.Errorf("people: %q", got)
	}
	if got := p.head.when.Text(); got != "Today 10:01" {
		t.Errorf("date: %q", got)
	}
	if len(d.opened) != 1 || d.opened[0] != 1 {
		t.Errorf("opened: %v", d.opened)
	}
	if len(p.notices.Objects) != 0 || p.text.doc.height != 3*lineHeight+gapHeight {
		t.Errorf("notices %q, height %v", d.notices(), p.text.doc.height)
	}
	p.head.unfold()
	if !p.head.all.Visible() || !strings.Contains(p.head.all.doc.text, "Ines Costa <ines@becker.example>") {
		t.Errorf("unfolded: %q", p.head.all.doc.text)
	}
}

func TestLateAnswersAreDropped(t *testing.T) {
	d := newDesk(t)
	d.gates[1] = make(chan struct{})
	d.content[1] = jonas("the first")
	d.r.Open(mailcore.Message{ID: 1, Header: mailcore.Header{Subject: "slow"}})
	if d.r.page.subject.Text() != "slow" {
		t.Error("the subject waits for the text")
	}
	d.show(2, jonas("the second"))
	close(d.gates[1])
	d.drain("both answers", func() bool { return d.ran >= 2 })
	if d.r.page.text.doc.text != "the second" || d.r.Shown() != 2 {
		t.Errorf("shown: %q", d.r.page.text.doc.text)
	}
}

func TestASlowMessageSaysSo(t *testing.T) {
	d := newDesk(t)
	gate := make(chan struct{})
	d.gates[1], d.content[1] = gate, jonas("here")
	d.r.Open(mailcore.Message{ID: 1})
	if d.r.page.skeleton.Visible() {
		t.Error("it flickers")
	}
	d.drain("the skeleton", func() bool { return d.r.page.skeleton.Visible() })
	close(gate)
	d.drain("the text", func() bool { return d.r.page.state == reading })
	if d.r.page.skeleton.Visible() || d.r.page.text.doc.text != "here" {
		t.Error("the skeleton stays")
	}
}

func TestATroubleHasOneAction(t *testing.T) {
	d := newDesk(t)
	d.fail[1] = &mailcore.Problem{Key: "reader.trouble", Detail: "EOF"}
	d.show(1, jonas(""))
	if d.notices() != "This message could not be opened." || len(d.opened) != 0 {
		t.Fatalf("notices: %q", d.notices())
	}
	d.mu.Lock()
	delete(d.fail, 1)
	d.content[1] = jonas("after all")
	d.mu.Unlock()
	var again fyne.Tappable
	for _, o := range test.WidgetRenderer(d.r.page.notices.Objects[0].(*look.Notice)).Objects() {
		if b, ok := o.(*look.Button); ok {
			again = b
		}
	}
	test.Tap(again)
	d.drain("the text", func() bool { return d.r.page.state == reading })
	if d.r.page.text.doc.text != "after all" || d.notices() != "" {
		t.Errorf("%q, %q", d.r.page.text.doc.text, d.notices())
	}
}

func TestADisguisedSenderIsNamed(t *testing.T) {
	cases := []struct{ name, addr, want string }{
		{"ceo@bank.example", "x@evil.example", "looks like ceo@bank.example"},
		{"\"service@bank.example\" via", "x@evil.example", "service@bank.example"},
		{"ceo＠bank.example", "x@evil.example", "ceo@bank.example"},
		{"Anna \u202eelpmaxe", "x@evil.example", "hidden signs"},
		{"x@evil.example", "X@Evil.example", ""},
		{"Jonas Weber", "jonas@druckhaus.example", ""},
	}
	for i, c := range cases {
		d := newDesk(t)
		content := jonas("text")
		content.From = []mailcore.Address{{Name: c.name, Addr: c.addr}}
		d.show(mailcore.ID(i+1), content)
		if got := d.notices(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q: %q", c.name, got)
		}
	}
}

func TestNoticesSayWhatIsMissing(t *testing.T) {
	d := newDesk(t)
	c := jonas("")
	c.HTML = "<p>"
	c.Notices = []mailcore.Notice{{Key: "reader.cut"}}
	d.show(1, c)
	for _, want := range []string{"pictures and formatting", "very long", "no text"} {
		if !strings.Contains(d.notices(), want) {
			t.Errorf("%q is missing in %q", want, d.notices())
		}
	}
}

func (d *desk) press(p fyne.Position, mod fyne.KeyModifier) {
	e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: desktop.MouseButtonPrimary, Modifier: mod}
	d.r.page.text.MouseDown(e)
	d.r.page.text.MouseUp(e)
}

func TestSelectingAndCopying(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas("one two three\nfour five\n> six seven"))
	v := d.r.page.text
	x := func(s string) fyne.Position {
		at := strings.Index(v.doc.text, s)
		row := v.doc.rows[v.doc.rowOf(at)]
		return fyne.NewPos(v.doc.xOf(v.m, row, at)+1, float32(row.y)+5)
	}
	expect := func(want string) {
		t.Helper()
		v.TypedShortcut(&fyne.ShortcutCopy{})
		if got := fyne.CurrentApp().Clipboard().Content(); got != want {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
	d.press(x("two"), 0)
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: x("five")}})
	v.DragEnd()
	expect("two three\nfour ")
	d.press(x("one"), fyne.KeyModifierShift)
	expect("one ")
	d.now = d.now.Add(time.Second)
	d.press(x("hree"), 0)
	d.press(x("hree"), 0)
	expect("three")
	v.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: x("our")}})
	expect("three\nfour")
	d.now = d.now.Add(time.Second)
	for range 3 {
		d.press(x("seven"), 0)
	}
	expect("> six seven")
	v.TypedShortcut(&fyne.ShortcutSelectAll{})
	expect(v.doc.text)
}

func TestSelectingWithTheKeyboard(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas("one e\u0301two\nthree"))
	v := d.r.page.text
	v.shift = func() bool { return true }
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyLeft, ""},
		{fyne.KeyRight, "o"},
		{fyne.KeyEnd, "one e\u0301two"},
		{fyne.KeyRight, "one e\u0301two\n"},
		{fyne.KeyLeft, "one e\u0301two"},
		{fyne.KeyLeft, "one e\u0301tw"},
		{fyne.KeyLeft, "one e\u0301t"},
		{fyne.KeyLeft, "one e\u0301"},
		{fyne.KeyLeft, "one "},
		{fyne.KeyHome, ""},
		{fyne.KeyDown, "one e\u0301two\n"},
		{fyne.KeyEnd, "one e\u0301two\nthree"},
		{fyne.KeyRight, "one e\u0301two\nthree"},
		{fyne.KeyUp, "one e"},
	} {
		v.TypedKey(&fyne.KeyEvent{Name: step.key})
		if got := v.selected(); got != step.want && step.key != fyne.KeyUp {
			t.Errorf("%s: %q, want %q", step.key, got, step.want)
		}
	}
	if from, to := v.sel.span(); from != 0 || to == 0 || to >= len("one e\u0301two\n") {
		t.Errorf("up: %d to %d", from, to)
	}
}

func TestOnlySafeLinksAreFollowed(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas("go to https://example.org/a, or javascript:alert(1)\n\nmailto:anna@becker.example"))
	v := d.r.page.text
	row := v.doc.rows[0]
	at := func(s string) fyne.Position {
		i := strings.Index(v.doc.text, s)
		return fyne.NewPos(v.doc.xOf(v.m, row, i)+2, 10)
	}
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at("https")}})
	if d.r.strip.target != "https://example.org/a" || v.Cursor() != desktop.PointerCursor {
		t.Errorf("strip: %q", d.r.strip.target)
	}
	d.press(at("https"), 0)
	d.press(at("javascript"), 0)
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at("go")}})
	if d.r.strip.Visible() {
		t.Error("the strip stays")
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if got := strings.Join(d.links, " "); got != "https://example.org/a mailto:anna@becker.example" {
		t.Errorf("followed: %s", got)
	}
	v.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if d.r.strip.target != "https://example.org/a" {
		t.Errorf("back: %q", d.r.strip.target)
	}
	for _, bad := range []string{"file:///etc/passwd", "javascript:x", "ftp://a.example"} {
		u, _ := url.Parse(bad)
		d.r.follow(u)
	}
	if len(d.links) != 2 {
		t.Errorf("followed: %v", d.links)
	}
}

func TestALinkThatWrapsIsOneLink(t *testing.T) {
	d := newDesk(t)
	long := "https://example.org/" + strings.Repeat("path/", 60)
	d.show(1, jonas(long))
	v := d.r.page.text
	if len(v.doc.rows) < 2 {
		t.Fatal("it does not wrap")
	}
	d.press(fyne.NewPos(20, lineHeight+5), 0)
	if len(d.links) != 1 || d.links[0] != long {
		t.Errorf("followed: %v", d.links)
	}
}

func TestKeysScroll(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas(strings.Repeat("line\n", 500)))
	v := d.r.page.text
	typed := func(k fyne.KeyName) float32 {
		v.TypedKey(&fyne.KeyEvent{Name: k})
		return d.r.scroll.Offset.Y
	}
	page := typed(fyne.KeySpace)
	if page < 300 {
		t.Errorf("a page is %v", page)
	}
	if typed(fyne.KeyDown) <= page || typed(fyne.KeyUp) != page || typed(fyne.KeyPageUp) != 0 {
		t.Errorf("at %v", d.r.scroll.Offset.Y)
	}
	typed(fyne.KeyEnd)
	if !d.r.AtEnd() || d.r.scroll.Offset.Y < 500*lineHeight-600 {
		t.Errorf("the end is at %v", d.r.scroll.Offset.Y)
	}
	if typed(fyne.KeyHome) != 0 {
		t.Error("not at the beginning")
	}
}

func TestOnlyVisibleRowsArePainted(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas(strings.Repeat("a line of text\n", 50_000)))
	v := d.r.page.text
	count := func() int { return len(test.WidgetRenderer(v).Objects()) }
	if n := count(); n < 20 || n > 120 {
		t.Errorf("%d objects for a screen", n)
	}
	d.r.scrollBy(500_000)
	if n := count(); n < 20 || n > 120 || v.top < 400_000 {
		t.Errorf("%d objects, scrolled to %v", n, v.top)
	}
}

func TestAttachments(t *testing.T) {
	d := newDesk(t)
	c := jonas("see attached")
	c.Parts = []mailcore.Part{
		{Index: 0, Name: "Offer-signed.pdf", Type: "application/pdf", Size: 1_200_000},
		{Index: 1, Name: "setup.exe", Type: "application/pdf", Size: 840_000},
	}
	d.show(1, c)
	cards := d.r.page.shelf.cards
	if len(cards) != 2 || len(cards[0].acts) != 2 || len(cards[1].acts) != 1 {
		t.Fatal("a program must not be opened, a PDF may")
	}
	if cards[0].size.Text() != "1.2 MB" || cards[1].size.Text() != "840 KB" {
		t.Errorf("sizes: %q, %q", cards[0].size.Text(), cards[1].size.Text())
	}
	test.Tap(cards[1].acts[0])
	var b bytes.Buffer
	if len(d.saved) != 1 || d.saved[0].Write(t.Context(), &b) != nil || !bytes.Equal(b.Bytes(), []byte{1}) {
		t.Fatalf("saved %v", b.Bytes())
	}
	d.saved[0].Saved(nil)
	if cards[1].size.Text() != "Saved" {
		t.Errorf("said %q", cards[1].size.Text())
	}
	d.saved[0].Saved(errors.New("disk full"))
	if cards[1].size.Text() != "Not saved" || !strings.Contains(d.notices(), "could not be saved") {
		t.Errorf("said %q, %q", cards[1].size.Text(), d.notices())
	}
	test.Tap(d.r.page.shelf.all)
	if len(d.saved) != 3 {
		t.Errorf("%d files", len(d.saved))
	}
}

func TestSafeToOpen(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		want       bool
	}{
		{"a.pdf", "application/pdf", true},
		{"a.PDF", "application/octet-stream", true},
		{"a.pdf", "text/html", false},
		{"a.html", "text/html", false},
		{"a.svg", "image/svg+xml", false},
		{"a.desktop", "text/plain", false},
		{"a.pdf.exe", "application/pdf", false},
		{"a", "application/pdf", false},
		{"a.docm", "application/octet-stream", false},
	} {
		if got := safeToOpen(mailcore.Part{Name: c.name, Type: c.kind}); got != c.want {
			t.Errorf("%s, %s: %v", c.name, c.kind, got)
		}
	}
}

func TestReplyBox(t *testing.T) {
	d := newDesk(t)
	d.show(1, jonas("text"))
	test.Tap(d.r.page.reply.word)
	d.r.page.reply.word.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d.replies != 2 {
		t.Errorf("%d replies", d.replies)
	}
	d.r.Clear()
	if !d.r.nothing.Visible() || d.r.scroll.Visible() || d.r.Shown() != 0 {
		t.Error("not cleared")
	}
}

func TestDatesInWords(t *testing.T) {
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 0, 30, 0, 0, time.UTC) // a Monday
	for want, at := range map[string]time.Time{
		"Today 00:10":        time.Date(2026, 11, 23, 0, 10, 0, 0, time.UTC),
		"Yesterday 23:59":    time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC),
		"Tuesday 09:05":      time.Date(2026, 11, 17, 9, 5, 0, 0, time.UTC),
		"16 November, 09:05": time.Date(2026, 11, 16, 9, 5, 0, 0, time.UTC),
		"3 March 2024":       time.Date(2024, 3, 3, 9, 5, 0, 0, time.UTC),
		"No date":            {},
	} {
		if got := when(words, at, now); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}
