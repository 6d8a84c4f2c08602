package store

import (
	"database/sql"
	"fmt"
	"slices"
	"sync"
)

// markStep is how many rows of a list lie between two marks.
const markStep = 1000

// marks remember where every thousandth row of a list is, so that a page deep
// down does not count all rows above it. They are made when they are needed,
// from the top, and forgotten when the folder changes.
type marks struct {
	mu      sync.Mutex
	changes map[folderID]int // counts the commits that changed a folder's rows
	lists   map[string]*marked
}

// marked is one list: row (i+1) × markStep has key at[i].
type marked struct {
	changes int
	at      []key
}

// mostMarked bounds how many lists have marks; who asks for so many different
// ones makes them again.
const mostMarked = 64

func newMarks() *marks {
	return &marks{changes: map[folderID]int{}, lists: map[string]*marked{}}
}

// changed forgets the lists of folders. It is called after the commit, so a
// reader that was faster keeps what it found only until then.
func (m *marks) changed(counts map[folderID]*count) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for f := range counts {
		m.changes[f]++
	}
}

// find returns the marks of a list and the number of changes to its folder, to
// be read before the list is.
func (m *marks) find(folder folderID, list string) (at []key, changes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changes = m.changes[folder]
	if l := m.lists[list]; l != nil && l.changes == changes {
		at = slices.Clip(l.at)
	}
	return at, changes
}

func (m *marks) keep(list string, l *marked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.lists) >= mostMarked {
		clear(m.lists)
	}
	m.lists[list] = l
}

func scanKey(rows *sql.Rows) (k key, err error) {
	err = rows.Scan(&k.sorted, &k.id)
	return k, err
}

// deep lists limit ids from offset on of a folder's list, over the mark before.
func (r reader) deep(folder int64, where string, args []any, limit, offset int) ([]messageID, error) {
	list := fmt.Sprint(folder, where, args)
	at, changes := r.marks.find(folderID(folder), list)
	had := len(at)
	for len(at) < offset/markStep {
		next, err := r.nextMark(folder, where, args, at)
		if err != nil {
			return nil, err
		}
		if next == (key{}) {
			return nil, nil // the list ends before
		}
		at = append(at, next)
	}
	if len(at) > had {
		r.marks.keep(list, &marked{changes, at})
	}
	after := at[offset/markStep-1]
	return all(r, scanID, `SELECT id FROM message WHERE folder = ?`+where+` AND (sorted, id) <= (?, ?) ORDER BY sorted DESC, id DESC LIMIT ? OFFSET ?`,
		slices.Concat([]any{folder}, args, []any{after.sorted, after.id, limit, offset % markStep})...)
}

// nextMark finds the mark after the last of at, zero if the list is not so long.
func (r reader) nextMark(folder int64, where string, args []any, at []key) (key, error) {
	last := key{1<<62 - 1, 1<<62 - 1}
	if len(at) > 0 {
		last = at[len(at)-1]
	}
	found, err := all(r, scanKey, `SELECT sorted, id FROM message WHERE folder = ?`+where+` AND (sorted, id) <= (?, ?) ORDER BY sorted DESC, id DESC LIMIT 1 OFFSET ?`,
		slices.Concat([]any{folder}, args, []any{last.sorted, last.id, markStep})...)
	if err != nil || len(found) == 0 {
		return key{}, err
	}
	return found[0], nil
}
