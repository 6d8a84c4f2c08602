package engine

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

// sendingAccount is the named account; without a name the one that has the
// sender's address, else the default one.
func (o *Outbox) sendingAccount(id mailcore.AccountID, from string) (accounts.Account, error) {
	file := o.e.c.Accounts
	if id != "" {
		if a, ok := file.Get(string(id)); ok && !a.Kept {
			return a, nil
		}
		return accounts.Account{}, problemf("engine.no-account", "engine.no-account.action", nil)
	}
	if a, ok := file.ByEmail(from); ok && from != "" {
		return a, nil
	}
	if a, ok := file.Default(); ok {
		return a, nil
	}
	return accounts.Account{}, problemf("engine.no-account", "engine.no-account.action", nil)
}

// envelopeRecipients lists every address once, in order.
func envelopeRecipients(lists ...[]mailcore.Address) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, list := range lists {
		for _, a := range list {
			addr, err := envelopeAddress(a.Addr)
			if err != nil {
				return nil, err
			}
			if key := strings.ToLower(addr); !seen[key] {
				seen[key] = true
				out = append(out, addr)
			}
		}
	}
	if len(out) == 0 {
		return nil, problemf("engine.no-recipient", "engine.no-recipient.action", nil)
	}
	return out, nil
}

// envelopeAddress checks an addr-spec for MAIL and RCPT (RFC 5321 section 4.1.2)
// and gives its domain the form of RFC 5890. A quoted local part may hold blanks;
// control characters, which could start a command of their own, are never let
// through.
func envelopeAddress(addr string) (string, error) {
	bad := problemf("engine.bad-address", "engine.bad-address.action", map[string]any{"Address": addr})
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at == len(addr)-1 || len(addr) > 320 || strings.ContainsFunc(addr, unicode.IsControl) {
		return "", bad
	}
	local, domain := addr[:at], addr[at+1:]
	quoted := len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"'
	if !quoted && strings.ContainsAny(local, " \"(),:;<>@[\\]") {
		return "", bad
	}
	if quoted && strings.ContainsAny(local[1:len(local)-1], "\"\\") {
		return "", bad
	}
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") && !strings.ContainsAny(domain, " <>") {
		return addr, nil // address literal
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || strings.ContainsAny(ascii, " <>,;") {
		return "", bad
	}
	return local + "@" + ascii, nil
}
