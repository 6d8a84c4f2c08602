package cli

import (
	"context"
	"flag"
	"path/filepath"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// sending holds the flags of "send".
type sending struct {
	from, subject, body string
	to, cc, bcc, attach repeated
	wait                bool
}

func send(fs *flag.FlagSet) runner {
	var s sending
	fs.StringVar(&s.from, "from", "", "")
	fs.StringVar(&s.subject, "subject", "", "")
	fs.StringVar(&s.body, "body", "", "")
	fs.Var(&s.to, "to", "")
	fs.Var(&s.cc, "cc", "")
	fs.Var(&s.bcc, "bcc", "")
	fs.Var(&s.attach, "attach", "")
	fs.BoolVar(&s.wait, "wait", false, "")
	return func(ctx context.Context, c *call) error {
		if len(c.engine.Accounts().List()) == 0 {
			return fail("cli.no-account", nil)
		}
		id, err := c.queue(ctx, s)
		if err != nil {
			return err
		}
		return c.outcome(ctx, id, s.wait)
	}
}

// queue puts the message into the outbox: the one on standard input, or the one
// that the flags describe.
func (c *call) queue(ctx context.Context, s sending) (mailcore.OutboxID, error) {
	account, err := c.account(s.from)
	if err != nil {
		return 0, err
	}
	if len(s.to)+len(s.cc)+len(s.bcc)+len(s.attach) == 0 && s.subject == "" && s.body == "" {
		raw, err := c.message()
		if err != nil {
			return 0, err
		}
		return c.engine.Outbox().SendRaw(ctx, account, raw)
	}
	draft, err := c.draft(account, s)
	if err != nil {
		return 0, err
	}
	return c.engine.Outbox().Send(ctx, draft)
}

func (c *call) draft(account mailcore.AccountID, s sending) (mailcore.Draft, error) {
	d := c.engine.Drafts().New(account)
	if a, ok := c.engine.Accounts().Get(d.Account); ok && s.from != "" {
		for _, i := range a.Identities {
			if equalFold(i.Email, s.from) {
				d.From = mailcore.Address{Name: i.Name, Addr: i.Email}
			}
		}
	}
	d.Subject, d.Text = s.subject, s.body
	for _, l := range []struct {
		typed repeated
		into  *[]mailcore.Address
	}{{s.to, &d.To}, {s.cc, &d.Cc}, {s.bcc, &d.Bcc}} {
		list, bad := rfc822.ParseAddressList(strings.Join(l.typed, ", "))
		if len(bad) > 0 {
			return d, fail("engine.bad-address", map[string]any{"Address": bad[0]})
		}
		*l.into = list
	}
	for _, name := range s.attach {
		data, err := c.file(name)
		if err != nil {
			return d, err
		}
		d.Attachments = append(d.Attachments, mailcore.Attachment{Name: filepath.Base(name), Data: data})
	}
	return d, nil
}

// outcome prints the message's id and state, after waiting for it if asked.
func (c *call) outcome(ctx context.Context, id mailcore.OutboxID, wait bool) error {
	if wait {
		if err := c.engine.Outbox().Deliver(ctx, id); err != nil {
			return err
		}
	}
	o, err := c.engine.Outbox().Get(ctx, id)
	if err != nil {
		return err
	}
	if c.json {
		err = c.document(outgoing(o))
	} else {
		c.printf("%d %s\n", o.ID, o.State)
	}
	if err == nil && wait {
		err = verdict(o)
	}
	return err
}

// verdict is the failure of a message that was waited for.
func verdict(o mailcore.Outgoing) error {
	switch o.State {
	case mailcore.ToFile, mailcore.Done:
		return nil
	}
	if o.Problem != nil {
		return o.Problem
	}
	return fail("cli.not-sent", map[string]any{"ID": o.ID})
}

// outboxRow is one message of "outbox".
type outboxRow struct {
	ID         mailcore.OutboxID  `json:"id"`
	State      mailcore.SendState `json:"state"`
	From       string             `json:"from"`
	Recipients []string           `json:"recipients"`
	Subject    string             `json:"subject"`
	MessageID  string             `json:"message_id"`
	Size       int64              `json:"size"`
	Created    int64              `json:"created"`  // unix seconds
	NextTry    int64              `json:"next_try"` // unix seconds, 0 if it is not tried again by itself
	Attempts   int                `json:"attempts"`
	Problem    *mailcore.Problem  `json:"problem"`
}

func outgoing(o mailcore.Outgoing) outboxRow {
	r := outboxRow{
		ID: o.ID, State: o.State, From: o.From, Recipients: o.Recipients, Subject: o.Subject, MessageID: o.MessageID,
		Size: o.Size, Created: o.Created.Unix(), Attempts: o.Attempts, Problem: o.Problem,
	}
	if o.State == mailcore.Queued && !o.NextTry.IsZero() {
		r.NextTry = o.NextTry.Unix()
	}
	return r
}

func (c *call) outboxText(o mailcore.Outgoing) {
	c.printf("%8d %-11s %s  %s  %s\n", o.ID, o.State, moment(o.Created), strings.Join(o.Recipients, ", "), cut(o.Subject, 60))
	if o.Problem != nil {
		c.printf("         %s\n", c.program.sentence(o.Problem))
	}
	if o.State == mailcore.Queued && o.NextTry.After(time.Now()) {
		c.printf("         %s\n", c.words.Say("cli.outbox.next", map[string]any{"When": moment(o.NextTry)}))
	}
}
