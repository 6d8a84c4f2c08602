package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// handOver bounds how long a start waits for a process that is just leaving the
// profile, or just opening it.
const handOver = 20 * time.Second

// program is one start of Linnet.
type program struct {
	words *assets.Words
	sorry func(*assets.Words, string) error // nil: a failure is told on the terminal only
	cli   cli.Program
	dir   string // of the profile
	level slog.Level

	preset string // path of the administrator's preset, "" for none
}

// command runs a command here, or in the process that has the profile open.
func (p *program) command(ctx context.Context, args []string, env cli.Env) int {
	c, err := p.cli.Parse(args)
	if err != nil {
		return p.cli.Report(env.Stderr, err)
	}
	if c.Local {
		return c.Run(ctx, env, nil)
	}
	exit := cli.Failed
	err = p.together(ctx, func(h *holder) error {
		exit = p.here(ctx, h, c, env)
		return nil
	}, func() (bool, error) {
		var err error
		exit, err = forward(ctx, p.dir, args, env)
		return err == nil, err
	})
	if err != nil {
		return p.cli.Report(env.Stderr, opening(err))
	}
	return exit
}

// here runs a command on an engine without workers. Other commands may come in
// by the socket meanwhile; they come to their end.
func (p *program) here(ctx context.Context, h *holder, c *cli.Command, env cli.Env) int {
	if env.Ask != nil {
		h.ask = func() (string, error) { return env.Ask(p.words.Say("cli.ask-passphrase")) }
	}
	if env.Terminal {
		h.waiting = func() { _, _ = io.WriteString(env.Stderr, p.words.Say("engine.keyring-waits")+"\n") }
	}
	e, err := h.open(ctx, true)
	if err != nil {
		h.close()
		return p.cli.Report(env.Stderr, opening(err))
	}
	if said := p.recovered(h); said != "" {
		_, _ = env.Stderr.Write([]byte(said + "\n"))
	}
	s, err := h.answer(ctx, func(string) bool { return false })
	if err != nil {
		h.log.Warn("other starts cannot reach this one", "error", err)
	}
	exit := c.Run(ctx, env, e)
	if s != nil {
		s.finish(ctx.Err() != nil)
	}
	h.close()
	return exit
}

// together holds the profile and does mine, or has its holder do theirs. A
// holder that comes or goes just now is waited for.
func (p *program) together(ctx context.Context, mine func(*holder) error, theirs func() (done bool, err error)) error {
	deadline := time.Now().Add(handOver)
	for {
		h, err := hold(p.dir, p.level, &p.cli)
		if err == nil {
			return mine(h)
		}
		if !errors.Is(err, errHeld) {
			return err
		}
		done, err := theirs()
		if done {
			return nil
		}
		if err != nil && !errors.Is(err, errNobody) {
			return err
		}
		if time.Now().After(deadline) {
			return &mailcore.Problem{Key: "app.held", Action: "app.held.action"}
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// recovered says that a damaged store was set aside, "" if none was.
func (p *program) recovered(h *holder) string {
	r := h.recovery
	if r == nil {
		return ""
	}
	return p.words.Say("app.recovered", map[string]any{"File": r.SetAside, "Kept": r.Drafts + r.Outbox + r.Pending})
}

// opening explains a failure to open the profile.
func opening(err error) error {
	if errors.Is(err, errLost) {
		return &mailcore.Problem{Key: "app.lost", Action: "app.lost.action", Detail: err.Error()}
	}
	if p := (*mailcore.Problem)(nil); errors.As(err, &p) {
		return err
	}
	return engine.Problem(trouble.At(trouble.Storage, "", accounts.Server{}, err))
}
