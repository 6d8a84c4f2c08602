package rfc822

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// asciiDomain brings a domain to the form that goes over the wire: lower case,
// names in other scripts as A-labels (RFC 5891).
func asciiDomain(domain string) (string, error) {
	domain = strings.TrimSuffix(domain, ".")
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") && plain(domain) && !strings.ContainsAny(domain, " <>") {
		return domain, nil
	}
	out, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", fmt.Errorf("domain %q: %w", domain, err)
	}
	for label := range strings.SplitSeq(out, ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("domain %q: empty or long label", domain)
		}
	}
	return out, nil
}

// cleanAddr brings an addr-spec to local@domain: no blanks outside quotes, no
// source route, no stray brackets. Encoded words in it stay as they are.
func cleanAddr(s string) string {
	if tidyAddr(s) {
		return s
	}
	if strings.IndexByte(s, '(') >= 0 {
		s, _ = cutComments(s)
	}
	s = strings.Trim(clean(decode8bit(s, "")), " <>,;")
	if strings.HasPrefix(s, "@") { // source route, RFC 5322 section 4.4
		if i := strings.IndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
	}
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if n := len(s); n > 2 && s[0] == s[n-1] && (s[0] == '\'' || s[0] == '"') {
		s = s[1 : n-1]
	}
	if !strings.HasPrefix(s, `"`) {
		return joinAtoms(strings.Fields(s))
	}
	return s
}

// joinAtoms takes out the blanks around "@" and "." (RFC 5322 section 4.4).
// Between two words one stays: what they would make together is an address that
// nobody wrote.
func joinAtoms(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !strings.HasPrefix(w, "@") && !strings.HasPrefix(w, ".") &&
			!strings.HasSuffix(words[i-1], "@") && !strings.HasSuffix(words[i-1], ".") {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// tidyAddr reports whether s needs no cleaning.
func tidyAddr(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '@' || c == '.' || c >= 'A' && c <= 'Z' || c == '-' || c == '_' || c == '+' {
			continue
		}
		return false
	}
	return s != "" && s[0] != '@'
}
