package autodetect

import "strings"

// Known answers from the table for an address, or else for the provider whose
// server for incoming mail has this name. Nobody is asked.
func (t *Providers) Known(address, imapHost string) (Answer, bool) {
	if t == nil {
		return Answer{}, false
	}
	s, err := parseAddress(address)
	if err != nil {
		return Answer{}, false
	}
	if a, ok := t.forDomain(s, s.domain); ok {
		return a, true
	}
	imapHost = strings.TrimSuffix(strings.ToLower(imapHost), ".")
	for _, r := range t.rows {
		if imapHost != "" && r.imap.Host == imapHost {
			return r.answer(s, Table, imapHost), true
		}
	}
	return Answer{}, false
}
