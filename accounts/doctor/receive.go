package doctor

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// receive looks at the way mail comes.
func (v *visit) receive(ctx context.Context) {
	t := v.track(trouble.IMAP, v.patient.IMAP, imapSteps...)
	v.lookup(ctx, t)
	d := v.dialer
	d.Passed = func(_ string, s trouble.Stage) { t.passed(s) }
	credential, why, err := v.credential(ctx, v.patient.IMAP)
	if credential == nil {
		if _, probed := d.ProbeIMAP(ctx, v.patient.IMAP); probed != nil {
			t.failed(ctx, probed)
			return
		}
		t.unsigned(why, err)
		return
	}
	c, err := d.IMAP(ctx, v.patient.IMAP, credential, nil)
	if err != nil {
		t.failed(ctx, err)
		return
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	for _, look := range []func(*connect.IMAPConn) (Step, error){v.inbox, v.folders, v.space, v.clock} {
		step, err := look(c)
		if err != nil {
			t.failed(ctx, err)
			return
		}
		t.over(step)
	}
}

// unsigned ends a track at its sign-in, for want of a credential.
func (t *track) unsigned(why string, err error) {
	if err != nil {
		cause := trouble.Explain(err)
		t.over(Step{State: Failed, Cause: cause, Page: t.v.page(cause)})
		why = NotReached
	}
	t.skip(why)
}

// lookup looks the server's name up. That it fails may be no harm (a proxy may
// know the name), so the connection tells.
func (v *visit) lookup(ctx context.Context, t *track) {
	bounded, cancel := context.WithTimeout(ctx, v.times.Lookup)
	defer cancel()
	if _, err := v.resolver().LookupHost(bounded, t.server.Host); err == nil {
		t.passed(trouble.Resolve)
	}
}

// credential gets what signs in, once; the function that it returns does not
// renew, so that nothing is tried twice. nil comes with the reason.
func (v *visit) credential(ctx context.Context, s accounts.Server) (connect.CredentialFunc, string, error) {
	switch {
	case v.patient.Credential == nil:
		return nil, NoPassword, nil
	case s.User == "":
		return nil, NoSignIn, nil
	case v.refused:
		return nil, RefusedBefore, nil // servers lock accounts over that
	case v.keyless:
		return nil, NoPassword, nil // the person was asked once
	}
	got, err := v.patient.Credential(s)(ctx, false)
	if err != nil {
		v.keyless = true
		return nil, "", trouble.At(trouble.Keyring, "", s, err)
	}
	return func(_ context.Context, renew bool) (connect.Credential, error) {
		if renew {
			return connect.Credential{}, accounts.ErrNoSecret
		}
		return got, nil
	}, "", nil
}

// inbox opens the inbox for reading: a mailbox for which IMAP is off lets one
// in and then does nothing.
func (v *visit) inbox(c *connect.IMAPConn) (Step, error) {
	data, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return Step{}, c.Trouble(trouble.Folders, err)
	}
	return Step{State: Fine, Note: "doctor.note.messages", Args: map[string]any{"Number": int(data.NumMessages)}}, nil
}

// folders lists the folders, without those inside others.
func (v *visit) folders(c *connect.IMAPConn) (Step, error) {
	list, err := c.List("", "%", nil).Collect()
	if err != nil {
		return Step{}, c.Trouble(trouble.Folders, err)
	}
	if !slices.ContainsFunc(list, func(l *imap.ListData) bool { return strings.EqualFold(l.Mailbox, "INBOX") }) {
		return Step{}, c.Trouble(trouble.Folders, trouble.ErrNoInbox)
	}
	return Step{State: Fine, Note: "doctor.note.folders", Args: map[string]any{"Number": len(list)}}, nil
}

// space asks how full the mailbox is (RFC 9208), in units of 1,024 octets.
func (v *visit) space(c *connect.IMAPConn) (Step, error) {
	if !c.Caps().Has(imap.CapQuota) {
		return Step{State: Skipped, Note: NotOffered}, nil
	}
	roots, err := c.GetQuotaRoot("INBOX").Wait()
	if err != nil {
		return Step{State: Skipped, Note: NotOffered}, nil // some announce it and refuse
	}
	for _, r := range roots {
		q, ok := r.Resources[imap.QuotaResourceStorage]
		if !ok || q.Limit <= 0 {
			continue
		}
		v.free, v.quota = max(0, q.Limit-q.Usage)*1024, true
		if q.Usage >= q.Limit {
			return Step{}, c.Trouble(trouble.Folders, trouble.ErrMailboxFull)
		}
		return Step{State: Fine, Note: "doctor.note.space", Args: map[string]any{"Used": size(q.Usage * 1024), "Limit": size(q.Limit * 1024)}}, nil
	}
	return Step{State: Skipped, Note: NotOffered}, nil
}

// clock compares this computer's clock with when the newest message came to the
// server (INTERNALDATE, RFC 9051 section 2.3.3): mail does not come from the
// future. That is all that can be told: an old message proves nothing.
func (v *visit) clock(c *connect.IMAPConn) (Step, error) {
	box := c.Mailbox()
	if box == nil || box.NumMessages == 0 {
		return Step{State: Skipped, Note: NotSeen}, nil
	}
	newest, err := c.Fetch(imap.SeqSetNum(box.NumMessages), &imap.FetchOptions{InternalDate: true}).Collect()
	if err != nil || len(newest) == 0 || newest[0].InternalDate.IsZero() {
		return Step{State: Skipped, Note: NotSeen}, nil
	}
	if newest[0].InternalDate.Sub(v.now()) > trouble.SteadyClock {
		return Step{}, c.Trouble(trouble.Fetch, trouble.ErrClock)
	}
	return Step{State: Fine}, nil
}
