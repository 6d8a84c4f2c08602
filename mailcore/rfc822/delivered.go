package rfc822

import (
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// delivered are the fields in which receiving servers note the address that a
// message was delivered to: what Bcc, lists and forwarding leave out of To.
var delivered = []string{"delivered-to", "x-original-to", "envelope-to", "x-delivered-to"}

// DeliveredTo returns the addresses to which servers say that they delivered a
// message, the last server's first. They are for choosing among one's own
// addresses only: anybody can write such fields.
func DeliveredTo(raw []byte) []mailcore.Address {
	var out []mailcore.Address
	eachField(string(raw[:min(len(raw), MaxHeader)]), true, func(name, value string) {
		if slices.Contains(delivered, strings.ToLower(name)) {
			out = append(out, parseAddresses(value, "")...)
		}
	})
	return out
}
