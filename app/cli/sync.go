package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

func syncCommand(fs *flag.FlagSet) runner {
	var r engine.SyncRequest
	account := fs.String("account", "", "")
	fs.Var((*repeated)(&r.Folders), "folder", "")
	fs.BoolVar(&r.Bodies, "bodies", false, "")
	return func(ctx context.Context, c *call) error {
		id, err := c.account(*account)
		if err != nil {
			return err
		}
		if len(c.engine.Accounts().List()) == 0 {
			return fail("cli.no-account", nil)
		}
		r.Account = id
		stop := c.progress(ctx)
		report, err := c.engine.Accounts().SyncOnce(ctx, r)
		stop()
		if c.json && (err == nil || len(report.Folders) > 0) {
			if jerr := c.document(report); jerr != nil {
				return jerr
			}
		}
		if err != nil {
			return err
		}
		if !c.json {
			c.reportText(report, r.Folders)
		}
		return nil
	}
}

func (c *call) reportText(r engine.SyncReport, asked []string) {
	for _, f := range r.Folders {
		if f.New+f.Changed+f.Removed == 0 {
			continue
		}
		c.printf("%-32s %s\n", f.Folder, c.words.Say("cli.sync.folder", map[string]any{
			"New": f.New, "Changed": f.Changed, "Removed": f.Removed,
		}))
	}
	c.ledger(r, asked)
}

// ledger says that all is up to date, or what is not. Folders that were not
// asked for are not spoken of.
func (c *call) ledger(r engine.SyncReport, asked []string) {
	if r.UpToDate {
		c.printf("%s\n", c.words.Say("cli.sync.done"))
		return
	}
	behind := slices.DeleteFunc(slices.Clone(r.Ledger), func(l engine.LedgerLine) bool {
		return l.UpToDate || len(asked) > 0 && !slices.Contains(asked, l.Folder)
	})
	switch {
	case len(behind) == 0 && r.Waiting == 0 && len(asked) > 0:
		c.printf("%s\n", c.words.Say("cli.sync.done-part"))
		return
	case r.Waiting > 0:
		c.printf("%s\n", c.words.Count("cli.sync.waiting", r.Waiting))
	}
	for _, l := range behind {
		if l.Checked == 0 {
			c.printf("%s\n", c.words.Say("cli.sync.left-never", map[string]any{"Folder": l.Folder}))
			continue
		}
		c.printf("%s\n", c.words.Say("cli.sync.left", map[string]any{
			"Folder": l.Folder, "Here": l.Here, "Server": l.Server, "Time": time.Unix(l.Checked, 0).Format(time.DateTime),
		}))
	}
	c.printf("%s\n", c.words.Say("cli.sync.not-done"))
}

// progress shows on a terminal what is being fetched, until the returned
// function is called.
func (c *call) progress(ctx context.Context) func() {
	if !c.Terminal || c.json {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	sub := c.engine.Subscribe()
	var wg sync.WaitGroup
	wg.Go(func() {
		defer sub.Close()
		for {
			ev, err := sub.Next(ctx)
			if err != nil {
				return
			}
			if ev, ok := ev.(mailcore.AccountState); ok {
				c.bar(ctx, ev.Account)
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
		fmt.Fprint(c.Stderr, "\r\x1b[K")
	}
}

// bar draws one line: how far the folder is that is being fetched.
func (c *call) bar(ctx context.Context, id mailcore.AccountID) {
	s, err := c.engine.Accounts().Status(ctx, id)
	if err != nil || s.Total <= 0 || s.Folder == "" {
		return
	}
	const width = 24
	full := min(width, width*s.Done/s.Total)
	fmt.Fprintf(c.Stderr, "\r\x1b[K%s%s %s", strings.Repeat("█", full), strings.Repeat("░", width-full),
		printable(c.words.Say("cli.sync.progress", map[string]any{"Folder": s.Folder, "Done": s.Done, "Total": s.Total})))
}
