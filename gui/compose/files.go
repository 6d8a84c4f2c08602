package compose

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Limits of attachments, in octets.
const (
	maxFile   = 100 << 20 // no file larger than this is taken
	usualSize = 25 << 20  // what many mail services refuse when all together is larger
)

var (
	errFolder = errors.New("compose: a folder cannot be attached")
	errLarge  = errors.New("compose: the file is too large")
)

// readFile reads a file to be attached. It may take long.
func readFile(path string) (mailcore.Attachment, error) {
	f, err := os.Open(path)
	if err != nil {
		return mailcore.Attachment{}, fmt.Errorf("attach: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return mailcore.Attachment{}, fmt.Errorf("attach: %w", err)
	case !info.Mode().IsRegular():
		return mailcore.Attachment{}, errFolder
	case info.Size() > maxFile:
		return mailcore.Attachment{}, errLarge
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return mailcore.Attachment{}, fmt.Errorf("attach %s: %w", filepath.Base(path), err)
	}
	if len(data) > maxFile {
		return mailcore.Attachment{}, errLarge
	}
	name := filepath.Base(path)
	kind, _, err := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(name)))
	if err != nil {
		kind = ""
	}
	return mailcore.Attachment{Name: name, Type: kind, Data: data}, nil
}

// attach reads files and adds them, each when it is here.
func (m *Composer) attach(paths ...string) {
	for _, path := range paths {
		m.reading++
		go func() {
			a, err := readFile(path)
			m.c.Post(func() { m.attached(filepath.Base(path), a, err) })
		}()
	}
	m.refreshState()
}

func (m *Composer) attached(name string, a mailcore.Attachment, err error) {
	m.reading--
	if m.closed {
		return
	}
	name = oneLine(name)
	switch {
	case errors.Is(err, errFolder):
		m.tell(m.c.Words.Say("compose.folder", assets.Args{"Name": name}), "", nil)
	case errors.Is(err, errLarge):
		m.tell(m.c.Words.Say("compose.too_large", assets.Args{"Name": name}), "", nil)
	case err != nil:
		m.tell(m.c.Words.Say("compose.unreadable", assets.Args{"Name": name}), "", nil)
	default:
		m.files = append(m.files, a)
		m.note()
	}
	m.showFiles()
}

// detach takes a file away again.
func (m *Composer) detach(i int) {
	m.files = append(m.files[:i:i], m.files[i+1:]...)
	m.changed()
	m.showFiles()
}

// showFiles makes a card for every attachment.
func (m *Composer) showFiles() {
	m.shelf.set(m.c.Words, m.files, m.detach)
	m.refreshState()
	m.relayout()
}

func (m *Composer) totalSize() int {
	n := 0
	for _, f := range m.files {
		n += len(f.Data)
	}
	return n
}

// size says a number of octets in words.
func size(w *assets.Words, n int) string {
	switch {
	case n < 1000:
		return w.Count("compose.size.b", n)
	case n < 999_500:
		return w.Say("compose.size.kb", assets.Args{"Size": (n + 500) / 1000})
	}
	return w.Say("compose.size.mb", assets.Args{"Size": fmt.Sprintf("%.1f", float64(n)/1e6)})
}

// Sizes of an attachment's card.
const (
	cardWide = 52 * look.Unit
	cardHigh = 54
	cardGap  = 2 * look.Unit
)

// shelf shows the attachments as cards, as many side by side as fit.
type shelf struct {
	widget.BaseWidget
	cards []*fyne.Container
	width float32
}

func newShelf() *shelf {
	s := &shelf{}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

func (s *shelf) set(w *assets.Words, files []mailcore.Attachment, remove func(int)) {
	s.cards = nil
	for i, f := range files {
		name := look.NewText(oneLine(f.Name), look.Style{Size: 13, Ink: look.Ink})
		weight := look.NewWholeText(size(w, len(f.Data)), look.Label)
		drop := look.NewQuiet(w.Say("compose.remove"), func() { remove(i) })
		s.cards = append(s.cards, container.New(cardLayout{}, look.NewFrame(look.Radius), name, weight, drop))
	}
	s.Hidden = len(files) == 0
	s.Refresh()
}

// Resize remembers the width, on which the height depends.
func (s *shelf) Resize(size fyne.Size) {
	s.width = size.Width
	s.BaseWidget.Resize(size)
}

// CreateRenderer makes the shelf's renderer.
func (s *shelf) CreateRenderer() fyne.WidgetRenderer { return &shelfRenderer{s} }

type shelfRenderer struct{ s *shelf }

func (r *shelfRenderer) Destroy() {}

func (r *shelfRenderer) Objects() []fyne.CanvasObject {
	var objects []fyne.CanvasObject
	for _, c := range r.s.cards {
		objects = append(objects, c)
	}
	return objects
}

func (r *shelfRenderer) columns() int {
	return max(1, int((r.s.width+cardGap)/(cardWide+cardGap)))
}

func (r *shelfRenderer) MinSize() fyne.Size {
	lines := (len(r.s.cards) + r.columns() - 1) / r.columns()
	return fyne.NewSize(cardWide, max(float32(lines)*(cardHigh+cardGap)-cardGap, 0))
}

func (r *shelfRenderer) Layout(fyne.Size) {
	for i, c := range r.s.cards {
		column, line := i%r.columns(), i/r.columns()
		c.Move(fyne.NewPos(float32(column)*(cardWide+cardGap), float32(line)*(cardHigh+cardGap)))
		c.Resize(fyne.NewSize(cardWide, cardHigh))
	}
}

func (r *shelfRenderer) Refresh() {
	r.Layout(r.s.Size())
	for _, c := range r.s.cards {
		c.Refresh()
	}
}

// cardLayout places a card's frame, name, size and action.
type cardLayout struct{}

// MinSize is the size of every card.
func (cardLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(cardWide, cardHigh) }

// Layout places the four.
func (cardLayout) Layout(o []fyne.CanvasObject, area fyne.Size) {
	const left = 3 * look.Unit
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(area)
	o[1].Move(fyne.NewPos(left, 9))
	o[1].Resize(fyne.NewSize(area.Width-2*left, 20))
	weight := o[2].MinSize().Width
	o[2].Move(fyne.NewPos(left, 28))
	o[2].Resize(fyne.NewSize(weight, 20))
	drop := o[3].MinSize().Width
	o[3].Move(fyne.NewPos(area.Width-drop, 22))
	o[3].Resize(fyne.NewSize(drop, 32))
}
