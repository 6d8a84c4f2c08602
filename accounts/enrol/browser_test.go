package enrol

import (
	"errors"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestAddWithTokens(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Postfix: true, Tokens: true})
	u := h.User(1)
	e := &Enroller{Dialer: &connect.Dialer{Roots: h.Roots}, File: newFile(t), Secrets: accounts.Memory()}
	r := Request{
		Name: "Ada", Email: u.Email, IMAP: h.IMAP, SMTP: h.SMTP,
		Browser: &Browser{
			OAuth:  accounts.OAuth{ClientID: "mine", AuthURL: h.SignIn.AuthURL, TokenURL: h.SignIn.TokenURL},
			Secret: "client secret", Tokens: oauth.Tokens{Access: "wrong", Refresh: "lasting"},
		},
	}
	_, err := e.Add(bounded(t), r)
	if c := trouble.Explain(err); c.Key != "trouble.token-refused" || c.Args["Address"] != u.Email || len(e.File.List()) != 0 {
		t.Errorf("a wrong token: %v: %+v, %v", err, c, e.File.List())
	}
	r.Browser.Tokens.Access = h.SignIn.Issue(u.Email)
	a, err := e.Add(bounded(t), r)
	if err != nil {
		t.Fatal(err)
	}
	if a.OAuth == nil || a.OAuth.ClientID != "mine" || a.IMAP.User != u.Email || a.SMTP.User != u.Email {
		t.Errorf("%+v", a)
	}
	secret, err := e.Secrets.Get(t.Context(), a.ID)
	if g, ok := oauth.ParseGrant(secret); err != nil || !ok || g != (oauth.Grant{Refresh: "lasting", Secret: "client secret"}) {
		t.Errorf("%v, %v", ok, err)
	}
	if err := e.UpdatePassword(bounded(t), a.ID, "a password"); !errors.Is(err, ErrPassword) {
		t.Errorf("a password: %v", err)
	}
	r.Email, r.Browser = "bob@linnet.test", &Browser{Tokens: oauth.Tokens{Access: "x"}}
	if _, err := e.Add(bounded(t), r); !errors.Is(err, ErrTokens) {
		t.Errorf("without a refresh token: %v", err)
	}
}
