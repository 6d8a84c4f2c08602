package messages

import "github.com/linnet-mail/linnet/mailcore"

// selection says which messages are selected. It holds either the selected ids,
// or, after "select all", the ids that are not: "all but these" stays small
// whatever the size of a folder.
type selection struct {
	all    bool
	ids    map[mailcore.ID]struct{} // selected, or with all: not selected
	cursor mailcore.ID              // where the keyboard is; 0 if nowhere
	anchor mailcore.ID              // where a range began
}

func newSelection() selection { return selection{ids: map[mailcore.ID]struct{}{}} }

func (s *selection) has(id mailcore.ID) bool {
	_, in := s.ids[id]
	return in != s.all
}

func (s *selection) set(id mailcore.ID, on bool) {
	if on != s.all {
		s.ids[id] = struct{}{}
		return
	}
	delete(s.ids, id)
}

func (s *selection) clear() {
	s.all = false
	clear(s.ids)
}

func (s *selection) only(id mailcore.ID) {
	s.clear()
	s.ids[id] = struct{}{}
	s.cursor, s.anchor = id, id
}

func (s *selection) selectAll() {
	clear(s.ids)
	s.all = true
}

// arrived keeps what came later out of "all": nobody has seen it when they
// chose everything.
func (s *selection) arrived(id mailcore.ID) {
	if s.all {
		s.ids[id] = struct{}{}
	}
}
