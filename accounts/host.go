package accounts

import (
	"strings"

	"golang.org/x/net/idna"
)

// ASCIIHost returns a host name without spaces around it, and as DNS knows it:
// names beyond ASCII are encoded (RFC 5891). What is no host name comes back as
// it is, for Check to refuse.
func ASCIIHost(host string) string {
	host = strings.TrimSpace(host)
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}
