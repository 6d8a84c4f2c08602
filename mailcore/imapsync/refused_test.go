package imapsync

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// More messages are moved than one command names, and one of the first is gone:
// looking for it in the target must not leave the target selected for the rest.
func TestMoveOfManyWithOneGone(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.corpus("INBOX", mostOps+20, 3)
	b.sync()
	b.must(b.store.Move(context.Background(), ids(b.rows("INBOX")), b.folder("Archive").ID))
	b.host.Expunge(t, u, "INBOX", 7)
	b.sync()
	b.sync()
	if n := len(b.host.Fetch(t, u, "INBOX")); n != 0 {
		t.Errorf("%d messages stayed in INBOX on the server", n)
	}
	b.same("Archive")
	if n := len(b.rows("Archive")); n != mostOps+19 {
		t.Errorf("%d messages in Archive", n)
	}
}

// A folder that is listed, has a state and cannot be opened is tried at each
// comparison of all folders, not again and again.
func TestFolderThatCannotBeOpened(t *testing.T) {
	selects := new(atomic.Int32)
	b := newSpoiled(t, spoiler{closed: "Archive", selects: selects}, options{})
	b.append("Archive", "out of reach")
	b.append("INBOX", "within reach")
	b.run()
	b.awaitWatching()
	b.append("INBOX", "and another")
	b.await("new mail", func() bool { return len(b.rows("INBOX")) == 2 })
	if n := selects.Load(); n == 0 || n > 3 {
		t.Errorf("the folder was selected %d times", n)
	}
	left := b.worker.LeftOut()
	if len(left) != 1 || left[0].Folder != b.folder("Archive").ID || left[0].Err == nil {
		t.Errorf("left out: %+v", left)
	}
}

// The account says that the server files sent mail itself, and it does not.
func TestAcceptedMessageThatTheServerDoesNotFile(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{pace: func(p *pace) { p.find = []time.Duration{10 * time.Millisecond, 20 * time.Millisecond} }})
	b.sync()
	out := b.sendFrom("u", "nobody filed it")
	b.waitForFiling(out, store.OpFind, mailcore.ToFile, b.folder("Sent").ID)
	b.run()
	b.await("the copy", func() bool { return b.state(out) == mailcore.Done })
	if got := b.host.Fetch(t, u, "Sent"); len(got) != 1 || !strings.Contains(string(got[0].Raw), "nobody filed it") {
		t.Errorf("Sent has %d messages", len(got))
	}
}

// A one-off sync that is given up while another one has the turn.
func TestSyncOnceGivenUpWhileItWaits(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{})
	b.sync()
	ctx, cancel := context.WithCancel(context.Background())
	c, err := b.worker.dial(ctx)
	b.must(err)
	defer c.close()
	s := b.worker.newSession(c, nil)
	s.once = &once{began: time.Now()}
	b.must(s.readFolders(ctx))
	b.worker.turn <- struct{}{} // somebody else's
	defer func() { <-b.worker.turn }()
	cancel()
	if err := s.lookAtAll(ctx, s.folders, false); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
