package imapsync

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// FolderReport is what a one-off sync did in one folder.
type FolderReport struct {
	Folder                mailcore.Folder
	New, Changed, Removed int
	BytesIn, BytesOut     int64
}

// Report is what a one-off sync did. Its times count from the call.
type Report struct {
	Folders           []FolderReport
	Bodies            int
	FirstScreen       time.Duration // until the first 100 rows were stored
	Listable          time.Duration
	Searchable        time.Duration
	BytesIn, BytesOut int64
}

// once is the state of a SyncOnce.
type once struct {
	began  time.Time
	rows   int
	report Report
}

// screenful is how many rows make a first screen.
const screenful = 100

// rowsStored notes when the first screen was full.
func (s *session) rowsStored(n int) {
	if s.once == nil || n == 0 {
		return
	}
	before := s.once.rows
	s.once.rows += n
	if before < screenful && s.once.rows >= screenful {
		s.once.report.FirstScreen = time.Since(s.once.began)
	}
}

// say tells how far a folder has come, unless the status line tells of Run.
func (s *session) say(folder string, done, total int) {
	if s.once == nil || s.w.runContext() == nil {
		s.w.setSyncing(folder, done, total)
	}
}

// reportFor begins a folder's report, nil if nobody wants one.
func (s *session) reportFor(f mailcore.Folder) *FolderReport {
	if s.once == nil {
		return nil
	}
	s.once.report.Folders = append(s.once.report.Folders, FolderReport{Folder: f})
	return &s.once.report.Folders[len(s.once.report.Folders)-1]
}

// SyncOnce replays pending operations and brings the named folders (all with
// none) up to date, with bodies too if asked. It also works while Run runs. The
// report holds what was done before an error, too.
func (w *Worker) SyncOnce(ctx context.Context, folders []string, bodies bool) (Report, error) {
	o := &once{began: time.Now()}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer func() {
		if w.runContext() == nil {
			w.setPhase(mailcore.Offline)
		}
	}()
	var err error
	for redials := 0; ; redials++ {
		var odd bool
		odd, err = w.syncOver(ctx, o, folders, bodies)
		if !odd || redials >= maxRedials {
			break
		}
		o.report.Folders = nil // looked at again; what is here already is not new
	}
	return o.report, err
}

// syncOver does a SyncOnce over one connection, and reports whether an odd
// answer ended it.
func (w *Worker) syncOver(ctx context.Context, o *once, folders []string, bodies bool) (odd bool, err error) {
	c, err := w.dial(ctx)
	if err != nil {
		return false, err
	}
	defer c.close()
	s := w.newSession(c, nil)
	s.once = o
	err = c.because(s.syncOnce(ctx, folders, bodies))
	in, out := c.Bytes()
	o.report.BytesIn += in
	o.report.BytesOut += out
	return err != nil && ctx.Err() == nil && refusal(err) == nil && c.odd(), err
}

func (s *session) syncOnce(ctx context.Context, names []string, bodies bool) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := s.turn(ctx, func() error { return s.replay(ctx) }); err != nil {
		return err
	}
	chosen, err := s.chosen(names)
	if err != nil {
		return err
	}
	failed := s.lookAtAll(ctx, chosen, len(names) > 0)
	var t *folderTrouble
	if failed != nil && !errors.As(failed, &t) {
		return failed
	}
	if err := s.replayRest(ctx); err != nil {
		return err
	}
	s.once.report.Listable = time.Since(s.once.began)
	if s.once.report.FirstScreen == 0 {
		s.once.report.FirstScreen = s.once.report.Listable
	}
	if bodies {
		for _, f := range chosen {
			if err := s.allBodies(ctx, f); err != nil {
				return err
			}
		}
	}
	return errors.Join(failed, s.indexAll(ctx))
}

// replayRest carries out what could not be before the folders were looked at:
// operations on messages whose UIDs were not known.
func (s *session) replayRest(ctx context.Context) error {
	clear(s.due)
	if err := s.turn(ctx, func() error { return s.replay(ctx) }); err != nil {
		return err
	}
	for _, f := range s.folders {
		if !s.due[f.ID] {
			continue
		}
		r := s.once.report.Folders
		_, err := s.look(ctx, f)
		s.once.report.Folders = r // it was reported
		var t *folderTrouble
		if err != nil && !errors.As(err, &t) {
			return err
		}
	}
	return nil
}

// chosen finds folders by path, in the order in which they are looked at; all
// that can be selected with no names.
func (s *session) chosen(names []string) ([]mailcore.Folder, error) {
	var list []mailcore.Folder
	for _, f := range s.folders {
		if f.Selectable && (len(names) == 0 || slices.Contains(names, f.Path)) {
			list = append(list, f)
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(list, func(f mailcore.Folder) bool { return f.Path == n }) {
			return nil, fmt.Errorf("imapsync: folder %q: %w", n, store.ErrNotFound)
		}
	}
	slices.SortStableFunc(list, func(a, b mailcore.Folder) int { return s.rank(a) - s.rank(b) })
	return list, nil
}

// lookAtAll compares folders. One that cannot be opened is an error only if it
// was named; the others are done in any case.
func (s *session) lookAtAll(ctx context.Context, list []mailcore.Folder, named bool) error {
	var failed error
	for _, f := range list {
		in, out := s.c.Bytes()
		_, err := s.look(ctx, f)
		var t *folderTrouble
		if errors.As(err, &t) {
			s.w.c.Log.Warn("imapsync: a folder is left out", "error", t)
			if named {
				failed = errors.Join(failed, err)
			}
			continue
		}
		if err != nil {
			return err
		}
		if err := s.sum(ctx, f, in, out); err != nil {
			return err
		}
	}
	return failed
}

// sum completes the report of the folder looked at last.
func (s *session) sum(ctx context.Context, f mailcore.Folder, in, out int64) error {
	r := &s.once.report.Folders[len(s.once.report.Folders)-1]
	now, err := s.w.c.Store.Folder(ctx, f.ID)
	if err != nil {
		return s.w.at(trouble.Storage, "read folder", err)
	}
	r.Folder = now
	nowIn, nowOut := s.c.Bytes()
	r.BytesIn, r.BytesOut = nowIn-in, nowOut-out
	return nil
}

// allBodies fetches every body of a folder that is not here. What cannot be had
// stays among those asked for, so more are asked for then.
func (s *session) allBodies(ctx context.Context, f mailcore.Folder) error {
	for limit := 4 * bodiesAtOnce; ; {
		rows, err := s.w.c.Store.WithoutBody(ctx, f.ID, math.MaxInt64, limit)
		if err != nil {
			return s.w.at(trouble.Storage, "list messages", err)
		}
		ids, err := s.fetchSome(ctx, f, rows)
		s.once.report.Bodies += len(ids)
		switch {
		case err != nil && refusal(err) == nil:
			return err
		case len(ids) == 0 && len(rows) < limit:
			return nil
		case len(ids) == 0:
			limit *= 2
		}
	}
}

// indexAtOnce is how many messages the index takes in one transaction.
const indexAtOnce = 4000

// indexAll makes everything searchable.
func (s *session) indexAll(ctx context.Context) error {
	for {
		n, err := s.w.c.Store.IndexNext(ctx, indexAtOnce)
		if err != nil {
			return s.w.at(trouble.Storage, "index", err)
		}
		if n == 0 {
			s.once.report.Searchable = time.Since(s.once.began)
			return nil
		}
	}
}
