package cli

import (
	"context"
	"errors"
	"flag"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// outboxFlags are those of "outbox".
type outboxFlags struct {
	flush, before    bool
	through, account string
}

func outbox(fs *flag.FlagSet) runner {
	var f outboxFlags
	fs.BoolVar(&f.flush, "flush", false, "")
	fs.BoolVar(&f.before, "send-as-before", false, "")
	fs.StringVar(&f.through, "send-through", "", "")
	fs.StringVar(&f.account, "account", "", "")
	return func(ctx context.Context, c *call) error {
		if err := c.detour(ctx, f); err != nil {
			return err
		}
		var failed error
		if f.flush {
			failed = c.engine.Outbox().Flush(ctx)
		}
		list, err := c.engine.Outbox().List(ctx, false)
		if err != nil {
			return err
		}
		if c.json {
			rows := []outboxRow{}
			for _, o := range list {
				rows = append(rows, outgoing(o))
			}
			return errors.Join(c.document(rows), failed)
		}
		for _, o := range list {
			c.outboxText(o)
		}
		if len(list) == 0 {
			c.printf("%s\n", c.words.Say("cli.outbox.empty"))
		}
		return errors.Join(c.offers(ctx), failed)
	}
}

// detour accepts another way to send, or takes it back, if one of the flags asks
// for that.
func (c *call) detour(ctx context.Context, f outboxFlags) error {
	if f.through == "" && !f.before {
		return nil
	}
	id, err := c.one(f.account)
	if err != nil {
		return err
	}
	if f.before {
		return c.engine.Outbox().AsBefore(id)
	}
	return c.engine.Outbox().Accept(ctx, engine.Offer{Account: id, Way: f.through})
}

// one is the account meant, which need not be named where there is one only.
func (c *call) one(address string) (mailcore.AccountID, error) {
	all := c.engine.Accounts().List()
	if address == "" && len(all) == 1 {
		return mailcore.AccountID(all[0].ID), nil
	}
	if address == "" {
		return "", fail("cli.instead.which", nil)
	}
	return c.account(address)
}

// offers says which other ways to send there are, and which are in use.
func (c *call) offers(ctx context.Context) error {
	list, err := c.engine.Outbox().Offers(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		c.printf("%s\n  %s\n", c.words.Say(o.Key, o.Args), c.words.Say("cli.instead.use", map[string]any{"Way": o.Way, "Email": o.Email}))
	}
	for _, a := range c.engine.Accounts().List() {
		if key, args := c.engine.Outbox().Detour(a); key != "" {
			c.printf("%s\n  %s\n", c.words.Say(key, args), c.words.Say("cli.instead.back", args))
		}
	}
	return nil
}
