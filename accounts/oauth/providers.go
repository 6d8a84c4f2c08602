package oauth

import (
	"slices"
	"strings"
)

// Provider is a sign-in service and what it gives tokens for.
type Provider struct {
	Key  string // of accounts.OAuth; "" for endpoints of one's own
	Name string // as people call it

	AuthURL, TokenURL string
	Issuer            string            // what "iss" has to be where it is given (RFC 9207); "": not known
	Scopes            []string          // what to ask permission for
	Params            map[string]string // more that goes into the request to the browser
	Redirect          string            // host of the address that the browser comes back to; "": 127.0.0.1

	Hosts []string // mail servers, or domains above them, that its tokens are for; none: any
}

// Serves says whether a mail server may see the provider's tokens.
func (p Provider) Serves(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return len(p.Hosts) == 0 || slices.ContainsFunc(p.Hosts, func(h string) bool {
		return host == h || strings.HasSuffix(host, "."+h)
	})
}

// Builtin returns the providers that are known. Endpoints and scopes are those
// of the providers' own pages for developers. A program has to be registered
// with each of them: there is no client id here.
func Builtin() []Provider {
	return []Provider{
		{
			// developers.google.com/identity/protocols/oauth2/native-app and
			// developers.google.com/gmail/imap/xoauth2-protocol. Only with these
			// parameters there is always a refresh token.
			Key: "google", Name: "Google",
			AuthURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token",
			Issuer: "https://accounts.google.com", Scopes: []string{"https://mail.google.com/"},
			Params: map[string]string{"access_type": "offline", "prompt": "consent"},
			Hosts:  []string{"gmail.com", "googlemail.com"},
		},
		{
			// learn.microsoft.com/exchange/client-developer/legacy-protocols. Its
			// registrations know the loopback address by this name.
			Key: "microsoft", Name: "Microsoft",
			AuthURL:  "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
			TokenURL: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
			Scopes: []string{
				"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access",
			},
			Redirect: "localhost", Hosts: []string{"office365.com", "outlook.com"},
		},
		{
			// developer.yahoo.com/oauth2/guide
			Key: "yahoo", Name: "Yahoo",
			AuthURL: "https://api.login.yahoo.com/oauth2/request_auth", TokenURL: "https://api.login.yahoo.com/oauth2/get_token",
			Issuer: "https://api.login.yahoo.com", Scopes: []string{"mail-w"}, Hosts: []string{"mail.yahoo.com"},
		},
		{
			Key: "aol", Name: "AOL",
			AuthURL: "https://api.login.aol.com/oauth2/request_auth", TokenURL: "https://api.login.aol.com/oauth2/get_token",
			Issuer: "https://api.login.aol.com", Scopes: []string{"mail-w"}, Hosts: []string{"aol.com"},
		},
		{
			// www.fastmail.com/for-developers/oauth
			Key: "fastmail", Name: "Fastmail",
			AuthURL: "https://api.fastmail.com/oauth/authorize", TokenURL: "https://api.fastmail.com/oauth/refresh",
			Scopes: []string{"https://www.fastmail.com/dev/protocol-imap", "https://www.fastmail.com/dev/protocol-smtp"},
			Hosts:  []string{"fastmail.com", "messagingengine.com"},
		},
	}
}

// Client is a program as it is registered with a provider. The secret of a
// program that people have on their computers is none (RFC 8252 section 8.5);
// some providers want one all the same. It is treated like any other.
type Client struct {
	ID     string
	Secret string // "" for a public client
}

// String hides the secret.
func (c Client) String() string { return c.ID }

// GoString hides the secret.
func (c Client) GoString() string { return c.ID }

// ParseClients reads registrations like "google=ID:SECRET,microsoft=ID", as a
// build is given them. What has no id is left out.
func ParseClients(text string) map[string]Client {
	clients := map[string]Client{}
	for entry := range strings.SplitSeq(text, ",") {
		key, client, _ := strings.Cut(strings.TrimSpace(entry), "=")
		if id, secret, _ := strings.Cut(client, ":"); key != "" && id != "" {
			clients[key] = Client{ID: id, Secret: secret}
		}
	}
	return clients
}
