package cli

import (
	"context"
	"flag"
	"fmt"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/mailcore"
)

// diagnosis is what "doctor --json" prints.
type diagnosis struct {
	Address string    `json:"address"`
	OK      bool      `json:"ok"`
	IMAP    string    `json:"imap"`
	SMTP    string    `json:"smtp"`
	Steps   []stepRow `json:"steps"`
	Report  string    `json:"report"` // text to hand on, redacted
}

type stepRow struct {
	Step   string `json:"step"`
	State  string `json:"state"` // ok, failed, skipped
	MS     int64  `json:"ms"`
	Server string `json:"server,omitempty"`
	Cause  string `json:"cause,omitempty"` // key of what is wrong, without "trouble."
	Said   string `json:"said,omitempty"`
	Todo   string `json:"todo,omitempty"`
	Page   string `json:"page,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// doctor looks at an account, or without signing in at the servers of an
// address that is none.
func (p *Program) doctor(*flag.FlagSet) runner {
	return func(ctx context.Context, c *call) error {
		patient, err := c.patient(ctx, c.args[0])
		if err != nil {
			return err
		}
		tell := c.showStep
		if c.json {
			tell = nil
		}
		d := p.Examine(ctx, patient, tell)
		if c.json {
			err = c.document(c.diagnosis(d))
		}
		if err != nil || d.OK() {
			return err
		}
		if first, failed := d.First(); failed {
			return &mailcore.Problem{Key: first.Cause.Key, Action: first.Cause.Action, Args: first.Cause.Args, Detail: first.Cause.Detail}
		}
		return fail("doctor.report.stopped", nil)
	}
}

// patient is the account of an address with what signs in, or the servers that
// are found for it.
func (c *call) patient(ctx context.Context, address string) (doctor.Patient, error) {
	for _, a := range c.engine.Accounts().List() {
		if equalFold(a.Email, address) {
			return doctor.OfAccount(a, c.engine.Accounts().Credential(mailcore.AccountID(a.ID))), nil
		}
	}
	r, err := c.find(ctx, address)
	if err != nil {
		return doctor.Patient{}, err
	}
	if len(r.Answers) == 0 || len(r.Answers[0].IMAP)*len(r.Answers[0].SMTP) == 0 {
		reason := r.Reason
		if reason == "" || reason == autodetect.Confirm {
			reason = autodetect.NotFound
		}
		return doctor.Patient{}, fail("detect.reason."+string(reason), detectArgs(r))
	}
	best := r.Answers[0]
	c.note(c.words.Say("cli.found", map[string]any{"IMAP": serverURL(best.IMAP[0]), "SMTP": serverURL(best.SMTP[0])}))
	return doctor.Patient{Email: r.Address, IMAP: best.IMAP[0], SMTP: best.SMTP[0]}, nil
}

// showStep prints a step that is over.
func (c *call) showStep(s doctor.Step) {
	mark := map[doctor.State]string{doctor.Fine: "✓", doctor.Failed: "✗", doctor.Skipped: "–"}[s.State]
	if mark == "" {
		return
	}
	took := ""
	if s.Took > 0 {
		took = fmt.Sprintf(" (%d ms)", s.Took.Milliseconds())
	}
	c.printf("%s %s%s\n", mark, s.Title(c.words.Say), took)
	what, todo := s.Words(c.words.Say)
	for _, text := range []string{what, todo, s.Page} {
		if text != "" {
			c.printf("    %s\n", text)
		}
	}
}

func (c *call) diagnosis(d doctor.Diagnosis) diagnosis {
	out := diagnosis{Address: d.Email, OK: d.OK(), IMAP: d.Servers[0], SMTP: d.Servers[1], Steps: []stepRow{}, Report: d.Report(c.words.Say)}
	for _, s := range d.Steps {
		row := stepRow{Step: string(s.Name), State: string(s.State), MS: s.Took.Milliseconds(), Server: s.Server, Page: s.Page, Detail: s.Cause.Detail}
		row.Said, row.Todo = s.Words(c.words.Say)
		if s.State == doctor.Failed {
			row.Cause = s.Cause.Name()
		}
		out.Steps = append(out.Steps, row)
	}
	return out
}
