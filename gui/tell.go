package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// tell shows a quiet bar above list and reader until something else is done.
func (w *Window) tell(text, action string, tapped func()) {
	if action == "" {
		action, tapped = w.words.Say("notice.ok"), w.hush
	}
	w.notice.Set(text, action, tapped)
	w.notice.Show()
	w.panes.Refresh()
}

// hush takes the bar away.
func (w *Window) hush() {
	if w.notice.Visible() {
		w.notice.Hide()
		w.panes.Refresh()
	}
}

func (w *Window) tellError(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	w.log.Warn("shown to the person", "error", err)
	w.tell(explain(w.words, err), "", nil)
}

// explain says an error in a sentence: what happened, and what to do.
func explain(words *assets.Words, err error) string {
	var p *mailcore.Problem
	if !errors.As(err, &p) {
		return words.Say("failed")
	}
	return p.Sentence(words.Say)
}

// emptyView says in words why the list is empty.
type emptyView struct {
	words    *assets.Words
	view     *fyne.Container
	text     *look.Paragraph
	anywhere *look.Button
}

func newEmptyView(words *assets.Words, searchAll func()) *emptyView {
	e := &emptyView{words: words, text: look.NewParagraph("", look.Plain.With(look.Muted))}
	e.text.Align = fyne.TextAlignCenter
	e.anywhere = look.NewLink(words.Say("search.everywhere"), searchAll)
	e.anywhere.Hide()
	e.view = container.NewVBox(look.Pad(e.text, 64, 24, 8, 24), container.NewHBox(layout.NewSpacer(), e.anywhere, layout.NewSpacer()))
	e.view.Hide()
	return e
}

func (e *emptyView) set(text string, anywhere bool) {
	e.text.Set(text)
	setVisible(e.anywhere, anywhere)
	setVisible(e.view, text != "")
}

// several takes the reader's place while more than one message is selected.
type several struct {
	view *fyne.Container
	text *look.Text
}

func newSeveral() *several {
	s := &several{text: look.NewWholeText("", look.Title.With(look.Muted))}
	s.view = look.On(look.Surface, container.NewCenter(s.text))
	s.view.Hide()
	return s
}

func (s *several) set(on bool, text string) {
	if on {
		s.text.Set(text)
		s.view.Refresh()
	}
	setVisible(s.view, on)
}

// showEmpty says why there is nothing in the list; nothing where there is.
func (w *Window) showEmpty() {
	if w.model.Len() > 0 {
		w.empty.set("", false)
		return
	}
	text := w.searchText()
	switch {
	case !w.model.Loaded():
		w.empty.set("", false)
	case text != "":
		w.empty.set(w.words.Say("list.nomatch", assets.Args{"Text": text}), w.place.Kind != folders.AllInboxes)
	default:
		w.empty.set(w.emptyText(), false)
	}
}

// emptyText tells an empty folder from one that is still being fetched.
func (w *Window) emptyText() string {
	if !w.stillFetching() {
		return w.words.Say("list.empty")
	}
	here, missing := 0, 0
	for _, s := range w.overview.status {
		here, missing = here+s.Here, missing+s.Missing
	}
	if missing == 0 {
		return w.words.Say("list.fetching.start")
	}
	return w.words.Say("list.fetching", assets.Args{"Done": w.number(here), "Total": w.number(here + missing)})
}

// stillFetching reports whether mail for this place is on its way: a folder of
// it is not complete, or an account's folders are not known yet, and the server
// is being asked.
func (w *Window) stillFetching() bool {
	for _, a := range w.overview.accounts {
		id := mailcore.AccountID(a.ID)
		phase := w.overview.status[id].Phase
		if phase != mailcore.Connecting && phase != mailcore.Syncing {
			continue
		}
		known := false
		for _, f := range w.overview.folders {
			if f.Account != id {
				continue
			}
			known = true
			here := f.Role == mailcore.RoleInbox
			if w.place.Kind == folders.Folder {
				here = f.ID == w.place.Folder
			}
			if here && !f.Complete {
				return true
			}
		}
		if !known {
			return true
		}
	}
	return false
}
