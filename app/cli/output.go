package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/linnet-mail/linnet/mailcore"
)

// document prints one JSON value, indented.
func (c *call) document(v any) error {
	enc := json.NewEncoder(c.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// line prints one JSON value in one line, as soon as it is known.
func (c *call) line(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := c.Stdout.Write(escaped(b.Bytes()))
	return err
}

// escaped writes the control characters that JSON leaves as they are, DEL and
// U+0080 to U+009F, as escapes: they came with mail and terminals obey them.
func escaped(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for i, c := range line {
		switch {
		case c == 0x7f, c >= 0x80 && c < 0xa0 && line[i-1] == 0xc2:
			out = fmt.Appendf(bytes.TrimSuffix(out, []byte{0xc2}), `\u%04x`, c)
		default:
			out = append(out, c)
		}
	}
	return out
}

// printf prints text for people. Control characters that came with mail must
// not reach the terminal.
func (c *call) printf(format string, args ...any) {
	fmt.Fprint(c.Stdout, printable(fmt.Sprintf(format, args...)))
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// row is one message of list and search.
type row struct {
	ID           mailcore.ID             `json:"id"`
	UID          mailcore.UID            `json:"uid"`
	Account      string                  `json:"account"`
	Folder       string                  `json:"folder"`
	From         []mailcore.Address      `json:"from"`
	To           []mailcore.Address      `json:"to"`
	Subject      string                  `json:"subject"`
	Date         int64                   `json:"date"` // unix seconds
	Flags        []string                `json:"flags"`
	Size         int64                   `json:"size"`
	Attachments  bool                    `json:"attachments"`
	Conversation mailcore.ConversationID `json:"conversation"`
	MessageID    string                  `json:"message_id"`
}

// places names accounts and folders for rows.
type places struct {
	folders  map[mailcore.FolderID]string
	accounts map[mailcore.AccountID]string
}

func (p places) row(m mailcore.Message) row {
	return row{
		ID: m.ID, UID: m.UID, Account: p.accounts[m.Account], Folder: p.folders[m.Folder],
		From: list(m.From), To: list(m.To), Subject: m.Subject, Date: m.Sorted.Unix(),
		Flags: flagNames(m.Flags), Size: m.Size, Attachments: m.Attachments,
		Conversation: m.Conversation, MessageID: m.MessageID,
	}
}

// list is never null in JSON.
func list(a []mailcore.Address) []mailcore.Address {
	if a == nil {
		return []mailcore.Address{}
	}
	return a
}

func flagNames(f mailcore.Flags) []string {
	out := []string{}
	for _, n := range []struct {
		flag mailcore.Flags
		name string
	}{
		{mailcore.Seen, "seen"},
		{mailcore.Answered, "answered"},
		{mailcore.Flagged, "flagged"},
		{mailcore.Deleted, "deleted"},
		{mailcore.DraftFlag, "draft"},
		{mailcore.Forwarded, "forwarded"},
		{mailcore.Junk, "junk"},
		{mailcore.NotJunk, "not_junk"},
	} {
		if f.Has(n.flag) {
			out = append(out, n.name)
		}
	}
	return out
}

// people is an address list as text.
func people(list []mailcore.Address) string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		if a.Name == "" {
			out = append(out, a.Addr)
		} else {
			out = append(out, a.Name+" <"+a.Addr+">")
		}
	}
	return strings.Join(out, ", ")
}

// cut shortens s to n runes.
func cut(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04")
}
