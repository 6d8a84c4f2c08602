package gui

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"github.com/linnet-mail/linnet/assets"
	_ "github.com/linnet-mail/linnet/gui/cachetime" // before Fyne reads it
	"github.com/linnet-mail/linnet/gui/desktop"
)

// appID is the program's name for the system.
const appID = "org.linnetmail.Linnet"

// Run opens the window and returns when it is closed. It must be called from
// the process's main goroutine. The engine has been started, and is closed by
// the caller.
func Run(c Config) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	app.SetMetadata(metadata(c))
	a := app.NewWithID(appID)
	w, err := Open(ctx, a, fyne.Do, c)
	if err != nil {
		return err
	}
	defer w.clean()
	return showAndRun(a, w.win, w.Begin)
}

// showAndRun shows an app's first window until the app ends. Where the system
// has no display, or no OpenGL, Fyne's driver panics before anything is shown:
// that is an error like others.
func showAndRun(a fyne.App, win fyne.Window, begin func()) (err error) {
	started := false
	a.Lifecycle().SetOnStarted(func() { started = true; begin() })
	defer func() {
		if started {
			return
		}
		if r := recover(); r != nil {
			err = fmt.Errorf("show the window: %v", r)
		}
	}()
	win.ShowAndRun()
	return nil
}

// Open makes the main window of an app without showing it; Begin loads what it
// shows. All that it does in the background ends with ctx. post runs a function
// on the UI goroutine, to which the window belongs.
func Open(ctx context.Context, a fyne.App, post func(func()), c Config) (*Window, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := parts{
		app: a, words: c.Words, log: c.Log, mail: mailOf(c.Engine), post: post, settings: c.Settings,
		now: time.Now, version: c.Version,
	}
	if c.OpenedDir != "" {
		opened, err := desktop.NewOpened(c.OpenedDir)
		if err != nil {
			return nil, fmt.Errorf("open the window: %w", err)
		}
		p.opened = opened
	}
	w := newWindow(ctx, p)
	w.connect(c)
	w.begin = func() { w.listenAndLoad(c) }
	return w, nil
}

// Window returns Fyne's window.
func (w *Window) Window() fyne.Window { return w.win }

// Begin follows the engine's events and loads what is shown.
func (w *Window) Begin() { w.begin() }

// clean removes attachments that were opened.
func (w *Window) clean() {
	if w.opened == nil {
		return
	}
	if err := w.opened.Close(); err != nil {
		w.log.Warn("remove opened attachments", "error", err)
	}
}

// metadata tells Fyne about the program. A release runs migrated: then Fyne does
// not check any more that the screen is touched by one goroutine only, which
// development and tests have done.
func metadata(c Config) fyne.AppMetadata {
	return fyne.AppMetadata{
		ID: appID, Name: c.Words.Say("app.name"), Version: c.Version, Release: c.Release,
		Icon:       fyne.NewStaticResource("linnet.png", assets.Icon()),
		Migrations: map[string]bool{"fyneDo": c.Release},
	}
}

func (w *Window) listenAndLoad(c Config) {
	f := newFeed(w.mail.subscribe(), w.post, w.show)
	w.hurry = f.Hurry
	go f.run(w.ctx)
	w.start()
	w.focusList()
	if c.Notice != "" {
		w.tell(c.Notice, "", nil)
	}
	go w.listen(w.ctx, c.Raise)
	if c.Open != "" {
		w.loading.then(func() { w.composeURL(c.Open) })
	}
}

// listen raises the window when a second start asks for it.
func (w *Window) listen(ctx context.Context, raise <-chan string) {
	for {
		select {
		case url, ok := <-raise:
			if !ok {
				return
			}
			w.post(func() {
				w.win.Show()
				w.win.RequestFocus()
				if url != "" {
					w.composeURL(url)
				}
			})
		case <-ctx.Done():
			return
		}
	}
}
