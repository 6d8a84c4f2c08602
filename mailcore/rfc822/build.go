package rfc822

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"

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
	f := &fields{}
	if err := f.message(d, o); err != nil {
		return nil, fmt.Errorf("build message: %w", err)
	}
	var out bytes.Buffer
	if err := write(&out, f, d, o); err != nil {
		return nil, fmt.Errorf("build message: %w", err)
	}
	return out.Bytes(), nil
}

// write writes the message: its text alone, or text and files as the parts of a
// multipart. go-message parts them and does the transfer encodings.
func write(out *bytes.Buffer, f *fields, d mailcore.Draft, o Options) error {
	if len(d.Attachments) == 0 {
		f.text()
		w, err := message.CreateWriter(out, f.header())
		return fill(w, err, plainText(d.Text))
	}
	f.raw("Content-Type: multipart/mixed;\r\n boundary=\"" + newBoundary(o.MessageID, d) + "\"")
	whole, err := message.CreateWriter(out, f.header())
	if err != nil {
		return err
	}
	text := &fields{}
	text.text()
	w, err := whole.CreatePart(text.header())
	if err := fill(w, err, plainText(d.Text)); err != nil {
		return err
	}
	for _, a := range d.Attachments {
		file := &fields{}
		file.attachment(a)
		w, err := whole.CreatePart(file.header())
		if err := fill(w, err, a.Data); err != nil {
			return err
		}
	}
	return whole.Close()
}

// fill writes the content of a part that was begun with err.
func fill(w *message.Writer, err error, content []byte) error {
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Close()
}

// fields collects the header of a message or a part, field by field as it is
// sent, without the last line end.
type fields []string

func (f *fields) raw(s string) { *f = append(*f, s) }

// header makes of it what go-message writes. It adds at the top.
func (f *fields) header() message.Header {
	var h message.Header
	for _, field := range slices.Backward(*f) {
		h.AddRaw([]byte(field + "\r\n"))
	}
	return h
}

// message adds the fields of the message, up to MIME-Version.
func (f *fields) message(d mailcore.Draft, o Options) error {
	date := o.Date
	if date.IsZero() {
		return fmt.Errorf("no date")
	}
	from, err := encodeAddress(d.From)
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	f.field("Date", date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	f.field("From", from)
	if err := f.addresses("To", d.To); err != nil {
		return err
	}
	if err := f.addresses("Cc", d.Cc); err != nil {
		return err
	}
	if len(d.To)+len(d.Cc) == 0 && len(d.Bcc) > 0 {
		f.field("To", "undisclosed-recipients:;")
	}
	f.field("Subject", encodeText(d.Subject))
	if id := cleanBuiltID(o.MessageID); id != "" {
		f.field("Message-ID", "<"+id+">")
	}
	if id := cleanBuiltID(d.InReplyTo); id != "" {
		f.field("In-Reply-To", "<"+id+">")
	}
	f.references(d.References)
	if o.UserAgent != "" {
		f.field("User-Agent", encodeText(o.UserAgent))
	}
	f.field("MIME-Version", "1.0")
	return nil
}

// addresses adds an address list, nothing for an empty one.
func (f *fields) addresses(name string, list []mailcore.Address) error {
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
	f.field(name, strings.Join(encoded, ", "))
	return nil
}

// references adds the ids of the conversation, bounded: the first one and
// the newest.
func (f *fields) references(ids []string) {
	var list []string
	for _, id := range boundReferences(ids) {
		if id = cleanBuiltID(id); id != "" {
			list = append(list, "<"+id+">")
		}
	}
	if len(list) > 0 {
		f.field("References", strings.Join(list, " "))
	}
}

// cleanBuiltID keeps of an id what may stand between angle brackets.
func cleanBuiltID(id string) string {
	return strings.NewReplacer("<", "", ">", "").Replace(cleanID(id))
}

// field adds one field, folded at blanks near 76 columns.
func (f *fields) field(name, value string) {
	var b strings.Builder
	b.WriteString(name + ":")
	column := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if column > len(name)+1 && column+1+len(word) > 76 && word != "" {
			b.WriteString("\r\n")
			column = 0
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	f.raw(b.String())
}

// text adds the fields of the text: quoted-printable, whose lines have at most 76
// octets and survive every relay unchanged.
func (f *fields) text() {
	f.raw("Content-Type: text/plain; charset=utf-8")
	f.raw("Content-Transfer-Encoding: quoted-printable")
}

// plainText is a text as it goes into its part: valid UTF-8, LF line ends, also
// at the end.
func plainText(text string) []byte {
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.ReplaceAll(text, "\x00", "")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return []byte(text)
}

// attachment adds the fields of a file: base64, but for an attached message,
// which RFC 2046 section 5.2.1 wants as it is.
func (f *fields) attachment(a mailcore.Attachment) {
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
	f.raw("Content-Type: " + kind + charset + legacyName(name))
	f.raw("Content-Disposition: attachment" + encodeParam("filename", name))
	f.raw("Content-Transfer-Encoding: " + encoding)
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
	var f fields
	if err := f.addresses("Bcc", bcc); err != nil || len(f) == 0 {
		return raw
	}
	field := strings.Join(f, "\r\n") + "\r\n"
	at := bytes.Index(raw, []byte("\r\n\r\n"))
	if at < 0 {
		return raw
	}
	at += 2
	out := make([]byte, 0, len(raw)+len(field))
	out = append(out, raw[:at]...)
	out = append(out, field...)
	return append(out, raw[at:]...)
}
