package store

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/linnet-mail/linnet/mailcore"
)

// world is a store, the server it belongs to, and a worker between the two that
// may hold operations it has read while the person goes on changing things.
type world struct {
	s       *Store
	folders []mailcore.FolderID
	server  map[mailcore.FolderID]*serverFolder
	serial  int
	held    []Op
	// wish is what the person last asked for a message, by its serial, while
	// nothing has spoken against it.
	wish map[int]*wish
	// contested are the messages of which no wish can be kept: another client has
	// changed the flags (a mark that the person takes back leaves what that
	// client has set), or the answer to a move was lost.
	contested map[int]bool
}

type wish struct {
	flags  map[mailcore.Flags]bool
	folder mailcore.FolderID // 0: none; gone: expunged
}

const gone = mailcore.FolderID(-1)

type serverFolder struct {
	validity uint32
	next     mailcore.UID
	mail     map[mailcore.UID]*serverMail
}

type serverMail struct {
	serial int
	flags  mailcore.Flags
}

func (f *serverFolder) add(m *serverMail) mailcore.UID {
	uid := f.next
	f.next++
	f.mail[uid] = m
	return uid
}

func (f *serverFolder) pick(t *rapid.T) (mailcore.UID, bool) {
	uids := slices.Sorted(maps.Keys(f.mail))
	if len(uids) == 0 {
		return 0, false
	}
	return rapid.SampledFrom(uids).Draw(t, "uid"), true
}

func newWorld(tb testing.TB, path string) *world {
	s, _, err := Open(context.Background(), path)
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{s: s, wish: map[int]*wish{}, contested: map[int]bool{}, server: map[mailcore.FolderID]*serverFolder{}}
	a, b, c := testFolders(tb, s, acct)
	w.folders = []mailcore.FolderID{a, b, c}
	for _, f := range w.folders {
		w.server[f] = &serverFolder{validity: 7, next: 1, mail: map[mailcore.UID]*serverMail{}}
	}
	return w
}

func (w *world) folder(t *rapid.T, label string) mailcore.FolderID {
	return rapid.SampledFrom(w.folders).Draw(t, label)
}

var someFlags = []mailcore.Flags{mailcore.Seen, mailcore.Flagged, mailcore.Answered}

func (w *world) deliver(t *rapid.T) {
	w.serial++
	w.server[w.folder(t, "folder")].add(&serverMail{serial: w.serial})
}

func (w *world) elsewhereFlag(t *rapid.T) {
	f := w.server[w.folder(t, "folder")]
	if uid, any := f.pick(t); any {
		f.mail[uid].flags ^= rapid.SampledFrom(someFlags).Draw(t, "flag")
		w.contested[f.mail[uid].serial] = true
	}
}

func (w *world) elsewhereExpunge(t *rapid.T) {
	f := w.server[w.folder(t, "folder")]
	if uid, any := f.pick(t); any {
		delete(w.wish, f.mail[uid].serial)
		delete(f.mail, uid)
	}
}

func (w *world) newGeneration(t *rapid.T) {
	f := w.server[w.folder(t, "folder")]
	old := f.mail
	f.validity++
	f.next, f.mail = mailcore.UID(f.validity)*100, map[mailcore.UID]*serverMail{}
	for _, uid := range slices.Sorted(maps.Keys(old)) {
		f.add(old[uid])
	}
}

// sync brings a folder up to date, as imapsync does.
func (w *world) sync(t *rapid.T, id mailcore.FolderID) {
	ctx, f := context.Background(), w.server[id]
	fresh := false
	if c := must[Cursor](t)(w.s.Cursor(ctx, id)); c.UIDValidity != f.validity {
		ok(t, w.s.BeginGeneration(ctx, id, f.validity))
		fresh = true
	}
	known := must[[]mailcore.UID](t)(w.s.UIDs(ctx, id))
	b := Batch{Folder: id, Cursor: &Cursor{UIDValidity: f.validity, UIDNext: f.next, Backfilled: 1}}
	for _, uid := range known {
		if m := f.mail[uid]; m != nil {
			b.Flags = append(b.Flags, FlagState{uid, m.flags})
		} else {
			b.Gone = append(b.Gone, uid)
		}
	}
	for _, uid := range slices.Sorted(maps.Keys(f.mail)) {
		if _, here := slices.BinarySearch(known, uid); !here {
			a := arrival(mailcore.UID(f.mail[uid].serial))
			a.UID, a.Flags = uid, f.mail[uid].flags
			b.Arrived = append(b.Arrived, a)
		}
	}
	must[Applied](t)(w.s.Apply(ctx, b))
	if fresh || len(w.held) == 0 {
		must[int](t)(w.s.EndGeneration(ctx, id))
	}
}

// shown picks some of the messages that the person sees.
func (w *world) shown(t *rapid.T) []mailcore.ID {
	ids := must[[]mailcore.ID](t)(w.s.List(context.Background(), mailcore.Query{Folder: w.folder(t, "list")}))
	if len(ids) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(3, len(ids)), rapid.ID).Draw(t, "messages")
}

// wishes returns what is noted of messages, to be changed. It is asked before
// the change: what is expunged has no row to look at.
func (w *world) wishes(t *rapid.T, ids []mailcore.ID) (list []*wish) {
	for _, m := range must[[]mailcore.Message](t)(w.s.Rows(context.Background(), ids)) {
		serial := serialOf(m.MessageID)
		if w.wish[serial] == nil {
			w.wish[serial] = &wish{flags: map[mailcore.Flags]bool{}}
		}
		list = append(list, w.wish[serial])
	}
	return list
}

func serialOf(messageID string) (n int) {
	_, _ = fmt.Sscanf(messageID, "m%d@", &n)
	return n
}

func (w *world) mark(t *rapid.T) {
	flag := rapid.SampledFrom(someFlags).Draw(t, "flag")
	d := mailcore.FlagDelta{Add: flag}
	if rapid.Bool().Draw(t, "remove") {
		d = d.Inverse()
	}
	ids := w.shown(t)
	for i, wish := range w.wishes(t, ids) {
		// A flag that it has here already is no change to ask the server for.
		if m := must[mailcore.Message](t)(w.s.Message(context.Background(), ids[i])); d.Apply(m.Flags) != m.Flags {
			wish.flags[flag] = d.Add != 0
		}
	}
	ok(t, w.s.Mark(context.Background(), ids, d))
}

func (w *world) move(t *rapid.T) {
	ids, target := w.shown(t), w.folder(t, "target")
	for i, wish := range w.wishes(t, ids) {
		if m := must[mailcore.Message](t)(w.s.Message(context.Background(), ids[i])); m.Folder != target {
			wish.folder = target
		}
	}
	ok(t, w.s.Move(context.Background(), ids, target))
}

func (w *world) expunge(t *rapid.T) {
	ids := w.shown(t)
	for _, wish := range w.wishes(t, ids) {
		wish.folder = gone
	}
	ok(t, w.s.Expunge(context.Background(), ids))
}

func (w *world) readPending(t *rapid.T) {
	w.held = must[[]Op](t)(w.s.Pending(context.Background(), acct))
}

// carryOut does the next held operation on the server, or has it refused.
func (w *world) carryOut(t *rapid.T) {
	if len(w.held) == 0 {
		return
	}
	op := w.held[0]
	w.held = w.held[1:]
	f := w.server[op.Folder]
	if op.UID == 0 || op.UIDValidity != f.validity {
		w.held = nil // read again once it is known
		return
	}
	if rapid.IntRange(0, 7).Draw(t, "refused") == 0 {
		w.forget(f, op)
		ok(t, w.s.OpRefused(context.Background(), op.ID))
		return
	}
	lost := rapid.IntRange(0, 9).Draw(t, "answer lost") == 0
	if lost && op.Kind == OpMove {
		// The next sync finds it gone, with all that waits for it.
		if m := f.mail[op.UID]; m != nil {
			w.contested[m.serial] = true
		}
	}
	newUID, validity := w.perform(t, op, f)
	if lost {
		return
	}
	ok(t, w.s.OpDone(context.Background(), op.ID, newUID, validity))
}

func (w *world) forget(f *serverFolder, op Op) {
	if m := f.mail[op.UID]; m != nil {
		delete(w.wish, m.serial)
	}
}

// perform is the server's part. A UID that is gone is no error in IMAP.
func (w *world) perform(t *rapid.T, op Op, f *serverFolder) (mailcore.UID, uint32) {
	m := f.mail[op.UID]
	switch op.Kind {
	case OpFlags:
		if m != nil {
			m.flags = op.Flags.Apply(m.flags)
		}
	case OpExpunge:
		delete(f.mail, op.UID)
	case OpMove:
		if m == nil {
			return 0, 0
		}
		delete(f.mail, op.UID)
		uid := w.server[op.Target].add(m)
		if rapid.Bool().Draw(t, "COPYUID") {
			return uid, w.server[op.Target].validity
		}
	}
	return 0, 0
}

// settleDown lets everything reach the server and back.
func (w *world) settleDown(t *rapid.T) {
	for range 100 {
		for _, f := range w.folders {
			w.sync(t, f)
		}
		if w.readPending(t); len(w.held) == 0 {
			// Rows that wait for their UID are cleared away only by a comparison
			// with no operation under way, which the last one may not have been.
			for _, f := range w.folders {
				w.sync(t, f)
			}
			return
		}
		for len(w.held) > 0 {
			w.carryOut(t)
		}
	}
	t.Fatalf("operations never end: %+v", must[[]Op](t)(w.s.Pending(context.Background(), acct)))
}

// compare fails if server and store do not hold the same.
func (w *world) compare(t *rapid.T) {
	for _, id := range w.folders {
		want := map[string]mailcore.Flags{}
		for _, m := range w.server[id].mail {
			w.compareWish(t, id, m)
			want[fmt.Sprintf("m%d@example.org", m.serial)] = m.flags
		}
		got := map[string]mailcore.Flags{}
		for _, m := range must[[]mailcore.Message](t)(w.s.Page(context.Background(), mailcore.Query{Folder: id}, 1000, 0)) {
			got[m.MessageID] = m.Flags
		}
		if !maps.Equal(want, got) {
			t.Errorf("folder %d\n server %v\n here   %v", id, want, got)
		}
	}
}

// compareWish fails if a message is not as the person wanted it.
func (w *world) compareWish(t *rapid.T, folder mailcore.FolderID, m *serverMail) {
	wish := w.wish[m.serial]
	if wish == nil || w.contested[m.serial] {
		return
	}
	if wish.folder != 0 && wish.folder != folder {
		t.Errorf("message %d is in folder %d, wanted in %d", m.serial, folder, wish.folder)
	}
	for flag, on := range wish.flags {
		if m.flags.Has(flag) != on {
			t.Errorf("message %d has flags %b, wanted %b to be %v", m.serial, m.flags, flag, on)
		}
	}
}

// TestModel does whatever people, servers and other clients may do, in any
// order. The kept numbers are right at every moment, and at the end server and
// store agree, and what the person wanted was done.
func TestModel(t *testing.T) {
	var n atomic.Int64
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, filepath.Join(dir, fmt.Sprint(n.Add(1)), "mail.db"))
		defer w.s.Close()
		rt.Repeat(map[string]func(*rapid.T){
			"deliver": w.deliver, "deliver again": w.deliver, "flag elsewhere": w.elsewhereFlag,
			"expunge elsewhere": w.elsewhereExpunge, "new generation": w.newGeneration,
			"sync": func(t *rapid.T) { w.sync(t, w.folder(t, "synced")) },
			"mark": w.mark, "unmark": w.mark, "move": w.move, "move on": w.move, "expunge": w.expunge,
			"read pending": w.readPending, "carry out": w.carryOut, "carry on": w.carryOut,
			"": func(t *rapid.T) { checkCounts(t, w.s) },
		})
		w.settleDown(rt)
		w.compare(rt)
		checkCounts(rt, w.s)
		ok(rt, w.s.Check(context.Background()))
	})
}
