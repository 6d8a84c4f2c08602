package messages

import (
	"slices"

	"github.com/linnet-mail/linnet/mailcore"
)

// Row returns the message at place i. Where it is not here yet, it is asked
// for, and OnChanged comes when it is.
func (m *Model) Row(i int) (mailcore.Message, bool) {
	id := m.ID(i)
	if id == 0 {
		return mailcore.Message{}, false
	}
	r, ok := m.rows[id]
	if !ok || r.stale {
		m.want(i / pageSize)
	}
	return r.message, ok
}

// Cached returns a message if its row is here.
func (m *Model) Cached(id mailcore.ID) (mailcore.Message, bool) {
	r, ok := m.rows[id]
	return r.message, ok
}

func (m *Model) want(page int) {
	if page == m.loading {
		return
	}
	if n := len(m.wanted); n > 0 && m.wanted[n-1] == page {
		return
	}
	m.wanted = slices.DeleteFunc(m.wanted, func(p int) bool { return p == page })
	m.wanted = append(m.wanted, page)
	if over := len(m.wanted) - waitLimit; over > 0 {
		m.wanted = m.wanted[over:]
	}
	m.loadNext()
}

// loadNext loads the page that was wished for last: in a fling the pages passed
// by are not waited for.
func (m *Model) loadNext() {
	if m.loading >= 0 || len(m.wanted) == 0 {
		return
	}
	page := m.wanted[len(m.wanted)-1]
	m.wanted = m.wanted[:len(m.wanted)-1]
	from, to := page*pageSize, min((page+1)*pageSize, len(m.ids))
	if from >= to {
		m.loadNext()
		return
	}
	m.loading = page
	ids := slices.Clone(m.ids[from:to])
	gen, clock, ctx := m.gen, m.clock, m.queryCtx
	go func() {
		rows, err := m.source.Rows(ctx, ids)
		m.post(func() {
			if gen == m.gen {
				m.takeRows(ids, rows, err, clock)
			}
		})
	}()
}

func (m *Model) takeRows(ids []mailcore.ID, rows []mailcore.Message, err error, clock int) {
	m.loading = -1
	if err != nil {
		m.OnFailed(err)
		return
	}
	m.keep(rows, clock)
	for _, id := range ids {
		// Asked for and gone: what was shown stays until the next list.
		if r := m.rows[id]; r.message.ID == 0 || r.stale && clock == m.clock {
			m.rows[id] = row{message: r.message}
		}
	}
	m.evict(ids)
	m.OnChanged(false)
	m.loadNext()
}

// evict forgets rows far from what was loaded last.
func (m *Model) evict(keep []mailcore.ID) {
	if len(m.rows) <= cacheSize || len(keep) == 0 {
		return
	}
	at := m.Place(keep[0])
	for id := range m.rows {
		if d := m.Place(id) - at; (d > cacheSize/4 || d < -cacheSize/4) && (m.sel.all || !m.sel.has(id)) {
			delete(m.rows, id)
		}
	}
}

// Patch changes rows at once, before the store has done so.
func (m *Model) Patch(ids []mailcore.ID, change func(*mailcore.Message)) {
	for _, id := range ids {
		if r, ok := m.rows[id]; ok {
			change(&r.message)
			m.rows[id] = r
		}
	}
	m.OnChanged(false)
}

// Hide takes messages out at once, before the store has done so. Settle or
// Unhide must follow.
func (m *Model) Hide(ids []mailcore.ID) {
	for _, id := range ids {
		m.hidden[id] = 0
	}
	if m.sel.all {
		m.sel.clear()
	}
	m.setIDs(m.ids)
	m.OnChanged(true)
}

// Settle says that what was hidden is gone from the store, and lists again.
func (m *Model) Settle(ids []mailcore.ID) {
	for _, id := range ids {
		if _, ok := m.hidden[id]; ok {
			m.hidden[id] = m.listed + 1
		}
	}
	m.Reload(ids)
}

// Unhide shows again what could not be taken away.
func (m *Model) Unhide(ids []mailcore.ID) {
	for _, id := range ids {
		delete(m.hidden, id)
	}
	m.Reload(ids)
}
