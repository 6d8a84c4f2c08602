// Package cli is the command line: each command is a few lines over the engine
// and has no logic of its own. It needs no display and never starts a window.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// Exit statuses.
const (
	Done   = 0
	Failed = 1 // one plain sentence was written to Stderr
	Usage  = 2 // the command line cannot be understood
)

// Env is what surrounds a command, be it this process's own or that of another
// process which handed its command over.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Dir            string // relative file names start here
	Terminal       bool   // Stderr is a terminal: show progress
	// Ask reads a password without showing it; nil where nobody can be asked.
	Ask func(prompt string) (string, error)
}

// Program is what commands share.
type Program struct {
	Words   *assets.Words
	Version Version
	// Detect finds the servers of an address.
	Detect func(ctx context.Context, address string) (autodetect.Result, error)
	// Examine looks for what is wrong with an account.
	Examine func(ctx context.Context, p doctor.Patient, tell func(doctor.Step)) doctor.Diagnosis
}

// Version is what this program was built from.
type Version struct {
	Version string   `json:"version"`
	Commit  string   `json:"commit"`
	Go      string   `json:"go"`
	Modules []Module `json:"modules"`
}

// Module is one module that was built in.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

// Command is one command line, understood.
type Command struct {
	// Local commands need no profile: Run may be called without an engine.
	Local bool

	program *Program
	flags   *flag.FlagSet
	args    []string
	run     runner
	json    bool
	secret  bool // --password-stdin
}

// runner does a command's work with what is left of its arguments.
type runner func(ctx context.Context, c *call) error

// call is one execution of a command.
type call struct {
	Env
	*Command
	engine *engine.Engine
	words  *assets.Words
	stdin  *lineReader
	typed  []mailcore.AccountID // whose passwords came from standard input
}

// verb is an entry of the table of commands.
type verb struct {
	name  string // one word, or two as "folder create"
	args  string // synopsis of what follows
	local bool
	setup func(fs *flag.FlagSet) runner
	least int // positional arguments
	most  int // -1: any number
}

// errUsage is a command line that cannot be understood; the text is words.
type errUsage struct {
	key  string
	args map[string]any
}

func (e *errUsage) Error() string { return e.key }

// UsageError is a command line that cannot be understood, as Report tells it.
func UsageError(key string, args map[string]any) error { return usage(key, args) }

func usage(key string, args map[string]any) error { return &errUsage{key, args} }

// Parse understands a command line without doing anything.
func (p *Program) Parse(args []string) (*Command, error) {
	v, rest, err := p.find(args)
	if err != nil {
		return nil, err
	}
	c := &Command{Local: v.local, program: p, flags: flag.NewFlagSet(v.name, flag.ContinueOnError)}
	c.flags.SetOutput(io.Discard)
	c.flags.BoolVar(&c.json, "json", false, "")
	c.run = v.setup(c.flags)
	if !v.local {
		c.flags.BoolVar(&c.secret, "password-stdin", false, "")
	}
	if c.args, err = interspersed(c.flags, rest); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return p.helpFor(v), nil
		}
		return nil, usage("cli.usage.flag", map[string]any{"Command": v.name, "Detail": err.Error()})
	}
	if len(c.args) < v.least || v.most >= 0 && len(c.args) > v.most {
		return nil, usage("cli.usage.args", map[string]any{"Usage": strings.TrimSpace("linnet " + v.name + " " + v.args)})
	}
	return c, nil
}

// find looks the verb up; its name may be two words.
func (p *Program) find(args []string) (verb, []string, error) {
	if len(args) == 0 {
		args = []string{"help"}
	}
	table := p.table()
	for n := min(2, len(args)); n > 0; n-- {
		name := strings.Join(args[:n], " ")
		if i := slices.IndexFunc(table, func(v verb) bool { return v.name == name }); i >= 0 {
			return table[i], args[n:], nil
		}
	}
	if args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		return p.find([]string{"help"})
	}
	return verb{}, nil, usage("cli.usage.command", map[string]any{"Command": args[0]})
}

// interspersed parses flags before, between and after the other arguments; what
// follows "--" is never a flag.
func interspersed(fs *flag.FlagSet, args []string) ([]string, error) {
	var after []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, after = args[:i], args[i+1:]
	}
	var out []string
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if fs.NArg() == 0 {
			return append(out, after...), nil
		}
		out = append(out, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// Run does the command and returns the exit status. e may be nil for a Local
// command.
func (c *Command) Run(ctx context.Context, env Env, e *engine.Engine) int {
	k := &call{Env: env, Command: c, engine: e, words: c.program.Words, stdin: newLineReader(env.Stdin)}
	err := k.passwords()
	defer k.forget()
	if err == nil {
		err = c.run(ctx, k)
	}
	return c.program.Report(env.Stderr, err)
}

// Report writes err as one plain sentence and returns the exit status for it.
func (p *Program) Report(w io.Writer, err error) int {
	var u *errUsage
	var problem *mailcore.Problem
	switch {
	case err == nil:
		return Done
	case errors.As(err, &u):
		fmt.Fprintln(w, p.Words.Say(u.key, u.args))
		return Usage
	case errors.As(err, &problem):
		fmt.Fprintln(w, printable(p.sentence(problem)))
	default:
		fmt.Fprintln(w, p.Words.Say("cli.failed", map[string]any{"Detail": err.Error()}))
	}
	return Failed
}

// sentence is a problem in one line: what happened, and what to do. Where the
// window would ask for a password, it says how to give one here.
func (p *Program) sentence(problem *mailcore.Problem) string {
	what, todo := problem.Words(p.Words.Say)
	switch problem.Action {
	case "trouble.do.type-password", "trouble.do.unlock-keyring", "trouble.do.type-passphrase":
		todo = p.Words.Say("cli.use-password-stdin")
	case "trouble.do.ask-provider-certificate":
		todo = p.Words.Say("cli.use-pin", problem.Args)
	case "trouble.do.browser-sign-in", "trouble.do.browser-same-address":
		todo = p.Words.Say("cli.use-sign-in")
	}
	return strings.Join(strings.Fields(what+" "+todo), " ")
}

// fail is a problem of the command line's own.
func fail(key string, args map[string]any) error {
	return &mailcore.Problem{Key: key, Args: args}
}
