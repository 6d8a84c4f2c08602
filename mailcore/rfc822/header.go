package rfc822

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// ParseHeader reads a header block as FETCH BODY[HEADER.FIELDS (…)] gives it,
// or the one at the beginning of a whole message. It never fails: what cannot
// be understood stays empty.
func ParseHeader(raw []byte) mailcore.Header {
	var v values
	eachField(string(raw[:min(len(raw), MaxHeader)]), true, v.take)
	return v.header()
}

// values are the raw values of the fields that Linnet keeps; of a field that
// may stand once the first counts that is not empty.
type values struct {
	messageID, inReplyTo, references string
	from, replyTo, to, cc, bcc       string
	subject, date, listID            string
	contentType                      string
	repeats                          int
}

// take keeps a field's value. The switch on the length first is what makes a
// header cheap: most fields of a message are of no interest.
func (v *values) take(name, value string) {
	var at *string
	switch len(name) {
	case 2:
		at = pick(name, "to", &v.to, "cc", &v.cc)
	case 3:
		at = pick(name, "bcc", &v.bcc, "", nil)
	case 4:
		at = pick(name, "from", &v.from, "date", &v.date)
	case 7:
		at = pick(name, "subject", &v.subject, "list-id", &v.listID)
	case 8:
		at = pick(name, "reply-to", &v.replyTo, "", nil)
	case 10:
		at = pick(name, "message-id", &v.messageID, "references", &v.references)
	case 11:
		at = pick(name, "in-reply-to", &v.inReplyTo, "", nil)
	case 12:
		at = pick(name, "content-type", &v.contentType, "", nil)
	}
	if at == nil {
		return
	}
	value = unfold(value)
	switch {
	case *at == "":
		*at = value
	case value != "" && v.repeats < maxRepeats && (at == &v.to || at == &v.cc || at == &v.bcc):
		*at += ", " + value
		v.repeats++
	}
}

func pick(name, a string, va *string, b string, vb *string) *string {
	if strings.EqualFold(name, a) {
		return va
	}
	if vb != nil && strings.EqualFold(name, b) {
		return vb
	}
	return nil
}

// header decodes the values.
func (v *values) header() mailcore.Header {
	hint := v.hint()
	h := mailcore.Header{
		References:  messageIDs(v.references, maxReferences),
		From:        parseAddresses(v.from, hint),
		ReplyTo:     parseAddresses(v.replyTo, hint),
		To:          parseAddresses(v.to, hint),
		Cc:          parseAddresses(v.cc, hint),
		Bcc:         parseAddresses(v.bcc, hint),
		Subject:     strings.TrimSpace(decodeWords(v.subject, hint)),
		Date:        parseDate(v.date),
		ListID:      listID(v.listID),
		ContentType: mediaType(v.contentType),
	}
	h.MessageID = firstID(v.messageID)
	h.InReplyTo = firstID(v.inReplyTo)
	return h
}

// hint returns the character set of the message where raw 8-bit characters in
// its header need one.
func (v *values) hint() string {
	if eightBit(v.subject) || eightBit(v.from) || eightBit(v.to) || eightBit(v.cc) || eightBit(v.replyTo) {
		return parseValue(v.contentType).params["charset"]
	}
	return ""
}

func firstID(v string) string {
	if len(v) > 2 && v[0] == '<' && strings.IndexByte(v, '>') == len(v)-1 {
		return cleanID(v[1 : len(v)-1])
	}
	if ids := messageIDs(v, 1); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// listID returns the identifier within the angle brackets (RFC 2919).
func listID(v string) string {
	if i := strings.LastIndexByte(v, '<'); i >= 0 {
		v = v[i+1:]
		if j := strings.IndexByte(v, '>'); j >= 0 {
			v = v[:j]
		}
	}
	return strings.TrimSpace(decodeWords(v, ""))
}
