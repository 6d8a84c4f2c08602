// Package rfc822 reads and builds messages (RFC 5322, MIME), tolerant of what
// real mail does wrong and bounded in depth, parts and header size.
package rfc822

import (
	"errors"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

var errContract = errors.New("rfc822: not built yet")

// ParseHeader reads a header block as FETCH BODY[HEADER.FIELDS (…)] gives it. It
// never fails: what cannot be understood stays empty.
func ParseHeader(raw []byte) mailcore.Header { return mailcore.Header{} }

// Parse opens a whole message for reading. It never panics; an error means that
// not even readable text was found.
func Parse(raw []byte) (mailcore.Content, error) { return mailcore.Content{}, errContract }

// AttachmentData returns the transfer-decoded bytes of attachment index, exactly
// as sent.
func AttachmentData(raw []byte, index int) ([]byte, error) { return nil, errContract }

// Snippet returns the first words of a text, at most 200 runes in one line.
func Snippet(text string) string { return "" }

// Options fixes what Build must not choose itself.
type Options struct {
	MessageID string // without brackets
	Date      time.Time
	UserAgent string // "" leaves the field out
}

// Build makes the bytes of a draft, CRLF line ends, once. Bcc is not in them.
func Build(d mailcore.Draft, o Options) ([]byte, error) { return nil, errContract }

// WithBcc returns raw with a Bcc field added, for the copy in Sent.
func WithBcc(raw []byte, bcc []mailcore.Address) []byte { return nil }

// NewMessageID makes a Message-ID (without brackets) in the domain of address.
func NewMessageID(address string) string { return "" }

// ReplyDraft begins a reply, reply to all or forward of a message: recipients
// without own addresses, subject prefix once, threading fields, quoted text
// under the given attribution line. The caller sets account and From.
func ReplyDraft(kind mailcore.DraftKind, id mailcore.ID, c mailcore.Content, own []string, attribution string) mailcore.Draft {
	return mailcore.Draft{}
}

// ParseAddressList reads addresses as a person types them: commas, semicolons
// or line breaks between them. bad holds what is not an address.
func ParseAddressList(s string) (list []mailcore.Address, bad []string) { return nil, nil }
