package engine

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// SendRaw puts a finished message into the outbox; recipients are read from its
// To, Cc and Bcc (the Bcc field is taken out). A missing From, Date or
// Message-ID is added; nothing else is touched but line ends. account "" means
// the one that has the sender's address, else the first.
func (o *Outbox) SendRaw(ctx context.Context, account mailcore.AccountID, raw []byte) (mailcore.OutboxID, error) {
	head, body, ok := splitMessage(crlf(raw))
	if !ok {
		return 0, problemf("engine.not-a-message", "engine.not-a-message.action", nil)
	}
	h := rfc822.ParseHeader(head)
	from := mailcore.Address{}
	if len(h.From) > 0 {
		from = h.From[0]
	}
	a, err := o.sendingAccount(account, from.Addr)
	if err != nil {
		return 0, err
	}
	if from.Addr == "" {
		from = identity(a)
		head = append([]byte("From: <"+from.Addr+">\r\n"), head...)
	}
	row, err := o.envelope(mailcore.Draft{
		Account: mailcore.AccountID(a.ID), From: from, To: h.To, Cc: h.Cc, Bcc: h.Bcc, Subject: h.Subject,
	})
	if err != nil {
		return 0, err
	}
	row.MessageID = h.MessageID
	if row.MessageID == "" {
		row.MessageID = rfc822.NewMessageID(from.Addr)
		head = append([]byte("Message-ID: <"+row.MessageID+">\r\n"), dropField(head, "message-id")...)
	}
	if h.Date.IsZero() {
		date := row.Created.Format(time.RFC1123Z)
		head = append([]byte("Date: "+date+"\r\n"), dropField(head, "date")...)
	}
	head = dropField(head, "bcc")
	return o.enqueue(ctx, row, append(append(head, "\r\n"...), body...), 0)
}

// crlf gives every line the end that SMTP wants (RFC 5321 section 2.3.8).
func crlf(raw []byte) []byte {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// splitMessage parts header and body; the blank line is in neither. It is no
// message when the first line is not a field.
func splitMessage(raw []byte) (head, body []byte, ok bool) {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		head, body = raw[:i+2:i+2], raw[i+4:]
	} else {
		head = bytes.TrimSuffix(raw, []byte("\r\n"))
		head = append(head[:len(head):len(head)], "\r\n"...)
	}
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	return head, body, fieldName(line) != ""
}

// fieldName returns the lower-case name of a header line, "" if it is none.
func fieldName(line []byte) string {
	name, _, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return ""
	}
	s := strings.TrimRight(string(name), " \t")
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return ""
	}
	return strings.ToLower(s)
}

// dropField returns head without the fields of that name, folded lines and all.
func dropField(head []byte, name string) []byte {
	var out []byte
	dropping := false
	for line := range bytes.Lines(head) {
		if line[0] != ' ' && line[0] != '\t' {
			dropping = fieldName(line) == name
		}
		if !dropping {
			out = append(out, line...)
		}
	}
	return out
}
