package messages

import "github.com/linnet-mail/linnet/mailcore"

// Selected returns the selected messages in the order of the list.
func (m *Model) Selected() []mailcore.ID {
	if !m.sel.all && len(m.sel.ids) == 1 {
		for id := range m.sel.ids {
			return []mailcore.ID{id}
		}
	}
	var out []mailcore.ID
	for _, id := range m.ids {
		if m.sel.has(id) {
			out = append(out, id)
		}
	}
	return out
}

// SelectedCount returns how many messages are selected.
func (m *Model) SelectedCount() int {
	if m.sel.all {
		return len(m.ids) - len(m.sel.ids)
	}
	return len(m.sel.ids)
}

// IsSelected reports whether a message is selected.
func (m *Model) IsSelected(id mailcore.ID) bool { return m.sel.has(id) }

// Cursor returns the message where the keyboard is, 0 if nowhere.
func (m *Model) Cursor() mailcore.ID { return m.sel.cursor }

// Select selects one message and nothing else.
func (m *Model) Select(id mailcore.ID) {
	if m.Place(id) < 0 {
		return
	}
	m.sel.only(id)
	m.OnChanged(false)
}

// Toggle adds a message to the selection or takes it out.
func (m *Model) Toggle(id mailcore.ID) {
	m.sel.set(id, !m.sel.has(id))
	m.sel.cursor, m.sel.anchor = id, id
	m.OnChanged(false)
}

// Extend selects everything from where the range began to id.
func (m *Model) Extend(id mailcore.ID) {
	from, to := m.Place(m.sel.anchor), m.Place(id)
	if to < 0 {
		return
	}
	if from < 0 {
		from = to
		m.sel.anchor = id
	}
	m.sel.clear()
	for i := min(from, to); i <= max(from, to); i++ {
		m.sel.ids[m.ids[i]] = struct{}{}
	}
	m.sel.cursor = id
	m.OnChanged(false)
}

// MoveCursor moves the keyboard without selecting.
func (m *Model) MoveCursor(id mailcore.ID) {
	if m.Place(id) >= 0 {
		m.sel.cursor = id
		m.OnChanged(false)
	}
}

// SelectAll selects everything that is listed now; what arrives later is not in it.
func (m *Model) SelectAll() {
	m.sel.selectAll()
	if m.sel.cursor == 0 {
		m.sel.cursor = m.ID(0)
	}
	m.OnChanged(false)
}

// SelectNone selects nothing; the keyboard stays where it is.
func (m *Model) SelectNone() {
	m.sel.clear()
	m.OnChanged(false)
}

// After returns the message that takes the place of the selected ones when they
// go: the next below the last of them, else the one above. 0 if none is left.
func (m *Model) After(gone []mailcore.ID) mailcore.ID {
	out := make(map[mailcore.ID]struct{}, len(gone))
	last, first := -1, len(m.ids)
	for _, id := range gone {
		out[id] = struct{}{}
		if at := m.Place(id); at >= 0 {
			last, first = max(last, at), min(first, at)
		}
	}
	for i := last + 1; i < len(m.ids) && last >= 0; i++ {
		if _, ok := out[m.ids[i]]; !ok {
			return m.ids[i]
		}
	}
	for i := min(first, len(m.ids)) - 1; i >= 0; i-- {
		if _, ok := out[m.ids[i]]; !ok {
			return m.ids[i]
		}
	}
	return 0
}
