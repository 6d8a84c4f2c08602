package setup

import (
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/gui/look"
)

// stepRow is one step of the doctor: its mark, what it looks at, and below it
// what is wrong.
type stepRow struct {
	title string
	line  *line
	why   *look.Paragraph
	box   *fyne.Container
}

func newStepRow(title string) *stepRow {
	r := &stepRow{title: title, line: newLine(waiting), why: look.NewParagraph("", look.Style{Size: 13, Ink: look.Bad})}
	r.box = look.Column(0, r.line, look.Pad(r.why, 0, 0, look.Unit, markWidth))
	r.reset()
	return r
}

// reset shows a step that was not begun.
func (r *stepRow) reset() { r.set(waiting, look.Muted, "", "") }

// show shows how a step stands. What was found stands beside it, what is wrong
// below it; that something before it failed is seen from its mark.
func (r *stepRow) show(s doctor.Step, what, todo string) {
	switch s.State {
	case doctor.Running:
		r.set(going, look.Ink, "", "")
	case doctor.Fine:
		r.set(fine, look.Ink, what, "")
	case doctor.Failed:
		r.set(wrong, look.Ink, "", strings.TrimSpace(what+" "+todo))
	case doctor.Skipped:
		if s.Note == doctor.NotReached {
			what = ""
		}
		r.set(left, look.Muted, what, "")
	}
}

func (r *stepRow) set(m mark, ink fyne.ThemeColorName, beside, below string) {
	style := plainSpan.With(ink)
	style.Bold = m == wrong
	r.line.mark, r.line.spans = m, []span{{r.title, style}}
	if beside != "" {
		r.line.spans = append(r.line.spans, span{" · " + beside, look.Style{Size: 13, Ink: look.Muted}})
	}
	r.line.Refresh()
	r.why.Set(below)
	r.box.Objects[1].(*fyne.Container).Hidden = below == ""
}

// answer is the likely cause and the one next step, in front of all else.
type answer struct {
	what, todo *look.Paragraph
	link       *look.Button
	linked     *fyne.Container
	page       *url.URL
	box        *fyne.Container
}

func newAnswer(open func(*url.URL)) *answer {
	a := &answer{
		what: look.NewParagraph("", look.Style{Size: look.TextSize, Bold: true, Ink: look.NoticeInk}),
		todo: look.NewParagraph("", look.Style{Size: look.TextSize, Ink: look.NoticeInk}),
	}
	a.link = look.NewLink("", func() { open(a.page) })
	a.linked = look.Row(0, a.link)
	text := look.Pad(look.Column(look.Unit, a.what, a.todo, a.linked), 3*look.Unit, 4*look.Unit, 3*look.Unit, 4*look.Unit)
	a.box = container.NewStack(look.NewRoundPaper(look.NoticePaper), text)
	a.clear()
	return a
}

func (a *answer) given() bool { return a.box.Visible() }

func (a *answer) clear() {
	a.what.Set("")
	a.todo.Set("")
	a.box.Hide()
}

// give shows what is wrong; page may be "".
func (a *answer) give(what, todo, page string) {
	a.what.Set(what)
	a.todo.Set(todo)
	a.todo.Hidden = todo == ""
	u, err := url.Parse(page)
	shown := err == nil && u.Scheme == "https" && u.Host != ""
	if shown {
		a.page = u
		a.link.SetText(look.NewRuler().Cut(strings.TrimPrefix(page, "https://"), 60*look.Unit, look.Plain))
	}
	a.linked.Hidden = !shown
	a.box.Show()
}
