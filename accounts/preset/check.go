package preset

import (
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// Each of these says what is wrong with a text, "" if nothing is.

func address(s string) string {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || domain(s[strings.LastIndexByte(s, '@')+1:]) != "" {
		return "email"
	}
	return ""
}

func domain(s string) string {
	if s == "" || strings.ContainsAny(s, " \t/@:,;<>\"") || strings.HasPrefix(s, ".") || strings.HasSuffix(s, ".") || strings.Contains(s, "..") {
		return "domain"
	}
	return ""
}

func colour(s string) string {
	if !accounts.ValidColour(s) {
		return "colour"
	}
	return ""
}

func sentBy(s string) string {
	if accounts.SentBy(s) != accounts.SentByServer {
		return "sent"
	}
	return ""
}

func user(s string) string {
	rest := strings.NewReplacer(wholeAddress, "", localPart, "").Replace(s)
	if strings.ContainsAny(rest, "{}\r\n") {
		return "user"
	}
	return ""
}

func pin(s string) string {
	if _, err := accounts.ParseFingerprint(s); err != nil {
		return "pin"
	}
	return ""
}

// server reads one server: its address, who signs in, and a certificate that is
// accepted.
func (c *checker) server(name string, n *node) accounts.Server {
	var s accounts.Server
	var where string
	c.object(n, name, map[string]func(*node){
		"server": func(n *node) {
			c.text("server", &where, nil)(n)
			if where == "" {
				return
			}
			var what string
			if s, what = endpoint(name, where, s); what != "" {
				c.wrong(n.line, what, map[string]any{"Value": where, "Field": "server"})
			}
		},
		"user": c.text("user", &s.User, user),
		"pin":  c.text("pin", &s.Pin, pin),
	})
	if n.kind == object && where == "" {
		c.wrong(n.line, "server", map[string]any{"Value": ""})
	}
	if print, err := accounts.ParseFingerprint(s.Pin); err == nil {
		s.Pin = print
	}
	return s
}

// endpoint reads tls://host:port or starttls://host:port into s. Without
// encryption only this computer can be named.
func endpoint(name, where string, s accounts.Server) (_ accounts.Server, what string) {
	u, err := url.Parse(where)
	switch {
	case err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" || u.Path != "" && u.Path != "/":
		return s, "server"
	case u.User != nil:
		if _, has := u.User.Password(); has {
			return s, "secret"
		}
		return s, "server"
	}
	s.Host, s.Security = u.Hostname(), accounts.Security(u.Scheme)
	s.Port = accounts.IMAPPort(s.Security)
	if name == "smtp" {
		s.Port = accounts.SMTPPort(s.Security)
	}
	if u.Port() != "" {
		s.Port, _ = strconv.Atoi(u.Port())
	}
	switch {
	case s.Check() != nil:
		return s, "server"
	case s.Security == accounts.Plain && !s.Loopback():
		return s, "plain"
	}
	return s, ""
}
