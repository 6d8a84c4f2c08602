package trouble

import "regexp"

// What must not stand in a text that people copy to others: SASL exchanges and
// what follows a word for a password. Package connect has already taken the
// secret itself out; this is the second net.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(AUTH(?:ENTICATE)?\s+[A-Z0-9-]+\s+)\S+`),
	regexp.MustCompile(`(?i)\b(LOGIN\s+(?:"[^"]*"|[^\s"]+)\s+)(?:"(?:[^"\\]|\\.)*"|[^\s"]+)`),
	regexp.MustCompile(`(?i)\b((?:password|passwd|secret|token|bearer)["']?\s*[:=]\s*)\S+`),
	regexp.MustCompile(`()[A-Za-z0-9+/]{40,}={0,2}`),
}

func redact(text string) string {
	for _, r := range secrets {
		text = r.ReplaceAllString(text, "${1}(hidden)")
	}
	return text
}
