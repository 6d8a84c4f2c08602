package proxy

import (
	"cmp"
	"context"
	"os"
	"strings"
)

// System reads the settings: those of the environment count if there are any,
// else those of the system.
func System(ctx context.Context) Settings {
	if s, ok := environment(os.Getenv); ok {
		return s
	}
	return system(ctx)
}

// environment reads ALL_PROXY, HTTPS_PROXY and NO_PROXY, in small letters too.
// HTTP_PROXY is for http, which Linnet does not speak. For mail a proxy for
// everything comes before one for https.
func environment(get func(string) string) (s Settings, ok bool) {
	either := func(name string) string { return cmp.Or(get(strings.ToLower(name)), get(name)) }
	all, web := either("ALL_PROXY"), either("HTTPS_PROXY")
	s = Settings{From: "environment", Mail: cmp.Or(all, web), Web: cmp.Or(web, all)}
	s.Except = strings.FieldsFunc(either("NO_PROXY"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
	// NO_PROXY=* alone is how to have none whatever the system says.
	return s, s.Mail != "" || len(s.Except) == 1 && s.Except[0] == "*"
}
