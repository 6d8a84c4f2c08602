package enrol

import (
	"context"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
)

// Check signs in to both servers of an account that is here already, or is about
// to be changed: IMAP with a LIST, SMTP up to AUTH. Nothing is sent or saved.
func (e *Enroller) Check(ctx context.Context, a accounts.Account, credential func(accounts.Server) connect.CredentialFunc) error {
	if err := e.signInIMAP(ctx, a.IMAP, credential(a.IMAP)); err != nil {
		return err
	}
	return e.signInSMTP(ctx, a.SMTP, credential(a.SMTP))
}
