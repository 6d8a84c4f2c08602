// Package outbox is in charge of the view of what waits to be sent, and of the
// drafts that are on this computer only: to whom, about what, in which state,
// why and until when, with what a person can do about it.
package outbox

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Kind says what the view shows.
type Kind int

// The kinds.
const (
	Waiting Kind = iota
	Drafts
)

// View is the widget. Its callbacks report what a person wants.
type View struct {
	widget.BaseWidget
	words *assets.Words
	now   func() time.Time

	OnRetry     func(mailcore.Outgoing)
	OnEdit      func(mailcore.Outgoing)
	OnDelete    func(mailcore.Outgoing)
	OnOpenDraft func(mailcore.Draft)
	OnDiscard   func(mailcore.Draft)

	title *look.Text
	notes *fyne.Container
	empty *look.Text
	rows  *fyne.Container
	root  fyne.CanvasObject
	shown string // what the rows were made from
	noted string // what the notes were made from
}

// New returns an empty view.
func New(words *assets.Words, now func() time.Time) *View {
	v := &View{
		words: words, now: now,
		OnRetry: func(mailcore.Outgoing) {}, OnEdit: func(mailcore.Outgoing) {}, OnDelete: func(mailcore.Outgoing) {},
		OnOpenDraft: func(mailcore.Draft) {}, OnDiscard: func(mailcore.Draft) {},
	}
	v.title = look.NewText("", look.Title)
	v.empty = look.NewText("", look.Plain.With(look.Muted))
	v.rows, v.notes = look.Column(12), look.Column(8)
	v.notes.Hide()
	page := look.Column(20, v.title, v.notes, v.empty, v.rows)
	v.root = container.NewVScroll(look.Pad(look.Narrow(page, look.TextColumn, false), 24, 28, 24, 28))
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer makes the view's renderer.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.root) }

// Set shows what waits, or drafts. Nothing is made anew where nothing changed,
// so that the keyboard stays where it is.
func (v *View) Set(waiting []mailcore.Outgoing, drafts []mailcore.Draft, kind Kind) {
	cards, said := v.cards(waiting, drafts, kind)
	if said == v.shown {
		return
	}
	v.shown = said
	v.title.Set(v.words.Say(map[Kind]string{Waiting: "folders.outbox", Drafts: "folders.localdrafts"}[kind]))
	v.empty.Set(v.words.Say("box.empty"))
	v.empty.Hidden = len(cards) > 0
	v.rows.Objects = nil
	for _, c := range cards {
		v.rows.Add(c.object())
	}
	v.Refresh()
	v.root.Refresh()
}

// card is one message as it is shown.
type card struct {
	to, subject, state string
	style              look.Style
	actions            []action
}

type action struct {
	title  string
	danger bool
	run    func()
}

func (v *View) cards(waiting []mailcore.Outgoing, drafts []mailcore.Draft, kind Kind) ([]card, string) {
	var cards []card
	if kind == Drafts {
		for _, d := range drafts {
			cards = append(cards, v.draftCard(d))
		}
	} else {
		for _, m := range waiting {
			cards = append(cards, v.outgoingCard(m))
		}
	}
	said := strings.Builder{}
	said.WriteString(string(rune('0' + kind)))
	for i, c := range cards {
		id := ""
		if kind == Waiting {
			id = string(waiting[i].State) + waiting[i].Created.String()
		} else {
			id = drafts[i].Changed.String()
		}
		said.WriteString("\n" + c.to + "\x00" + c.subject + "\x00" + c.state + "\x00" + id)
	}
	return cards, said.String()
}

func (v *View) outgoingCard(m mailcore.Outgoing) card {
	c := card{to: v.people(m.To, m.Recipients), subject: v.subject(m.Subject), style: look.Small}
	c.state, c.style = v.state(m)
	if m.State == mailcore.Sending || m.State == mailcore.DotPending {
		return c
	}
	retry := v.words.Say("box.retry")
	if m.State == mailcore.Unknown {
		retry = v.words.Say("box.again")
	}
	c.actions = []action{
		{retry, false, func() { v.OnRetry(m) }},
		{v.words.Say("box.edit"), false, func() { v.OnEdit(m) }},
		{v.words.Say("box.delete"), true, func() { v.OnDelete(m) }},
	}
	return c
}

func (v *View) draftCard(d mailcore.Draft) card {
	return card{
		to: v.people(append(append(append([]mailcore.Address(nil), d.To...), d.Cc...), d.Bcc...), nil), subject: v.subject(d.Subject),
		state: v.words.Say("box.draft", assets.Args{"Time": v.clock(d.Changed)}), style: look.Small,
		actions: []action{
			{v.words.Say("box.continue"), false, func() { v.OnOpenDraft(d) }},
			{v.words.Say("box.discard"), true, func() { v.OnDiscard(d) }},
		},
	}
}

// state says where a message stands, why, and what comes next.
func (v *View) state(m mailcore.Outgoing) (string, look.Style) {
	switch m.State {
	case mailcore.Sending, mailcore.DotPending:
		return v.words.Say("box.sending"), look.Small
	case mailcore.Refused:
		return v.join(v.words.Say("box.refused"), v.why(m)), look.Wrong
	case mailcore.Unknown:
		return v.join(v.words.Say("box.unknown"), v.why(m)), look.Wrong
	}
	if m.Problem == nil {
		return v.words.Say("box.queued"), look.Small
	}
	next := ""
	if m.NextTry.After(v.now()) {
		next = v.words.Say("box.next", assets.Args{"Time": v.clock(m.NextTry)})
	}
	return v.join(v.words.Say("box.waits"), v.why(m), next), look.Small
}

func (v *View) why(m mailcore.Outgoing) string {
	if m.Problem == nil {
		return ""
	}
	parts := []string{v.words.Say(m.Problem.Key, m.Problem.Args)}
	if m.Problem.Action != "" {
		parts = append(parts, v.words.Say(m.Problem.Action, m.Problem.Args))
	}
	return strings.Join(parts, " ")
}

func (v *View) join(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " ")
}

func (v *View) subject(s string) string {
	if s == "" {
		return v.words.Say("list.nosubject")
	}
	return s
}

func (v *View) people(to []mailcore.Address, addresses []string) string {
	var names []string
	for _, a := range to {
		if a.Name != "" {
			names = append(names, a.Name)
		} else if a.Addr != "" {
			names = append(names, a.Addr)
		}
	}
	if len(names) == 0 {
		names = addresses
	}
	if len(names) == 0 {
		return v.words.Say("list.norecipient")
	}
	return v.words.Say("list.to", assets.Args{"Names": strings.Join(names, ", ")})
}

// clock says the time, with the day where it is not today.
func (v *View) clock(t time.Time) string {
	now := v.now()
	t = t.In(now.Location())
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

func (c card) object() fyne.CanvasObject {
	lines := look.Column(4, look.NewText(c.subject, look.Strong), look.NewText(c.to, look.Plain), look.NewParagraph(c.state, c.style))
	if len(c.actions) > 0 {
		var buttons []fyne.CanvasObject
		for _, a := range c.actions {
			if a.danger {
				buttons = append(buttons, layout.NewSpacer(), look.NewDanger(a.title, a.run))
				continue
			}
			buttons = append(buttons, look.NewLink(a.title, a.run))
		}
		lines.Add(look.Pad(look.Row(12, buttons...), 4, 0, 0, -4))
	}
	return look.NewCard(lines, 16)
}
