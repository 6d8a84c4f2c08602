package autodetect

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// Providers is a table of providers. It does not change once parsed.
type Providers struct {
	rows    []row
	domains map[string]int // of addresses
	mx      map[string]int // of mail exchangers, or a domain above them
}

type row struct {
	name                   string
	imap, smtp             accounts.Server
	imapUser, smtpUser     string // placeholders
	signIn                 []SignIn
	sent                   accounts.SentBy
	hints                  []string
	appPasswordURL, docURL string
}

// The columns of the table.
const (
	colDomains = iota
	colName
	colIMAP
	colIMAPUser
	colSMTP
	colSMTPUser
	colSignIn
	colSent
	colHints
	colAppPasswordURL
	colHelpURL
	colMX
	colSource
	colTaken
	columns
)

const columnNames = "domains name imap imap_user smtp smtp_user sign_in sent hints app_password_url help_url mx source taken"

// Hints lists what Answer.Hints may say.
func Hints() []string {
	return []string{
		"imap-off",         // IMAP has to be switched on at the provider first
		"smtp-off",         // sending from programs has to be switched on first
		"paid-plan",        // the provider has IMAP for paying customers only
		"mailbox-password", // the mailbox has another password than the customer account
		"mail-password",    // there is a password for mail programs alone
		"two-step",         // app passwords are made only where signing in takes two steps
		"administrator",    // an administrator may have switched off IMAP or sending
	}
}

// ParseTable reads a table of providers: lines of columns parted by tabs, after
// lines that begin with "#" and one with the names of the columns.
//
//	domains           of addresses, parted by commas; may be empty
//	name              as the provider calls itself
//	imap, smtp        tls://host:port or starttls://host:port; empty with sign_in none
//	imap_user, smtp_user   "address" or "local" (what stands before the @)
//	sign_in           SignIn values, parted by commas, best first
//	sent              "server" where the server files sent mail itself
//	hints             parted by commas, of those that Hints lists
//	app_password_url, help_url   pages of the provider, or empty
//	mx                host names, or domains above them, that receive mail for customers' own domains, parted by commas
//	source, taken     where the row comes from, and the day it was taken over; for people
func ParseTable(r io.Reader) (*Providers, error) {
	t := &Providers{domains: map[string]int{}, mx: map[string]int{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	number, header := 0, false
	for lines.Scan() {
		number++
		line := lines.Text()
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !header:
			if header = strings.Join(strings.Split(line, "\t"), " ") == columnNames; !header {
				return nil, fmt.Errorf("provider table line %d: the columns are not %q", number, columnNames)
			}
		default:
			if err := t.add(strings.Split(line, "\t")); err != nil {
				return nil, fmt.Errorf("provider table line %d: %w", number, err)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read provider table: %w", err)
	}
	t.domainsReceive()
	return t, nil
}

func (t *Providers) add(c []string) error {
	if len(c) != columns {
		return fmt.Errorf("%d columns, not %d", len(c), columns)
	}
	if c[colName] == "" || c[colSource] == "" || c[colTaken] == "" {
		return fmt.Errorf("name, source or day is missing")
	}
	r := row{name: c[colName], sent: accounts.SentBy(c[colSent]), appPasswordURL: c[colAppPasswordURL], docURL: c[colHelpURL]}
	if r.sent != accounts.SentByUs && r.sent != accounts.SentByServer {
		return fmt.Errorf("sent %q", r.sent)
	}
	for _, s := range list(c[colSignIn]) {
		r.signIn = append(r.signIn, SignIn(s))
	}
	for _, h := range list(c[colHints]) {
		if !slices.Contains(Hints(), h) {
			return fmt.Errorf("hint %q", h)
		}
		r.hints = append(r.hints, h)
	}
	if err := r.servers(c); err != nil {
		return err
	}
	t.rows = append(t.rows, r)
	if err := enter(t.domains, c[colDomains], len(t.rows)-1); err != nil {
		return err
	}
	return enter(t.mx, c[colMX], len(t.rows)-1)
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func enter(index map[string]int, names string, row int) error {
	for _, name := range list(names) {
		ascii, ok := hostName(name)
		if !ok || ascii != name {
			return fmt.Errorf("domain %q", name)
		}
		if _, twice := index[name]; twice {
			return fmt.Errorf("domain %q is in two rows", name)
		}
		index[name] = row
	}
	return nil
}

func (r *row) servers(c []string) error {
	if len(r.signIn) == 0 {
		return fmt.Errorf("no way to sign in")
	}
	for _, s := range r.signIn {
		if !slices.Contains([]SignIn{Password, AppPassword, OAuth, Bridge, NoSignIn}, s) {
			return fmt.Errorf("sign-in %q", s)
		}
	}
	if slices.Contains(r.signIn, NoSignIn) {
		return nil
	}
	var err error
	if r.imap, err = tableServer(c[colIMAP]); err != nil {
		return err
	}
	if r.smtp, err = tableServer(c[colSMTP]); err != nil {
		return err
	}
	users := map[string]string{"address": "%EMAILADDRESS%", "local": "%EMAILLOCALPART%"}
	r.imapUser, r.smtpUser = users[c[colIMAPUser]], users[c[colSMTPUser]]
	if r.imapUser == "" || r.smtpUser == "" {
		return fmt.Errorf("user names %q and %q", c[colIMAPUser], c[colSMTPUser])
	}
	return nil
}

func tableServer(text string) (accounts.Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return accounts.Server{}, fmt.Errorf("server: %w", err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return accounts.Server{}, fmt.Errorf("server %q has no port", text)
	}
	s := accounts.Server{Host: u.Hostname(), Port: port, Security: accounts.Security(u.Scheme)}
	if s.Security == accounts.Plain {
		return s, fmt.Errorf("server %q is not encrypted", text)
	}
	return s, s.Check()
}

// domainsReceive makes the domains of addresses known as those of mail
// exchangers too, where nothing else is said about them.
func (t *Providers) domainsReceive() {
	for name, row := range t.domains {
		if _, known := t.mx[name]; !known {
			t.mx[name] = row
		}
	}
}

// forDomain answers for addresses of a domain.
func (t *Providers) forDomain(s subject, domain string) (Answer, bool) {
	if t == nil {
		return Answer{}, false
	}
	i, ok := t.domains[domain]
	if !ok {
		return Answer{}, false
	}
	return t.rows[i].answer(s, Table, domain), true
}

// forExchanger answers for the provider that a mail exchanger belongs to. The
// longest name that fits counts; its registered domain is the shortest.
func (t *Providers) forExchanger(s subject, host string) (Answer, bool) {
	base := registered(host)
	if t == nil || base == "" {
		return Answer{}, false
	}
	for name := host; within(name, base); {
		if i, ok := t.mx[name]; ok {
			return t.rows[i].answer(s, MX, host), true
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return Answer{}, false
}

// knows says whether a host is below a domain of a provider in the table.
func (t *Providers) knows(host string) bool {
	if t == nil {
		return false
	}
	base := registered(host)
	return slices.ContainsFunc(t.rows, func(r row) bool {
		return base != "" && (registered(r.imap.Host) == base || registered(r.smtp.Host) == base)
	})
}

func (r row) answer(s subject, source Source, via string) Answer {
	a := Answer{
		Source: source, Via: via, Provider: r.name, SignIn: slices.Clone(r.signIn), Checked: true, Sent: r.sent,
		AppPasswordURL: r.appPasswordURL, HelpURL: r.docURL, Hints: slices.Clone(r.hints),
	}
	if a.offers(NoSignIn) {
		return a
	}
	imap, smtp := r.imap, r.smtp
	imap.User, smtp.User = s.fill(r.imapUser), s.fill(r.smtpUser)
	a.IMAP, a.SMTP = []accounts.Server{imap}, []accounts.Server{smtp}
	return a
}
