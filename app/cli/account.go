package cli

import (
	"context"
	"flag"
	"net/url"
	"strconv"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

func accountAdd(fs *flag.FlagSet) runner {
	var r engine.AddRequest
	var imap, smtp, user string
	var pins repeated
	file := fs.String("preset", "", "")
	fs.StringVar(&r.Email, "email", "", "")
	fs.StringVar(&r.Name, "name", "", "")
	fs.StringVar(&imap, "imap", "", "")
	fs.StringVar(&smtp, "smtp", "", "")
	fs.StringVar(&user, "user", "", "")
	fs.Var(&pins, "pin", "")
	var via inBrowser
	via.flags(fs)
	return func(ctx context.Context, c *call) error {
		if *file != "" {
			return c.addPreset(ctx, *file, r)
		}
		if len(c.args) == 1 && r.Email == "" {
			r.Email = c.args[0]
		}
		if r.Email == "" {
			return usage("cli.usage.email", nil)
		}
		var err error
		if r.IMAP, err = server(imap, user, map[accounts.Security]int{accounts.TLS: 993, accounts.StartTLS: 143, accounts.Plain: 143}); err != nil {
			return err
		}
		if r.SMTP, err = server(smtp, user, map[accounts.Security]int{accounts.TLS: 465, accounts.StartTLS: 587, accounts.Plain: 25}); err != nil {
			return err
		}
		if err = c.complete(ctx, &r, user, &via); err != nil {
			return err
		}
		if err = pin(&r, pins); err != nil {
			return err
		}
		if err = c.authorise(&r, via); err != nil {
			return err
		}
		return c.add(ctx, r)
	}
}

func (c *call) add(ctx context.Context, r engine.AddRequest) error {
	a, err := c.engine.Accounts().Add(ctx, r)
	if err != nil {
		return err
	}
	return c.added(a)
}

// added says that an account is here.
func (c *call) added(a accounts.Account) error {
	if p := c.engine.Accounts().KeyringProblem(); p != nil {
		what, _ := p.Words(c.words.Say)
		c.note(what)
	}
	if c.json {
		return c.document(accountJSON(a))
	}
	c.printf("%s\n", c.words.Say("cli.added", map[string]any{"Email": a.Email}))
	return nil
}

// newPassword reads a new account's password, from standard input or a person.
func (c *call) newPassword(email string) (string, error) {
	if c.secret {
		return c.stdin.password()
	}
	if c.Ask == nil {
		return "", fail("cli.no-password", nil)
	}
	secret, err := c.Ask(c.words.Say("cli.ask-password", map[string]any{"Email": email}))
	if err == nil && secret == "" {
		err = fail("cli.no-password", nil)
	}
	return secret, err
}

// server reads tls://HOST:PORT, starttls://HOST:PORT or plain://HOST:PORT. What
// is not named stays empty.
func server(s, user string, ports map[accounts.Security]int) (accounts.Server, error) {
	if s == "" {
		return accounts.Server{}, nil
	}
	bad := usage("cli.usage.server", map[string]any{"Server": s})
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/" {
		return accounts.Server{}, bad
	}
	out := accounts.Server{Host: u.Hostname(), Security: accounts.Security(u.Scheme), User: user}
	port, known := ports[out.Security]
	if !known {
		return accounts.Server{}, bad
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return accounts.Server{}, bad
		}
	}
	out.Port = port
	return out, nil
}

// accountRow is one account of "account list".
type accountRow struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
	Label string `json:"label"`
	IMAP  string `json:"imap"`
	SMTP  string `json:"smtp"`
	User  string `json:"user"`
	Demo  bool   `json:"demo"`
}

func accountJSON(a accounts.Account) accountRow {
	row := accountRow{
		ID: a.ID, Email: a.Email, Label: a.Title(), IMAP: serverURL(a.IMAP), SMTP: serverURL(a.SMTP), User: a.IMAP.User, Demo: a.Demo,
	}
	if len(a.Identities) > 0 {
		row.Name = a.Identities[0].Name
	}
	return row
}

func serverURL(s accounts.Server) string {
	return (&url.URL{Scheme: string(s.Security), Host: hostPort(s)}).String()
}

func hostPort(s accounts.Server) string {
	u := url.URL{Host: s.Host}
	if u.Hostname() != s.Host || u.Port() != "" { // an IPv6 literal
		return "[" + s.Host + "]:" + strconv.Itoa(s.Port)
	}
	return s.Host + ":" + strconv.Itoa(s.Port)
}

func accountList(*flag.FlagSet) runner {
	return func(_ context.Context, c *call) error {
		rows := []accountRow{}
		for _, a := range c.engine.Accounts().List() {
			rows = append(rows, accountJSON(a))
		}
		if c.json {
			return c.document(rows)
		}
		for _, r := range rows {
			c.printf("%-32s %-36s %s\n", r.Email, r.IMAP, r.SMTP)
		}
		return nil
	}
}

func accountRemove(fs *flag.FlagSet) runner {
	keep := fs.Bool("keep-mail", false, "")
	return func(ctx context.Context, c *call) error {
		id, err := c.account(c.args[0])
		if err != nil {
			return err
		}
		if *keep {
			err = c.engine.Accounts().Keep(ctx, id, true)
		} else {
			err = c.engine.Accounts().Remove(ctx, id)
		}
		if err != nil {
			return err
		}
		if c.json {
			return c.document(map[string]any{"removed": c.args[0]})
		}
		c.printf("%s\n", c.words.Say("cli.removed", map[string]any{"Email": c.args[0]}))
		return nil
	}
}

// folderNamed finds a folder by its path; INBOX in any case (RFC 9051 section
// 5.1), then by role ("sent").
func (c *call) folderNamed(ctx context.Context, account mailcore.AccountID, name string) ([]mailcore.Folder, error) {
	all, err := c.engine.Folders().List(ctx, account)
	if err != nil {
		return nil, err
	}
	for _, same := range []func(mailcore.Folder) bool{
		func(f mailcore.Folder) bool { return f.Path == name },
		func(f mailcore.Folder) bool { return equalFold(f.Path, name) },
		func(f mailcore.Folder) bool { return f.Role != "" && equalFold(string(f.Role), name) },
	} {
		var found []mailcore.Folder
		for _, f := range all {
			if same(f) {
				found = append(found, f)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, fail("cli.no-such-folder", map[string]any{"Folder": name})
}

// oneFolder is folderNamed where only one will do.
func (c *call) oneFolder(ctx context.Context, account mailcore.AccountID, name string) (mailcore.Folder, error) {
	found, err := c.folderNamed(ctx, account, name)
	if err != nil {
		return mailcore.Folder{}, err
	}
	if len(found) > 1 {
		return mailcore.Folder{}, fail("cli.which-account", map[string]any{"Folder": name})
	}
	return found[0], nil
}
