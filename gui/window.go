package gui

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/messages"
	"github.com/linnet-mail/linnet/gui/outbox"
	"github.com/linnet-mail/linnet/gui/reader"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// seenAfter is how long a message is on screen before it counts as read.
const seenAfter = time.Second

// searchAfter is how long the list waits for the next letter of a search.
const searchAfter = 200 * time.Millisecond

// Window is the main window. It belongs to the UI goroutine.
type Window struct {
	app      fyne.App
	win      fyne.Window
	words    *assets.Words
	log      *slog.Logger
	mail     mail
	post     func(func())
	settings Settings
	ctx      context.Context
	now      func() time.Time
	version  string

	seenAfter, searchAfter time.Duration
	opened                 *desktop.Opened // nil: attachments can only be saved
	composers              composers
	newSetup               func(first bool, done func()) fyne.CanvasObject
	examine                setup.Examine // nil: not offered
	doctors                map[mailcore.AccountID]fyne.Window
	manager                setup.ManagerConfig // what the window does not know itself

	state    WindowState
	commands []*command
	overview overview
	loading  reloader
	begin    func()
	hurry    func() // the next news are the answer to the person

	sidebar   *folders.Sidebar
	status    *look.Paragraph
	search    *look.Entry
	empty     *emptyView
	model     *messages.Model
	list      *messages.List
	reader    *reader.Reader
	tools     *toolbar
	notice    *look.Notice
	outbox    *outbox.View
	minded    kept   // what the person was told of where passwords are kept
	offered   string // the other ways to send that the bar told of
	offerText string // what it said
	several   *several
	panes     *panes
	main      fyne.CanvasObject
	setupOn   bool // the first-start page is shown
	menu      *fyne.MainMenu

	place        folders.Place
	seen         *time.Timer // until the message on screen counts as read
	typing       *time.Timer // until the search is run
	lastSearch   string
	toText       mailcore.ID    // opened, and waited for by the keyboard
	managing     fyne.Window    // of the account settings, nil if they are closed
	settingsPage *setup.Manager // in it
	menuAccount  mailcore.AccountID
	presets      []setup.Preset // accounts that were prepared and are still to be added
	presetWrong  string         // why an administrator's list is of no use
	warned       string         // the certificate that the bar told of last
}

// parts are what a Window is made of; tests put fakes in.
type parts struct {
	app      fyne.App
	words    *assets.Words
	log      *slog.Logger
	mail     mail
	post     func(func())
	settings Settings
	now      func() time.Time
	opened   *desktop.Opened
	version  string
}

// newWindow makes the main window without showing it. All its work ends with ctx.
func newWindow(ctx context.Context, p parts) *Window {
	w := &Window{
		app: p.app, words: p.words, log: p.log, mail: p.mail, post: p.post, settings: p.settings, ctx: ctx, now: p.now,
		opened: p.opened, version: p.version,
		seenAfter: seenAfter, searchAfter: searchAfter, hurry: func() {},
		doctors: map[mailcore.AccountID]fyne.Window{},
	}
	w.state = p.settings.Load()
	w.app.Settings().SetTheme(look.New(look.Mode(w.state.Theme)))
	w.win = w.app.NewWindow(w.words.Say("app.name"))
	w.loading = reloader{load: w.loadOverview}
	w.build()
	w.commands = w.makeCommands()
	w.tools = newToolbar(w)
	w.layout()
	w.menu = w.mainMenu()
	w.win.SetMainMenu(w.menu)
	w.win.Canvas().SetOnTypedKey(w.runKey)
	w.win.SetCloseIntercept(w.quit)
	w.win.SetPadded(false)
	w.win.Resize(w.startSize())
	return w
}

func (w *Window) startSize() fyne.Size {
	if w.state.Width >= 480 && w.state.Height >= 320 {
		return fyne.NewSize(w.state.Width, w.state.Height)
	}
	return fyne.NewSize(1200, 700) // fits a 1366 × 768 screen with its bars
}

// start loads what the window shows.
func (w *Window) start() {
	w.goTo(folders.Place{Kind: folders.AllInboxes})
	w.loading.again()
}

// show takes the engine's news.
func (w *Window) show(n news) {
	if n.messages && !w.showsBox() {
		w.model.Reload(n.ids)
	}
	if n.folders || n.outbox || n.drafts || n.messages {
		w.loading.again()
	}
}

// work does something that takes time and comes back to the UI goroutine.
func (w *Window) work(do func(ctx context.Context) error, done func(error)) {
	go func() {
		err := do(w.ctx)
		if w.ctx.Err() == nil {
			w.post(func() { done(err) })
		}
	}()
}

// act is work whose failure is told to the person.
func (w *Window) act(do func(ctx context.Context) error, done func()) {
	w.work(do, func(err error) {
		if err != nil {
			w.tellError(err)
		}
		done()
	})
}

// remember saves what the window remembers.
func (w *Window) remember() {
	size := w.win.Canvas().Size()
	if size.Width > 1 {
		w.state.Width, w.state.Height = size.Width, size.Height
	}
	w.state.Sidebar, w.state.List = w.panes.sidebarWidth, w.panes.listWidth
	w.state.Expanded = w.sidebar.Expanded()
	state := w.state
	if err := w.settings.Save(state); err != nil {
		w.log.Warn("save window state", "error", err)
	}
}

// showsBox reports whether outbox or local drafts are shown instead of messages.
func (w *Window) showsBox() bool {
	return w.place.Kind == folders.Outbox || w.place.Kind == folders.LocalDrafts
}

// visible is told which folder is on screen.
func (w *Window) visible(p folders.Place) {
	id := mailcore.FolderID(0)
	if p.Kind == folders.Folder {
		id = p.Folder
	}
	w.work(func(context.Context) error { w.mail.folders.Visible(id); return nil }, func(error) {})
}
