package proxy

import (
	"cmp"
	"strings"
)

// internetSettings reads the values of Windows' Internet Settings: ProxyServer
// is one "host:port" for everything, or "http=host:port;https=…;socks=…".
func internetSettings(enabled bool, server, override, script string) Settings {
	s := Settings{From: "windows"}
	if !enabled {
		s.Script = script != ""
		return s
	}
	by := map[string]string{}
	for part := range strings.SplitSeq(server, ";") {
		kind, at, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok {
			kind, at = "all", kind
		}
		by[strings.ToLower(kind)] = at
	}
	socks := by["socks"]
	if socks != "" && !strings.Contains(socks, "://") {
		socks = "socks5h://" + socks
	}
	web := cmp.Or(by["https"], by["all"], by["http"])
	s.Mail, s.Web = cmp.Or(socks, web), cmp.Or(web, socks)
	s.Except = strings.FieldsFunc(override, func(r rune) bool { return r == ';' || r == ' ' })
	return s
}
