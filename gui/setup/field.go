package setup

import (
	"net/mail"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/gui/look"
)

// field is an entry below its label, with a place for what is wrong with it.
type field struct {
	entry *look.Entry
	wrong *look.Paragraph
	box   *fyne.Container
}

func newField(label string, e *look.Entry) *field {
	f := &field{entry: e, wrong: look.NewParagraph("", look.Wrong)}
	f.wrong.Hide()
	f.box = look.Column(look.Unit, look.NewField(label, e), f.wrong)
	return f
}

func (f *field) text() string { return strings.TrimSpace(f.entry.Text) }

// say shows what is wrong; "" means nothing. It reports whether that is so.
func (f *field) say(what string) bool {
	f.wrong.Set(what)
	f.wrong.Hidden = what == ""
	return what == ""
}

// validEmail reports whether s is a complete address: a local part, and a
// domain with a dot (or this computer's own).
func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	domain := domainOf(s)
	if domain == "localhost" {
		return true
	}
	return strings.Contains(domain, ".") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.Contains(domain, "..")
}

// domainOf returns what follows the last @, in lower case.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// validHost reports whether s can be a server's name or IP address.
func validHost(s string) bool {
	return s != "" && len(s) <= 253 && !strings.ContainsAny(s, " /@?#\\\"'<>,;") && !strings.HasPrefix(s, ".") && !strings.HasPrefix(s, "-")
}
