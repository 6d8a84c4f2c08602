package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

// Offer is another way to send an account's mail, found working when the usual
// one could not be reached. It is used only once it is accepted.
type Offer struct {
	Account mailcore.AccountID // whose mail waits
	Email   string
	Way     string // the server, as starttls://smtp.example.org:587
	Key     string // translation key of the question
	Args    map[string]any

	way way
}

// Offers lists what can be offered now, at most one for each account.
func (o *Outbox) Offers(ctx context.Context) ([]Offer, error) {
	rows, err := o.e.c.Store.Outbox(ctx, false)
	if err != nil {
		return nil, o.e.problem(err)
	}
	var out []Offer
	for _, a := range o.e.c.Accounts.List() {
		var newest time.Time
		var found *Offer
		for _, row := range rows {
			if string(row.Account) != a.ID || row.State != mailcore.Queued || row.Problem == nil || row.Problem.When.Before(newest) {
				continue
			}
			newest, found = row.Problem.When, o.offer(a, row.Problem.Args)
		}
		if found != nil {
			out = append(out, *found)
		}
	}
	return out, nil
}

// offer is what a problem knows, nil if that is nothing, or no longer possible.
func (o *Outbox) offer(a accounts.Account, known map[string]any) *Offer {
	for _, w := range o.e.ways(a) {
		if known[argWay] != w.text() || known[argOwner] != w.owner.ID {
			continue
		}
		key, args := described(a, w.server, w.owner)
		return &Offer{Account: mailcore.AccountID(a.ID), Email: a.Email, Way: w.text(), Key: "instead.offer." + key, Args: args, way: w}
	}
	return nil
}

// described says what kind of way it is, and the words' arguments.
func described(a accounts.Account, s accounts.Server, owner accounts.Account) (kind string, args map[string]any) {
	args = map[string]any{"Email": a.Email, "Host": s.Host, "Port": s.Port, "Usual": a.SMTP.Port, "Other": owner.Title()}
	if owner.ID != a.ID {
		return "account", args
	}
	return "port", args
}

// Accept sends an account's mail in the way offered, from now on and until
// AsBefore; what waits is tried at once.
func (o *Outbox) Accept(ctx context.Context, offer Offer) error {
	offers, err := o.Offers(ctx)
	if err != nil {
		return err
	}
	for _, now := range offers {
		if now.Account == offer.Account && now.Way == offer.Way {
			return o.detour(now.Account, now.way)
		}
	}
	return problemf("instead.gone", "", nil)
}

func (o *Outbox) detour(id mailcore.AccountID, w way) error {
	return o.change(id, func(a *accounts.Account) {
		a.Instead = &accounts.Instead{For: a.SMTP.Address(), Server: w.server}
		switch {
		case w.owner.ID != a.ID:
			a.Instead.Account = w.owner.ID
		case w.server == a.SMTP:
			a.Instead = nil
		}
	})
}

// AsBefore takes back what was accepted.
func (o *Outbox) AsBefore(id mailcore.AccountID) error {
	return o.change(id, func(a *accounts.Account) { a.Instead = nil })
}

// Detour describes the way that an account's mail takes instead of the usual
// one: a translation key and its arguments, "" if it takes the usual one.
func (o *Outbox) Detour(a accounts.Account) (key string, args map[string]any) {
	if !a.Detoured() {
		return "", nil
	}
	s, id := a.Sending()
	owner, ok := o.e.c.Accounts.Get(id)
	if !ok {
		return "", nil // removed: the usual way is taken
	}
	kind, args := described(a, s, owner)
	return "instead.now." + kind, args
}

// change edits an account and has its mail tried again.
func (o *Outbox) change(id mailcore.AccountID, edit func(*accounts.Account)) error {
	a, ok := o.e.c.Accounts.Get(string(id))
	if !ok {
		return problemf("engine.no-account", "engine.no-account.action", nil)
	}
	edit(&a)
	if err := o.e.c.Accounts.Put(a); err != nil {
		return o.e.problem(fmt.Errorf("save account: %w", err))
	}
	o.e.stopRun(id)
	o.e.startRun(id) // tries what was put off
	o.e.publish(mailcore.AccountState{Account: id})
	o.e.publish(mailcore.SendChanged{})
	return nil
}
