// Package reader is in charge of showing one message: subject, people, notices,
// text, attachments. It fetches nothing that a message names, runs nothing in
// it, and reports what the person wants (a link, a reply, a file to save)
// through callbacks.
//
// Everything here belongs to the UI goroutine, except the calls of Messages.
package reader

import (
	"context"
	"io"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Messages is what the reader needs of the engine. Both may take long, and are
// called on goroutines of their own.
type Messages interface {
	// Open returns a message's content, fetching its body if need be.
	Open(ctx context.Context, id mailcore.ID) (mailcore.Content, error)
	// SaveAttachment writes attachment index of a message to w, byte-exact.
	SaveAttachment(ctx context.Context, id mailcore.ID, index int, w io.Writer) error
}

// Attachment is a file of the shown message, to be saved or opened.
type Attachment struct {
	Message mailcore.ID
	Part    mailcore.Part
	// Write writes the file's bytes. It may take long: never call it on the UI
	// goroutine.
	Write func(ctx context.Context, w io.Writer) error
	// Saved tells the reader what became of it, on the UI goroutine: an error
	// is shown with the file. Where the person cancelled it is not called.
	Saved func(error)
}

// Config is what a reader needs. Callbacks run on the UI goroutine; a nil one
// hides what would call it.
type Config struct {
	Words    *assets.Words
	Messages Messages
	Post     func(func())              // runs a function on the UI goroutine
	Now      func() time.Time          // nil: time.Now
	Own      func(address string) bool // whether an address is the person's own; nil: none is
	OnOpened func(mailcore.ID)         // the text of a message is on screen
	OnLink   func(*url.URL)            // http, https or mailto, never anything else
	OnReply  func()                    // the box at the end was pressed
	OnSave   func(Attachment)
	OnOpen   func(Attachment)   // only for kinds of file that do nothing but show
	OnAll    func([]Attachment) // "Save all"
}

// loadingAfter is how long a message may take before the page says that it is
// being fetched.
const loadingAfter = 150 * time.Millisecond

// Reader is the reading pane.
type Reader struct {
	widget.BaseWidget
	c       Config
	page    *page
	scroll  *container.Scroll
	strip   *strip
	nothing *fyne.Container

	shown      mailcore.Message // ID 0: nothing
	content    mailcore.Content
	attached   []Attachment
	generation int // of the message shown; late answers carry an older one
	cancel     context.CancelFunc
}

// New returns an empty reading pane.
func New(c Config) *Reader {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Own == nil {
		c.Own = func(string) bool { return false }
	}
	r := &Reader{c: c, strip: newStrip(), cancel: func() {}}
	r.page = newPage(c, r)
	r.scroll = container.NewVScroll(r.page.root)
	r.scroll.OnScrolled = func(fyne.Position) { r.scrolled() }
	r.nothing = container.NewCenter(look.NewWholeText(c.Words.Say("reader.empty"), look.Plain.With(look.Muted)))
	r.wireText()
	r.scroll.Hide()
	r.ExtendBaseWidget(r)
	return r
}

func (r *Reader) wireText() {
	t := r.page.text
	t.onHover = r.strip.show
	t.onLink = r.follow
	t.scroll = r.scrollBy
	t.page = func() float32 { return r.scroll.Size().Height }
	t.scrollTo = func(top, bottom float32) {
		if top < t.top {
			r.scrollBy(top - t.top - lineHeight)
		} else if bottom > t.bottom {
			r.scrollBy(bottom - t.bottom + lineHeight)
		}
	}
}

// Shown returns the id of the message on screen, 0 if none.
func (r *Reader) Shown() mailcore.ID { return r.shown.ID }

// Content returns the content of the message on screen; false until it is here.
func (r *Reader) Content() (mailcore.Content, bool) {
	return r.content, r.shown.ID != 0 && r.page.state == reading
}

// Text is what takes the keyboard's focus in the pane: it scrolls, selects and
// copies.
func (r *Reader) Text() fyne.Focusable { return r.page.text }

// Clear shows that no message is chosen.
func (r *Reader) Clear() {
	r.generation++
	r.cancel()
	r.shown, r.content, r.attached = mailcore.Message{}, mailcore.Content{}, nil
	r.page.text.setDocument(newDocument(""))
	r.scroll.Hide()
	r.nothing.Show()
	r.Refresh()
}

// Open shows a message: what the list knows of it at once, its text as soon as
// it is here. Showing the message that is on screen does nothing, unless its
// text could not be had.
func (r *Reader) Open(m mailcore.Message) {
	if m.ID == r.shown.ID && r.page.state != troubled && m.ID != 0 {
		return
	}
	r.shown, r.content, r.attached = m, mailcore.Content{}, nil
	r.page.showHead(m.Header, m.Sorted)
	r.page.setState(waiting)
	r.nothing.Hide()
	r.scroll.Show()
	r.scroll.ScrollToTop()
	r.load()
	r.relayout()
}

// load asks for the message's content. A message that is shown meanwhile makes
// the answer late, and it is dropped.
func (r *Reader) load() {
	r.cancel()
	r.generation++
	generation, id := r.generation, r.shown.ID
	ctx, cancel := context.WithCancel(context.Background())
	slow := time.AfterFunc(loadingAfter, func() {
		r.post(generation, func() { r.page.setState(loading); r.relayout() })
	})
	r.cancel = func() { cancel(); slow.Stop() }
	go func() {
		content, err := r.c.Messages.Open(ctx, id)
		doc := newDocument(content.Text)
		slow.Stop()
		r.post(generation, func() { r.arrived(content, doc, err) })
	}()
}

// post runs f on the UI goroutine if the message it is about is still shown.
func (r *Reader) post(generation int, f func()) {
	r.c.Post(func() {
		if generation == r.generation {
			f()
		}
	})
}

func (r *Reader) arrived(content mailcore.Content, doc *document, err error) {
	r.generation++ // nothing that comes later has a say
	r.cancel()
	if err != nil {
		r.page.showProblem(err, func() { r.page.setState(waiting); r.relayout(); r.load() })
		r.relayout()
		return
	}
	r.content = content
	r.page.showHead(content.Header, r.shown.Sorted)
	r.page.showContent(content, doc)
	r.showAttachments(content.Parts)
	r.relayout()
	if r.c.OnOpened != nil {
		r.c.OnOpened(r.shown.ID)
	}
}

// follow reports a link of the kinds that may be opened.
func (r *Reader) follow(u *url.URL) {
	if r.c.OnLink == nil {
		return
	}
	switch u.Scheme {
	case "http", "https", "mailto":
		r.c.OnLink(u)
	}
}

// Copy puts the selected text on the clipboard.
func (r *Reader) Copy() { r.page.text.copyText() }

// Selected returns the selected text, "" if none.
func (r *Reader) Selected() string { return r.page.text.selected() }

// SelectAll selects the whole text.
func (r *Reader) SelectAll() { r.page.text.selectAll() }
