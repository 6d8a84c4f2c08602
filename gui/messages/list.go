package messages

import (
	"maps"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

const (
	rowPitch    = look.RowHeight + look.Unit
	doubleClick = 400 * time.Millisecond
)

// List is the widget that shows a Model.
type List struct {
	widget.List
	model *Model
	ruler *look.Ruler
	faces faces

	// OnOpen is called for a double click and for Return.
	OnOpen func(mailcore.ID)
	// OnShow is called when one message became the selected one: it is to be
	// read.
	OnShow func(mailcore.ID)
	// OnSelection is called after every change of the selection.
	OnSelection func()
	// OnMenu asks for the context menu of the selection.
	OnMenu func(at fyne.Position)
	// OpenOnClick makes a single click open: the reader is not beside the list.
	OpenOnClick bool
	// OnKey sees keys that the list does not use.
	OnKey func(*fyne.KeyEvent)
	// OnRune sees typed letters.
	OnRune func(rune)
	// Modifiers returns the keys held down just now.
	Modifiers func() fyne.KeyModifier
	// Now is the clock of double clicks.
	Now func() time.Time

	shown              map[*rowWidget]int // rows in use and their place
	focused            bool
	lastTap            time.Time
	lastTapped         mailcore.ID
	drawn              []mailcore.ID // the ids shown last
	rendered           bool
	starIcon, clipIcon fyne.Resource
}

// NewList returns the widget for a model. The list takes the model's OnChanged.
func NewList(model *Model, words *assets.Words, dates *Dates) *List {
	l := &List{
		model: model, ruler: look.NewRuler(), faces: faces{words: words, dates: dates},
		OnOpen: func(mailcore.ID) {}, OnShow: func(mailcore.ID) {}, OnSelection: func() {},
		OnMenu: func(fyne.Position) {}, OnKey: func(*fyne.KeyEvent) {}, OnRune: func(rune) {},
		Modifiers: heldDown, Now: time.Now, shown: map[*rowWidget]int{},
		starIcon: look.StarIcon(), clipIcon: look.ClipIcon(),
	}
	l.HideSeparators = true
	l.Length = model.Len
	l.CreateItem = func() fyne.CanvasObject { return newRow(l) }
	l.UpdateItem = l.update
	l.ExtendBaseWidget(l)
	model.OnChanged = l.changed
	return l
}

func heldDown() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// ShowRecipients makes rows show to whom instead of from whom.
func (l *List) ShowRecipients(on bool) { l.faces.sent = on }

// ShowAccounts gives every row a dot in its account's colour; nil gives none. The
// rows in sight are drawn anew only if something changed.
func (l *List) ShowAccounts(colours map[mailcore.AccountID]string) {
	if maps.Equal(colours, l.faces.colours) {
		return
	}
	l.faces.colours = colours
	l.redraw()
}

func (l *List) update(i widget.ListItemID, o fyne.CanvasObject) {
	r := o.(*rowWidget)
	for other, at := range l.shown { // one row for a place
		if at == i && other != r {
			delete(l.shown, other)
		}
	}
	l.shown[r] = i
	l.draw(r, i)
}

func (l *List) draw(r *rowWidget, i int) {
	id := l.model.ID(i)
	msg, here := l.model.Row(i)
	f := face{}
	if here {
		f = l.faces.of(msg)
	}
	f.id = id
	f.hover = r.face.hover && r.face.id == id
	f.selected, f.cursor, f.lit = l.model.IsSelected(id), id == l.model.Cursor() && id != 0, l.focused
	r.show(i, f)
}

// changed follows the model. When the ids changed, what was at the upper edge
// stays there, unless that was the very beginning.
func (l *List) changed(ids bool) {
	if ids {
		l.follow()
	}
	l.redraw()
	l.OnSelection()
}

// redraw shows the visible rows as they are now. Rows that lie in Fyne's pool
// are forgotten: asking for their messages would load what nobody sees.
func (l *List) redraw() {
	first, last := l.visible()
	for r, i := range l.shown {
		if i < first || i > last {
			delete(l.shown, r)
			continue
		}
		l.draw(r, i)
	}
}

func (l *List) visible() (first, last int) {
	offset := l.GetScrollOffset()
	return int(offset / rowPitch), int((offset + l.Size().Height) / rowPitch)
}

// follow puts new ids in place of those drawn last, and scrolls so that what
// was at the upper edge stays there.
func (l *List) follow() {
	want := l.keptOffset()
	l.drawn = l.model.ids
	if !l.rendered {
		return
	}
	clear(l.shown)
	l.List.Refresh()
	highest := float32(l.model.Len())*rowPitch - look.Unit - l.Size().Height
	if want = min(want, highest); want > 0 {
		l.ScrollToOffset(want)
		return
	}
	l.ScrollToTop()
}

// keptOffset returns where the first visible message that is still there has
// to be; 0 at the beginning, so that new mail comes into sight there.
func (l *List) keptOffset() float32 {
	offset := l.GetScrollOffset()
	if offset <= 0 {
		return 0
	}
	for i := int(offset / rowPitch); i < len(l.drawn); i++ {
		if at := l.model.Place(l.drawn[i]); at >= 0 {
			return offset + float32(at-i)*rowPitch
		}
	}
	return offset
}

// CreateRenderer makes Fyne's renderer; before, there is nothing to scroll.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	l.rendered = true
	return l.List.CreateRenderer()
}

func (l *List) pageRows() int {
	return max(1, int(math.Floor(float64(l.Size().Height/rowPitch)))-1)
}

// CursorPosition returns where on the screen the message with the keyboard is,
// for a menu that is asked for by key.
func (l *List) CursorPosition() fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
	place := max(l.model.Place(l.model.Cursor()), 0)
	y := float32(place)*rowPitch - l.GetScrollOffset() + rowPitch/2
	return at.AddXY(leftEdge, min(max(y, 0), l.Size().Height))
}

// ScrollToID brings a message into sight.
func (l *List) ScrollToID(id mailcore.ID) {
	if at := l.model.Place(id); at >= 0 {
		l.ScrollTo(at)
	}
}

// FocusGained shows where the keyboard is.
func (l *List) FocusGained() {
	l.focused = true
	if l.model.Cursor() == 0 && l.model.Len() > 0 {
		l.model.MoveCursor(l.model.ID(0))
	}
	l.redraw()
}

// FocusLost hides it.
func (l *List) FocusLost() {
	l.focused = false
	l.redraw()
}

// AccessibilityLabel says what the list is.
func (l *List) AccessibilityLabel() string { return l.faces.words.Say("list.name") }

// AccessibilityRole says that it holds other things.
func (l *List) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
