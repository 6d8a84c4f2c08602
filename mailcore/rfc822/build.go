package rfc822

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// Options fixes what Build must not choose itself.
type Options struct {
	MessageID string // without brackets
	Date      time.Time
	UserAgent string // "" leaves the field out
}

// Build makes the bytes of a draft, CRLF line ends, once. Bcc is not in them.
// The same draft and options always give the same bytes. No line is longer than
// 998 octets, no field can be injected through another, and nothing of this
// computer (host name, user name, paths) is in it.
func Build(d mailcore.Draft, o Options) ([]byte, error) {
	w := &builder{}
	if err := w.header(d, o); err != nil {
		return nil, fmt.Errorf("build message: %w", err)
	}
	if len(d.Attachments) == 0 {
		w.textPart(d.Text)
		return w.Bytes(), nil
	}
	boundary := newBoundary(o.MessageID, d)
	w.raw("Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n\r\n")
	w.raw("--" + boundary + "\r\n")
	w.textPart(d.Text)
	for _, a := range d.Attachments {
		w.raw("\r\n--" + boundary + "\r\n")
		w.attachment(a)
	}
	w.raw("\r\n--" + boundary + "--\r\n")
	return w.Bytes(), nil
}

// builder collects a message.
type builder struct{ bytes.Buffer }

func (w *builder) raw(s string) { w.WriteString(s) }

// header writes the fields of the message, up to MIME-Version.
func (w *builder) header(d mailcore.Draft, o Options) error {
	date := o.Date
	if date.IsZero() {
		return fmt.Errorf("no date")
	}
	from, err := encodeAddress(d.From)
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	w.field("Date", date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	w.field("From", from)
	if err := w.addresses("To", d.To); err != nil {
		return err
	}
	if err := w.addresses("Cc", d.Cc); err != nil {
		return err
	}
	if len(d.To)+len(d.Cc) == 0 && len(d.Bcc) > 0 {
		w.field("To", "undisclosed-recipients:;")
	}
	w.field("Subject", encodeText(d.Subject))
	if id := cleanBuiltID(o.MessageID); id != "" {
		w.field("Message-ID", "<"+id+">")
	}
	if id := cleanBuiltID(d.InReplyTo); id != "" {
		w.field("In-Reply-To", "<"+id+">")
	}
	w.references(d.References)
	if o.UserAgent != "" {
		w.field("User-Agent", encodeText(o.UserAgent))
	}
	w.field("MIME-Version", "1.0")
	return nil
}

// addresses writes an address list, nothing for an empty one.
func (w *builder) addresses(name string, list []mailcore.Address) error {
	if len(list) == 0 {
		return nil
	}
	encoded := make([]string, 0, len(list))
	for _, a := range list {
		s, err := encodeAddress(a)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		encoded = append(encoded, s)
	}
	w.field(name, strings.Join(encoded, ", "))
	return nil
}

// references writes the ids of the conversation, bounded: the first one and
// the newest.
func (w *builder) references(ids []string) {
	var list []string
	for _, id := range boundReferences(ids) {
		if id = cleanBuiltID(id); id != "" {
			list = append(list, "<"+id+">")
		}
	}
	if len(list) > 0 {
		w.field("References", strings.Join(list, " "))
	}
}

// cleanBuiltID keeps of an id what may stand between angle brackets.
func cleanBuiltID(id string) string {
	return strings.NewReplacer("<", "", ">", "").Replace(cleanID(id))
}

// field writes one field, folded at blanks near 76 columns.
func (w *builder) field(name, value string) {
	w.raw(name + ":")
	column := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if column > len(name)+1 && column+1+len(word) > 76 && word != "" {
			w.raw("\r\n")
			column = 0
		}
		w.raw(" " + word)
		column += 1 + len(word)
	}
	w.raw("\r\n")
}

// textPart writes the text, quoted-printable, whose lines have at most 76
// octets and survive every relay unchanged.
func (w *builder) textPart(text string) {
	w.raw("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.ReplaceAll(text, "\x00", "")
	q := quotedprintable.NewWriter(w)
	_, _ = q.Write([]byte(text)) // a bytes.Buffer does not fail
	_ = q.Close()
	if !strings.HasSuffix(text, "\n") {
		w.raw("\r\n")
	}
}

// attachment writes a file: base64, but for an attached message, which RFC 2046
// section 5.2.1 wants as it is.
func (w *builder) attachment(a mailcore.Attachment) {
	name := SafeName(a.Name)
	if name == "" {
		name = "attachment" + extension(a.Type)
	}
	kind := mediaType(a.Type)
	if kind == "" || strings.HasPrefix(kind, "multipart/") {
		kind = TypeByName(name)
	}
	encoding := "base64"
	if strings.HasPrefix(kind, "message/") {
		if encoding = "7bit"; !sevenBit(a.Data) {
			kind, encoding = "application/octet-stream", "base64"
		}
	}
	charset := ""
	if strings.HasPrefix(kind, "text/") && guess(a.Data) == string(a.Data) {
		charset = "; charset=utf-8"
	}
	w.raw("Content-Type: " + kind + charset + legacyName(name) + "\r\n")
	w.raw("Content-Disposition: attachment" + encodeParam("filename", name) + "\r\n")
	w.raw("Content-Transfer-Encoding: " + encoding + "\r\n\r\n")
	if encoding == "7bit" {
		w.Write(a.Data)
		return
	}
	w.base64(a.Data)
}

func (w *builder) base64(data []byte) {
	const line = 57 // octets that make 76 characters
	var buf [80]byte
	w.Grow(len(data)/line*78 + 80)
	for len(data) > 0 {
		n := min(line, len(data))
		base64.StdEncoding.Encode(buf[:], data[:n])
		end := base64.StdEncoding.EncodedLen(n)
		buf[end], buf[end+1] = '\r', '\n'
		w.Write(buf[:end+2])
		data = data[n:]
	}
}

// sevenBit reports whether data can go unencoded: ASCII without NUL, CRLF line
// ends, lines of at most 998 octets.
func sevenBit(data []byte) bool {
	column := 0
	for i, c := range data {
		switch {
		case c == 0 || c >= 0x80:
			return false
		case c == '\n':
			if i == 0 || data[i-1] != '\r' {
				return false
			}
			column = 0
			continue
		case c == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			return false
		}
		if column++; column > 999 {
			return false
		}
	}
	return true
}

// WithBcc returns raw with a Bcc field added, for the copy in Sent.
func WithBcc(raw []byte, bcc []mailcore.Address) []byte {
	w := &builder{}
	if err := w.addresses("Bcc", bcc); err != nil || w.Len() == 0 {
		return raw
	}
	at := bytes.Index(raw, []byte("\r\n\r\n"))
	if at < 0 {
		return raw
	}
	at += 2
	out := make([]byte, 0, len(raw)+w.Len())
	out = append(out, raw[:at]...)
	out = append(out, w.Bytes()...)
	return append(out, raw[at:]...)
}
