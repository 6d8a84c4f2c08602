package cli

import (
	"context"
	"flag"
)

// table lists the commands that are run here; those that open a window are
// package app's.
func (p *Program) table() []verb {
	return []verb{
		{name: "detect", args: "ADDRESS [--json]", local: true, setup: p.detect, least: 1, most: 1},
		{name: "account add", args: "--email ADDRESS|--preset FILE [--name NAME] [--imap tls://HOST:PORT] [--smtp starttls://HOST:PORT] [--user USER] [--pin [imap=|smtp=]SHA256]… [--password-stdin] [--browser [--client-id ID] [--auth-url URL --token-url URL [--scope SCOPES]]]", setup: accountAdd},
		{name: "account export", setup: accountExport},
		{name: "account import", args: "FILE [--password-stdin]", setup: accountImport, least: 1, most: 1},
		{name: "account sign-in", args: "ADDRESS [--password-stdin]", setup: accountSignIn, least: 1, most: 1},
		{name: "account list", args: "[--json]", setup: accountList},
		{name: "account remove", args: "ADDRESS [--keep-mail]", setup: accountRemove, least: 1, most: 1},
		{name: "doctor", args: "ADDRESS [--json]", setup: p.doctor, least: 1, most: 1},
		{name: "sync", args: "[--account ADDRESS] [--folder FOLDER]… [--bodies] [--json]", setup: syncCommand},
		{name: "folders", args: "[--account ADDRESS] [--json]", setup: folders},
		{name: "folder create", args: "NAME [--account ADDRESS]", setup: folderCreate, least: 1, most: 1},
		{name: "folder rename", args: "NAME NEW-NAME [--account ADDRESS]", setup: folderRename, least: 2, most: 2},
		{name: "folder delete", args: "NAME [--account ADDRESS]", setup: folderDelete, least: 1, most: 1},
		{name: "list", args: "[--folder FOLDER] [--account ADDRESS] [--limit N] [--offset N] [--json]", setup: listCommand},
		{name: "search", args: "QUERY… [--account ADDRESS] [--limit N] [--server] [--json]", setup: search, least: 1, most: -1},
		{name: "show", args: "ID [--json] [--raw]", setup: show, least: 1, most: 1},
		{name: "mark", args: "ID… --seen|--unseen|--flagged|--unflagged", setup: mark, least: 1, most: -1},
		{name: "move", args: "ID… FOLDER", setup: move, least: 2, most: -1},
		{name: "delete", args: "ID…", setup: remove, least: 1, most: -1},
		{name: "send", args: "[--from ADDRESS] [--wait] [--to … --cc … --bcc … --subject … --body … --attach FILE…]", setup: send},
		{name: "outbox", args: "[--flush] [--json] | --send-through SERVER|--send-as-before [--account ADDRESS]", setup: outbox},
		{name: "passwords where", setup: passwordsWhere},
		{name: "passwords file", args: "[--passphrase-stdin]", setup: passwordsFile},
		{name: "passwords open", args: "[--passphrase-stdin]", setup: passwordsOpen},
		{name: "parse", args: "--json FILE…", local: true, setup: parse, least: 1, most: -1},
		{name: "render", args: "FILE [--width 640] [--scale 1] [--dark] [--png FILE] [--geometry FILE] [--system-fonts]", local: true, setup: render, least: 1, most: 1},
		{name: "version", args: "[--json]", local: true, setup: p.version},
		{name: "help", args: "[COMMAND]", local: true, setup: p.help, most: 2},
	}
}

// version prints what was built from what.
func (p *Program) version(*flag.FlagSet) runner {
	return func(_ context.Context, c *call) error {
		if c.json {
			return c.document(p.Version)
		}
		c.printf("Linnet %s\n", p.Version.Version)
		if p.Version.Commit != "" {
			c.printf("%s\n", p.words("cli.commit", map[string]any{"Commit": p.Version.Commit}))
		}
		for _, m := range p.Version.Modules {
			c.printf("  %s %s\n", m.Path, m.Version)
		}
		return nil
	}
}

func (p *Program) words(key string, args map[string]any) string { return p.Words.Say(key, args) }

// help lists the commands, or tells of one.
func (p *Program) help(*flag.FlagSet) runner {
	return func(_ context.Context, c *call) error {
		if len(c.args) > 0 {
			v, _, err := p.find(c.args)
			if err != nil {
				return err
			}
			p.describe(c, v)
			return nil
		}
		c.printf("%s\n\n", p.Words.Say("cli.help.intro"))
		for _, w := range []struct{ name, key string }{
			{"linnet", "cli.help.window"},
			{"linnet mailto:…", "cli.help.mailto"},
			{"linnet demo [--messages N] [--serve]", "cli.help.demo"},
		} {
			c.printf("  %s\n      %s\n", w.name, p.Words.Say(w.key))
		}
		for _, v := range p.table() {
			p.describe(c, v)
		}
		c.printf("\n%s\n", p.Words.Say("cli.help.global"))
		return nil
	}
}

func (p *Program) describe(c *call, v verb) {
	c.printf("  linnet %s %s\n      %s\n", v.name, v.args, p.Words.Say("cli.help."+v.name))
}

// helpFor is "linnet VERB --help".
func (p *Program) helpFor(v verb) *Command {
	return &Command{
		Local: true, program: p, flags: flag.NewFlagSet("help", flag.ContinueOnError),
		run: func(_ context.Context, c *call) error { p.describe(c, v); return nil },
	}
}

// list collects a flag that may be given several times.
type repeated []string

func (r *repeated) String() string     { return "" }
func (r *repeated) Set(s string) error { *r = append(*r, s); return nil }
