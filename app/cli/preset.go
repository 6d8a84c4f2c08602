package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"

	"github.com/linnet-mail/linnet/accounts/preset"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// addPreset adds the accounts of a preset that are not here yet. given has the
// person's own name and address, where the preset leaves them open.
func (c *call) addPreset(ctx context.Context, file string, given engine.AddRequest) error {
	p, err := c.preset(file)
	if err != nil {
		return err
	}
	for _, a := range p.Accounts {
		if a.Email == "" {
			a.Email = given.Email
		} else if c.here(a.Email) {
			c.note(c.words.Say("cli.already", map[string]any{"Email": a.Email}))
			continue
		}
		if err := c.addPrepared(ctx, a, given.Name); err != nil {
			return err
		}
	}
	return nil
}

// addPrepared adds one account, asking for its password, or leading to the browser.
func (c *call) addPrepared(ctx context.Context, a preset.Account, name string) error {
	switch {
	case a.Email == "":
		return usage("cli.usage.preset-email", map[string]any{"Label": a.Label})
	case a.Domain != "" && !(preset.Account{Domain: a.Domain}).Allows(a.Email):
		return fail("preset.other_domain", map[string]any{"Domain": a.Domain})
	}
	if a.Shared || a.Name != "" {
		name = a.Name
	}
	r := engine.AddRequest{Name: a.Sender(name), Email: a.Email, Sent: a.Sent}
	r.IMAP, r.SMTP = a.Servers(a.Email)
	var via inBrowser
	err := c.complete(ctx, &r, "", &via)
	if err == nil {
		err = c.authorise(&r, via)
	}
	if err != nil {
		return err
	}
	service := c.engine.Accounts()
	added, err := service.Add(ctx, r)
	if err != nil {
		return err
	}
	added = a.Finish(added)
	if err := service.Update(ctx, added, ""); err != nil {
		return err
	}
	if a.Default {
		if err := service.SetDefault(mailcore.AccountID(added.ID)); err != nil {
			return err
		}
	}
	return c.added(added)
}

// here reports whether the mailbox of an address is set up.
func (c *call) here(email string) bool {
	for _, a := range c.engine.Accounts().List() {
		if !a.Kept && equalFold(a.Email, email) {
			return true
		}
	}
	return false
}

// preset reads a file and says each mistake in a sentence of its own.
func (c *call) preset(file string) (preset.Preset, error) {
	data, err := c.file(file)
	if err != nil {
		return preset.Preset{}, err
	}
	p, err := preset.Read(bytes.NewReader(data))
	var mistakes preset.Mistakes
	if errors.As(err, &mistakes) {
		for _, m := range mistakes {
			c.note(c.words.Say(m.Key, m.Args))
		}
		err = fail("preset.unusable", map[string]any{"File": file})
	}
	return p, err
}

// accountExport writes the accounts without secrets, as presets are.
func accountExport(*flag.FlagSet) runner {
	return func(_ context.Context, c *call) error {
		service := c.engine.Accounts()
		first, _ := service.Default()
		data, err := preset.Of(service.List(), first.ID).Marshal()
		if err == nil {
			_, err = c.Stdout.Write(data)
		}
		return err
	}
}

// accountImport adds the accounts of an exported list.
func accountImport(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error { return c.addPreset(ctx, c.args[0], engine.AddRequest{}) }
}
