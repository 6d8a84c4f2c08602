package imapsync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// replayed is what one round of replay has put aside: operations that must wait.
type replayed map[store.OpID]bool

// replay carries out the pending operations that can be tried now. Those of one
// message keep their order; equal ones on many messages of a folder go together.
// A lost connection is an error and keeps the operation.
func (s *session) replay(ctx context.Context) error {
	aside := replayed{}
	for {
		ops, err := s.w.c.Store.Pending(ctx, s.w.id())
		if err != nil {
			return s.w.at(trouble.Storage, "read pending operations", err)
		}
		s.nextTry = earliest(ops)
		g := nextGroup(ops, aside, time.Now())
		if len(g) == 0 {
			return nil
		}
		for _, op := range g {
			aside[op.ID] = true // done, put off or refused: not again in this round
		}
		if err := s.perform(ctx, g); err != nil {
			return err
		}
	}
}

// earliest is when the first operation that waits for a time may be tried.
func earliest(ops []store.Op) time.Time {
	var first time.Time
	for _, op := range ops {
		if op.NotBefore.After(time.Now()) && (first.IsZero() || op.NotBefore.Before(first)) {
			first = op.NotBefore
		}
	}
	return first
}

// groupKey is what operations that go together have in common.
type groupKey struct {
	kind        store.OpKind
	folder      mailcore.FolderID
	uidValidity uint32
	known       bool // the UID
	target      mailcore.FolderID
	flags       mailcore.FlagDelta
	outbox      mailcore.OutboxID
}

func keyOf(op store.Op) groupKey {
	return groupKey{op.Kind, op.Folder, op.UIDValidity, op.UID != 0, op.Target, op.Flags, op.Outbox}
}

// nextGroup takes the first operation that may be tried and all that are like
// it, leaving out messages that have an earlier one.
func nextGroup(ops []store.Op, aside replayed, now time.Time) []store.Op {
	var group []store.Op
	busy := map[mailcore.ID]bool{}
	for _, op := range ops {
		ready := !aside[op.ID] && !op.NotBefore.After(now) && (op.Message == 0 || !busy[op.Message])
		if ready && (len(group) == 0 || keyOf(op) == keyOf(group[0])) {
			group = append(group, op)
		}
		if op.Message != 0 {
			busy[op.Message] = true
		}
	}
	return group
}

// perform carries a group out.
func (s *session) perform(ctx context.Context, g []store.Op) error {
	switch g[0].Kind {
	case store.OpFile:
		return s.file(ctx, g[0])
	case store.OpFind:
		return s.find(ctx, g[0])
	}
	f, ok, err := s.openFor(ctx, g)
	if err != nil || !ok {
		return err
	}
	defer s.w.c.Publish(mailcore.MessagesChanged{Account: s.w.id(), Folders: touched(g)})
	switch g[0].Kind {
	case store.OpFlags:
		return s.inChunks(ctx, g, s.changeFlags)
	case store.OpMove:
		return s.move(ctx, f, g)
	case store.OpExpunge:
		return s.inChunks(ctx, g, s.expunge)
	}
	return s.refuse(ctx, g, fmt.Errorf("unknown kind of change %q", g[0].Kind))
}

func touched(g []store.Op) []mailcore.FolderID {
	list := []mailcore.FolderID{g[0].Folder}
	if g[0].Target != 0 {
		list = append(list, g[0].Target)
	}
	return list
}

// openFor selects the folder of a group. It reports false if the group cannot
// be carried out now: UIDs not known yet or of an older UIDVALIDITY, which the
// next look at the folder clears up, or a folder that cannot be opened.
func (s *session) openFor(ctx context.Context, g []store.Op) (mailcore.Folder, bool, error) {
	f, err := s.w.c.Store.Folder(ctx, g[0].Folder)
	if errors.Is(err, store.ErrNotFound) {
		return f, false, s.refuse(ctx, g, fmt.Errorf("the folder is gone"))
	}
	if err != nil {
		return f, false, s.w.at(trouble.Storage, "read folder", err)
	}
	if g[0].UID == 0 {
		s.lookFirst(f.ID)
		return f, false, nil
	}
	if s.c.selected != f.ID {
		if _, err := s.w.selectFolder(s.c, f); err != nil {
			return f, false, s.cannotOpen(ctx, g, err)
		}
	}
	if s.c.selection.UIDValidity != g[0].UIDValidity {
		s.lookFirst(f.ID)
		return f, false, nil
	}
	return f, true, nil
}

// lookFirst makes a folder due, and its operations are tried again after that.
func (s *session) lookFirst(id mailcore.FolderID) {
	s.due[id] = true
	s.unplaced[id] = true
}

func (s *session) cannotOpen(ctx context.Context, g []store.Op, err error) error {
	var t *folderTrouble
	if !errors.As(err, &t) {
		return err
	}
	s.relist = true
	return s.notNow(ctx, g, t)
}

// inChunks calls f with parts of a group whose UIDs fit into one command.
func (s *session) inChunks(ctx context.Context, g []store.Op, f func(context.Context, []store.Op) error) error {
	for _, part := range opChunks(g) {
		if err := f(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// mostOps is how many operations go into one command.
const mostOps = 500

func opChunks(g []store.Op) [][]store.Op {
	byUID := map[mailcore.UID]store.Op{}
	for _, op := range g {
		byUID[op.UID] = op
	}
	var parts [][]store.Op
	for _, uids := range chunks(uidsOf(g), mostOps) {
		part := make([]store.Op, len(uids))
		for i, u := range uids {
			part[i] = byUID[u]
		}
		parts = append(parts, part)
	}
	return parts
}

// changeFlags sends STORE .SILENT for operations with equal deltas.
func (s *session) changeFlags(ctx context.Context, g []store.Op) error {
	d := g[0].Flags
	for _, half := range []struct {
		op    imap.StoreFlagsOp
		flags mailcore.Flags
	}{{imap.StoreFlagsAdd, d.Add}, {imap.StoreFlagsDel, d.Remove}} {
		flags := flagList(half.flags, s.c.selection.PermanentFlags)
		if len(flags) == 0 {
			continue
		}
		err := s.c.Store(uidSet(uidsOf(g)), &imap.StoreFlags{Op: half.op, Silent: true, Flags: flags}, nil).Close()
		if err != nil {
			return s.failed(ctx, g, err, s.changeFlags)
		}
	}
	return s.done(ctx, g)
}

// expunge deletes messages for good, and only these: never a plain EXPUNGE.
func (s *session) expunge(ctx context.Context, g []store.Op) error {
	if err := s.deleteOnServer(uidsOf(g)); err != nil {
		return s.failed(ctx, g, err, s.expunge)
	}
	s.leftBehind(g)
	return s.done(ctx, g)
}

// deleteOnServer marks messages \Deleted and expunges them where UID EXPUNGE
// exists (RFC 4315); elsewhere they stay marked.
func (s *session) deleteOnServer(uids []mailcore.UID) error {
	set := uidSet(uids)
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := s.c.Store(set, deleted, nil).Close(); err != nil {
		return err
	}
	if !s.uidPlus() {
		return nil
	}
	return s.c.UIDExpunge(set).Close()
}

// leftBehind remembers what stays on a server without UID EXPUNGE.
func (s *session) leftBehind(g []store.Op) {
	if s.uidPlus() {
		return
	}
	mem := s.w.memory.folder(g[0].Folder, s.c.selection.UIDValidity)
	for _, op := range g {
		mem.skipped[op.UID] = true
	}
}

func (s *session) done(ctx context.Context, g []store.Op) error {
	list := make([]store.Outcome, len(g))
	for i, op := range g {
		list[i].Op = op.ID
	}
	return s.w.at(trouble.Storage, "record changes", s.w.c.Store.OpsDone(ctx, list))
}
