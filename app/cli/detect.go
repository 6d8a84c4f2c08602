package cli

import (
	"context"
	"errors"
	"flag"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// detection is the JSON document of "detect".
type detection struct {
	Address string        `json:"address"`
	Domain  string        `json:"domain"`
	Answers []answerRow   `json:"answers"`
	Reason  string        `json:"reason,omitempty"` // why no answer is trusted
	Tried   []detectTried `json:"tried"`
}

type answerRow struct {
	Source         string      `json:"source"`
	Via            string      `json:"via"`
	Trusted        bool        `json:"trusted"`
	Doubt          string      `json:"doubt,omitempty"`
	Checked        bool        `json:"checked"`
	Provider       string      `json:"provider,omitempty"`
	IMAP           []serverRow `json:"imap"`
	SMTP           []serverRow `json:"smtp"`
	SignIn         []string    `json:"sign_in"`
	Hints          []string    `json:"hints"`
	AppPasswordURL string      `json:"app_password_url,omitempty"`
	HelpURL        string      `json:"help_url,omitempty"`
}

type serverRow struct {
	Server string `json:"server"` // tls://host:port
	User   string `json:"user,omitempty"`
}

type detectTried struct {
	Source string `json:"source"`
	What   string `json:"what"`
	Found  bool   `json:"found"`
	Error  string `json:"error,omitempty"`
}

// detect shows what is found for an address. Finding nothing to use is a
// failure.
func (p *Program) detect(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		r, err := c.find(ctx, c.args[0])
		if err != nil {
			return err
		}
		if c.json {
			err = c.document(detectionJSON(r))
		} else {
			c.answers(r)
		}
		if err == nil && (len(r.Answers) == 0 || r.Reason == autodetect.Unsupported) {
			err = fail("detect.reason."+string(r.Reason), detectArgs(r))
		}
		return err
	}
}

// find detects, with problems in words.
func (c *call) find(ctx context.Context, address string) (autodetect.Result, error) {
	r, err := c.program.Detect(ctx, address)
	if errors.Is(err, autodetect.ErrAddress) {
		err = fail("detect.no-address", map[string]any{"Email": address})
	}
	return r, err
}

func detectArgs(r autodetect.Result) map[string]any {
	provider := r.Domain
	if len(r.Answers) > 0 && r.Answers[0].Provider != "" {
		provider = r.Answers[0].Provider
	}
	return map[string]any{"Email": r.Address, "Domain": r.Domain, "Provider": provider}
}

func detectionJSON(r autodetect.Result) detection {
	d := detection{Address: r.Address, Domain: r.Domain, Answers: []answerRow{}, Reason: string(r.Reason), Tried: []detectTried{}}
	for _, a := range r.Answers {
		row := answerRow{
			Source: string(a.Source), Via: a.Via, Trusted: a.Trusted(), Doubt: string(a.Doubt), Checked: a.Checked, Provider: a.Provider,
			IMAP: serverRows(a.IMAP), SMTP: serverRows(a.SMTP), SignIn: []string{}, Hints: append([]string{}, a.Hints...),
			AppPasswordURL: a.AppPasswordURL, HelpURL: a.HelpURL,
		}
		for _, s := range a.SignIn {
			row.SignIn = append(row.SignIn, string(s))
		}
		d.Answers = append(d.Answers, row)
	}
	for _, t := range r.Tried {
		row := detectTried{Source: string(t.Source), What: t.What, Found: t.Found}
		if t.Err != nil {
			row.Error = t.Err.Error()
		}
		d.Tried = append(d.Tried, row)
	}
	return d
}

func serverRows(list []accounts.Server) []serverRow {
	out := []serverRow{}
	for _, s := range list {
		out = append(out, serverRow{Server: serverURL(s), User: s.User})
	}
	return out
}

// answers prints what was found for people, best first.
func (c *call) answers(r autodetect.Result) {
	for i, a := range r.Answers {
		if len(a.IMAP)+len(a.SMTP) == 0 {
			continue
		}
		name := a.Provider
		if name == "" {
			name = r.Domain
		}
		c.printf("%d. %s\n", i+1, name)
		c.printf("   %s\n", c.words.Say("detect.source."+string(a.Source), detectArgs(r)))
		for _, s := range a.IMAP {
			c.printf("   %s\n", c.words.Say("detect.incoming", map[string]any{"Server": serverURL(s)}))
		}
		for _, s := range a.SMTP {
			c.printf("   %s\n", c.words.Say("detect.outgoing", map[string]any{"Server": serverURL(s)}))
		}
		c.advice(a)
	}
}

// advice prints what a person has to know about an answer.
func (c *call) advice(a autodetect.Answer) {
	var say []string
	for _, s := range a.SignIn {
		say = append(say, c.words.Say("detect.sign-in."+string(s)))
	}
	for _, h := range a.Hints {
		say = append(say, c.words.Say("detect.hint."+h))
	}
	if a.Doubt != autodetect.NoDoubt {
		say = append(say, c.words.Say("detect.doubt."+string(a.Doubt)))
	}
	if a.AppPasswordURL != "" && !strings.Contains(a.HelpURL, a.AppPasswordURL) {
		say = append(say, a.AppPasswordURL)
	}
	if a.HelpURL != "" {
		say = append(say, a.HelpURL)
	}
	for _, s := range say {
		c.printf("   %s\n", s)
	}
}

// complete finds the servers that were not named, where there is an answer to
// trust.
func (c *call) complete(ctx context.Context, r *engine.AddRequest, user string, via *inBrowser) error {
	if r.IMAP.Host != "" && r.SMTP.Host != "" {
		return nil
	}
	result, err := c.find(ctx, r.Email)
	if err != nil {
		return err
	}
	args := detectArgs(result)
	best, trusted := result.Best()
	imap, smtp, usable := best.Servers()
	switch {
	case result.Reason == autodetect.Unsupported:
		return fail("detect.reason."+string(result.Reason), args)
	case !trusted || !usable:
		args["Why"] = c.words.Say("detect.reason."+string(result.Reason), args)
		return fail("cli.name-servers", args)
	}
	via.offered, via.only = slices.Contains(best.SignIn, autodetect.OAuth), !best.TakesPassword()
	if user != "" {
		imap.User, smtp.User = user, user
	}
	if r.IMAP.Host == "" {
		r.IMAP, r.Sent = imap, best.Sent
	}
	if r.SMTP.Host == "" {
		r.SMTP = smtp
	}
	c.note(c.words.Say("cli.found", map[string]any{"IMAP": serverURL(r.IMAP), "SMTP": serverURL(r.SMTP)}))
	for _, h := range best.Hints {
		c.note(c.words.Say("detect.hint." + h))
	}
	return nil
}
