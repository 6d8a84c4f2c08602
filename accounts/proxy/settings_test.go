package proxy

import (
	"context"
	"crypto/tls"
	"reflect"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func mailtestTLS(t *testing.T, ca *mailtest.CA) *tls.Config {
	t.Helper()
	return &tls.Config{Certificates: []tls.Certificate{ca.Server(t, "127.0.0.1", "autoconfig.far.example")}}
}

func TestEnvironment(t *testing.T) {
	for name, c := range map[string]struct {
		set       map[string]string
		mail, web string
		named     bool
	}{
		"nothing":            {},
		"all":                {set: map[string]string{"ALL_PROXY": "socks5h://p:1"}, mail: "socks5h://p:1", web: "socks5h://p:1", named: true},
		"https for mail too": {set: map[string]string{"HTTPS_PROXY": "http://p:2"}, mail: "http://p:2", web: "http://p:2", named: true},
		"both":               {set: map[string]string{"all_proxy": "socks5://p:1", "https_proxy": "p:2"}, mail: "socks5://p:1", web: "p:2", named: true},
		"small letters win":  {set: map[string]string{"all_proxy": "socks5://small:1", "ALL_PROXY": "socks5://BIG:1"}, mail: "socks5://small:1", web: "socks5://small:1", named: true},
		"http is not for us": {set: map[string]string{"HTTP_PROXY": "http://p:3"}},
		"none, whatever":     {set: map[string]string{"NO_PROXY": "*"}, named: true},
		"exceptions only":    {set: map[string]string{"NO_PROXY": "localhost,.corp"}},
	} {
		s, named := environment(func(key string) string { return c.set[key] })
		if s.Mail != c.mail || s.Web != c.web || named != c.named {
			t.Errorf("%s: %+v, %v", name, s, named)
		}
	}
}

func TestEnvironmentComesBeforeTheSystem(t *testing.T) {
	t.Setenv("ALL_PROXY", "socks5h://from.env:1080")
	t.Setenv("NO_PROXY", "a.example, b.example;10.0.0.0/8")
	s := System(context.Background())
	if s.From != "environment" || s.Mail != "socks5h://from.env:1080" || !reflect.DeepEqual(s.Except, []string{"a.example", "b.example", "10.0.0.0/8"}) {
		t.Errorf("%+v", s)
	}
}

func TestExceptions(t *testing.T) {
	for _, c := range []struct {
		exception, host, port string
		want                  bool
	}{
		{"firm.example", "firm.example", "993", true},
		{"firm.example", "imap.firm.example", "993", true},
		{".firm.example", "imap.firm.example", "993", true},
		{"firm.example", "evilfirm.example", "993", false},
		{"FIRM.example", "Imap.Firm.Example.", "993", true},
		{"*.firm.example", "imap.firm.example", "993", true},
		{"*.firm.example", "firm.example", "993", true},
		{"*", "anything.example", "993", true},
		{"firm.example:993", "firm.example", "993", true},
		{"firm.example:993", "firm.example", "465", false},
		{"10.0.0.0/8", "10.1.2.3", "993", true},
		{"10.0.0.0/8", "11.1.2.3", "993", false},
		{"10.*", "10.1.2.3", "993", true},
		{"169.254/16", "169.254.7.7", "993", true},
		{"192.0.2.1", "192.0.2.1", "993", true},
		{"2001:db8::/32", "2001:db8::1", "993", true},
		{"[2001:db8::1]:993", "2001:db8::1", "993", true},
		{"<local>", "mailhost", "993", true},
		{"<local>", "mail.host", "993", false},
		{"", "mail.host", "993", false},
		{"[", "mail.host", "993", false},
	} {
		if got := excepted([]string{"other.example", c.exception}, c.host, c.port); got != c.want {
			t.Errorf("%q for %s:%s: %v", c.exception, c.host, c.port, got)
		}
	}
}

func TestWhatSystemsSay(t *testing.T) {
	const gnomeManual = `org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1', '*.corp.example']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.http authentication-password 'it\'s'
org.gnome.system.proxy.http authentication-user 'ada'
org.gnome.system.proxy.http host 'web.example'
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.http use-authentication true
org.gnome.system.proxy.https host 'secure.example'
org.gnome.system.proxy.https port 8443
org.gnome.system.proxy.socks host 'socks.example'
org.gnome.system.proxy.socks port 1080
`
	const mac = `<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  HTTPSEnable : 1
  HTTPSPort : 8443
  HTTPSProxy : secure.example
  SOCKSEnable : 0
  SOCKSPort : 1080
  SOCKSProxy : socks.example
}
`
	for name, c := range map[string]struct{ got, want Settings }{
		"GNOME": {gnome(gnomeManual), Settings{
			From: "gnome", Mail: "socks5h://socks.example:1080", Web: "http://ada:it%27s@secure.example:8443",
			Except: []string{"localhost", "127.0.0.0/8", "::1", "*.corp.example"},
		}},
		"GNOME, none":   {gnome("org.gnome.system.proxy mode 'none'\norg.gnome.system.proxy.socks host 'left.over'\norg.gnome.system.proxy.socks port 1\n"), Settings{From: "gnome"}},
		"GNOME, script": {gnome("org.gnome.system.proxy mode 'auto'\n"), Settings{From: "gnome", Script: true}},
		"GNOME, no exceptions": {
			gnome("org.gnome.system.proxy mode 'manual'\norg.gnome.system.proxy ignore-hosts @as []\norg.gnome.system.proxy.http host 'h'\norg.gnome.system.proxy.http port 8080\n"),
			Settings{From: "gnome", Mail: "http://h:8080", Web: "http://h:8080"},
		},
		"KDE": {kde("[Other]\nhttpsProxy=http://wrong:1\n[Proxy Settings][$i]\n[Proxy Settings]\nNoProxyFor=localhost,.corp\nProxyType=1\nhttpsProxy=http://secure.example 8443\nsocksProxy=socks://socks.example 1080\n"), Settings{
			From: "kde", Mail: "socks://socks.example:1080", Web: "http://secure.example:8443", Except: []string{"localhost", ".corp"},
		}},
		"KDE, none":        {kde("[Proxy Settings]\nProxyType=0\nsocksProxy=socks://left.over 1080\n"), Settings{From: "kde"}},
		"KDE, script":      {kde("[Proxy Settings]\nProxyType=2\n"), Settings{From: "kde", Script: true}},
		"Windows":          {internetSettings(true, "all.example:8080", "<local>;*.corp.example", ""), Settings{From: "windows", Mail: "all.example:8080", Web: "all.example:8080", Except: []string{"<local>", "*.corp.example"}}},
		"Windows, by kind": {internetSettings(true, "http=h:1;https=s:2;socks=k:3", "", ""), Settings{From: "windows", Mail: "socks5h://k:3", Web: "s:2", Except: []string{}}},
		"Windows, off":     {internetSettings(false, "all.example:8080", "", "http://x/y.pac"), Settings{From: "windows", Script: true}},
		"macOS":            {scutil(mac), Settings{From: "macos", Mail: "http://secure.example:8443", Web: "http://secure.example:8443", Except: []string{"*.local", "169.254/16", "<local>"}}},
		"macOS, none":      {scutil("<dictionary> {\n  FTPPassive : 1\n}\n"), Settings{From: "macos"}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, c.got, c.want)
		}
	}
}
