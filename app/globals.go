package app

import (
	"log/slog"
	"strings"

	"github.com/linnet-mail/linnet/app/cli"
)

// global is what every command understands.
type global struct {
	profile string
	level   slog.Level
}

// globals takes the global flags out of the arguments, wherever they stand
// before a "--".
func globals(args []string) (global, []string, error) {
	var g global
	var rest []string
	var level string
	for i := 0; i < len(args); i++ {
		name, value, has := strings.Cut(args[i], "=")
		name = "-" + strings.TrimLeft(name, "-")
		if args[i] == "--" {
			rest = append(rest, args[i:]...)
			break
		}
		var into *string
		if strings.HasPrefix(args[i], "-") {
			into = map[string]*string{"-profile": &g.profile, "-log-level": &level}[name]
		}
		if into == nil {
			rest = append(rest, args[i])
			continue
		}
		if !has {
			if i++; i >= len(args) {
				return g, nil, cli.UsageError("cli.usage.value", map[string]any{"Flag": "-" + name})
			}
			value = args[i]
		}
		*into = value
	}
	var err error
	if g.level, err = logLevel(level); err != nil {
		return g, nil, cli.UsageError("cli.usage.log-level", nil)
	}
	return g, rest, nil
}
