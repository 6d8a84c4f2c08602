package rfc822

import (
	"strings"
	"unicode"
)

// BaseSubject returns a subject without the prefixes of replies and forwards in
// any of the languages that mail programs write them in.
func BaseSubject(subject string) string {
	base, _ := strip(subject, func(p string) bool { return replyPrefix(p) || forwardPrefix(p) })
	return base
}

// prefixed puts prefix before subject, once: prefixes that mean the same, in
// whatever language, are taken off its front.
func prefixed(prefix, subject string, same func(string) bool) string {
	base, _ := strip(subject, same)
	return strings.TrimRight(prefix+base, " ")
}

// strip takes the prefixes that same knows off the front of subject.
func strip(subject string, same func(string) bool) (base string, found bool) {
	subject = strings.TrimSpace(subject)
	for {
		head, rest, ok := cutPrefix(subject)
		if !ok || !same(head) {
			return subject, found
		}
		subject, found = rest, true
	}
}

// cutPrefix splits "Re[2]: rest" into its word in lower case and the rest.
func cutPrefix(s string) (word, rest string, ok bool) {
	i := strings.IndexAny(s, ":\uff1a")
	if i < 1 || i > 24 {
		return "", "", false
	}
	word = strings.TrimSpace(s[:i])
	rest = strings.TrimSpace(strings.TrimLeft(s[i:], ":\uff1a"))
	if j := strings.IndexAny(word, "[(^*"); j > 0 { // Re[2], Re(2), Re^2, RE*2
		if strings.TrimFunc(word[j:], func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("[](^*)", r) }) != "" {
			return "", "", false
		}
		word = word[:j]
	}
	return strings.ToLower(strings.TrimSpace(word)), rest, true
}

// replyPrefix knows the words for an answer.
func replyPrefix(w string) bool {
	switch w {
	case "re", "aw", "antw", "antwort", "sv", "vs", "vá", "odp", "ynt", "bls", "blz", "atb", "rif", "ris", "r", "rép",
		"res", "απ", "σχετ", "відп", "отв", "ответ", "ats", "vast", "回复", "回覆", "答复", "返信", "답장", "רד", "השב", "رد":
		return true
	}
	return false
}

// forwardPrefix knows the words for a forward.
func forwardPrefix(w string) bool {
	switch w {
	case "fwd", "fw", "wg", "tr", "rv", "i", "enc", "doorst", "vb", "vl", "vidarebef", "pd", "továbbítás",
		"ilt", "πρθ", "пер", "переслать", "转发", "轉寄", "転送", "전달", "הועבר", "إعادة توجيه", "weitergeleitet":
		return true
	}
	return false
}
