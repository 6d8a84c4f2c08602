package cli

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/oauth"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// TestWhenTheBrowserIsUsed goes through what is known of a provider and what
// was asked for.
func TestWhenTheBrowserIsUsed(t *testing.T) {
	p := detectProgram(t)
	for _, c := range []struct {
		name, host, registered, input string
		via                           inBrowser
		want                          accounts.OAuth // of the request
		secret, says                  string         // of the request; or why not
		password                      bool           // a password is asked for instead
	}{
		{name: "registered", host: "imap.gmail.com", registered: "google=ours", via: inBrowser{offered: true}, want: accounts.OAuth{Provider: "google"}},
		{name: "not offered", host: "imap.gmail.com", registered: "google=ours", password: true},
		{name: "a password is given", host: "imap.gmail.com", registered: "google=ours", input: "pw\n", via: inBrowser{offered: true}, password: true},
		{name: "not registered", host: "imap.gmail.com", via: inBrowser{offered: true}, password: true},
		{name: "asked for in vain", host: "imap.gmail.com", via: inBrowser{offered: true, asked: true}, says: "not registered with Google. Use an app password"},
		{name: "no other way", host: "outlook.office365.com", via: inBrowser{offered: true, only: true}, says: "Microsoft lets people in only through"},
		{
			name: "own client", host: "outlook.office365.com", via: inBrowser{only: true, oauth: accounts.OAuth{ClientID: "mine"}},
			want: accounts.OAuth{Provider: "microsoft", ClientID: "mine"},
		},
		{
			name: "own client with a secret", host: "imap.gmail.com", input: "s3\n", via: inBrowser{oauth: accounts.OAuth{ClientID: "mine"}},
			want: accounts.OAuth{Provider: "google", ClientID: "mine"}, secret: "s3",
		},
		{name: "unknown", host: "imap.firm.test", via: inBrowser{only: true}, says: "Linnet does not know where to sign in to imap.firm.test."},
		{
			name: "own endpoints", host: "imap.firm.test", via: inBrowser{scopes: "a b", oauth: accounts.OAuth{ClientID: "x", AuthURL: "https://a/", TokenURL: "https://t/"}},
			want: accounts.OAuth{ClientID: "x", AuthURL: "https://a/", TokenURL: "https://t/", Scopes: []string{"a", "b"}},
		},
	} {
		e := engine.New(engine.Config{OAuth: &oauth.Service{Clients: oauth.ParseClients(c.registered)}})
		k := &call{
			Env: Env{Stderr: &bytes.Buffer{}}, Command: &Command{program: p, secret: c.input != ""}, words: p.Words, engine: e,
			stdin: newLineReader(strings.NewReader(c.input)),
		}
		r := engine.AddRequest{IMAP: accounts.Server{Host: c.host}}
		if wanted := c.via.wanted(k, r); wanted == c.password {
			t.Errorf("%s: in the browser: %v", c.name, wanted)
		}
		if c.password {
			continue
		}
		got, err := k.browser(r, c.via)
		var problem *mailcore.Problem
		switch {
		case errors.As(err, &problem):
			if said := p.sentence(problem); c.says == "" || !strings.Contains(said, c.says) {
				t.Errorf("%s: %s", c.name, said)
			}
		case err != nil || c.says != "":
			t.Errorf("%s: %v", c.name, err)
		case got.OAuth.Provider != c.want.Provider || got.OAuth.ClientID != c.want.ClientID || got.OAuth.AuthURL != c.want.AuthURL ||
			got.OAuth.TokenURL != c.want.TokenURL || !slices.Equal(got.OAuth.Scopes, c.want.Scopes) || got.Secret != c.secret:
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestTheAddressIsPrinted(t *testing.T) {
	p := detectProgram(t)
	var out bytes.Buffer
	k := &call{Env: Env{Stderr: &out}, words: p.Words}
	if err := k.showAddress(&url.URL{Scheme: "https", Host: "login.example", RawQuery: "a=b%26c"}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "\nhttps://login.example?a=b%26c\n") {
		t.Errorf("%q", out.String())
	}
}
