package imapsync

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/mailcore"
)

// watcher listens to the inbox over a connection of its own. Losing it loses
// nothing: it dials again, and the session finds what was missed.
type watcher struct {
	w      *Worker
	kick   chan struct{} // begin IDLE anew
	mu     sync.Mutex
	active bool
}

// newWatcher returns nil if the server has no IDLE.
func (w *Worker) newWatcher(c *conn) *watcher {
	if !c.caps.Has(imap.CapIdle) {
		return nil
	}
	return &watcher{w: w, kick: make(chan struct{}, 1)}
}

func (v *watcher) again() { notify(v.kick) }

func (v *watcher) listening() bool {
	if v == nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.active
}

func (v *watcher) setListening(on bool) {
	v.mu.Lock()
	changed := v.active != on
	v.active = on
	v.mu.Unlock()
	if changed {
		notify(v.w.todo.wake) // the session listens itself, or need not any more
	}
}

// run listens until ctx ends, or the server has no place for this connection.
func (v *watcher) run(ctx context.Context) {
	for wait := time.Second; ctx.Err() == nil; {
		began := time.Now()
		err := v.listen(ctx)
		v.setListening(false)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		v.w.c.Log.Info("imapsync: lost the connection that listens", "error", err)
		if crowded(err) || refusal(err) != nil {
			wait = crowdedWait
		}
		if !sleep(ctx, rand.N(wait)+wait/2) {
			return
		}
		wait = min(wait*2, crowdedWait)
	}
}

// crowdedWait is how long a server that has no place for one more connection is
// left alone.
const crowdedWait = 5 * time.Minute

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// listen dials and stays in IDLE on the inbox, read-only. It is begun anew
// before the server gets tired of it, after the machine slept, and when asked.
func (v *watcher) listen(ctx context.Context) error {
	inbox, err := v.inbox(ctx)
	if err != nil {
		return err
	}
	c, err := v.w.dial(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if _, err := c.Select(inbox.Path, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return err
	}
	forget(c.pushed)
	v.setListening(true)
	v.w.todo.look(inbox.ID) // what came before the SELECT
	for {
		err := c.rest(ctx, true, v.w.pace.idle, v.kick)
		if err != nil {
			return err
		}
		select {
		case <-c.pushed:
			v.w.todo.look(inbox.ID)
		default:
		}
	}
}

func (v *watcher) inbox(ctx context.Context) (mailcore.Folder, error) {
	for {
		folders, err := v.w.c.Store.Folders(ctx, v.w.id())
		if err != nil {
			return mailcore.Folder{}, err
		}
		for _, f := range folders {
			if f.Role == mailcore.RoleInbox {
				return f, nil
			}
		}
		if !sleep(ctx, time.Second) { // the session lists the folders just now
			return mailcore.Folder{}, errors.Join(ctx.Err())
		}
	}
}
