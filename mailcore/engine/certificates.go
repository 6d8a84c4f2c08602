package engine

import (
	"context"
	"fmt"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// Certificates asks both of an account's servers for their certificates, without
// signing in, and returns those that cannot be verified: unknown ones, and ones
// that are not what was accepted before. None means that all is well.
func (a *Accounts) Certificates(ctx context.Context, id mailcore.AccountID) ([]accounts.Certificate, error) {
	r, err := a.e.run(id)
	if err != nil {
		return nil, err
	}
	ctx, done := r.during(ctx)
	defer done()
	_, imap := a.e.c.Dialer.ProbeIMAP(ctx, r.account.IMAP)
	_, smtp := a.e.c.Dialer.ProbeSMTP(ctx, r.account.SMTP, helloName)
	var out []accounts.Certificate
	var failed error
	for _, err := range []error{imap, smtp} {
		if c, ok := trouble.Certificate(err); ok {
			out = append(out, c)
		} else if err != nil {
			failed = err
		}
	}
	if len(out) == 0 && failed != nil {
		return nil, a.e.problem(fmt.Errorf("look at certificates: %w", failed))
	}
	return out, nil
}

// Trust accepts a certificate that Certificates returned, for the server that
// showed it, and connects again. A person has compared it before.
func (a *Accounts) Trust(id mailcore.AccountID, c accounts.Certificate) error {
	account, ok := a.e.c.Accounts.Get(string(id))
	if ok {
		account, ok = account.Trusting(c)
	}
	if !ok {
		return problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if err := a.e.c.Accounts.Put(account); err != nil {
		return a.e.problem(fmt.Errorf("accept certificate: %w", err))
	}
	a.e.log.Warn("certificate accepted by the person", "account", id, "host", c.Host, "port", c.Port, "sha256", c.Fingerprint)
	a.restart(id)
	return nil
}

// restart has an account work with what is in the file now.
func (a *Accounts) restart(id mailcore.AccountID) {
	a.e.stopRun(id)
	a.e.startRun(id)
	a.e.publish(mailcore.AccountState{Account: id})
}
