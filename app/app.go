// Package app is the composition root: paths, settings, the profile lock and
// its socket, the log. It makes the engine and hands it to the window or to a
// command.
package app

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui"
)

// Main runs Linnet with the process's arguments and returns its exit status: 0
// done, 1 failed (one plain sentence was written to standard error), 2 wrong
// usage.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl+C ends what does not heed the first
	env := cli.Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	env.Dir, _ = os.Getwd()
	if term.IsTerminal(int(os.Stdin.Fd())) {
		env.Ask = askTerminal
	}
	return run(ctx, os.Args[1:], env, gui.Sorry)
}

// Run is Main without the process: what a start of Linnet with args does. The
// window, which needs the process's main goroutine, is opened from it.
func Run(ctx context.Context, args []string, env cli.Env) int {
	return run(ctx, args, env, nil)
}

// run is Run; sorry shows a sentence where the window cannot be opened, to
// somebody who started Linnet without a terminal. It may be nil.
func run(ctx context.Context, args []string, env cli.Env, sorry func(*assets.Words, string) error) int {
	words, err := assets.NewWords(languages()...)
	if err != nil {
		_, _ = env.Stderr.Write([]byte(err.Error() + "\n")) // no words without words
		return cli.Failed
	}
	if env.Stdin != nil {
		env.Stdin = &interruptible{ctx: ctx, in: env.Stdin}
	}
	p := &program{words: words, sorry: sorry, preset: presetPath(runtime.GOOS, os.Getenv), cli: cli.Program{Words: words, Version: version(), Detect: detectQuietly}}
	p.cli.Examine = newDoctor(nil, p.cli.Version.Version).Examine
	global, rest, err := globals(args)
	if err != nil {
		return p.cli.Report(env.Stderr, err)
	}
	p.level = global.level
	if p.dir, err = profileDir(global.profile, os.Getenv); err != nil {
		return p.cli.Report(env.Stderr, opening(err))
	}
	return p.start(ctx, rest, env)
}

// start tells windows from commands.
func (p *program) start(ctx context.Context, args []string, env cli.Env) int {
	switch {
	case len(args) == 0:
		return p.window(ctx, "", env)
	case isMailto(args[0]):
		if len(args) > 1 {
			return p.cli.Report(env.Stderr, cli.UsageError("cli.usage.args", map[string]any{"Usage": "linnet mailto:…"}))
		}
		return p.window(ctx, args[0], env)
	case args[0] == "demo":
		return p.demo(ctx, args[1:], env)
	}
	return p.command(ctx, args, env)
}

// isMailto tells a mailto: URL from a command (RFC 6068; the scheme's case does
// not count).
func isMailto(arg string) bool {
	return len(arg) >= 7 && strings.EqualFold(arg[:7], "mailto:")
}

// askTerminal reads a password from the terminal without showing it.
func askTerminal(prompt string) (string, error) {
	_, _ = os.Stderr.WriteString(prompt)
	secret, err := term.ReadPassword(int(os.Stdin.Fd()))
	_, _ = os.Stderr.WriteString("\n")
	return string(secret), err
}

// languages lists the person's languages, best first, as BCP 47 tags.
func languages() []string {
	var out []string
	for _, name := range []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		for tag := range strings.SplitSeq(os.Getenv(name), ":") {
			tag, _, _ = strings.Cut(tag, ".")
			if tag = strings.ReplaceAll(tag, "_", "-"); tag != "" && tag != "C" && tag != "POSIX" {
				out = append(out, tag)
			}
		}
	}
	return out
}
