package messages

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// queue is the UI goroutine of a test: what is posted waits until it is drained.
type queue struct {
	mu   sync.Mutex
	jobs []func()
}

func (q *queue) post(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, f)
}

func (q *queue) drain() {
	for {
		q.mu.Lock()
		if len(q.jobs) == 0 {
			q.mu.Unlock()
			return
		}
		f := q.jobs[0]
		q.jobs = q.jobs[1:]
		q.mu.Unlock()
		f()
	}
}

func (q *queue) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for q.drain(); !done(); q.drain() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// source is a fake store.
type source struct {
	mu    sync.Mutex
	ids   []mailcore.ID
	flags map[mailcore.ID]mailcore.Flags
	lists int
	err   error
	gate  chan struct{} // when set, List waits for it
}

func (s *source) List(ctx context.Context, _ mailcore.Query) ([]mailcore.ID, error) {
	s.mu.Lock()
	s.lists++
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids), s.err
}

func (s *source) Rows(_ context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []mailcore.Message
	for _, id := range ids {
		m := mailcore.Message{ID: id, Flags: s.flags[id], Sorted: time.Date(2026, 11, 20, 10, int(id)%60, 0, 0, time.UTC)}
		m.Subject = "Subject"
		out = append(out, m)
	}
	return out, s.err
}

func (s *source) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func down(from, to int) []mailcore.ID {
	var out []mailcore.ID
	for i := from; i >= to; i-- {
		out = append(out, mailcore.ID(i))
	}
	return out
}

func open(t *testing.T, n int) (*Model, *source, *queue) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s, q := &source{ids: down(n, 1), flags: map[mailcore.ID]mailcore.Flags{}}, &queue{}
	m := NewModel(ctx, s, q.post)
	m.Open(mailcore.Query{Role: mailcore.RoleInbox})
	q.until(t, "the list", m.Loaded)
	return m, s, q
}

func reloaded(t *testing.T, m *Model, q *queue, changed []mailcore.ID) {
	t.Helper()
	m.Reload(changed)
	q.until(t, "the reload", func() bool { return !m.listing && !m.again })
}

func TestArrivingMailMovesNoSelection(t *testing.T) {
	m, s, q := open(t, 100)
	m.Select(50)
	s.set(func() { s.ids = append(down(110, 101), s.ids...) })
	reloaded(t, m, q, nil)
	if m.Len() != 110 || m.Place(50) != 60 {
		t.Fatalf("%d messages, 50 at %d", m.Len(), m.Place(50))
	}
	if got := m.Selected(); !slices.Equal(got, []mailcore.ID{50}) || m.Cursor() != 50 {
		t.Errorf("selected %v, cursor %d", got, m.Cursor())
	}
}

func TestSelectAllMeansAllThatWereThere(t *testing.T) {
	m, s, q := open(t, 1000)
	m.SelectAll()
	m.Toggle(7)
	if m.SelectedCount() != 999 || m.IsSelected(7) {
		t.Fatalf("all but one are %d", m.SelectedCount())
	}
	s.set(func() { s.ids = append([]mailcore.ID{2000}, s.ids[1:]...) }) // one came, one (1000) went
	reloaded(t, m, q, nil)
	if m.IsSelected(2000) {
		t.Error("a message that arrived later is selected")
	}
	if m.SelectedCount() != 998 || len(m.Selected()) != 998 {
		t.Errorf("selected are %d, listed %d", m.SelectedCount(), len(m.Selected()))
	}
	m.Hide(m.Selected())
	if m.SelectedCount() != 0 || m.Len() != 2 {
		t.Errorf("after hiding them %d selected of %d", m.SelectedCount(), m.Len())
	}
}

func TestRangesByShift(t *testing.T) {
	m, _, _ := open(t, 20)
	m.Select(10)
	m.Extend(7)
	if got := m.Selected(); !slices.Equal(got, []mailcore.ID{10, 9, 8, 7}) {
		t.Errorf("downwards %v", got)
	}
	m.Extend(12)
	if got := m.Selected(); !slices.Equal(got, []mailcore.ID{12, 11, 10}) {
		t.Errorf("then upwards %v", got)
	}
	m.Toggle(11)
	if got := m.Selected(); !slices.Equal(got, []mailcore.ID{12, 10}) {
		t.Errorf("without one %v", got)
	}
}

func TestHiddenStaysHiddenUntilSettled(t *testing.T) {
	m, s, q := open(t, 10)
	m.Select(5)
	if after := m.After(m.Selected()); after != 4 {
		t.Fatalf("after 5 comes %d", after)
	}
	m.Hide([]mailcore.ID{5})
	reloaded(t, m, q, nil) // the store does not know yet
	if m.Place(5) >= 0 || m.Len() != 9 || m.Cursor() != 4 {
		t.Fatalf("5 is back at %d, cursor %d", m.Place(5), m.Cursor())
	}
	s.set(func() { s.ids = slices.DeleteFunc(s.ids, func(id mailcore.ID) bool { return id == 5 }) })
	m.Settle([]mailcore.ID{5})
	q.until(t, "settling", func() bool { return !m.listing })
	if len(m.hidden) != 0 || m.Len() != 9 {
		t.Errorf("still hidden: %v", m.hidden)
	}
	m.Hide([]mailcore.ID{4})
	m.Unhide([]mailcore.ID{4})
	q.until(t, "showing it again", func() bool { return !m.listing })
	if m.Place(4) < 0 {
		t.Error("what could not be moved did not come back")
	}
}

func TestAfterTheLastComesTheOneBefore(t *testing.T) {
	m, _, _ := open(t, 3)
	for _, c := range []struct {
		gone []mailcore.ID
		want mailcore.ID
	}{{[]mailcore.ID{1}, 2}, {[]mailcore.ID{3, 2}, 1}, {[]mailcore.ID{3, 2, 1}, 0}, {[]mailcore.ID{2}, 1}} {
		if got := m.After(c.gone); got != c.want {
			t.Errorf("after %v comes %d, not %d", c.gone, got, c.want)
		}
	}
}

func TestLateRepliesAreDropped(t *testing.T) {
	m, s, q := open(t, 5)
	gate := make(chan struct{})
	s.set(func() { s.gate = gate })
	m.Reload(nil)
	s.set(func() { s.gate, s.ids = nil, down(3, 1) })
	m.Open(mailcore.Query{Text: "x"})
	q.until(t, "the second query", m.Loaded)
	close(gate)
	q.until(t, "quiet", func() bool { return !m.listing })
	if m.Len() != 3 || m.Query().Text != "x" {
		t.Errorf("%d messages of %+v", m.Len(), m.Query())
	}
}

func TestAStormOfReloadsListsOnceMore(t *testing.T) {
	m, s, q := open(t, 5)
	gate := make(chan struct{})
	s.set(func() { s.gate, s.lists = gate, 0 })
	for range 100 {
		m.Reload(nil)
	}
	close(gate)
	q.until(t, "quiet", func() bool { return !m.listing && !m.again })
	s.set(func() {
		if s.lists != 2 {
			t.Errorf("listed %d times", s.lists)
		}
	})
}

func TestRowsAreReadAgainWhenTheyChanged(t *testing.T) {
	m, s, q := open(t, 200)
	q.until(t, "row 150", func() bool { _, ok := m.Row(150); return ok })
	id := m.ID(150)
	s.set(func() { s.flags[id] = mailcore.Flagged })
	reloaded(t, m, q, []mailcore.ID{id})
	q.until(t, "the star", func() bool { r, _ := m.Row(150); return r.Flags.Has(mailcore.Flagged) })
}

func TestAFailureIsTold(t *testing.T) {
	m, s, q := open(t, 5)
	var got error
	m.OnFailed = func(err error) { got = err }
	s.set(func() { s.err = errors.New("disk") })
	m.Reload(nil)
	q.until(t, "the failure", func() bool { return got != nil })
	if m.Len() != 5 {
		t.Error("what was shown went away")
	}
}

func words(t *testing.T) *assets.Words {
	t.Helper()
	w, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

type shownList struct {
	*List
	m    *Model
	s    *source
	q    *queue
	held fyne.KeyModifier
	now  time.Time
}

func show(t *testing.T, n int) *shownList {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light))
	m, s, q := open(t, n)
	x := &shownList{m: m, s: s, q: q, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	x.List = NewList(m, words(t), NewDates(words(t), func() time.Time { return x.now }))
	x.List.Modifiers = func() fyne.KeyModifier { return x.held }
	x.List.Now = func() time.Time { return x.now }
	w := test.NewTempWindow(t, x.List)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(376, 680)) // ten rows
	m.Reload(nil)
	q.until(t, "the first screen", func() bool { _, ok := m.Row(0); return ok && !m.listing })
	return x
}

func (x *shownList) key(k fyne.KeyName, held fyne.KeyModifier) {
	x.held = held
	x.List.TypedKey(&fyne.KeyEvent{Name: k})
	x.held = 0
}

func TestKeysMoveSelectAndExtend(t *testing.T) {
	x := show(t, 100)
	x.FocusGained()
	var read []mailcore.ID
	x.OnShow = func(id mailcore.ID) { read = append(read, id) }
	x.key(fyne.KeyHome, 0)
	x.key(fyne.KeyDown, 0)
	x.key(fyne.KeyDown, fyne.KeyModifierShift)
	if got := x.m.Selected(); !slices.Equal(got, []mailcore.ID{99, 98}) {
		t.Errorf("shift and down select %v", got)
	}
	x.key(fyne.KeyEnd, 0)
	if x.m.Cursor() != 1 || x.GetScrollOffset() == 0 {
		t.Errorf("End leads to %d, offset %.0f", x.m.Cursor(), x.GetScrollOffset())
	}
	x.key(fyne.KeyPageUp, 0)
	if x.m.Cursor() != 10 {
		t.Errorf("Page Up leads to %d", x.m.Cursor())
	}
	x.key(fyne.KeySpace, 0)
	if x.m.SelectedCount() != 0 {
		t.Error("Space does not take away")
	}
	if !slices.Equal(read, []mailcore.ID{100, 99, 1, 10}) {
		t.Errorf("to be read were %v", read)
	}
}

func TestClicks(t *testing.T) {
	x := show(t, 100)
	var opened, read mailcore.ID
	x.OnOpen = func(id mailcore.ID) { opened = id }
	x.OnShow = func(id mailcore.ID) { read = id }
	x.tapped(3)
	if read != 97 || opened != 0 {
		t.Fatalf("a click shows %d and opens %d", read, opened)
	}
	x.now = x.now.Add(100 * time.Millisecond)
	x.tapped(3)
	if opened != 97 {
		t.Error("a double click does not open")
	}
	opened = 0
	x.now = x.now.Add(time.Second)
	x.tapped(3)
	x.now = x.now.Add(time.Second)
	x.tapped(3)
	if opened != 0 {
		t.Error("two slow clicks open")
	}
	x.held = fyne.KeyModifierControl
	x.tapped(5)
	x.held = fyne.KeyModifierShift
	x.tapped(6)
	if got := x.m.Selected(); !slices.Equal(got, []mailcore.ID{95, 94}) {
		t.Errorf("control, then shift select %v", got)
	}
	var menu bool
	x.OnMenu = func(fyne.Position) { menu = true }
	x.secondary(6, fyne.Position{})
	if !menu || x.m.SelectedCount() != 2 {
		t.Errorf("the context menu on the selection left %d selected", x.m.SelectedCount())
	}
}

func TestArrivingMailDoesNotScroll(t *testing.T) {
	x := show(t, 500)
	x.ScrollToOffset(100*rowPitch + 20)
	top := x.m.ID(100)
	x.s.set(func() { x.s.ids = append(down(510, 501), x.s.ids...) })
	reloaded(t, x.m, x.q, nil)
	if got := x.GetScrollOffset(); got != 110*rowPitch+20 || x.m.ID(110) != top {
		t.Errorf("after ten new messages the offset is %.0f rows", got/rowPitch)
	}
	x.s.set(func() { x.s.ids = x.s.ids[:20] })
	reloaded(t, x.m, x.q, nil)
	if highest := 20*rowPitch - look.Unit - x.Size().Height; x.GetScrollOffset() > highest {
		t.Errorf("the list is scrolled beyond its end: %.0f", x.GetScrollOffset())
	}
	x.ScrollToTop()
	x.s.set(func() { x.s.ids = append(down(520, 511), x.s.ids...) })
	reloaded(t, x.m, x.q, nil)
	if x.GetScrollOffset() != 0 {
		t.Error("at the beginning new mail does not come into sight")
	}
}

func TestARowShowsItsState(t *testing.T) {
	x := show(t, 12)
	plain := x.row(t, 2)
	if plain.dot.FillColor != look.Colour(look.Accent) || !plain.who.TextStyle.Bold {
		t.Error("an unread row is not marked")
	}
	id := x.m.ID(2)
	x.m.Patch([]mailcore.ID{id}, func(m *mailcore.Message) {
		m.Flags = mailcore.Seen | mailcore.Flagged
		m.Attachments = true
	})
	r := x.row(t, 2)
	if r.who.TextStyle.Bold || r.star.Hidden || r.clip.Hidden {
		t.Errorf("read, starred, with attachments: %+v", r.face)
	}
	x.m.Select(id)
	if x.row(t, 2).paper.FillColor != look.Colour(look.Selection) {
		t.Error("the selected row has no colour")
	}
}

func (x *shownList) row(t *testing.T, place int) *rowWidget {
	t.Helper()
	for r, at := range x.shown {
		if at == place {
			return r
		}
	}
	t.Fatalf("no row at %d", place)
	return nil
}

func TestFacesHideTricks(t *testing.T) {
	f := faces{words: words(t), dates: NewDates(words(t), time.Now)}
	m := mailcore.Message{ID: 1}
	m.From = []mailcore.Address{{Name: "boss@bank.example", Addr: "thief@evil.example"}}
	m.Subject = "invoice\u202efdp.exe\r\nBcc: x\x00"
	got := f.of(m)
	if got.who != "thief@evil.example" {
		t.Errorf("shown as %q", got.who)
	}
	if got.subject != "invoicefdp.exe Bcc: x" {
		t.Errorf("subject %q", got.subject)
	}
	m.From, m.Subject = nil, " "
	if got := f.of(m); got.who != "(no sender)" || got.subject != "(no subject)" {
		t.Errorf("nothing is shown as %q, %q", got.who, got.subject)
	}
	f.sent = true
	m.To = []mailcore.Address{{Name: "Jonas"}, {Addr: "ines@x.example"}}
	if got := f.of(m).who; got != "To Jonas, ines@x.example" {
		t.Errorf("recipients %q", got)
	}
}

func TestDatesAreShort(t *testing.T) {
	now := time.Date(2026, 1, 10, 9, 0, 0, 0, time.UTC)
	d := NewDates(words(t), func() time.Time { return now })
	for want, at := range map[string]time.Time{
		"08:05":      now.Add(-55 * time.Minute),
		"Fri":        now.Add(-10 * time.Hour),
		"Sun":        time.Date(2026, 1, 4, 23, 0, 0, 0, time.UTC),
		"3 Jan":      time.Date(2026, 1, 3, 23, 0, 0, 0, time.UTC),
		"24 Dec":     time.Date(2025, 12, 24, 23, 0, 0, 0, time.UTC),
		"1 May 2025": time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC),
		"3 Mar 2027": time.Date(2027, 3, 3, 0, 0, 0, 0, time.UTC),
		"":           {},
	} {
		if got := d.Short(at); got != want {
			t.Errorf("%v is %q, not %q", at, got, want)
		}
	}
}

func BenchmarkScroll(b *testing.B) {
	a := test.NewApp()
	defer a.Quit()
	a.Settings().SetTheme(look.New(look.Light))
	w, err := assets.NewWords("en")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	q := &queue{}
	m := NewModel(ctx, &source{ids: down(200_000, 1)}, q.post)
	l := NewList(m, w, NewDates(w, time.Now))
	win := test.NewWindow(l)
	win.Resize(fyne.NewSize(376, 680))
	m.Open(mailcore.Query{})
	for !m.Loaded() {
		q.drain()
	}
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		l.ScrollToOffset(float32(i%150_000) * rowPitch)
		q.drain()
	}
}
