package imapsync

import (
	"github.com/linnet-mail/linnet/mailcore"
)

// mostUrgent chooses among the folders that are due.
func (s *session) mostUrgent() (mailcore.Folder, bool) {
	var best mailcore.Folder
	for _, f := range s.folders {
		if s.due[f.ID] && f.Selectable && (best.ID == 0 || s.rank(f) < s.rank(best)) {
			best = f
		}
	}
	return best, best.ID != 0
}

// rank orders folders: what is on screen, the inbox, the others, and at last
// those that hold what is elsewhere too or is not wanted.
func (s *session) rank(f mailcore.Folder) int {
	switch {
	case f.ID == s.visible:
		return 0
	case f.Role == mailcore.RoleInbox:
		return 1
	case f.Role == mailcore.RoleTrash || f.Role == mailcore.RoleJunk:
		return 3
	case f.Role == mailcore.RoleAll || f.Role == mailcore.RoleStarred:
		return 4
	}
	return 2
}

// urgent reports whether the backfill of a folder should yield.
func (s *session) urgent(id mailcore.FolderID) bool {
	if s.once != nil {
		return false
	}
	t := &s.w.todo
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.replay || t.refresh || t.opened != 0 && t.opened != id || s.w.lane.needsSession() {
		return true
	}
	for other := range t.folders {
		if other != id && s.ranks(other, id) {
			return true
		}
	}
	return t.folders[id] // new mail in this very folder: it is fetched before the rest
}

// ranks reports whether folder a goes before folder b.
func (s *session) ranks(a, b mailcore.FolderID) bool {
	var fa, fb mailcore.Folder
	for _, f := range s.folders {
		if f.ID == a {
			fa = f
		}
		if f.ID == b {
			fb = f
		}
	}
	return s.rank(fa) < s.rank(fb)
}
