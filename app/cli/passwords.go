package cli

import (
	"context"
	"flag"

	"github.com/linnet-mail/linnet/mailcore/engine"
)

// passwordsWhere says where passwords are kept.
func passwordsWhere(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		for _, a := range c.engine.Accounts().List() {
			c.engine.Accounts().Readable(ctx, a) // only asking tells
		}
		kept := c.engine.Accounts().Kept()
		if c.json {
			return c.document(map[string]engine.Kept{"kept": kept})
		}
		c.printf("%s\n", c.words.Say("cli.passwords."+string(kept)))
		if p := c.engine.Accounts().KeyringProblem(); p != nil {
			c.note(c.program.sentence(p))
		}
		if kept == engine.KeptForRun {
			c.note(c.words.Say("cli.passwords.how"))
		}
		return nil
	}
}

// passwordsFile begins the file of passwords.
func passwordsFile(fs *flag.FlagSet) runner {
	stdin := fs.Bool("passphrase-stdin", false, "")
	return func(ctx context.Context, c *call) error {
		passphrase, err := c.passphrase(*stdin, "cli.ask-new-passphrase")
		if err != nil {
			return err
		}
		if !*stdin {
			again, err := c.Ask(c.words.Say("cli.ask-passphrase-again"))
			if err != nil {
				return err
			}
			if again != passphrase {
				return fail("cli.passwords.differ", nil)
			}
		}
		if err := c.engine.Accounts().KeepInFile(ctx, passphrase); err != nil {
			return err
		}
		c.printf("%s\n", c.words.Say("cli.passwords.file"))
		return nil
	}
}

// passwordsOpen opens the file in the process that runs the engine.
func passwordsOpen(fs *flag.FlagSet) runner {
	stdin := fs.Bool("passphrase-stdin", false, "")
	return func(ctx context.Context, c *call) error {
		passphrase, err := c.passphrase(*stdin, "cli.ask-passphrase")
		if err != nil {
			return err
		}
		if err := c.engine.Accounts().OpenFile(ctx, passphrase); err != nil {
			return err
		}
		c.printf("%s\n", c.words.Say("cli.passwords.opened"))
		return nil
	}
}

// passphrase reads one from standard input or a person.
func (c *call) passphrase(stdin bool, prompt string) (string, error) {
	if stdin {
		return c.stdin.password()
	}
	if c.Ask == nil {
		return "", fail("cli.passwords.nobody", nil)
	}
	return c.Ask(c.words.Say(prompt))
}
