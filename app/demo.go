package app

import (
	"context"
	"flag"
	"io"
	"os"
	"os/exec"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/app/demo"
	"github.com/linnet-mail/linnet/gui"
)

// mostDemo bounds --messages, which are made up in memory.
const mostDemo = 200_000

// demo opens the window on the built-in servers in a throw-away profile, or
// runs the servers only.
func (p *program) demo(ctx context.Context, args []string, env cli.Env) int {
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	messages := fs.Int("messages", 0, "")
	serve := fs.Bool("serve", false, "")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 || *messages < 0 || *messages > mostDemo {
		return p.cli.Report(env.Stderr, cli.UsageError("cli.usage.args", map[string]any{"Usage": "linnet demo [--messages N] [--serve]"}))
	}
	// The servers end after those who use them, not with ctx.
	d, err := demo.Start(context.WithoutCancel(ctx), *messages)
	if err != nil {
		return p.cli.Report(env.Stderr, opening(err))
	}
	defer d.Close()
	if *serve {
		if err := d.Serve(ctx, env.Stdout); err != nil {
			return p.cli.Report(env.Stderr, opening(err))
		}
		return cli.Done
	}
	return p.demoWindow(ctx, d, env)
}

func (p *program) demoWindow(ctx context.Context, d *demo.Demo, env cli.Env) int {
	h, err := hold(d.Dir, p.level, &p.cli)
	if err != nil {
		return p.cli.Report(env.Stderr, opening(err))
	}
	h.secrets = accounts.Memory()
	h.dialer.Roots = d.Roots()
	h.opened = func() error { return h.engine.Accounts().Adopt(ctx, d.Account(), d.Password) }
	return p.show(ctx, h, gui.Config{Demo: true}, env)
}

// lookAround opens the demo mailbox beside this window, in a process of its own.
func lookAround(context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "demo") // outlives this window
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
