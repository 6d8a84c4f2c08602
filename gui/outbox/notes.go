package outbox

import (
	"strings"

	"github.com/linnet-mail/linnet/gui/look"
)

// Note is a quiet bar above what waits: one sentence and one action.
type Note struct {
	Text, Action string
	Run          func()
}

// Notes shows these bars; none is made anew where nothing changed.
func (v *View) Notes(notes []Note) {
	var said strings.Builder
	for _, n := range notes {
		said.WriteString(n.Text + "\x00" + n.Action + "\n")
	}
	if said.String() == v.noted {
		return
	}
	v.noted = said.String()
	v.notes.Objects = nil
	for _, n := range notes {
		v.notes.Add(look.NewNotice(n.Text, n.Action, n.Run))
	}
	v.notes.Hidden = len(notes) == 0
	v.Refresh()
	v.root.Refresh()
}
