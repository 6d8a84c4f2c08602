package messages

import (
	"context"

	"github.com/linnet-mail/linnet/mailcore"
)

const (
	pageSize  = 64   // rows loaded at a time
	cacheSize = 4096 // rows kept
	firstRows = 24   // rows that come together with the list
	waitLimit = 8    // pages waited for; older wishes of a fling are dropped
)

// Model is what the list shows. It belongs to the UI goroutine; its work is
// done on others and comes back through post.
type Model struct {
	source Source
	post   Post
	// OnChanged is called when ids, rows or the selection changed; ids says
	// whether the ids did.
	OnChanged func(ids bool)
	// OnFailed is called when the list could not be read.
	OnFailed func(error)

	ctx   context.Context
	query mailcore.Query
	gen   int // of the open query; replies to an older one are dropped

	queryCtx context.Context // of the open query's work
	cancel   context.CancelFunc
	listed   int  // number of the last list begun
	listing  bool // it is being read
	again    bool // and another must follow
	clock    int  // counts the marks of stale rows

	loaded bool
	ids    []mailcore.ID
	index  map[mailcore.ID]int
	rows   map[mailcore.ID]row
	sel    selection
	hidden map[mailcore.ID]int // taken out at once, until a reload after settling: its number, or 0

	wanted  []int // pages to load, the latest last
	loading int   // page being loaded, -1 if none
}

type row struct {
	message mailcore.Message
	stale   bool
}

// NewModel returns an empty model; all its work ends with ctx.
func NewModel(ctx context.Context, source Source, post Post) *Model {
	m := &Model{
		source: source, post: post, ctx: ctx, queryCtx: ctx, cancel: func() {},
		OnChanged: func(bool) {}, OnFailed: func(error) {},
	}
	m.reset()
	return m
}

func (m *Model) reset() {
	m.loaded, m.ids, m.index = false, nil, map[mailcore.ID]int{}
	m.rows, m.sel, m.hidden = map[mailcore.ID]row{}, newSelection(), map[mailcore.ID]int{}
	m.wanted, m.loading = nil, -1
	m.listing, m.again = false, false
}

// Open shows another query, from its beginning.
func (m *Model) Open(q mailcore.Query) {
	m.cancel()
	m.queryCtx, m.cancel = context.WithCancel(m.ctx)
	m.gen++
	m.query = q
	m.reset()
	m.OnChanged(true)
	m.Reload(nil)
}

// Query returns the open query.
func (m *Model) Query() mailcore.Query { return m.query }

// Loaded reports whether the first reply to the open query has come.
func (m *Model) Loaded() bool { return m.loaded }

// Len returns the number of messages.
func (m *Model) Len() int { return len(m.ids) }

// ID returns the message at place i, 0 outside.
func (m *Model) ID(i int) mailcore.ID {
	if i < 0 || i >= len(m.ids) {
		return 0
	}
	return m.ids[i]
}

// Place returns where a message is, -1 if it is not there.
func (m *Model) Place(id mailcore.ID) int {
	if i, ok := m.index[id]; ok {
		return i
	}
	return -1
}

// Reload lists the query again. Rows of changed are read again as well; nil
// means any may have changed. What is shown stays until the new is here. While
// a list is being read no second one is begun, but one follows it: a storm of
// events neither starves the list nor piles up work.
func (m *Model) Reload(changed []mailcore.ID) {
	m.markStale(changed)
	if m.listing {
		m.again = true
		return
	}
	m.listing, m.again = true, false
	m.listed++
	q, gen, number, clock, ctx := m.query, m.gen, m.listed, m.clock, m.queryCtx
	go func() {
		ids, err := m.source.List(ctx, q)
		var first []mailcore.Message
		if err == nil && len(ids) > 0 {
			first, err = m.source.Rows(ctx, ids[:min(len(ids), firstRows)])
		}
		m.post(func() {
			if gen == m.gen {
				m.take(ids, first, err, number, clock)
			}
		})
	}()
}

func (m *Model) markStale(changed []mailcore.ID) {
	m.clock++
	mark := func(id mailcore.ID, r row) {
		r.stale = true
		m.rows[id] = r
	}
	if changed == nil {
		for id, r := range m.rows {
			mark(id, r)
		}
	}
	for _, id := range changed {
		if r, ok := m.rows[id]; ok {
			mark(id, r)
		}
	}
}

func (m *Model) take(ids []mailcore.ID, first []mailcore.Message, err error, number, clock int) {
	m.listing = false
	if m.again {
		defer m.Reload([]mailcore.ID{})
	}
	if err != nil {
		m.OnFailed(err)
		return
	}
	for id, settled := range m.hidden {
		if settled != 0 && settled <= number {
			delete(m.hidden, id)
		}
	}
	m.keep(first, clock)
	m.setIDs(ids)
	m.loaded, m.wanted = true, nil
	m.OnChanged(true)
}

// keep caches rows that were read when the clock stood at clock. What was
// marked stale meanwhile may have been read too early, so it is read again.
func (m *Model) keep(rows []mailcore.Message, clock int) {
	for _, msg := range rows {
		m.rows[msg.ID] = row{message: msg, stale: clock != m.clock}
	}
}

// setIDs puts new ids in place; what is hidden is left out.
func (m *Model) setIDs(ids []mailcore.ID) {
	old, first := m.index, !m.loaded
	oldIDs := m.ids
	m.ids = make([]mailcore.ID, 0, len(ids))
	m.index = make(map[mailcore.ID]int, len(ids))
	for _, id := range ids {
		if _, gone := m.hidden[id]; gone {
			continue
		}
		if _, was := old[id]; !was && !first {
			m.sel.arrived(id)
		}
		m.index[id] = len(m.ids)
		m.ids = append(m.ids, id)
	}
	m.keepCursor(oldIDs, old)
}

// keepCursor drops what is gone from the selection, and moves the cursor to the
// neighbour that came after it.
func (m *Model) keepCursor(oldIDs []mailcore.ID, old map[mailcore.ID]int) {
	for id := range m.sel.ids {
		if _, here := m.index[id]; !here {
			delete(m.sel.ids, id)
		}
	}
	m.sel.cursor = m.neighbour(m.sel.cursor, oldIDs, old)
	if m.Place(m.sel.anchor) < 0 {
		m.sel.anchor = m.sel.cursor
	}
}

func (m *Model) neighbour(id mailcore.ID, oldIDs []mailcore.ID, old map[mailcore.ID]int) mailcore.ID {
	if id == 0 || m.Place(id) >= 0 {
		return id
	}
	at, ok := old[id]
	if !ok {
		return 0
	}
	for i := at + 1; i < len(oldIDs); i++ {
		if m.Place(oldIDs[i]) >= 0 {
			return oldIDs[i]
		}
	}
	for i := at - 1; i >= 0; i-- {
		if m.Place(oldIDs[i]) >= 0 {
			return oldIDs[i]
		}
	}
	return 0
}
