package trouble

import (
	"regexp"
	"strings"
	"unicode"
)

// What must not stand in a text that people copy to others: SASL exchanges and
// what follows a word for a password. Package connect has already taken the
// secret itself out; this is the second net.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(AUTH(?:ENTICATE)?\s+[A-Z0-9-]+\s+)\S+`),
	regexp.MustCompile(`(?i)\b(LOGIN\s+(?:"[^"]*"|[^\s"]+)\s+)(?:"(?:[^"\\]|\\.)*"|[^\s"]+)`),
	regexp.MustCompile(`(?i)\b((?:password|passwd|secret|token|bearer)["']?\s*[:=]\s*)\S+`),
	regexp.MustCompile(`()[A-Za-z0-9+/]{40,}={0,2}`),
}

// longestName bounds what a certificate may say of itself, in letters; a
// fingerprint with colons has 95.
const longestName = 120

// plain makes a name that anybody may have chosen fit to be shown: nothing that
// is not seen or turns the direction of writing, and not without end.
func plain(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if letters := []rune(name); len(letters) > longestName {
		return string(letters[:longestName]) + "…"
	}
	return name
}

func redact(text string) string {
	for _, r := range secrets {
		text = r.ReplaceAllString(text, "${1}(hidden)")
	}
	return text
}
