package cli

import (
	"context"
	"flag"
	"strconv"

	"github.com/linnet-mail/linnet/mailcore"
)

func show(fs *flag.FlagSet) runner {
	raw := fs.Bool("raw", false, "")
	return func(ctx context.Context, c *call) error {
		ids, err := messageIDs(c.args)
		if err != nil {
			return err
		}
		if *raw {
			data, err := c.engine.Messages().Raw(ctx, ids[0])
			if err == nil {
				_, err = c.Stdout.Write(data)
			}
			return err
		}
		m, err := c.engine.Messages().Get(ctx, ids[0])
		if err != nil {
			return err
		}
		content, err := c.engine.Messages().Open(ctx, ids[0])
		if err != nil {
			return err
		}
		if c.json {
			return c.showJSON(ctx, m, content)
		}
		c.showText(m, content)
		return nil
	}
}

// shown is a message opened. HTML is what the reader would show; mail that has
// nothing but HTML is shown as text so far, so that it is empty.
type shown struct {
	row
	Cc          []mailcore.Address `json:"cc"`
	Bcc         []mailcore.Address `json:"bcc"`
	ReplyTo     []mailcore.Address `json:"reply_to"`
	InReplyTo   string             `json:"in_reply_to"`
	References  []string           `json:"references"`
	Text        string             `json:"text"`
	HTML        string             `json:"html"`
	Attachments []part             `json:"attachments"`
	Notices     []string           `json:"notices"`
}

// part is an attachment of a message.
type part struct {
	Index  int    `json:"index"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Inline bool   `json:"inline"`
}

func (c *call) showJSON(ctx context.Context, m mailcore.Message, content mailcore.Content) error {
	where, err := c.places(ctx)
	if err != nil {
		return err
	}
	s := shown{
		row: where.row(m), Cc: list(content.Cc), Bcc: list(content.Bcc), ReplyTo: list(content.ReplyTo),
		InReplyTo: content.InReplyTo, References: append([]string{}, content.References...),
		Text: content.Text, Attachments: []part{}, Notices: []string{},
	}
	for _, p := range content.Parts {
		s.Attachments = append(s.Attachments, part{p.Index, p.Name, p.Type, p.Size, p.Inline})
	}
	for _, n := range content.Notices {
		s.Notices = append(s.Notices, c.words.Say(n.Key, n.Args))
	}
	return c.document(s)
}

func (c *call) showText(m mailcore.Message, content mailcore.Content) {
	line := func(key, value string) {
		if value != "" {
			c.printf("%s\n", c.words.Say(key, map[string]any{"Value": value}))
		}
	}
	line("cli.show.from", people(content.From))
	line("cli.show.to", people(content.To))
	line("cli.show.cc", people(content.Cc))
	line("cli.show.date", moment(m.Sorted))
	line("cli.show.subject", content.Subject)
	for _, p := range content.Parts {
		line("cli.show.attachment", p.Name+" ("+p.Type+", "+strconv.FormatInt(p.Size, 10)+")")
	}
	for _, n := range content.Notices {
		c.printf("(%s)\n", c.words.Say(n.Key, n.Args))
	}
	c.printf("\n%s\n", content.Text)
}

func messageIDs(args []string) ([]mailcore.ID, error) {
	out := make([]mailcore.ID, 0, len(args))
	for _, a := range args {
		id, err := strconv.ParseInt(a, 10, 64)
		if err != nil || id < 1 {
			return nil, usage("cli.usage.id", map[string]any{"ID": a})
		}
		out = append(out, mailcore.ID(id))
	}
	return out, nil
}
