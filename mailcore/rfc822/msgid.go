package rfc822

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// messageIDs returns the identifiers of a Message-ID, In-Reply-To or
// References value without angle brackets; what is broken apart by folding is
// joined, and bare words with an "@" count where no brackets are.
func messageIDs(v string, most int) []string {
	v = unfold(v)
	if v == "" {
		return nil
	}
	if strings.IndexByte(v, '<') < 0 {
		return bareIDs(v, most)
	}
	ids := make([]string, 0, min(strings.Count(v, "<"), most))
	for len(ids) < most {
		i := strings.IndexByte(v, '<')
		if i < 0 {
			break
		}
		v = v[i+1:]
		j := 0
		for j < len(v) && v[j] != '<' && v[j] != '>' {
			j++
		}
		if id := cleanID(v[:j]); id != "" {
			ids = append(ids, id)
		}
		v = v[j:]
	}
	return ids
}

func bareIDs(v string, most int) []string {
	var ids []string
	for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		if id := cleanID(word); id != "" && strings.Contains(id, "@") && len(ids) < most {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 && !strings.ContainsAny(v, " \t") {
		if id := cleanID(v); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// cleanID removes blanks and control characters; an id that is too long for a
// header line is none.
func cleanID(id string) string {
	if len(id) > maxIDLength {
		return ""
	}
	for i := 0; i < len(id); i++ {
		if id[i] <= ' ' || id[i] >= 0x7f {
			return strings.ToValidUTF8(strings.Map(func(r rune) rune {
				if r <= ' ' || control(r) {
					return -1
				}
				return r
			}, id), "")
		}
	}
	return id
}

// NewMessageID makes a Message-ID (without brackets) in the domain of address,
// so that neither the name of this computer nor the time leaks.
func NewMessageID(address string) string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	domain := "mail.invalid"
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		if d, err := asciiDomain(address[i+1:]); err == nil {
			domain = d
		}
	}
	return hex.EncodeToString(random[:]) + "@" + domain
}
