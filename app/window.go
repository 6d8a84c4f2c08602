package app

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/gui"
	"github.com/linnet-mail/linnet/mailcore"
)

// window opens the main window, or raises the one that is open. open is a
// mailto: URL or "".
func (p *program) window(ctx context.Context, open string, env cli.Env) int {
	exit := cli.Done
	err := p.together(ctx, func(h *holder) error {
		exit = p.show(ctx, h, gui.Config{Open: open}, env)
		return nil
	}, func() (bool, error) {
		// A command that works on the profile has no window: wait for its end.
		return raise(ctx, p.dir, open)
	})
	if err != nil {
		return p.cannotOpen(env, opening(err))
	}
	return exit
}

// cannotOpen says why there is no window: on the terminal, and in a small window
// of its own, since most people start Linnet without a terminal.
func (p *program) cannotOpen(env cli.Env, why error) int {
	var said strings.Builder
	exit := p.cli.Report(io.MultiWriter(env.Stderr, &said), why)
	if p.sorry != nil && hasDisplay() {
		_ = p.sorry(p.words, strings.TrimSpace(said.String())) // if that fails too, the terminal has been told
	}
	return exit
}

// hasDisplay reports whether there can be a window at all. Asking Fyne without a
// display ends in a panic.
func hasDisplay() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// show runs the window on a profile that this process holds.
func (p *program) show(ctx context.Context, h *holder, c gui.Config, env cli.Env) int {
	defer h.close()
	e, err := h.open(ctx, false)
	if err != nil {
		return p.cannotOpen(env, opening(err))
	}
	if c.Notice = p.recovered(h); c.Notice != "" {
		_, _ = env.Stderr.Write([]byte(c.Notice + "\n"))
	}
	if !hasDisplay() {
		return p.cli.Report(env.Stderr, noWindow(nil))
	}
	bell := newBell(ctx)
	defer bell.stop()
	s, err := h.answer(ctx, bell.ring)
	if err != nil {
		h.log.Warn("other starts cannot reach this one", "error", err)
	} else {
		defer s.finish(true)
	}
	quit := context.AfterFunc(ctx, func() { // a signal ends the program
		if a := fyne.CurrentApp(); a != nil {
			fyne.Do(a.Quit)
		}
	})
	defer quit()
	c.Engine, c.Words, c.Raise, c.Log = e, p.words, bell.out, h.log
	c.Settings = &settings{path: h.file(settingsFile)}
	c.OpenedDir = h.file(openedDir)
	if !c.Demo {
		c.LookAround, c.Detect = lookAround, detect
		c.Preset = readPreset(p.preset, h.log)
	}
	c.Examine = h.examine
	c.Version = p.cli.Version.Version
	c.Release = release != ""
	if err := gui.Run(c); err != nil {
		h.log.Error("window", "error", err)
		return p.cli.Report(env.Stderr, noWindow(err))
	}
	return cli.Done
}

func noWindow(err error) error {
	return errors.Join(&mailcore.Problem{Key: "app.no-window", Action: "app.no-window.action"}, err)
}

// bell hands other starts' wishes to the window without making them wait for it.
type bell struct {
	out  chan string
	done chan struct{}
	once sync.Once
}

func newBell(ctx context.Context) *bell {
	b := &bell{out: make(chan string, 16), done: make(chan struct{})}
	context.AfterFunc(ctx, b.stop)
	return b
}

// ring asks for the window; false means that it is closing, or that it was
// asked too often without answering.
func (b *bell) ring(open string) bool {
	select {
	case <-b.done:
		return false
	default:
	}
	select {
	case b.out <- open:
		return true
	default:
		return false
	}
}

func (b *bell) stop() { b.once.Do(func() { close(b.done) }) }
