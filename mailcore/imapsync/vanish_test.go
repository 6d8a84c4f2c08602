package imapsync

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// Mail that another client takes away unread, soon after it came, makes one hint;
// mail that it files in another folder does not.
func TestMailTakenAwayByAnotherDevice(t *testing.T) {
	u := host.Get(t).NewUser(t)
	b := newBench(t, u, options{pace: func(p *pace) { p.poll = 100 * time.Millisecond }})
	b.append("INBOX", "old")
	b.run()
	b.awaitWatching()
	come := func(name string) (uids []uint32) {
		t.Helper()
		before := len(b.newMail())
		for i := range vanishHint {
			uids = append(uids, b.append("INBOX", fmt.Sprintf("%s %d", name, i)))
		}
		b.await("new mail", func() bool { return len(b.newMail()) == before+vanishHint })
		return uids
	}

	uids := come("filed")
	for i := range vanishHint {
		b.append("Archive", fmt.Sprintf("filed %d", i))
	}
	b.host.Expunge(t, u, "INBOX", uids...)
	b.await("they are filed", func() bool { return len(b.rows("INBOX")) == 1 && len(b.rows("Archive")) == vanishHint })
	checked := b.worker.Progress().Checked
	b.await("another comparison", func() bool { return b.worker.Progress().Checked.After(checked) })
	if len(b.troubles()) != 0 {
		t.Fatalf("filed mail: %v", b.troubles())
	}

	b.host.Expunge(t, u, "INBOX", come("taken")...)
	b.await("the hint", func() bool { return len(b.troubles()) > 0 })
	b.host.Expunge(t, u, "INBOX", come("again")...)
	b.await("the second lot is gone", func() bool { return len(b.rows("INBOX")) == 1 })
	var p *mailcore.Problem
	if got := b.troubles(); len(got) != 1 || !errors.As(got[0], &p) || p.Key != "engine.taken-away" {
		t.Errorf("problems: %v", got)
	}
}
