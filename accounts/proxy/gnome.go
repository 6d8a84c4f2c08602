package proxy

import (
	"cmp"
	"net"
	"net/url"
	"strings"
)

// gnome reads what "gsettings list-recursively org.gnome.system.proxy" prints:
// lines of schema, key and value. Desktops that are built on GNOME's parts keep
// their settings there too.
func gnome(printed string) Settings {
	values := map[string]string{}
	for line := range strings.Lines(printed) {
		schema, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		key, value, ok := strings.Cut(rest, " ")
		if ok {
			values[strings.TrimPrefix(strings.TrimPrefix(schema, "org.gnome.system.proxy"), ".")+"/"+key] = value
		}
	}
	s := Settings{From: "gnome"}
	switch word(values["/mode"]) {
	case "auto":
		s.Script = true
	case "manual":
		at := func(kind, scheme string, user *url.Userinfo) string {
			return written(scheme, word(values[kind+"/host"]), values[kind+"/port"], user)
		}
		var user *url.Userinfo
		if values["http/use-authentication"] == "true" {
			user = url.UserPassword(word(values["http/authentication-user"]), word(values["http/authentication-password"]))
		}
		socks, web := at("socks", "socks5h", nil), cmp.Or(at("https", "http", user), at("http", "http", user))
		s.Mail, s.Web, s.Except = cmp.Or(socks, web), cmp.Or(web, socks), words(values["/ignore-hosts"])
	}
	return s
}

// written is a proxy as Settings have it, "" without host or port.
func written(scheme, host, port string, user *url.Userinfo) string {
	if host == "" || port == "" || port == "0" {
		return ""
	}
	return (&url.URL{Scheme: scheme, User: user, Host: net.JoinHostPort(host, port)}).String()
}

// word is a text as GLib prints it, without quotes.
func word(text string) string {
	if len(text) < 2 || text[0] != '\'' && text[0] != '"' {
		return text
	}
	return strings.NewReplacer(`\\`, `\`, `\'`, `'`, `\"`, `"`).Replace(text[1 : len(text)-1])
}

// words is a list of texts as GLib prints it: ['localhost', '10.0.0.0/8'].
func words(text string) []string {
	var out []string
	for item := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(text, "@as "), "[]"), ",") {
		if w := word(strings.TrimSpace(item)); w != "" {
			out = append(out, w)
		}
	}
	return out
}
