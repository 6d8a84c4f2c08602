package enrol

import (
	"context"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

func TestCheckSignsInToBothServersWithTheCredentialOfEach(t *testing.T) {
	m := start(t, &mailServers{user: "ada@example.org", password: "p"})
	e := enroller(t, accounts.Memory())
	r := m.request()
	a := r.account("x")
	a.IMAP.User, a.SMTP.User = m.user, m.user
	with := func(secret string) func(accounts.Server) connect.CredentialFunc {
		return func(s accounts.Server) connect.CredentialFunc {
			return func(context.Context, bool) (connect.Credential, error) {
				return connect.Credential{User: s.User, Secret: secret}, nil
			}
		}
	}
	if err := e.Check(bounded(t), a, with("p")); err != nil {
		t.Fatal(err)
	}
	if err := e.Check(bounded(t), a, with("wrong")); trouble.Explain(err).Key != trouble.WrongPassword {
		t.Errorf("%v", err)
	}
	a.SMTP.User = "eve"
	if err := e.Check(bounded(t), a, with("p")); trouble.Explain(err).Key != trouble.WrongPassword {
		t.Errorf("outgoing: %v", err)
	}
	if len(e.File.List()) != 0 {
		t.Error("something was saved")
	}
}
