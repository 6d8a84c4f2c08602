package reader

import (
	"regexp"
	"strings"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// addressInName finds what looks like a mail address within a name.
var addressInName = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:@]+\.[^\s<>"'(),;:@]+`)

// disguise finds what makes a sender's name misleading: another address in it
// (other), or signs that are not seen but change how it reads (odd).
func disguise(a mailcore.Address) (other string, odd bool) {
	name := strings.NewReplacer("＠", "@", "﹫", "@").Replace(a.Name)
	plain := strings.Map(func(r rune) rune {
		if hidden(r) {
			odd = true
			return -1
		}
		return r
	}, name)
	for _, found := range addressInName.FindAllString(plain, 4) {
		if !strings.EqualFold(strings.Trim(found, "."), a.Addr) {
			return found, odd
		}
	}
	return "", odd
}

// shownName is what a person is called: the name without unseen signs, else
// the address.
func shownName(a mailcore.Address) string {
	name := strings.TrimSpace(visible(a.Name))
	if name == "" {
		return a.Addr
	}
	return name
}

// visible drops the signs that are not seen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, s)
}

// fullName is a name with its address.
func fullName(a mailcore.Address) string {
	if name := shownName(a); name != a.Addr {
		return name + " <" + a.Addr + ">"
	}
	return a.Addr
}

// maxNamed is how many recipients the folded line names.
const maxNamed = 4

// recipients folds To and Cc into one line: "to you, Ines Costa and 3 others".
func recipients(w *assets.Words, h mailcore.Header, own func(string) bool) string {
	all := append(append([]mailcore.Address{}, h.To...), h.Cc...)
	all = append(all, h.Bcc...)
	var you bool
	var names []string
	for _, a := range all {
		if own(a.Addr) {
			you = true
			continue
		}
		names = append(names, shownName(a))
	}
	if you {
		names = append([]string{w.Say("reader.you")}, names...)
	}
	if len(names) == 0 {
		return ""
	}
	rest := 0
	if len(names) > maxNamed {
		rest = len(names) - maxNamed + 1
		names = names[:maxNamed-1]
	}
	list := assets.Args{"Names": strings.Join(names, ", ")}
	if rest > 0 {
		return w.Count("reader.to_more", rest, list)
	}
	return w.Say("reader.to", list)
}

// details lists who wrote and who received the message, line by line.
func details(w *assets.Words, h mailcore.Header) string {
	var lines []string
	for _, part := range []struct {
		key  string
		list []mailcore.Address
	}{
		{"reader.from_line", h.From},
		{"reader.reply_to_line", h.ReplyTo},
		{"reader.to_line", h.To},
		{"reader.cc_line", h.Cc},
		{"reader.bcc_line", h.Bcc},
	} {
		if len(part.list) == 0 {
			continue
		}
		lines = append(lines, w.Say(part.key, assets.Args{"Names": nameAll(w, part.list)}))
	}
	if !h.Date.IsZero() {
		lines = append(lines, w.Say("reader.date_line", assets.Args{"Date": h.Date.Local().Format("2006-01-02 15:04 -0700")}))
	}
	return strings.Join(lines, "\n")
}

// maxListed is how many recipients are listed by name and address.
const maxListed = 100

func nameAll(w *assets.Words, list []mailcore.Address) string {
	var names []string
	for _, a := range list[:min(len(list), maxListed)] {
		names = append(names, fullName(a))
	}
	s := strings.Join(names, ", ")
	if more := len(list) - maxListed; more > 0 {
		s += " " + w.Count("reader.more", more)
	}
	return s
}
