package imapsync

import (
	"sync"

	"github.com/linnet-mail/linnet/mailcore"
)

// todo is what others asked of the session; asking never blocks.
type todo struct {
	wake chan struct{} // capacity 1: something was added

	mu      sync.Mutex
	replay  bool // pending operations wait
	refresh bool // compare all folders
	rewatch bool // begin IDLE anew
	visible mailcore.FolderID
	opened  mailcore.FolderID // became visible since last taken
	folders map[mailcore.FolderID]bool
}

func (t *todo) add(change func(*todo)) {
	t.mu.Lock()
	change(t)
	t.mu.Unlock()
	notify(t.wake)
}

// look asks for one folder to be compared.
func (t *todo) look(id mailcore.FolderID) {
	t.add(func(t *todo) {
		if t.folders == nil {
			t.folders = map[mailcore.FolderID]bool{}
		}
		t.folders[id] = true
	})
}

// asked is what was taken out of a todo.
type asked struct {
	replay, refresh, rewatch bool
	visible, opened          mailcore.FolderID
	folders                  map[mailcore.FolderID]bool
}

// take empties t.
func (t *todo) take() asked {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := asked{t.replay, t.refresh, t.rewatch, t.visible, t.opened, t.folders}
	t.replay, t.refresh, t.rewatch, t.opened, t.folders = false, false, false, 0, nil
	return a
}

func (t *todo) seen() mailcore.FolderID {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.visible
}

// notify leaves a mark in a channel of capacity 1 without blocking.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// forget takes such a mark away.
func forget(c chan struct{}) {
	select {
	case <-c:
	default:
	}
}
