package connect

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// signInAt plays person and browser, and returns tokens.
func signInAt(t *testing.T, s *mailtest.SignIn, address string) oauth.Tokens {
	t.Helper()
	c := oauth.Config{Provider: oauth.Provider{AuthURL: s.AuthURL, TokenURL: s.TokenURL}, Client: oauth.Client{ID: mailtest.ClientID}}
	tokens, err := (&oauth.Service{}).SignIn(bounded(t), c, address, func(u *url.URL) error {
		go func() {
			if r, err := http.Get(u.String()); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				_ = r.Body.Close()
			}
		}()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// Both mechanisms against the real servers: a good token, one that has expired,
// and another person's.
func TestTokensOnDovecotAndPostfix(t *testing.T) {
	for _, mechanism := range []string{"oauthbearer", "xoauth2"} {
		t.Run(mechanism, func(t *testing.T) {
			h := mailtest.Start(t, mailtest.Options{Users: 2, Postfix: true, Tokens: true, Dovecot: "auth_mechanisms = plain login " + mechanism})
			d := &Dialer{Roots: h.Roots}
			u := h.User(1)
			good := signInAt(t, h.SignIn, u.Email).Access
			other := signInAt(t, h.SignIn, h.User(2).Email).Access
			sign := func(token string) (imapErr, smtpErr error) {
				a := u.Account()
				cred := func(context.Context, bool) (Credential, error) {
					return Credential{User: a.IMAP.User, Secret: token, Token: true}, nil
				}
				c, imapErr := d.IMAP(bounded(t), a.IMAP, cred, nil)
				if imapErr == nil {
					_, imapErr = c.Select("INBOX", nil).Wait()
					_ = c.Close()
				}
				s, smtpErr := d.SMTP(bounded(t), a.SMTP, "[127.0.0.1]", cred)
				if smtpErr == nil {
					_ = s.Quit()
				}
				return imapErr, smtpErr
			}
			if imapErr, smtpErr := sign(good); imapErr != nil || smtpErr != nil {
				t.Errorf("a good token: %v, %v", imapErr, smtpErr)
			}
			if imapErr, smtpErr := sign(other); !Refused(imapErr) || !Refused(smtpErr) {
				t.Errorf("another person's token: %v, %v", imapErr, smtpErr)
			}
			h.SignIn.Expire()
			imapErr, smtpErr := sign(good)
			for _, err := range []error{imapErr, smtpErr} {
				if c := trouble.Explain(err); !Refused(err) || key(err) != "token-refused" || !c.SignIn {
					t.Errorf("an expired token: %v: %+v", err, c)
				}
			}
		})
	}
}
