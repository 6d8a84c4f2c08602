package accounts

import "slices"

// OAuth says that an account signs in with tokens, which its provider gives out
// after a sign-in in the browser. It holds no secret.
type OAuth struct {
	Provider string   `json:"provider,omitempty"`  // key of one that package oauth knows; "" with endpoints of one's own
	ClientID string   `json:"client_id,omitempty"` // of one's own; "": what this program is registered as
	AuthURL  string   `json:"auth_url,omitempty"`  // own endpoints, https
	TokenURL string   `json:"token_url,omitempty"` // own endpoints, https
	Scopes   []string `json:"scopes,omitempty"`    // own endpoints; what the permission is for
}

// clone returns a copy that shares nothing; nil stays nil.
func (o *OAuth) clone() *OAuth {
	if o == nil {
		return nil
	}
	c := *o
	c.Scopes = slices.Clone(o.Scopes)
	return &c
}
