package messages

import (
	"strings"
	"unicode"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// face is what a row shows; two equal faces need no drawing.
type face struct {
	id                           mailcore.ID
	who, date, subject, snippet  string
	unread, starred, clip        bool
	answered                     bool
	colour                       string // of the account, "" where it goes without saying
	selected, cursor, hover, lit bool   // lit: the list has the focus
}

const snippetLimit = 120 // runes; every distinct string becomes a texture

// Face makers know how to say a message in a row.
type faces struct {
	words *assets.Words
	dates *Dates
	sent  bool // show the recipients: the folder holds what the person wrote

	colours map[mailcore.AccountID]string // of accounts, nil where there is one only
}

func (f *faces) of(m mailcore.Message) face {
	who := f.who(m)
	subject := oneLine(m.Subject, snippetLimit)
	if subject == "" && m.ID != 0 {
		subject = f.words.Say("list.nosubject")
	}
	return face{
		id: m.ID, who: who, date: f.dates.Short(m.Sorted), subject: subject, snippet: oneLine(m.Snippet, snippetLimit),
		unread: m.ID != 0 && !m.Flags.Has(mailcore.Seen), starred: m.Flags.Has(mailcore.Flagged), clip: m.Attachments,
		answered: m.Flags.Has(mailcore.Answered), colour: f.colours[m.Account],
	}
}

func (f *faces) who(m mailcore.Message) string {
	if f.sent {
		if to := names(m.To, m.Cc, m.Bcc); to != "" {
			return f.words.Say("list.to", assets.Args{"Names": to})
		}
		return f.words.Say("list.norecipient")
	}
	if from := names(m.From); from != "" || m.ID == 0 {
		return from
	}
	return f.words.Say("list.nosender")
}

// names joins names, or addresses where there is no name. A name that holds an
// address other than the real one is not shown: it may pretend to be another.
func names(lists ...[]mailcore.Address) string {
	var out []string
	for _, list := range lists {
		for _, a := range list {
			if len(out) == 4 {
				return strings.Join(out, ", ") + " …"
			}
			name := oneLine(a.Name, 60)
			if name == "" || strings.Contains(name, "@") && !strings.EqualFold(name, a.Addr) {
				name = oneLine(a.Addr, 60)
			}
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// oneLine returns at most limit runes of s with white space joined, and without
// control characters and those that turn the direction of writing.
func oneLine(s string, limit int) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = n > 0
			continue
		}
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0xe0000 && r <= 0xe007f || r == 0x200e || r == 0x200f || r == 0xfeff || r == 0xad {
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
			n++
		}
		if n++; n > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
