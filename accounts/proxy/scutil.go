package proxy

import (
	"cmp"
	"strings"
)

// scutil reads what "scutil --proxy" prints on macOS.
func scutil(printed string) Settings {
	values := map[string]string{}
	s := Settings{From: "macos"}
	inList := false
	for line := range strings.Lines(printed) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), " : ")
		switch {
		case key == "}":
			inList = false
		case !ok:
		case key == "ExceptionsList":
			inList = true
		case inList:
			s.Except = append(s.Except, value)
		default:
			values[key] = value
		}
	}
	if values["ExcludeSimpleHostnames"] == "1" {
		s.Except = append(s.Except, "<local>")
	}
	at := func(kind, scheme string) string {
		if values[kind+"Enable"] != "1" {
			return ""
		}
		return written(scheme, values[kind+"Proxy"], values[kind+"Port"], nil)
	}
	socks, web := at("SOCKS", "socks5h"), cmp.Or(at("HTTPS", "http"), at("HTTP", "http"))
	s.Mail, s.Web = cmp.Or(socks, web), cmp.Or(web, socks)
	s.Script = s.Mail == "" && (values["ProxyAutoConfigEnable"] == "1" || values["ProxyAutoDiscoveryEnable"] == "1")
	return s
}
