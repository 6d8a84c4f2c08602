package cli

import (
	"context"
	"flag"

	"github.com/linnet-mail/linnet/mailcore"
)

func mark(fs *flag.FlagSet) runner {
	seen := fs.Bool("seen", false, "")
	unseen := fs.Bool("unseen", false, "")
	flagged := fs.Bool("flagged", false, "")
	unflagged := fs.Bool("unflagged", false, "")
	return func(ctx context.Context, c *call) error {
		var d mailcore.FlagDelta
		for _, f := range []struct {
			add, remove bool
			flag        mailcore.Flags
		}{{*seen, *unseen, mailcore.Seen}, {*flagged, *unflagged, mailcore.Flagged}} {
			if f.add && f.remove {
				return usage("cli.usage.mark", nil)
			}
			if f.add {
				d.Add |= f.flag
			}
			if f.remove {
				d.Remove |= f.flag
			}
		}
		if d == (mailcore.FlagDelta{}) {
			return usage("cli.usage.mark", nil)
		}
		ids, err := messageIDs(c.args)
		if err != nil {
			return err
		}
		if err := c.engine.Messages().Mark(ctx, ids, d); err != nil {
			return err
		}
		return c.recorded(ctx)
	}
}

func move(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		last := len(c.args) - 1
		ids, err := messageIDs(c.args[:last])
		if err != nil {
			return err
		}
		m, err := c.engine.Messages().Get(ctx, ids[0])
		if err != nil {
			return err
		}
		f, err := c.oneFolder(ctx, m.Account, c.args[last])
		if err != nil {
			return err
		}
		if err := c.engine.Messages().Move(ctx, ids, f.ID); err != nil {
			return err
		}
		return c.recorded(ctx)
	}
}

func remove(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		ids, err := messageIDs(c.args)
		if err != nil {
			return err
		}
		if err := c.engine.Messages().Delete(ctx, ids); err != nil {
			return err
		}
		return c.recorded(ctx)
	}
}

// recorded says how many changes the server has still to hear of.
func (c *call) recorded(ctx context.Context) error {
	waiting := 0
	for _, a := range c.engine.Accounts().List() {
		s, err := c.engine.Accounts().Status(ctx, mailcore.AccountID(a.ID))
		if err != nil {
			return err
		}
		waiting += s.Waiting
	}
	if c.json {
		return c.document(map[string]any{"done": true, "waiting": waiting})
	}
	c.printf("%s\n", c.words.Count("cli.recorded", waiting))
	return nil
}
