package reader

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// state is what the page has of its message.
type state int

const (
	waiting  state = iota // asked for, for a moment
	loading               // asked for, and it takes
	reading               // here
	troubled              // could not be had
)

// side is the margin left and right of the page, in logical pixels.
const side = 7 * look.Unit

// page is what scrolls in the pane: everything about one message, from top to
// bottom.
type page struct {
	c        Config
	state    state
	subject  *look.Paragraph
	head     *head
	notices  *fyne.Container
	text     *textView
	skeleton *skeleton
	shelf    *shelf
	reply    *replyBox

	column *fyne.Container
	pad    *fyne.Container
	root   *fyne.Container
}

func newPage(c Config, r *Reader) *page {
	p := &page{
		c: c, subject: look.NewParagraph("", look.Title), head: newHead(c, r.relayout), notices: look.Column(2 * look.Unit),
		text: newTextView(c.Words, c.Now), skeleton: newSkeleton(),
		shelf: newShelf(c.Words.Say("reader.save_all"), r.saveAll), reply: newReplyBox(c.Words.Say("reader.reply"), c.OnReply),
	}
	p.column = look.Column(4*look.Unit, p.subject, p.head, p.notices, p.text, p.skeleton, p.shelf, p.reply)
	p.pad = look.Pad(p.column, 5*look.Unit, side, side, side)
	p.root = look.Narrow(p.pad, look.TextColumn+2*side, false)
	p.setState(waiting)
	return p
}

// textTop is where the text begins, from the top of the page.
func (p *page) textTop() float32 {
	return p.pad.Position().Y + p.column.Position().Y + p.text.Position().Y
}

// setState shows what there is and hides what there is not.
func (p *page) setState(s state) {
	p.state = s
	p.skeleton.Hidden = s != loading
	p.text.Hidden = s != reading
	if s != troubled && s != reading {
		p.notices.Objects = nil
	}
	if s != reading {
		p.shelf.set(nil)
		p.text.setDocument(newDocument(""))
	}
	p.notices.Hidden = len(p.notices.Objects) == 0
	p.reply.Hidden = s != reading || p.c.OnReply == nil
}

func (p *page) showHead(h mailcore.Header, sorted time.Time) {
	subject := visible(h.Subject)
	if subject == "" {
		subject = p.c.Words.Say("reader.no_subject")
	}
	date := h.Date
	if date.IsZero() {
		date = sorted
	}
	p.subject.Set(subject)
	p.head.show(p.c.Words, h, date, p.c.Now(), p.c.Own)
}

func (p *page) showContent(c mailcore.Content, doc *document) {
	p.notices.Objects = nil
	for _, s := range p.sentences(c, doc) {
		p.notices.Add(look.NewNotice(s, "", nil))
	}
	p.setState(reading)
	p.text.setDocument(doc)
	p.text.Hidden = doc.text == ""
}

// sentences is what the person should know about a message before reading it.
func (p *page) sentences(c mailcore.Content, doc *document) []string {
	var out []string
	if len(c.From) > 0 {
		from := c.From[0]
		switch other, odd := disguise(from); {
		case other != "":
			out = append(out, p.c.Words.Say("reader.disguised", assets.Args{"Name": other, "Address": from.Addr}))
		case odd:
			out = append(out, p.c.Words.Say("reader.odd_name", assets.Args{"Address": from.Addr}))
		}
	}
	for _, n := range c.Notices {
		out = append(out, p.c.Words.Say(n.Key, n.Args))
	}
	if c.HTML != "" {
		out = append(out, p.c.Words.Say("reader.html"))
	}
	if doc.cut {
		out = append(out, p.c.Words.Say("reader.cut"))
	}
	if doc.text == "" {
		out = append(out, p.c.Words.Say("reader.no_text"))
	}
	return out
}

// showProblem says why there is no text, and what can be done.
func (p *page) showProblem(err error, again func()) {
	p.setState(troubled)
	sentence := explain(p.c.Words, err, "reader.trouble")
	p.notices.Objects = []fyne.CanvasObject{look.NewNotice(sentence, p.c.Words.Say("reader.again"), again)}
	p.notices.Show()
}

// explain says an error in words: what happened and what to do.
func explain(w *assets.Words, err error, otherwise string) string {
	var problem *mailcore.Problem
	if !errors.As(err, &problem) {
		return w.Say(otherwise)
	}
	s := w.Say(problem.Key, problem.Args)
	if problem.Action != "" {
		s += " " + w.Say(problem.Action, problem.Args)
	}
	return s
}

// skeleton stands where the text will be.
type skeleton struct{ widget.BaseWidget }

func newSkeleton() *skeleton {
	s := &skeleton{}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer paints a few bars, as wide as lines are.
func (s *skeleton) CreateRenderer() fyne.WidgetRenderer {
	var bars []fyne.CanvasObject
	for range skeletonBars {
		bars = append(bars, look.NewRoundPaper(look.ChipPaper))
	}
	return &skeletonRenderer{bars}
}

var skeletonBars = [...]float32{0.92, 0.98, 0.61, 0.95, 0.37}

type skeletonRenderer struct{ bars []fyne.CanvasObject }

func (r *skeletonRenderer) Destroy()                     {}
func (r *skeletonRenderer) Objects() []fyne.CanvasObject { return r.bars }
func (r *skeletonRenderer) MinSize() fyne.Size           { return fyne.NewSize(80, 26*float32(len(r.bars))) }

func (r *skeletonRenderer) Layout(size fyne.Size) {
	for i, b := range r.bars {
		b.Move(fyne.NewPos(0, 26*float32(i)+6))
		b.Resize(fyne.NewSize(size.Width*skeletonBars[i], 12))
	}
}

func (r *skeletonRenderer) Refresh() {
	for _, b := range r.bars {
		b.Refresh()
	}
}

// replyBox is the box at the end of a message that begins an answer.
type replyBox struct {
	widget.BaseWidget
	word *tapWord
}

const replyHeight = 42

func newReplyBox(text string, tapped func()) *replyBox {
	if tapped == nil {
		tapped = func() {}
	}
	b := &replyBox{word: newTapWord(text, look.Plain.With(look.Muted), tapped)}
	b.word.pad = 3 * look.Unit
	b.word.wide = true
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer puts the words on a frame.
func (b *replyBox) CreateRenderer() fyne.WidgetRenderer {
	return &replyRenderer{b: b, frame: look.NewFrame(look.Radius)}
}

type replyRenderer struct {
	b     *replyBox
	frame *look.Paper
}

func (r *replyRenderer) Destroy()                     {}
func (r *replyRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.frame, r.b.word} }

func (r *replyRenderer) MinSize() fyne.Size { return fyne.NewSize(120, replyHeight+2*look.Unit) }

func (r *replyRenderer) Layout(size fyne.Size) {
	r.frame.Move(fyne.NewPos(0, 2*look.Unit))
	r.frame.Resize(fyne.NewSize(size.Width, replyHeight))
	r.b.word.Move(fyne.NewPos(0, 2*look.Unit))
	r.b.word.Resize(fyne.NewSize(size.Width, replyHeight))
}

func (r *replyRenderer) Refresh() {
	r.frame.Refresh()
	r.b.word.Refresh()
	canvas.Refresh(r.b)
}
