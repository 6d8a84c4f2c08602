package cli

import (
	"context"
	"flag"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// folderRow is one folder of "folders".
type folderRow struct {
	Account     string `json:"account"`
	Folder      string `json:"folder"`
	Role        string `json:"role"`
	Total       int    `json:"total"`
	Unread      int    `json:"unread"`
	ServerTotal int    `json:"server_total"`
	Complete    bool   `json:"complete"`
	Checked     int64  `json:"checked"` // unix seconds, 0 if never
	Selectable  bool   `json:"selectable"`
}

func folders(fs *flag.FlagSet) runner {
	account := fs.String("account", "", "")
	return func(ctx context.Context, c *call) error {
		id, err := c.account(*account)
		if err != nil {
			return err
		}
		list, err := c.engine.Folders().List(ctx, id)
		if err != nil {
			return err
		}
		where := c.accountNames()
		rows := []folderRow{}
		for _, f := range list {
			rows = append(rows, folderJSON(f, where[f.Account]))
		}
		if c.json {
			return c.document(rows)
		}
		for _, r := range rows {
			c.printf("%-32s %-10s %8d %8d  %s\n", r.Folder, r.Role, r.Total, r.Unread, r.Account)
		}
		return nil
	}
}

func folderJSON(f mailcore.Folder, account string) folderRow {
	r := folderRow{
		Account: account, Folder: f.Path, Role: string(f.Role), Total: f.Total, Unread: f.Unread,
		ServerTotal: f.ServerTotal, Complete: f.Complete, Selectable: f.Selectable,
	}
	if !f.Checked.IsZero() {
		r.Checked = f.Checked.Unix()
	}
	return r
}

func (c *call) accountNames() map[mailcore.AccountID]string {
	out := map[mailcore.AccountID]string{}
	for _, a := range c.engine.Accounts().List() {
		out[mailcore.AccountID(a.ID)] = a.Email
	}
	return out
}

// places reads the names of all accounts and folders.
func (c *call) places(ctx context.Context) (places, error) {
	p := places{folders: map[mailcore.FolderID]string{}, accounts: c.accountNames()}
	list, err := c.engine.Folders().List(ctx, "")
	for _, f := range list {
		p.folders[f.ID] = f.Path
	}
	return p, err
}

func folderCreate(fs *flag.FlagSet) runner {
	account := fs.String("account", "", "")
	return func(ctx context.Context, c *call) error {
		id, err := c.account(*account)
		if err != nil {
			return err
		}
		all := c.engine.Accounts().List()
		switch {
		case id != "":
		case len(all) == 1:
			id = mailcore.AccountID(all[0].ID)
		case len(all) == 0:
			return fail("cli.no-account", nil)
		default:
			return fail("cli.which-account", map[string]any{"Folder": c.args[0]})
		}
		if err := c.engine.Folders().Create(ctx, id, c.args[0]); err != nil {
			return err
		}
		return c.said("cli.folder-created", map[string]any{"Folder": c.args[0]})
	}
}

func folderRename(fs *flag.FlagSet) runner {
	account := fs.String("account", "", "")
	return func(ctx context.Context, c *call) error {
		f, err := c.chosenFolder(ctx, *account, c.args[0])
		if err != nil {
			return err
		}
		if err := c.engine.Folders().Rename(ctx, f.ID, c.args[1]); err != nil {
			return err
		}
		return c.said("cli.folder-renamed", map[string]any{"Folder": f.Path, "New": c.args[1]})
	}
}

func folderDelete(fs *flag.FlagSet) runner {
	account := fs.String("account", "", "")
	return func(ctx context.Context, c *call) error {
		f, err := c.chosenFolder(ctx, *account, c.args[0])
		if err != nil {
			return err
		}
		if err := c.engine.Folders().Delete(ctx, f.ID); err != nil {
			return err
		}
		return c.said("cli.folder-deleted", map[string]any{"Folder": f.Path})
	}
}

func (c *call) chosenFolder(ctx context.Context, account, name string) (mailcore.Folder, error) {
	id, err := c.account(account)
	if err != nil {
		return mailcore.Folder{}, err
	}
	return c.oneFolder(ctx, id, name)
}

// said tells that something is done.
func (c *call) said(key string, args map[string]any) error {
	if c.json {
		return c.document(map[string]any{"done": true})
	}
	c.printf("%s\n", c.words.Say(key, args))
	return nil
}

// note writes a remark that is not the command's answer.
func (c *call) note(s string) { _, _ = c.Stderr.Write([]byte(printable(s) + "\n")) }
