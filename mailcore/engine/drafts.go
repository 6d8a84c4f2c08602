package engine

import (
	"context"
	"slices"

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

// New begins a draft from account's default identity ("" = the default account).
func (d *Drafts) New(account mailcore.AccountID) mailcore.Draft {
	draft := mailcore.Draft{Kind: mailcore.NewMessage, Account: account}
	a, ok := d.e.c.Accounts.Get(string(account))
	if !ok || a.Kept {
		a, ok = d.e.c.Accounts.Default()
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
	draft.Kind, draft.Original = kind, id
	draft.Account, draft.From = d.answering(a, c, raw)
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
func identity(a accounts.Account) mailcore.Address { return addressOf(a.DefaultIdentity()) }

func addressOf(i accounts.Identity) mailcore.Address {
	return mailcore.Address{Name: i.Name, Addr: i.Email}
}

// answering is who answers a message of an account: the identity that it was
// written to, or that wrote it, else the account's default. For mail of an
// account that cannot send any more it is another account's.
func (d *Drafts) answering(a accounts.Account, c mailcore.Content, raw []byte) (mailcore.AccountID, mailcore.Address) {
	if a.Kept {
		if other, ok := d.e.c.Accounts.Default(); ok {
			a = other
		}
	}
	id := mailcore.AccountID(a.ID)
	for _, one := range slices.Concat(c.To, c.Cc, rfc822.DeliveredTo(raw), c.From) {
		if i, ok := a.Identity(one.Addr); ok {
			return id, addressOf(i)
		}
	}
	return id, identity(a)
}
