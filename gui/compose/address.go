package compose

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/linnet-mail/linnet/mailcore"
)

// splitList cuts what a person typed or pasted into entries: at line breaks and
// semicolons, and at commas behind an address, so that "Becker, Anna
// <anna@becker.example>" stays whole. Quotes and angle brackets hide all three.
func splitList(s string) []string {
	var parts []string
	start, quoted, angle := 0, false, false
	add := func(end int) {
		if p := oneLine(s[start:end]); p != "" {
			parts = append(parts, p)
		}
		start = end + 1
	}
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted && r != '\n':
		case r == '<':
			angle = true
		case r == '>':
			angle = false
		case r == '\n', r == ';' && !angle:
			quoted, angle = false, false
			add(i)
		case r == ',' && !angle && strings.Contains(s[start:i], "@"):
			add(i)
		}
	}
	if start < len(s) {
		add(len(s))
	}
	return parts
}

// endsEntry reports whether typing s ended an entry: it holds a separator that
// splitList cuts at.
func endsEntry(s string) bool {
	trimmed := strings.TrimRight(s, " ")
	return strings.ContainsAny(s, "\n;") || len(splitList(s)) > 1 ||
		strings.HasSuffix(trimmed, ",") && len(splitList(trimmed+"x")) > 1
}

// parseAddress reads one entry: "anna@becker.example", "Anna Becker
// <anna@becker.example>" or with the name in quotes. Where it is not a complete
// address the answer holds the text as typed, and false.
func parseAddress(s string) (mailcore.Address, bool) {
	s = strings.TrimRight(oneLine(s), ",; ")
	name, addr := "", s
	if open := strings.LastIndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") {
		name, addr = strings.TrimSpace(s[:open]), strings.TrimSpace(s[open+1:len(s)-1])
	}
	if len(name) > 1 && name[0] == '"' && name[len(name)-1] == '"' {
		name = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(name[1 : len(name)-1])
	}
	addr = strings.TrimPrefix(addr, "mailto:")
	if !validAddr(addr) {
		return mailcore.Address{Addr: s}, false
	}
	return mailcore.Address{Name: name, Addr: addr}, true
}

// validAddr reports whether addr is a complete address (RFC 5321 section 4.1.2,
// with the quoted local parts that nobody has left out).
func validAddr(addr string) bool {
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at > 64 || len(addr) > 254 {
		return false
	}
	local, domain := addr[:at], addr[at+1:]
	if strings.ContainsFunc(local, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"(),:;<>@[\]`, r)
	}) || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	return validDomain(domain)
}

func validDomain(domain string) bool {
	if domain == "localhost" {
		return true
	}
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		_, err := netip.ParseAddr(strings.TrimPrefix(inner, "IPv6:"))
		return ok && err == nil
	}
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return len(labels) > 1 && len(labels[len(labels)-1]) > 1
}

// written is an address as a person would type it.
func written(a mailcore.Address) string {
	if a.Name == "" {
		return a.Addr
	}
	if strings.ContainsAny(a.Name, `,;<>"@`) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Name) + `" <` + a.Addr + ">"
	}
	return a.Name + " <" + a.Addr + ">"
}
