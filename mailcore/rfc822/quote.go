package rfc822

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// replyText leaves room for the answer above the quoted text.
func replyText(text, attribution string) string {
	quoted := quoteText(text)
	if quoted == "" {
		return ""
	}
	return "\n\n" + attribution + "\n" + quoted
}

// quoteText puts "> " before every line, without the signature and the empty
// lines at the end.
func quoteText(text string) string {
	text = strings.TrimRight(cleanText(unsigned(text)), " \n\t")
	if text == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n\t")
		switch {
		case line == "":
			b.WriteString(">")
		case line[0] == '>':
			b.WriteString(">" + line)
		default:
			b.WriteString("> " + line)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// unsigned cuts off the signature (RFC 3676 section 4.3): the last line "-- "
// if only a few lines follow.
func unsigned(text string) string {
	i := strings.LastIndex("\n"+text, "\n-- \n")
	if i < 0 || strings.Count(text[i:], "\n") > 12 {
		return text
	}
	return text[:i]
}

// forwardText gives the original's header fields and its text unquoted.
func forwardText(c mailcore.Content, attribution string) string {
	var b strings.Builder
	b.WriteString("\n\n" + attribution + "\n")
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + ": " + value + "\n")
		}
	}
	line("From", showAddresses(c.From))
	if !c.Date.IsZero() {
		line("Date", c.Date.Format("Mon, 2 Jan 2006 15:04 -0700"))
	}
	line("Subject", c.Subject)
	line("To", showAddresses(c.To))
	line("Cc", showAddresses(c.Cc))
	b.WriteString("\n" + strings.TrimRight(cleanText(c.Text), " \n\t") + "\n")
	return b.String()
}

// showAddresses writes addresses for reading.
func showAddresses(list []mailcore.Address) string {
	shown := make([]string, 0, len(list))
	for _, a := range list {
		switch {
		case a.Name == "":
			shown = append(shown, a.Addr)
		case a.Addr == "":
			shown = append(shown, a.Name)
		default:
			shown = append(shown, a.Name+" <"+a.Addr+">")
		}
	}
	return strings.Join(shown, ", ")
}
