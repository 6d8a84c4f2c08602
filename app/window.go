package app

import (
	"context"
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
		return p.cli.Report(env.Stderr, opening(err))
	}
	return exit
}

// show runs the window on a profile that this process holds.
func (p *program) show(ctx context.Context, h *holder, c gui.Config, env cli.Env) int {
	defer h.close()
	e, err := h.open(ctx, false)
	if err != nil {
		return p.cli.Report(env.Stderr, opening(err))
	}
	p.tellRecovery(h, env)
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
	c.OpenedDir = h.file("opened")
	c.OpenedDir = h.file(openedDir)
	if !c.Demo {
		c.LookAround, c.Detect = lookAround, detect
	}
	c.Version = p.cli.Version.Version
	c.Release = release != ""
	if err := gui.Run(c); err != nil {
		h.log.Error("window", "error", err)
		return p.cli.Report(env.Stderr, &mailcore.Problem{Key: "app.no-window", Action: "app.no-window.action", Detail: err.Error()})
	}
	return cli.Done
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
