package proxy

import (
	"cmp"
	"strings"
)

// What KDE numbers as ProxyType.
const (
	kdeManual   = "1"
	kdeScript   = "2"
	kdeDiscover = "3"
)

// kde reads KDE's kioslaverc. A proxy stands there as "http://host 8080", or as
// an address.
func kde(file string) Settings {
	values := map[string]string{}
	section := ""
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
		}
		if key, value, ok := strings.Cut(line, "="); ok && section == "[Proxy Settings]" {
			values[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	s := Settings{From: "kde"}
	switch values["ProxyType"] {
	case kdeScript, kdeDiscover:
		s.Script = true
	case kdeManual:
		at := func(key string) string { return strings.ReplaceAll(values[key], " ", ":") }
		socks, web := at("socksProxy"), cmp.Or(at("httpsProxy"), at("httpProxy"))
		s.Mail, s.Web = cmp.Or(socks, web), cmp.Or(web, socks)
		s.Except = strings.FieldsFunc(values["NoProxyFor"], func(r rune) bool { return r == ',' || r == ' ' })
	}
	return s
}
