package compose

import (
	"errors"
	"net/url"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// Limits of a mailto: URL. What is longer was not made for a person.
const (
	maxMailto     = 64 << 10 // octets
	maxRecipients = 100
)

// ErrNotMailto says that a text is not a mailto: URL that can be used.
var ErrNotMailto = errors.New("compose: not a mailto address")

// ParseMailto begins a draft from a mailto: URL (RFC 6068). It honours to, cc,
// bcc, subject and body; every other field is ignored, above all attachments.
// Nothing is ever sent by it. Addresses that are wrong stay in the draft, where
// the composer shows them as such.
func ParseMailto(s string) (mailcore.Draft, error) {
	const scheme = "mailto:"
	if len(s) > maxMailto || len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return mailcore.Draft{}, ErrNotMailto
	}
	rest, _, _ := strings.Cut(s[len(scheme):], "#")
	path, query, _ := strings.Cut(rest, "?")
	d := mailcore.Draft{Kind: mailcore.NewMessage}
	d.To = mailtoList(nil, path)
	for _, field := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(strings.TrimPrefix(field, "amp;"), "=")
		switch strings.ToLower(unescape(name)) {
		case "to":
			d.To = mailtoList(d.To, value)
		case "cc":
			d.Cc = mailtoList(d.Cc, value)
		case "bcc":
			d.Bcc = mailtoList(d.Bcc, value)
		case "subject":
			d.Subject = oneLine(unescape(value))
		case "body":
			d.Text = joinBody(d.Text, unescape(value))
		}
	}
	return d, nil
}

// mailtoList adds the addresses of a list.
func mailtoList(list []mailcore.Address, s string) []mailcore.Address {
	for _, chunk := range splitList(unescape(s)) {
		if len(list) == maxRecipients {
			break
		}
		a, _ := parseAddress(chunk)
		list = append(list, a)
	}
	return list
}

// unescape decodes percent signs; a plus stays a plus (RFC 6068 section 5).
func unescape(s string) string {
	if decoded, err := url.PathUnescape(s); err == nil {
		s = decoded
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func joinBody(a, b string) string {
	b = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(b)
	b = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7F {
			return -1
		}
		return r
	}, b)
	if a == "" {
		return b
	}
	return a + "\n" + b
}

// oneLine makes line breaks spaces and drops control characters, so that a
// field can never become two.
func oneLine(s string) string {
	s = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ").Replace(s)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return -1
		}
		return r
	}, s))
}
