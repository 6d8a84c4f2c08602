package compose

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// recipients is a field for addresses: finished ones are chips, the one being
// typed is text. A chip that is not a complete address is red, and stays until
// it is mended or removed: nothing typed is lost.
type recipients struct {
	widget.BaseWidget
	entry     *entry
	typing    fyne.CanvasObject // the entry as it is shown
	chips     []*look.Chip
	list      []mailcore.Address // beside chips
	good      []bool             // beside chips
	onChanged func()
	width     float32
}

func newRecipients(name string, shortcut func(*desktop.CustomShortcut), onChanged func()) *recipients {
	r := &recipients{entry: newEntry(name, shortcut), onChanged: onChanged}
	r.typing = bare(r.entry, look.TextSize)
	r.entry.OnChanged = r.typed
	r.entry.onKey = r.key
	r.ExtendBaseWidget(r)
	return r
}

// set replaces all addresses.
func (r *recipients) set(list []mailcore.Address) {
	r.chips, r.list, r.good = nil, nil, nil
	for _, a := range list {
		r.add(written(a))
	}
	r.Refresh()
}

// addresses returns all addresses, finished or not; bad holds what is not a
// complete address.
func (r *recipients) addresses() (all []mailcore.Address, bad []string) {
	for i, a := range r.list {
		all = append(all, a)
		if !r.good[i] {
			bad = append(bad, a.Addr)
		}
	}
	for _, part := range splitList(r.entry.Text) {
		a, ok := parseAddress(part)
		all = append(all, a)
		if !ok {
			bad = append(bad, a.Addr)
		}
	}
	return all, bad
}

func (r *recipients) empty() bool { return len(r.list) == 0 && strings.TrimSpace(r.entry.Text) == "" }

// typed makes chips as soon as an entry was ended by a separator.
func (r *recipients) typed(s string) {
	if endsEntry(s) {
		r.finish()
		return
	}
	r.onChanged()
}

// finish makes chips of all that was typed.
func (r *recipients) finish() {
	parts := splitList(r.entry.Text)
	if len(parts) == 0 && r.entry.Text == "" {
		return
	}
	for _, part := range parts {
		r.add(part)
	}
	r.entry.OnChanged = nil
	r.entry.SetText("")
	r.entry.OnChanged = r.typed
	r.Refresh()
	r.onChanged()
}

func (r *recipients) add(text string) {
	a, ok := parseAddress(text)
	label := a.Name
	if label == "" {
		label = a.Addr
	}
	if !ok {
		label += " ?"
	}
	c := look.NewChip(label)
	c.Bad = !ok
	c.OnTapped = func() { r.edit(c) }
	c.OnRemoved = func() { r.remove(c, true) }
	r.chips, r.list, r.good = append(r.chips, c), append(r.list, a), append(r.good, ok)
}

// edit makes a chip text again.
func (r *recipients) edit(c *look.Chip) {
	i := r.indexOf(c)
	if i < 0 {
		return
	}
	text := written(r.list[i])
	r.remove(c, false)
	r.finish()
	r.entry.SetText(text)
	r.entry.CursorColumn = len([]rune(text))
	r.focus(r.entry)
}

func (r *recipients) remove(c *look.Chip, focus bool) {
	i := r.indexOf(c)
	if i < 0 {
		return
	}
	r.chips = append(r.chips[:i], r.chips[i+1:]...)
	r.list = append(r.list[:i], r.list[i+1:]...)
	r.good = append(r.good[:i], r.good[i+1:]...)
	if focus {
		r.focus(r.entry)
	}
	r.Refresh()
	r.onChanged()
}

func (r *recipients) indexOf(c *look.Chip) int {
	for i := range r.chips {
		if r.chips[i] == c {
			return i
		}
	}
	return -1
}

// key finishes an entry with Return, and takes the last chip back with
// Backspace in an empty field.
func (r *recipients) key(k *fyne.KeyEvent) bool {
	switch k.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		r.finish()
		return true
	case fyne.KeyBackspace:
		if r.entry.Text == "" && len(r.chips) > 0 {
			r.edit(r.chips[len(r.chips)-1])
			return true
		}
	}
	return false
}

func (r *recipients) focus(f fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		c.Focus(f)
	}
}

// Resize remembers the width, on which the height depends.
func (r *recipients) Resize(size fyne.Size) {
	r.width = size.Width
	r.BaseWidget.Resize(size)
}

// CreateRenderer makes the field's renderer.
func (r *recipients) CreateRenderer() fyne.WidgetRenderer { return &recipientsRenderer{r} }

type recipientsRenderer struct{ r *recipients }

const (
	chipHeight = 7 * look.Unit
	chipGap    = 2 * look.Unit
	leastTyped = 40 * look.Unit // the entry moves to a new line rather than be narrower
)

func (n *recipientsRenderer) Destroy() {}

func (n *recipientsRenderer) Objects() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, c := range n.r.chips {
		objects = append(objects, c)
	}
	return append(objects, n.r.typing)
}

// flow places chips and entry, and returns the height of it all.
func (n *recipientsRenderer) flow(width float32, place bool) float32 {
	var x, y float32
	for _, c := range n.r.chips {
		w := min(c.MinSize().Width, max(width, 1))
		if x > 0 && x+w > width {
			x, y = 0, y+chipHeight+chipGap
		}
		if place {
			c.Move(fyne.NewPos(x, y))
			c.Resize(fyne.NewSize(w, chipHeight))
		}
		x += w + chipGap
	}
	if x > 0 && x+leastTyped > width {
		x, y = 0, y+chipHeight+chipGap
	}
	if place {
		h := n.r.typing.MinSize().Height
		n.r.typing.Move(fyne.NewPos(x-2*look.Unit, y+(chipHeight-h)/2))
		n.r.typing.Resize(fyne.NewSize(max(width-x+2*look.Unit, 1), h))
	}
	return y + chipHeight
}

func (n *recipientsRenderer) MinSize() fyne.Size {
	width := n.r.width
	if width <= 0 {
		width = 600
	}
	return fyne.NewSize(leastTyped, n.flow(width, false))
}

func (n *recipientsRenderer) Layout(size fyne.Size) { n.flow(size.Width, true) }

func (n *recipientsRenderer) Refresh() {
	n.Layout(n.r.Size())
	for _, o := range n.Objects() {
		o.Refresh()
	}
}
