package imapsync

import (
	"context"
	"slices"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// again asks once more for messages that did not come though the server said
// OK: expunged meanwhile, or an unasked FETCH took the answer's place.
func (p *pipeline) again(ctx context.Context, win *window) error {
	missing := win.missing()
	if len(missing) == 0 || p.guess {
		return nil
	}
	for _, part := range chunks(missing, largestWindow) {
		more := p.l.s.c.fetchHeaders(uidSet(part), part, false)
		<-more.done
		win.arrived = append(win.arrived, more.arrived...)
		if more.err != nil && refusal(more.err) == nil {
			p.l.mem.blame(more, p.l.s.c.odd())
			return p.l.s.w.at(trouble.Fetch, "fetch headers of "+p.l.f.Path, more.err)
		}
	}
	return nil
}

// piecewise takes a refused window apart until the message that the server
// cannot read is alone, and leaves that one out.
func (p *pipeline) piecewise(ctx context.Context, win *window) error {
	missing := win.missing()
	if len(missing) == 1 {
		return p.alone(ctx, win, missing[0])
	}
	half := len(missing) / 2
	for _, part := range [][]mailcore.UID{missing[:half], missing[half:]} {
		if len(part) == 0 {
			continue
		}
		more := p.l.s.c.fetchHeaders(uidSet(part), part, false)
		<-more.done
		if more.err != nil {
			if refusal(more.err) == nil {
				p.l.mem.blame(more, p.l.s.c.odd())
				return p.l.s.w.at(trouble.Fetch, "fetch headers of "+p.l.f.Path, more.err)
			}
			if err := p.piecewise(ctx, more); err != nil {
				return err
			}
		}
		win.arrived = append(win.arrived, more.arrived...)
	}
	return nil
}

func (p *pipeline) alone(_ context.Context, win *window, uid mailcore.UID) error {
	more := p.l.s.c.fetchHeaders(uidSet([]mailcore.UID{uid}), []mailcore.UID{uid}, true)
	<-more.done
	if more.err != nil && refusal(more.err) == nil {
		p.l.mem.blame(more, p.l.s.c.odd())
		return p.l.s.w.at(trouble.Fetch, "fetch headers of "+p.l.f.Path, more.err)
	}
	if more.err != nil {
		p.l.s.w.c.Log.Warn("imapsync: a message cannot be fetched", "folder", p.l.f.Path, "uid", uid, "error", more.err)
		p.l.mem.giveUp(uid)
	}
	win.arrived = append(win.arrived, more.arrived...)
	return nil
}

// missing returns what was asked for and did not come.
func (win *window) missing() []mailcore.UID {
	if len(win.arrived) == len(win.uids) {
		return nil
	}
	came := make([]mailcore.UID, 0, len(win.arrived))
	for _, a := range win.arrived {
		came = append(came, a.UID)
	}
	slices.Sort(came)
	return minus(win.uids, came)
}

// blame remembers that asking for a window ended the connection: later ones are
// smaller, and the first message that did not come (servers answer in order) is
// asked for alone.
func (m *folderMemory) blame(win *window, odd bool) {
	missing := win.missing()
	if len(missing) == 0 {
		m.ceiling = max(m.size()/2, 1)
		return
	}
	m.ceiling = max(len(win.uids)/2, 1)
	if !odd && len(win.uids) > 1 {
		return // the network ended: nobody's fault
	}
	u := missing[0]
	if m.failed[u]++; m.failed[u] >= failuresToSkip {
		delete(m.failed, u)
		m.giveUp(u)
	}
}

func (m *folderMemory) size() int {
	if m.ceiling == 0 {
		return largestWindow
	}
	return m.ceiling
}

// relax lets windows grow again after one that came through.
func (m *folderMemory) relax(uids []mailcore.UID) {
	if len(uids) == 1 {
		delete(m.failed, uids[0])
	}
	if m.ceiling *= 2; m.ceiling >= largestWindow {
		m.ceiling = 0
	}
}
