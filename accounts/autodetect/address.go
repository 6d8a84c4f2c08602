package autodetect

import (
	"fmt"
	"net"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// subject is the address that servers are looked for.
type subject struct {
	address string // as typed
	local   string
	domain  string // ASCII, lower case
	base    string // the registered domain; "" if domain is a public suffix itself
}

func parseAddress(typed string) (subject, error) {
	typed = strings.TrimSpace(typed)
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed {
		return subject{}, fmt.Errorf("%w: %q", ErrAddress, typed)
	}
	at := strings.LastIndexByte(typed, '@')
	domain, ok := hostName(typed[at+1:])
	if !ok {
		return subject{}, fmt.Errorf("%w: %q", ErrAddress, typed)
	}
	return subject{address: typed, local: typed[:at], domain: domain, base: registered(domain)}, nil
}

// hostName returns a host name as DNS knows it; ok is false for what cannot be
// one, IP addresses among it.
func hostName(name string) (ascii string, ok bool) {
	name = strings.TrimSuffix(strings.TrimSpace(name), ".")
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || ascii == "" || len(ascii) > 253 || net.ParseIP(ascii) != nil {
		return "", false
	}
	ascii = strings.ToLower(ascii)
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", false
		}
	}
	return ascii, true
}

// publicName is a hostName that is not this computer's own (RFC 6761 section
// 6.3): what is published for others must not lead to whoever listens here.
func publicName(name string) (ascii string, ok bool) {
	ascii, ok = hostName(name)
	return ascii, ok && strings.Contains(ascii, ".") && !within(ascii, "localhost") && !within(ascii, "localhost.localdomain")
}

// registered returns the domain that somebody registered, by the public suffix
// list (its private part too: what is below github.io is not GitHub's word), ""
// for a public suffix.
func registered(domain string) string {
	base, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return ""
	}
	return base
}

// within says whether host is domain or below it.
func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// owns says whether the domain of the address stands behind a host: both have
// the same registered domain. A public suffix stands for itself alone.
func (s subject) owns(host string) bool {
	if s.base == "" {
		return host == s.domain
	}
	return within(host, s.base)
}

// placeholders of the autoconfig format.
func (s subject) fill(text string) string {
	return strings.NewReplacer("%EMAILADDRESS%", s.address, "%EMAILLOCALPART%", s.local, "%EMAILDOMAIN%", s.domain).Replace(text)
}
