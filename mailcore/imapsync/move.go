package imapsync

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// places says where moved messages are now: source UID to UID in the target.
type places struct {
	uidValidity uint32
	uids        map[mailcore.UID]mailcore.UID
}

// move carries out a group of moves from the selected folder f to one target.
func (s *session) move(ctx context.Context, f mailcore.Folder, g []store.Op) error {
	target, err := s.w.c.Store.Folder(ctx, g[0].Target)
	if errors.Is(err, store.ErrNotFound) {
		return s.refuse(ctx, g, errTargetGone)
	}
	if err != nil {
		return s.w.at(trouble.Storage, "read folder", err)
	}
	s.due[target.ID] = true
	each := s.moveWithMOVE
	if !s.c.caps.Has(imap.CapMove) {
		each = s.moveByCopy
	}
	return s.inChunks(ctx, g, func(ctx context.Context, part []store.Op) error {
		return each(ctx, f, target, part)
	})
}

// moveWithMOVE is RFC 6851.
func (s *session) moveWithMOVE(ctx context.Context, f, target mailcore.Folder, g []store.Op) error {
	// What was absent in the part before this one was looked for in target.
	if _, ok, err := s.openFor(ctx, g); err != nil || !ok {
		return err
	}
	data, err := s.c.Move(uidSet(uidsOf(g)), target.Path).Wait()
	if err != nil {
		return s.moveFailed(ctx, g, err, func(ctx context.Context, one []store.Op) error {
			return s.moveWithMOVE(ctx, f, target, one)
		})
	}
	return s.moved(ctx, f, target, g, placesOf(data.UIDValidity, data.SourceUIDs, data.DestUIDs))
}

// moveFailed adds to failed that a missing target is looked into.
func (s *session) moveFailed(ctx context.Context, g []store.Op, err error, again func(context.Context, []store.Op) error) error {
	if no := refusal(err); no != nil && (no.Code == imap.ResponseCodeTryCreate || no.Code == imap.ResponseCodeNonExistent) {
		s.relist = true
		return s.refuse(ctx, g, err)
	}
	return s.failed(ctx, g, err, again)
}

// moveByCopy is for servers without MOVE: COPY, \Deleted, UID EXPUNGE. A COPY
// that may have happened already is looked for before another is made.
func (s *session) moveByCopy(ctx context.Context, f, target mailcore.Folder, g []store.Op) error {
	copied, err := s.copiedBefore(ctx, target, g)
	if err != nil {
		return err
	}
	if _, ok, err := s.openFor(ctx, g); err != nil || !ok {
		return err
	}
	var left []store.Op
	for _, op := range g {
		if copied.uids[op.UID] == 0 {
			left = append(left, op)
		}
	}
	if len(left) > 0 {
		if err := s.copy(ctx, target, left, &copied); err != nil {
			return s.moveFailed(ctx, g, err, func(ctx context.Context, one []store.Op) error {
				return s.moveByCopy(ctx, f, target, one)
			})
		}
	}
	if err := s.deleteOnServer(uidsOf(g)); err != nil {
		return s.failed(ctx, g, err, func(ctx context.Context, one []store.Op) error { return s.notNow(ctx, one, err) })
	}
	s.leftBehind(g)
	return s.moved(ctx, f, target, g, copied)
}

func (s *session) copy(ctx context.Context, target mailcore.Folder, g []store.Op, done *places) error {
	for _, op := range g { // from here on a COPY may have happened
		if err := s.w.c.Store.OpRetry(ctx, op.ID, time.Time{}); err != nil {
			return s.w.at(trouble.Storage, "record an attempt", err)
		}
	}
	data, err := s.c.Copy(uidSet(uidsOf(g)), target.Path).Wait()
	if err != nil {
		return err
	}
	p := placesOf(data.UIDValidity, data.SourceUIDs, data.DestUIDs)
	if done.uids == nil {
		*done = p
		return nil
	}
	for from, to := range p.uids {
		done.uids[from] = to
	}
	return nil
}

// copiedBefore finds the copies that an attempt before this one left in target.
func (s *session) copiedBefore(ctx context.Context, target mailcore.Folder, g []store.Op) (places, error) {
	p := places{uids: map[mailcore.UID]mailcore.UID{}}
	for _, op := range g {
		if op.Attempts == 0 {
			continue
		}
		uid, validity, err := s.inTarget(ctx, target, op)
		if err != nil {
			return p, err
		}
		if uid != 0 {
			p.uids[op.UID], p.uidValidity = uid, validity
		}
	}
	return p, nil
}

// inTarget looks for a moved message in the folder it was moved to, by its
// Message-ID; the newest one that no row here stands for.
func (s *session) inTarget(ctx context.Context, target mailcore.Folder, op store.Op) (mailcore.UID, uint32, error) {
	m, err := s.w.c.Store.Message(ctx, op.Message)
	if err != nil || m.MessageID == "" {
		return 0, 0, nil //nolint:nilerr // nothing to look for
	}
	uids, validity, err := s.byMessageID(target, m.MessageID)
	if err != nil {
		return 0, 0, err
	}
	for _, u := range slices.Backward(uids) {
		if _, err := s.w.c.Store.ByUID(ctx, target.ID, u); errors.Is(err, store.ErrNotFound) {
			return u, validity, nil
		}
	}
	return 0, 0, nil
}

// byMessageID selects a folder and searches it.
func (s *session) byMessageID(f mailcore.Folder, messageID string) ([]mailcore.UID, uint32, error) {
	if err := s.reopen(f); err != nil {
		return nil, 0, err
	}
	data, err := s.c.UIDSearch(&imap.SearchCriteria{
		Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}},
	}, nil).Wait()
	if err != nil {
		return nil, 0, s.w.at(trouble.Change, "search "+f.Path, err)
	}
	uids, err := expand(data, int(s.c.selection.NumMessages))
	return uids, s.c.selection.UIDValidity, s.w.at(trouble.Change, "search "+f.Path, err)
}

// reopen selects a folder unless it is selected.
func (s *session) reopen(f mailcore.Folder) error {
	if s.c.selected == f.ID {
		return nil
	}
	_, err := s.w.selectFolder(s.c, f)
	return err
}

// moved records where messages are now. One that the server did not move though
// it said OK was moved by an attempt whose answer was lost, or is gone.
func (s *session) moved(ctx context.Context, f, target mailcore.Folder, g []store.Op, p places) error {
	var absent []store.Op
	var done []store.Outcome
	for _, op := range g {
		uid, ok := p.uids[op.UID]
		if !ok && len(p.uids) > 0 || !ok && s.uidPlus() {
			absent = append(absent, op)
			continue
		}
		if uid == 0 {
			s.unplaced[target.ID] = true
		}
		done = append(done, store.Outcome{Op: op.ID, UID: uid, UIDValidity: p.uidValidity})
	}
	if err := s.w.c.Store.OpsDone(ctx, done); err != nil {
		return s.w.at(trouble.Storage, "record moves", err)
	}
	return s.settleAbsent(ctx, f, target, absent)
}

func (s *session) settleAbsent(ctx context.Context, f, target mailcore.Folder, g []store.Op) error {
	for _, op := range g {
		uid, validity, err := s.inTarget(ctx, target, op)
		if err != nil {
			return err
		}
		if uid != 0 {
			err = s.w.c.Store.OpDone(ctx, op.ID, uid, validity)
		} else {
			_, err = s.w.c.Store.Apply(ctx, store.Batch{Folder: f.ID, Gone: []mailcore.UID{op.UID}})
		}
		if err != nil {
			return s.w.at(trouble.Storage, "record a move", err)
		}
	}
	return nil
}

// placesOf pairs the UIDs of a COPYUID. The library has sorted both sets; they
// belong together in that order because servers number copies as they go through
// the source, which we name in ascending order.
func placesOf(validity uint32, source, dest imap.NumSet) places {
	p := places{uidValidity: validity, uids: map[mailcore.UID]mailcore.UID{}}
	from, to := boundedUIDs(source), boundedUIDs(dest)
	if len(from) != len(to) {
		return places{}
	}
	for i := range from {
		p.uids[from[i]] = to[i]
	}
	return p
}

// boundedUIDs expands a set of at most as many UIDs as one command names.
func boundedUIDs(set imap.NumSet) []mailcore.UID {
	uidSet, _ := set.(imap.UIDSet)
	uids, err := expand(&imap.SearchData{All: uidSet}, mostOps)
	if err != nil {
		return nil
	}
	return uids
}

func uidsOf(g []store.Op) []mailcore.UID {
	uids := make([]mailcore.UID, len(g))
	for i, op := range g {
		uids[i] = op.UID
	}
	slices.Sort(uids)
	return slices.Compact(uids)
}
