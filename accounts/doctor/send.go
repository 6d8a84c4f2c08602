package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// quietHello is the EHLO name: it tells nothing about this computer.
const quietHello = "[127.0.0.1]"

// send looks at the way mail goes out.
func (v *visit) send(ctx context.Context) {
	if canceled(ctx) {
		return
	}
	t := v.track(trouble.SMTP, v.patient.SMTP, smtpSteps...)
	v.lookup(ctx, t)
	server := v.patient.SMTP
	credential, why, secretErr := v.credential(ctx, server)
	if credential == nil {
		server.User = "" // go as far as that goes
	}
	d := v.dialer
	d.Passed = func(_ string, s trouble.Stage) { t.passed(s) }
	c, err := d.SMTP(ctx, server, quietHello, credential)
	if err != nil {
		t.failed(ctx, err)
		return
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	switch {
	case credential != nil:
	case why == NoSignIn:
		t.over(Step{State: Skipped, Note: NoSignIn})
	default:
		t.unsigned(why, secretErr)
		return
	}
	if err := v.sender(c); err != nil {
		t.failed(ctx, err)
		return
	}
	t.over(Step{State: Fine})
	t.over(v.largest(c))
	_ = c.Quit() // what it said is what counted
}

// sender asks whether the address may send, and takes that back at once: no
// recipient is ever named, and no mail begins.
func (v *visit) sender(c *connect.SMTPConn) error {
	from := v.patient.From
	if from == "" {
		from = v.patient.Email
	}
	if strings.ContainsAny(from, "<>\r\n ") {
		return c.Trouble(trouble.Sender, fmt.Errorf("sender address: %w", accounts.ErrSettings))
	}
	if !ascii(from) && c.UTF8() {
		c.SkipSMTPUTF8(false)
	}
	if err := c.Mail("<" + from + ">"); err != nil {
		return c.Trouble(trouble.Sender, err)
	}
	return c.Trouble(trouble.Sender, c.Reset())
}

func ascii(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }

// largest says how big a message may be: as the server says, or as much as fits
// into the mailbox, where its copy goes.
func (v *visit) largest(c *connect.SMTPConn) Step {
	limit := c.MaxSize()
	switch {
	case limit == 0:
		return Step{State: Skipped, Note: NotOffered}
	case v.quota && v.free < limit:
		return Step{State: Fine, Note: "doctor.note.size-space", Args: map[string]any{"Size": size(limit), "Free": size(v.free)}}
	}
	return Step{State: Fine, Note: "doctor.note.size", Args: map[string]any{"Size": size(limit)}}
}
