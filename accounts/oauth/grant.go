package oauth

import (
	"encoding/json"
	"strings"
)

// Grant is what the keyring keeps of an account that signs in with tokens.
type Grant struct {
	Refresh string `json:"refresh_token"`
	Secret  string `json:"client_secret,omitempty"` // of the account's own client id
}

// grantMarker tells grants from passwords: neither must go where the other is
// meant.
const grantMarker = "linnet-oauth:"

// String hides the tokens.
func (Grant) String() string { return "(tokens hidden)" }

// GoString hides the tokens.
func (g Grant) GoString() string { return g.String() }

// Encode is the keyring's form of g.
func (g Grant) Encode() string {
	data, _ := json.Marshal(g) // strings: cannot fail
	return grantMarker + string(data)
}

// ParseGrant reads what Encode wrote; ok is false for everything else, such as a
// password.
func ParseGrant(secret string) (g Grant, ok bool) {
	text, marked := strings.CutPrefix(secret, grantMarker)
	if !marked || json.Unmarshal([]byte(text), &g) != nil || g.Refresh == "" {
		return Grant{}, false
	}
	return g, true
}
