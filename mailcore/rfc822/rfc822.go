// Package rfc822 reads and builds messages (RFC 5322, MIME), tolerant of what
// real mail does wrong and bounded in depth, parts and header size. It never
// fetches anything and never fails on bad input without having tried to show
// what can be read.
package rfc822

import "errors"

// Limits on what is read of one message. What lies beyond is shown as an
// attachment or left out, and said in a notice.
const (
	MaxDepth  = 50      // multiparts within multiparts
	MaxParts  = 1000    // leaves of one message
	MaxHeader = 1 << 20 // octets of one header block

	maxAddresses  = 5000
	maxCommas     = 4   // in a name without quotes
	maxRepeats    = 200 // To, Cc and Bcc fields beyond the first
	maxReferences = 200
	maxIDLength   = 900 // octets; longer ones would not fit a header line
)

// ErrUnreadable says that a message holds nothing that can be shown.
var ErrUnreadable = errors.New("rfc822: nothing readable in the message")

// ErrNoAttachment says that a message has no attachment of that index.
var ErrNoAttachment = errors.New("rfc822: no such attachment")
