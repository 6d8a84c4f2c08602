package imapsync

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// session is what goes on over one sync connection. It is used by the goroutine
// that owns the connection only.
type session struct {
	w       *Worker
	c       *conn
	watch   *watcher // nil: this session has to listen itself
	visible mailcore.FolderID
	opened  mailcore.FolderID // became visible, not looked at since

	folders  []mailcore.Folder
	due      map[mailcore.FolderID]bool           // to be compared
	plans    map[mailcore.FolderID][]mailcore.UID // what backfill still has to fetch
	prefetch map[mailcore.FolderID]bool           // bodies may be missing
	waiting  bool                                 // pending operations should be tried
	unplaced map[mailcore.FolderID]bool           // may have rows that wait for their UID
	refused  map[mailcore.FolderID]bool           // could not be opened when last tried
	relist   bool
	nextPoll time.Time
	nextTry  time.Time // of pending operations; zero if none waits for a time
	whole    bool      // all folders were due, and none was left out
	once     *once     // of SyncOnce, else nil
}

func (w *Worker) newSession(c *conn, watch *watcher) *session {
	return &session{
		w: w, c: c, watch: watch,
		due:      map[mailcore.FolderID]bool{},
		plans:    map[mailcore.FolderID][]mailcore.UID{},
		prefetch: map[mailcore.FolderID]bool{},
		unplaced: map[mailcore.FolderID]bool{},
		refused:  map[mailcore.FolderID]bool{},
	}
}

// turn runs f while no other session of this worker changes a folder's ledger.
func (s *session) turn(ctx context.Context, f func() error) error {
	select {
	case s.w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.w.turn }()
	return f()
}

// serve keeps the account up to date until the connection or ctx ends: what is
// most urgent first, one thing at a time.
func (s *session) serve(ctx context.Context) error {
	s.w.setPhase(mailcore.Syncing)
	if err := s.begin(ctx); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		busy, err := s.step(ctx)
		if err != nil {
			return err
		}
		if !busy {
			if err := s.rest(ctx); err != nil {
				return s.w.at(trouble.Fetch, "wait for changes", err)
			}
		}
	}
}

// begin lists the folders; all of them are due.
func (s *session) begin(ctx context.Context) error {
	if _, err := s.w.listFolders(ctx, s.c); err != nil {
		return err
	}
	if err := s.readFolders(ctx); err != nil {
		return err
	}
	s.waiting, s.whole = true, true
	for _, f := range s.folders {
		s.due[f.ID], s.unplaced[f.ID] = f.Selectable, f.Selectable
	}
	s.nextPoll = time.Now().Add(s.pollEvery())
	return nil
}

func (s *session) readFolders(ctx context.Context) error {
	var err error
	s.folders, err = s.w.c.Store.Folders(ctx, s.w.id())
	return s.w.at(trouble.Storage, "list folders", err)
}

// step does the most urgent thing, and reports false if there is none.
func (s *session) step(ctx context.Context) (bool, error) {
	if err := s.absorb(ctx); err != nil {
		return false, err
	}
	if s.waiting || s.tryDue() {
		s.waiting = false
		if err := s.turn(ctx, func() error { return s.replay(ctx) }); err != nil {
			return false, err
		}
	}
	if f, ok := s.mostUrgent(); ok {
		return true, s.lookAt(ctx, f)
	}
	if s.whole {
		s.whole = false
		s.w.setChecked(time.Now())
		if err := s.turn(ctx, func() error { return s.hint(ctx) }); err != nil {
			return false, err
		}
	} else {
		s.w.setSettled()
	}
	return s.fetchAhead(ctx)
}

func (s *session) tryDue() bool { return !s.nextTry.IsZero() && !time.Now().Before(s.nextTry) }

// lookAt compares a folder that is due. What is wrong with one folder does not
// stop the others.
func (s *session) lookAt(ctx context.Context, f mailcore.Folder) error {
	done, err := s.look(ctx, f)
	var t *folderTrouble
	switch {
	case errors.As(err, &t):
		s.w.c.Log.Warn("imapsync: a folder is left out", "error", t)
		delete(s.due, f.ID)
		// The list may say that it is gone. Asked once: a folder that is listed and
		// cannot be opened waits for the next time that all are compared.
		s.relist = s.relist || !s.refused[f.ID]
		s.refused[f.ID] = true
		return nil
	case err != nil || !done:
		return err
	}
	delete(s.due, f.ID)
	delete(s.refused, f.ID)
	if f.Role == mailcore.RoleInbox || f.ID == s.visible {
		s.prefetch[f.ID] = true
	}
	s.waiting = true // perhaps for UIDs that are known now
	return nil
}

// absorb takes in what others asked for, does the work of the lane if it has no
// connection of its own, and compares all folders when it is time.
func (s *session) absorb(ctx context.Context) error {
	a := s.w.todo.take()
	s.waiting = s.waiting || a.replay
	s.visible = a.visible
	for id := range a.folders {
		s.due[id] = true
	}
	if a.opened != 0 {
		s.opened = a.opened
		s.due[a.opened] = true
	}
	if a.rewatch && s.watch != nil {
		s.watch.again()
	}
	if err := s.w.lane.serveOver(ctx, s); err != nil {
		return err
	}
	if a.refresh || s.relist || !time.Now().Before(s.nextPoll) {
		return s.poll(ctx, a.refresh)
	}
	return nil
}

// poll asks for the state of all folders; those that differ become due.
func (s *session) poll(ctx context.Context, everything bool) error {
	s.relist = false
	s.nextPoll = time.Now().Add(s.pollEvery())
	states, err := s.w.listFolders(ctx, s.c)
	if err != nil {
		return err
	}
	if err := s.readFolders(ctx); err != nil {
		return err
	}
	if err := s.w.askStatuses(s.c, s.folders, states); err != nil {
		return err
	}
	for _, f := range s.folders {
		if f.Selectable {
			if err := s.judge(ctx, f, states[f.Path], everything); err != nil {
				return err
			}
		}
	}
	s.whole = true
	return nil
}

// judge makes a folder due if it changed. Without CONDSTORE a state does not
// tell of changed flags, so what a person looks at is compared anyway.
func (s *session) judge(ctx context.Context, f mailcore.Folder, st *imap.StatusData, everything bool) error {
	if st == nil {
		return nil // it refused; the list will say if it is gone
	}
	differs, err := s.w.differs(ctx, f, st)
	if err != nil {
		return err
	}
	plain := st.HighestModSeq == 0 && (everything || f.ID == s.visible || f.Role == mailcore.RoleInbox)
	if differs || plain {
		s.due[f.ID] = true
	}
	return nil
}

func (s *session) pollEvery() time.Duration {
	if s.w.todo.seen() != 0 {
		return s.w.pace.pollSeen
	}
	return s.w.pace.poll
}

func (s *session) uidPlus() bool { return s.c.caps.Has(imap.CapUIDPlus) }

// rest waits for something to do: in IDLE on the folder on screen, or on the
// inbox if nobody else watches it.
func (s *session) rest(ctx context.Context) error {
	idle, err := s.restingPlace(ctx)
	if err != nil {
		return err
	}
	folder := s.c.selected
	if err := s.c.rest(ctx, idle, s.untilNext(idle), s.w.todo.wake); err != nil {
		return err
	}
	select {
	case <-s.c.pushed:
		if folder != 0 {
			s.due[folder] = true
		}
	default:
	}
	return nil
}

func (s *session) untilNext(idle bool) time.Duration {
	d := time.Until(s.nextPoll)
	if !s.nextTry.IsZero() {
		d = min(d, time.Until(s.nextTry))
	}
	if idle {
		d = min(d, s.w.pace.idle)
	}
	return max(d, 0)
}

// restingPlace selects the folder to listen to, if there is one.
func (s *session) restingPlace(ctx context.Context) (idle bool, err error) {
	if !s.c.caps.Has(imap.CapIdle) {
		return false, nil
	}
	want := mailcore.Folder{}
	for _, f := range s.folders {
		if f.Selectable && (f.ID == s.visible || want.ID == 0 && f.Role == mailcore.RoleInbox) {
			want = f
		}
	}
	if want.ID == 0 || want.Role == mailcore.RoleInbox && s.watch.listening() {
		return false, nil
	}
	if s.c.selected != want.ID {
		if _, err := s.w.selectFolder(s.c, want); err != nil {
			var t *folderTrouble
			if errors.As(err, &t) {
				return false, nil
			}
			return false, err
		}
		// What changed between the last look and this SELECT is seen now.
		s.due[want.ID], err = s.changedSince(ctx, want)
		if s.due[want.ID] {
			notify(s.c.pushed)
		}
	}
	return true, err
}

// changedSince compares the SELECT just made with the ledger.
func (s *session) changedSince(ctx context.Context, f mailcore.Folder) (bool, error) {
	n := s.c.selection.NumMessages
	return s.w.differs(ctx, f, &imap.StatusData{
		Mailbox: f.Path, NumMessages: &n, UIDNext: s.c.selection.UIDNext,
		UIDValidity: s.c.selection.UIDValidity, HighestModSeq: s.c.selection.HighestModSeq,
	})
}
