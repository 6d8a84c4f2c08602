package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strings"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Settings are which proxy is for what. Proxies are written as URLs:
// socks5h://[user:password@]host:port, http:// or https:// for one that knows
// CONNECT. "" is none.
type Settings struct {
	From   string   // where this was read: "environment", "gnome" …, for the log
	Mail   string   // for mail servers
	Web    string   // for https
	Except []string // hosts that are reached without: see excepted
	Script bool     // a script is named (PAC), which Linnet cannot run: no proxy
}

// webPort is where https is.
const webPort = "443"

// For returns the proxy for a host and port, nil for none. A proxy that Linnet
// cannot use is an error: there is no way around it.
func (s Settings) For(host, port string) (*url.URL, error) {
	text := s.Mail
	if port == webPort {
		text = s.Web
	}
	if text == "" || here(host) || excepted(s.Except, host, port) {
		return nil, nil
	}
	return parse(text)
}

// kinds are the schemes that we speak, under all the names that are in use, with
// the usual port. Names are always looked up at the proxy.
var kinds = map[string]struct{ scheme, port string }{
	"http": {"http", "80"}, "https": {"https", "443"},
	"socks": {"socks5h", "1080"}, "socks5": {"socks5h", "1080"}, "socks5h": {"socks5h", "1080"},
}

// parse reads a proxy as people write it: "proxy.example:8080" is an HTTP proxy.
func parse(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Hostname() == "" {
		// The text may hold a password: it is not repeated.
		return nil, &trouble.ProxyError{Why: trouble.ErrProxySettings, Err: errors.New("its address cannot be read")}
	}
	kind, known := kinds[strings.ToLower(u.Scheme)]
	if !known {
		return nil, &trouble.ProxyError{Proxy: u.Host, Why: trouble.ErrProxySettings, Err: fmt.Errorf("a proxy of the kind %q", u.Scheme)}
	}
	port := u.Port()
	if port == "" {
		port = kind.port
	}
	return &url.URL{Scheme: kind.scheme, User: u.User, Host: net.JoinHostPort(u.Hostname(), port)}, nil
}

// bare is a proxy without its credential.
func bare(text string) string {
	if text == "" {
		return ""
	}
	u, err := parse(text)
	if err != nil {
		return "unusable"
	}
	return u.Scheme + "://" + u.Host
}

// here says whether a host is this computer by its name (RFC 6761 section 6.3).
func here(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.Unmap().IsLoopback()
}

// excepted says whether a host is reached without a proxy. Exceptions are names
// (with what is below them), patterns with "*", addresses, networks, "<local>"
// for names without a dot, each perhaps with a port.
func excepted(list []string, host, port string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, e := range list {
		if matches(strings.ToLower(strings.TrimSpace(e)), host, port) {
			return true
		}
	}
	return false
}

func matches(e, host, port string) bool {
	if network, ok := network(e); ok {
		ip, err := netip.ParseAddr(host)
		return err == nil && network.Contains(ip.Unmap())
	}
	if h, p, err := net.SplitHostPort(e); err == nil {
		if p != port {
			return false
		}
		e = h
	}
	e = strings.Trim(e, "[]")
	switch {
	case e == "":
		return false
	case e == "<local>":
		return !strings.ContainsAny(host, ".:")
	case strings.Contains(e, "*"):
		ok, err := path.Match(e, host)
		return err == nil && ok || "*."+host == e
	}
	e = strings.TrimPrefix(e, ".")
	return host == e || strings.HasSuffix(host, "."+e)
}

// network reads 10.0.0.0/8 and, as macOS writes it, 169.254/16.
func network(text string) (netip.Prefix, bool) {
	address, bits, ok := strings.Cut(text, "/")
	if !ok {
		return netip.Prefix{}, false
	}
	if !strings.Contains(address, ":") {
		address += strings.Repeat(".0", max(0, 3-strings.Count(address, ".")))
	}
	p, err := netip.ParsePrefix(address + "/" + bits)
	return p, err == nil
}
