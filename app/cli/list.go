package cli

import (
	"context"
	"flag"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// pageSize is how many messages are read at a time when all are asked for.
const pageSize = 500

func listCommand(fs *flag.FlagSet) runner {
	folder := fs.String("folder", "", "")
	account := fs.String("account", "", "")
	limit := fs.Int("limit", 50, "")
	offset := fs.Int("offset", 0, "")
	return func(ctx context.Context, c *call) error {
		if *limit < 0 || *offset < 0 {
			return usage("cli.usage.number", nil)
		}
		q, err := c.query(ctx, *account, *folder)
		if err != nil {
			return err
		}
		return c.rows(ctx, q, *limit, *offset)
	}
}

// query is a folder of one account, or of all accounts together where it has a
// role; without a folder the inboxes.
func (c *call) query(ctx context.Context, account, folder string) (mailcore.Query, error) {
	id, err := c.account(account)
	if err != nil {
		return mailcore.Query{}, err
	}
	if folder == "" {
		return mailcore.Query{Account: id, Role: mailcore.RoleInbox}, nil
	}
	found, err := c.folderNamed(ctx, id, folder)
	if err != nil {
		return mailcore.Query{}, err
	}
	if len(found) == 1 {
		return mailcore.Query{Account: found[0].Account, Folder: found[0].ID}, nil
	}
	if role := found[0].Role; role != mailcore.RoleNone {
		return mailcore.Query{Role: role}, nil
	}
	return mailcore.Query{}, fail("cli.which-account", map[string]any{"Folder": folder})
}

func search(fs *flag.FlagSet) runner {
	account := fs.String("account", "", "")
	limit := fs.Int("limit", 50, "")
	server := fs.Bool("server", false, "")
	return func(ctx context.Context, c *call) error {
		if *limit < 0 {
			return usage("cli.usage.number", nil)
		}
		id, err := c.account(*account)
		if err != nil {
			return err
		}
		q := mailcore.Query{Account: id, Text: strings.Join(c.args, " ")}
		if *server {
			return c.everywhere(ctx, q, *limit)
		}
		return c.rows(ctx, q, *limit, 0)
	}
}

// everywhere searches on the servers too, and says where that was.
func (c *call) everywhere(ctx context.Context, q mailcore.Query, limit int) error {
	where, err := c.places(ctx)
	if err != nil {
		return err
	}
	found, err := c.engine.Messages().SearchEverywhere(ctx, q)
	if err != nil {
		return err
	}
	ids := found.IDs
	if limit > 0 {
		ids = ids[:min(limit, len(ids))]
	}
	rows, err := c.engine.Messages().Rows(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if err := c.row(where.row(m), m); err != nil {
			return err
		}
	}
	if !c.json {
		c.printf("%s\n", c.words.Say("cli.search.where", map[string]any{"Server": len(found.OnServer), "All": len(found.OnServer) + len(found.HereOnly)}))
	}
	return found.Err
}

// rows prints messages page by page; limit 0 means all.
func (c *call) rows(ctx context.Context, q mailcore.Query, limit, offset int) error {
	where, err := c.places(ctx)
	if err != nil {
		return err
	}
	for left := limit; limit == 0 || left > 0; left -= pageSize {
		n := pageSize
		if limit > 0 {
			n = min(left, pageSize)
		}
		page, err := c.engine.Messages().Page(ctx, q, n, offset)
		if err != nil {
			return err
		}
		for _, m := range page {
			if err := c.row(where.row(m), m); err != nil {
				return err
			}
		}
		if len(page) < n {
			return nil
		}
		offset += n
	}
	return nil
}

func (c *call) row(r row, m mailcore.Message) error {
	if c.json {
		return c.line(r)
	}
	from := people(m.From)
	if len(m.From) > 0 && m.From[0].Name != "" {
		from = m.From[0].Name
	}
	mark := " "
	if !m.Flags.Has(mailcore.Seen) {
		mark = "●"
	}
	c.printf("%8d %s %s  %-24s %s\n", r.ID, mark, moment(m.Sorted), cut(from, 24), cut(r.Subject, 80))
	return nil
}
