package engine

import (
	"context"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// Drafts keeps what is being written.
type Drafts struct{ e *Engine }

// Save stores a draft and returns its id.
func (d *Drafts) Save(ctx context.Context, draft mailcore.Draft) (mailcore.DraftID, error) {
	draft.Changed = d.e.now()
	id, err := d.e.c.Store.SaveDraft(ctx, draft)
	if err != nil {
		return 0, d.e.problem(err)
	}
	d.e.publish(mailcore.DraftsChanged{})
	return id, nil
}

// List returns the drafts without attachment data, last changed first.
func (d *Drafts) List(ctx context.Context) ([]mailcore.Draft, error) {
	list, err := d.e.c.Store.Drafts(ctx)
	return list, d.e.problem(err)
}

// Get returns one draft whole.
func (d *Drafts) Get(ctx context.Context, id mailcore.DraftID) (mailcore.Draft, error) {
	draft, err := d.e.c.Store.Draft(ctx, id)
	return draft, d.e.problem(err)
}

// Discard removes a draft.
func (d *Drafts) Discard(ctx context.Context, id mailcore.DraftID) error {
	if err := d.e.c.Store.DeleteDraft(ctx, id); err != nil {
		return d.e.problem(err)
	}
	d.e.publish(mailcore.DraftsChanged{})
	return nil
}

// New begins a draft from account's default identity ("" = first account).
func (d *Drafts) New(account mailcore.AccountID) mailcore.Draft {
	draft := mailcore.Draft{Kind: mailcore.NewMessage, Account: account}
	a, ok := d.e.c.Accounts.Get(string(account))
	if list := d.e.c.Accounts.List(); !ok && len(list) > 0 {
		a, ok = list[0], true
	}
	if ok {
		draft.Account = mailcore.AccountID(a.ID)
		draft.From = identity(a)
	}
	return draft
}

// Answer begins a reply, reply to all or forward of a message, quoted. The
// attribution line is the words' business and comes as a function.
func (d *Drafts) Answer(ctx context.Context, kind mailcore.DraftKind, id mailcore.ID, attribution func(mailcore.Content) string) (mailcore.Draft, error) {
	row, err := d.e.c.Store.Message(ctx, id)
	if err != nil {
		return mailcore.Draft{}, d.e.problem(err)
	}
	a, ok := d.e.c.Accounts.Get(string(row.Account))
	if !ok {
		return mailcore.Draft{}, problemf("engine.no-account", "engine.no-account.action", nil)
	}
	raw, err := d.e.Messages().Raw(ctx, id)
	if err != nil {
		return mailcore.Draft{}, err
	}
	c, err := rfc822.Parse(raw)
	if err != nil {
		return mailcore.Draft{}, unreadable(err)
	}
	line := ""
	if attribution != nil {
		line = attribution(c)
	}
	draft := rfc822.ReplyDraft(kind, id, c, own(a), line)
	draft.Account, draft.Kind, draft.Original = row.Account, kind, id
	draft.From = answering(a, c)
	if kind == mailcore.Forward {
		draft.Attachments = rfc822.ForwardAttachments(raw)
	}
	return draft, nil
}

// own lists the addresses that are the account's.
func own(a accounts.Account) []string {
	out := []string{a.Email}
	for _, i := range a.Identities {
		out = append(out, i.Email)
	}
	return out
}

// identity is the account's default sender.
func identity(a accounts.Account) mailcore.Address {
	if len(a.Identities) == 0 {
		return mailcore.Address{Addr: a.Email}
	}
	return mailcore.Address{Name: a.Identities[0].Name, Addr: a.Identities[0].Email}
}

// answering is the identity that a message was sent to, else the default.
func answering(a accounts.Account, c mailcore.Content) mailcore.Address {
	for _, i := range a.Identities {
		for _, to := range slices.Concat(c.To, c.Cc) {
			if strings.EqualFold(to.Addr, i.Email) {
				return mailcore.Address{Name: i.Name, Addr: i.Email}
			}
		}
	}
	return identity(a)
}
