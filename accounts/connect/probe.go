package connect

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Offer is what a server says, over a verified connection, that it can do before
// anyone has signed in.
type Offer struct {
	Mechanisms []string // to sign in with, upper case, sorted; LOGIN is also IMAP's LOGIN command; none: no sign-in
	MaxSize    int64    // of a message in octets, submission only; 0: no limit or not said
}

// errNotIMAP is a server that greets like one but has no revision of IMAP that
// we speak.
var errNotIMAP = errors.New("the server speaks neither IMAP4rev1 nor IMAP4rev2")

// ProbeIMAP connects as IMAP does, with the same demands on encryption and
// certificate, asks for CAPABILITY and goes away. It signs in nowhere. Errors
// carry a trouble.Stage.
func (d *Dialer) ProbeIMAP(ctx context.Context, s accounts.Server) (Offer, error) {
	t := d.target("imap", s)
	var offer Offer
	c, err := d.imapSecure(ctx, t, nil, func(c *IMAPConn) error {
		caps, err := c.offers()
		if err != nil {
			return err
		}
		if !caps.Has(imap.CapIMAP4rev1) && !caps.Has(imap.CapIMAP4rev2) {
			return t.at(trouble.Greeting, errNotIMAP)
		}
		offer.Mechanisms = mechanisms(caps)
		return nil
	})
	if err != nil {
		return Offer{}, err
	}
	_ = c.Close()
	return offer, nil
}

func mechanisms(caps imap.CapSet) []string {
	var out []string
	for _, m := range caps.AuthMechanisms() {
		out = append(out, strings.ToUpper(m))
	}
	if !caps.Has(imap.CapLoginDisabled) {
		out = append(out, "LOGIN")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ProbeSMTP connects as SMTP does, with the same demands on encryption and
// certificate, says EHLO and goes away. hello is the EHLO name, never the
// machine's. Errors carry a trouble.Stage.
func (d *Dialer) ProbeSMTP(ctx context.Context, s accounts.Server, hello string) (Offer, error) {
	s.User = ""
	c, err := d.SMTP(ctx, s, hello, nil)
	if err != nil {
		return Offer{}, err
	}
	offer := Offer{MaxSize: c.MaxSize()}
	if ok, param := c.Extension("AUTH"); ok {
		offer.Mechanisms = strings.Fields(strings.ToUpper(param))
		slices.Sort(offer.Mechanisms)
	}
	_ = c.Quit() // what it said is what counted
	return offer, nil
}
