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
