package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// lookTime bounds the look for another way to send.
const lookTime = 10 * time.Second

// portRelay is where servers take mail from each other; some take submissions.
const portRelay = 25

// way is a server that may send an account's mail.
type way struct {
	server accounts.Server
	owner  accounts.Account // whose server it is
}

// text is how a way is written: starttls://smtp.example.org:587.
func (w way) text() string { return string(w.server.Security) + "://" + w.server.Address() }

// blocked is a failure to reach the sending server, with another way that works.
type blocked struct {
	error
	way way
}

func (b *blocked) Unwrap() error { return b.error }

// Names of what a message's problem knows about another way.
const (
	argWay   = "Way"      // way.text
	argOwner = "WayOwner" // ID of the account whose server it is
)

// Way is kept with the problem of each message that waits for this.
func (b *blocked) Way() map[string]any {
	return map[string]any{argWay: b.way.text(), argOwner: b.way.owner.ID}
}

// dialSMTP signs in where the account's mail is sent now. If that cannot be
// reached, it looks whether another way works, which is only offered: nothing is
// sent over it before the person agrees.
func (r *run) dialSMTP(ctx context.Context) (*connect.SMTPConn, error) {
	a, owner := r.account, r
	server, id := a.Sending()
	if id != a.ID {
		other, err := r.e.run(mailcore.AccountID(id))
		if err != nil { // the other account was removed: its way ends with it
			a.Instead = nil
			server, other = a.SMTP, r
		}
		owner = other
	}
	c, err := r.e.c.Dialer.SMTP(ctx, server, helloName, owner.credential(server))
	if err == nil || ctx.Err() != nil || !hindered(err) {
		return c, err
	}
	found, ok := r.e.look(ctx, a)
	if !ok {
		return nil, err
	}
	r.log.Info("another way to send", "way", found.text())
	return nil, &blocked{err, found}
}

// hindered says whether an error is about the way to the server: there another
// port, or another server, may do.
func hindered(err error) bool {
	var staged *trouble.Error
	if !errors.As(err, &staged) || !slices.Contains([]trouble.Stage{trouble.Dial, trouble.Handshake, trouble.Greeting}, staged.Stage) {
		return false
	}
	// These no other way makes better.
	return !slices.Contains([]string{
		"cancelled", "settings", "plain-refused", "no-network", "pin-changed", "too-many", "unavailable",
		"proxy-down", "proxy-sign-in", "proxy-settings", "proxy-broken",
	}, strings.TrimPrefix(trouble.Explain(err).Key, "trouble."))
}

// look tries the other ways side by side, and returns the most preferred that
// works: TLS with a verified certificate and a sign-in, no credential sent.
func (e *Engine) look(ctx context.Context, a accounts.Account) (way, bool) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	ways := e.ways(a)
	works := make([]bool, len(ways))
	var all sync.WaitGroup
	for i, w := range ways {
		all.Go(func() {
			offer, err := e.c.Dialer.ProbeSMTP(ctx, w.server, helloName)
			works[i] = err == nil && (w.server.User == "" || len(offer.Mechanisms) > 0)
		})
	}
	all.Wait()
	if i := slices.Index(works, true); i >= 0 {
		return ways[i], true
	}
	return way{}, false
}

// ways lists what may send an account's mail besides what does so now, best
// first: its server as it is set, the usual ports of that host, and the servers
// of accounts that may send as this address.
func (e *Engine) ways(a accounts.Account) []way {
	if a.Demo || a.SMTP.Security == accounts.Plain {
		return nil
	}
	now, _ := a.Sending()
	out := []way{{a.SMTP, a}}
	for _, door := range []struct {
		port     int
		security accounts.Security
	}{{accounts.PortSubmissions, accounts.TLS}, {accounts.PortSubmission, accounts.StartTLS}, {portRelay, accounts.StartTLS}} {
		s := a.SMTP
		s.Port, s.Security = door.port, door.security
		if s.Port != a.SMTP.Port {
			out = append(out, way{s, a})
		}
	}
	for _, b := range e.c.Accounts.List() {
		if b.ID != a.ID && maySend(b, a) {
			out = append(out, way{b.SMTP, b})
		}
	}
	return slices.DeleteFunc(out, func(w way) bool { return w.server.Address() == now.Address() })
}

// maySend says whether b's server may send as a: b has a's address among its
// own, or both have their mail at the same domain. A server that a uses too
// cannot be reached either.
func maySend(b, a accounts.Account) bool {
	if b.Demo || b.SMTP.Security == accounts.Plain || strings.EqualFold(b.SMTP.Host, a.SMTP.Host) {
		return false
	}
	return strings.EqualFold(domain(b.Email), domain(a.Email)) || slices.ContainsFunc(b.Identities, func(i accounts.Identity) bool {
		return strings.EqualFold(i.Email, a.Email)
	})
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
