package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/linnet-mail/linnet/gui/look"
)

// toolbar shows the commands for the message on screen as words. What does not
// fit is left to "More", which has them all.
type toolbar struct {
	w    *Window
	view *fyne.Container
	back *look.Button
	tool []tool
	more *look.Button
}

type tool struct {
	command *command // nil: a thin line
	object  fyne.CanvasObject
}

func newToolbar(w *Window) *toolbar {
	t := &toolbar{w: w}
	t.back = look.NewLink("‹ "+w.words.Say("toolbar.back"), w.backToList)
	for _, name := range toolbarItems {
		if name == "" {
			t.tool = append(t.tool, tool{object: look.Fixed(look.NewLine(), fyne.NewSize(1, 12))})
			continue
		}
		c := w.command(name)
		t.tool = append(t.tool, tool{c, look.NewWord(w.title(c), func() { w.run(c.name) })})
	}
	t.more = look.NewQuiet(w.words.Say("toolbar.more"), t.showMore)
	objects := []fyne.CanvasObject{t.back}
	for _, one := range t.tool {
		objects = append(objects, one.object)
	}
	t.view = container.New(t, append(objects, t.more)...)
	t.update()
	return t
}

func (t *toolbar) showMore() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.more)
	t.w.popUp(moreItems, at.AddXY(0, t.more.Size().Height))
}

// update enables what can be done.
func (t *toolbar) update() {
	any := false
	for _, one := range t.tool {
		if one.command == nil {
			continue
		}
		b, can := one.object.(*look.Button), one.command.can()
		any = any || can
		if can == b.Disabled() {
			if can {
				b.Enable()
			} else {
				b.Disable()
			}
		}
	}
	if any == t.more.Disabled() {
		if any {
			t.more.Enable()
		} else {
			t.more.Disable()
		}
	}
}

// MinSize asks for little: words that do not fit are in "More".
func (t *toolbar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(t.more.MinSize().Width+24, look.ToolbarSize)
}

// Layout puts words side by side as long as they fit.
func (t *toolbar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	middle := func(o fyne.CanvasObject, x float32) float32 {
		m := o.MinSize()
		place(o, x, (size.Height-m.Height)/2, m.Width, m.Height)
		return x + m.Width
	}
	x := float32(14)
	if setVisible(t.back, t.w.panes != nil && t.w.panes.narrow); t.back.Visible() {
		x = middle(t.back, x) + 4
	}
	right := size.Width - t.more.MinSize().Width - 14
	full := false
	for _, one := range t.tool {
		width := one.object.MinSize().Width
		gap := float32(0)
		if one.command == nil {
			gap = 12
		}
		full = full || x+width+2*gap > right
		setVisible(one.object, !full)
		if !full {
			x = middle(one.object, x+gap) + gap
		}
	}
	middle(t.more, right)
}
