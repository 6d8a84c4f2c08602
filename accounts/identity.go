package accounts

import "strings"

// DefaultIdentity is whom new mail of the account comes from.
func (a Account) DefaultIdentity() Identity {
	if len(a.Identities) == 0 {
		return Identity{Email: a.Email}
	}
	return a.Identities[0]
}

// Identity returns how the account writes as an address; false if it does not.
func (a Account) Identity(address string) (Identity, bool) {
	for _, i := range a.Identities {
		if strings.EqualFold(i.Email, address) {
			return i, true
		}
	}
	return Identity{}, false
}

// Writes reports whether one of the account's identities has the address.
func (a Account) Writes(address string) bool {
	_, ok := a.Identity(address)
	return ok
}

// Owns reports whether the address is the account's own or one of its
// identities'.
func (a Account) Owns(address string) bool {
	return strings.EqualFold(a.Email, address) || a.Writes(address)
}

// SameServers reports whether both accounts reach the same mailbox in the same
// way: a change between them needs no new sign-in.
func (a Account) SameServers(b Account) bool { return a.IMAP == b.IMAP && a.SMTP == b.SMTP }
