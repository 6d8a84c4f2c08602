package compose

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// build makes the fields and puts them together.
func (m *Composer) build() {
	w := m.c.Words
	m.from = widget.NewSelect(m.senderNames(), func(string) { m.changed() })
	m.to = newRecipients(w.Say("compose.to"), m.typedShortcut, m.changed)
	m.cc = newRecipients(w.Say("compose.cc"), m.typedShortcut, m.changed)
	m.bcc = newRecipients(w.Say("compose.bcc"), m.typedShortcut, m.changed)
	m.subject = newEntry(w.Say("compose.subject"), m.typedShortcut)
	m.subject.TextStyle = fyne.TextStyle{Bold: true}
	m.subject.OnChanged = func(string) { m.changed(); m.showTitle() }
	m.body = newBody(w.Say("compose.text"), m.typedShortcut)
	m.body.PlaceHolder = w.Say("compose.write_here")
	m.body.OnChanged = func(string) { m.changed() }
	m.body.onKey = m.escape
	m.quoteLine = newQuoteLine()
	m.shelf = newShelf()
	m.notice = look.NewNotice("", "", nil)
	m.notice.Hide()
	m.foot, m.footnote = look.NewText("", look.Label), look.NewWholeText("", look.Label)
	m.footnote.Align = fyne.TextAlignTrailing

	m.root = container.New(&pageLayout{}, look.NewPaper(look.Surface), m.form(), look.Pad(m.notice, 2*look.Unit, edge, 0, edge),
		look.Pad(bare(m.body, look.BodySize), 3*look.Unit, edge-4, look.Unit, edge-4),
		look.Pad(look.Column(2*look.Unit, m.quoteLine, m.shelf), 0, edge+4, 2*look.Unit, edge+4), m.footer(), m.bar())
}

func (m *Composer) senderNames() []string {
	var names []string
	for _, s := range m.c.Senders {
		name := written(s.Address)
		if s.Label != "" && s.Label != s.Address.Addr {
			name = s.Label + " · " + name
		}
		names = append(names, name)
	}
	return names
}

// bar holds the actions. It is last in the order of Tab, and first on screen.
func (m *Composer) bar() *fyne.Container {
	w := m.c.Words
	m.send = look.NewPrimary(w.Say("compose.send"), m.Send)
	attach := look.NewWord(w.Say("compose.attach"), m.chooseFile)
	discard := look.NewQuiet(w.Say("compose.discard"), m.Discard)
	words := look.Pad(look.Row(2*look.Unit, m.send, attach, layout.NewSpacer(), discard), 2*look.Unit, edge-2*look.Unit, 2*look.Unit, edge)
	return container.NewBorder(nil, look.NewLine(), nil, nil, words)
}

func (m *Composer) form() *fyne.Container {
	w := m.c.Words
	more := look.NewQuiet(w.Say("compose.cc_bcc"), m.unfold)
	add := func(key string, content, extra fyne.CanvasObject, e *entry) fyne.CanvasObject {
		r := newRow(w.Say(key), content, extra)
		m.rows[key] = r
		if e != nil {
			e.onFocus = r.focused
		}
		return r
	}
	for r, key := range map[*recipients]string{m.to: "compose.to", m.cc: "compose.cc", m.bcc: "compose.bcc"} {
		r.entry.onKey = m.recipientKey(r)
		add(key, r, nil, nil)
		m.rows[key].pad = 2 * look.Unit
		r.entry.onFocus = func(on bool) {
			m.rows[key].focused(on)
			if !on {
				r.finish()
			}
		}
	}
	m.rows["compose.to"].extra = more
	m.rows["compose.cc"].Hide()
	m.rows["compose.bcc"].Hide()
	m.subject.onKey = m.subjectKey
	var from fyne.CanvasObject = bare(m.from, look.TextSize)
	if len(m.c.Senders) < 2 {
		from = look.NewText(strings.Join(m.senderNames(), ""), look.Plain)
	}
	subject := add("compose.subject", bare(m.subject, look.TextSize), nil, m.subject)
	m.rows["compose.subject"].indent = 2 * look.Unit
	sender := add("compose.from", from, nil, nil)
	if len(m.c.Senders) > 1 {
		m.rows["compose.from"].indent = 2 * look.Unit
	}
	return look.Column(0, sender, m.rows["compose.to"], m.rows["compose.cc"], m.rows["compose.bcc"], subject)
}

func (m *Composer) footer() *fyne.Container {
	words := container.NewBorder(nil, nil, nil, m.footnote, m.foot)
	return container.NewBorder(look.NewLine(), nil, nil, nil, look.Pad(words, 2*look.Unit, edge+4, 2*look.Unit, edge+4))
}

// unfold shows the Cc and Bcc fields.
func (m *Composer) unfold() {
	m.rows["compose.cc"].Show()
	m.rows["compose.bcc"].Show()
	m.rows["compose.to"].extra.Hide()
	m.relayout()
	if !m.filling && m.root.Visible() && m.cc.empty() {
		m.win.Canvas().Focus(m.cc.entry)
	}
}

// relayout places everything anew after something changed its height.
func (m *Composer) relayout() {
	for _, r := range m.rows {
		r.Refresh()
	}
	m.root.Layout.Layout(m.root.Objects, m.root.Size())
	for _, o := range m.root.Objects {
		if box, ok := o.(*fyne.Container); ok && box.Layout != nil {
			box.Layout.Layout(box.Objects, box.Size())
		}
	}
	canvas.Refresh(m.root)
}

// pageLayout stacks the parts: the actions above, the status below, the head of
// the message, a notice, the text that takes what is left, and what goes with it.
type pageLayout struct{}

// MinSize lets the window become small.
func (*pageLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 360) }

// Layout places the parts in the order in which build lists them.
func (*pageLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	paper, form, notice, body, extras, foot, bar := o[0], o[1], o[2], o[3], o[4], o[5], o[6]
	paper.Resize(size)
	put := func(o fyne.CanvasObject, y, h float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
	}
	natural := func(o fyne.CanvasObject) float32 {
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		return o.MinSize().Height
	}
	put(bar, 0, barHigh)
	y := float32(barHigh)
	h := natural(form)
	put(form, y, h)
	y += h
	h = 0
	if box := notice.(*fyne.Container); box.Objects[0].Visible() {
		h = natural(notice)
	}
	put(notice, y, h)
	y += h
	bottom := size.Height - footHigh
	put(foot, bottom, footHigh)
	h = min(natural(extras), max((bottom-y)/2, 0))
	put(extras, bottom-h, h)
	put(body, y, max(bottom-h-y, 0))
}

// shortcuts of the window, for when no field has the focus.
func (m *Composer) shortcuts() {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		s := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
		m.win.Canvas().AddShortcut(s, func(fyne.Shortcut) { m.Send() })
	}
	m.win.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { m.escape(k) })
}

func (m *Composer) typedShortcut(s *desktop.CustomShortcut) {
	if s.Modifier == fyne.KeyModifierShortcutDefault {
		m.Send()
	}
}

// escape takes the notice away, or closes the window and keeps the draft.
func (m *Composer) escape(k *fyne.KeyEvent) bool {
	if k.Name != fyne.KeyEscape {
		return false
	}
	if m.notice.Visible() {
		m.hush()
	} else {
		m.Close(nil)
	}
	return true
}

func (m *Composer) recipientKey(r *recipients) func(*fyne.KeyEvent) bool {
	return func(k *fyne.KeyEvent) bool { return m.escape(k) || r.key(k) }
}

// subjectKey: Return in the subject leads to the text.
func (m *Composer) subjectKey(k *fyne.KeyEvent) bool {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		m.win.Canvas().Focus(m.body)
		return true
	}
	return m.escape(k)
}

func (m *Composer) showTitle() {
	title := oneLine(m.subject.Text)
	if title == "" {
		title = m.c.Words.Say("compose.title")
	}
	m.win.SetTitle(title)
}

// tell shows a quiet bar with at most one action.
func (m *Composer) tell(text, action string, do func()) {
	m.notice.Set(text, action, do)
	m.notice.Show()
	m.relayout()
}

// hush takes it away.
func (m *Composer) hush() {
	if m.notice.Visible() {
		m.notice.Hide()
		m.relayout()
	}
}

// dropped takes files that were dropped onto the window.
func (m *Composer) dropped(uris []fyne.URI) {
	if m.sending {
		return
	}
	for _, u := range uris {
		if u.Scheme() == "file" {
			m.attach(u.Path())
		}
	}
}

func (m *Composer) chooseFile() {
	if m.c.Choose == nil || m.sending {
		return
	}
	m.c.Choose(m.win, func(path string) { m.attach(path) }, func(error) {
		m.tell(m.c.Words.Say("compose.unreadable", assets.Args{"Name": ""}), "", nil)
	})
}
