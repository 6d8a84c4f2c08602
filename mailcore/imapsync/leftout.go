package imapsync

import (
	"cmp"
	"maps"
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// LeftOut is what the server has of a folder and could not give when it was
// asked last.
type LeftOut struct {
	Folder   mailcore.FolderID
	Messages int   // could not be fetched in any way
	Err      error // the folder could not be opened or read; nil if it could
}

// LeftOut lists what is not here and cannot be had, so that nobody says that all
// is up to date. It knows of what this worker has looked at.
func (w *Worker) LeftOut() []LeftOut {
	m := &w.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.left), func(a, b LeftOut) int { return cmp.Compare(a.Folder, b.Folder) })
}

// leave remembers how the last look at a folder ended.
func (m *memory) leave(l LeftOut) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.Messages == 0 && l.Err == nil {
		delete(m.left, l.Folder)
	} else {
		m.left[l.Folder] = l
	}
}
