package imapsync

import (
	"sync"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// memory is what a worker learns about folders beyond one connection and does
// not store: it may be forgotten, at the cost of asking again.
type memory struct {
	mu      sync.Mutex
	folders map[mailcore.FolderID]*folderMemory
	bodies  map[mailcore.ID]int // asked for in the background and not here
	left    map[mailcore.FolderID]LeftOut
}

// folderMemory is used by the one session that has the worker's turn.
type folderMemory struct {
	uidValidity uint32
	// skipped are UIDs that the server has and the store must not: messages that
	// cannot be fetched in any way, and those marked \Deleted for good on a server
	// that has no UID EXPUNGE.
	skipped map[mailcore.UID]bool
	// unreadable are those of skipped that cannot be fetched.
	unreadable map[mailcore.UID]bool
	// failed says how often asking for a UID alone ended without an answer.
	failed map[mailcore.UID]int
	// ceiling is the largest window after one failed; 0 means none did lately.
	ceiling   int
	vanishing vanishing
	fullFlags time.Time // when all flags were last compared (no CONDSTORE)
}

// folder returns what is known of a folder of this UIDVALIDITY.
func (m *memory) folder(id mailcore.FolderID, uidValidity uint32) *folderMemory {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.folders[id]
	if f == nil || f.uidValidity != uidValidity {
		f = &folderMemory{
			uidValidity: uidValidity,
			skipped:     map[mailcore.UID]bool{},
			unreadable:  map[mailcore.UID]bool{},
			failed:      map[mailcore.UID]int{},
		}
		m.folders[id] = f
	}
	return f
}

// vanishing returns what of a folder came and went, nil if it was not looked at.
func (m *memory) vanishing(id mailcore.FolderID) *vanishing {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.folders[id]; f != nil {
		return &f.vanishing
	}
	return nil
}

// giveUp leaves a message out that cannot be fetched.
func (m *folderMemory) giveUp(uid mailcore.UID) {
	m.skipped[uid], m.unreadable[uid] = true, true
}

// skippedCount is for comparing counts with the server's without a SELECT.
func (m *memory) skippedCount(id mailcore.FolderID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.folders[id]; f != nil {
		return len(f.skipped)
	}
	return 0
}

// tries, try and got keep count of bodies that were asked for in the background.
func (m *memory) tries(id mailcore.ID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bodies[id]
}

func (m *memory) try(id mailcore.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bodies[id]++
}

func (m *memory) got(ids []mailcore.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.bodies, id)
	}
}
