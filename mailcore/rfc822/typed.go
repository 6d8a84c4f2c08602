package rfc822

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// ParseAddressList reads addresses as a person types or pastes them: commas,
// semicolons or line breaks between them, with or without names. Domains in
// other scripts come back in ASCII, as they go over the wire. bad holds, as
// typed, what is not an address.
func ParseAddressList(s string) (list []mailcore.Address, bad []string) {
	s = strings.ReplaceAll(s, "\r", "\n")
	p := splitter{s: s, newlines: true}
	// "Becker, Anna <a@x.example>; …" is how other programs copy names.
	commas := strings.ContainsAny(strings.Trim(s, " \n;"), ";\n")
	held := ""
	for len(list) < maxAddresses {
		chunk, comma, ok := p.next()
		if !ok {
			break
		}
		if held != "" && strings.IndexByte(chunk, '<') > 0 {
			chunk, held = held+", "+chunk, ""
		} else if held != "" {
			bad, held = append(bad, held), ""
		}
		if chunk == "" {
			continue
		}
		if comma && commas && nameOnly(chunk) {
			held = chunk
			continue
		}
		if a, ok := typedAddress(chunk); ok {
			list = append(list, a)
		} else {
			bad = append(bad, chunk)
		}
	}
	if held != "" {
		bad = append(bad, held)
	}
	return list, bad
}

// typedAddress reads one entry; it must hold exactly one good address.
func typedAddress(chunk string) (mailcore.Address, bool) {
	a := parseAddress(chunk, "")
	a.Addr = strings.TrimRight(a.Addr, ".")
	addr, err := wireAddr(a.Addr)
	if err != nil {
		return mailcore.Address{}, false
	}
	if a.Name == "" && strings.Count(chunk, "@") > 1 && !strings.HasPrefix(chunk, `"`) {
		return mailcore.Address{}, false // two addresses with nothing between
	}
	if strings.IndexByte(chunk, '<') < 0 && a.Name != "" && doubtful(chunk, a.Name) {
		return mailcore.Address{}, false
	}
	if strings.EqualFold(a.Name, a.Addr) {
		a.Name = ""
	}
	return mailcore.Address{Name: a.Name, Addr: addr}, true
}

// doubtful reports whether a name beside a bare address may be a slip: another
// address, a field name, or words after it that belong to the address.
func doubtful(chunk, name string) bool {
	return strings.ContainsAny(name, "@:") || !strings.HasSuffix(chunk, ")") && strings.HasSuffix(chunk, name)
}
