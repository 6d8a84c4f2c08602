package autodetect

import (
	"errors"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/assets"
)

func anna(t *testing.T) subject {
	t.Helper()
	s, err := parseAddress("anna.b@firm.test")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConfig(t *testing.T) {
	server := func(inside string) string {
		return `<clientConfig><emailProvider><incomingServer type="imap"><hostname>imap.firm.test</hostname><port>993</port><socketType>SSL</socketType>` + inside + `</incomingServer></emailProvider></clientConfig>`
	}
	for _, c := range []struct {
		name, text, want string // "IMAP user ways", or a part of the error
	}{
		{"usual", server("<username>%EMAILADDRESS%</username>"), "tls://imap.firm.test:993 anna.b@firm.test []"},
		{"local part", server("<username>%EMAILLOCALPART%</username>"), "tls://imap.firm.test:993 anna.b []"},
		{"unknown placeholder", server("<username>%REALNAME%</username>"), "tls://imap.firm.test:993  []"},
		{"ways, best first", server("<authentication>OAuth2</authentication><authentication>password-cleartext</authentication><authentication>secure</authentication>"), "tls://imap.firm.test:993  [oauth password]"},
		{"only what we do not have", server("<authentication>GSSAPI</authentication>"), "no IMAP or sending server"},
		{"unknown elements", server("<new><deep>1</deep></new><username>x</username>"), "tls://imap.firm.test:993 x []"},
		{"stray ampersand", server("<username>a&b</username>"), "tls://imap.firm.test:993 a&b []"},
		{"entities are not expanded", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + server("<username>&e;</username>"), "tls://imap.firm.test:993 &e; []"},
		{"Latin-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + server("<username>b\xfcro</username>"), "tls://imap.firm.test:993 büro []"},
		{"broken after the provider", strings.TrimSuffix(server(""), "</clientConfig>") + "<oops", "tls://imap.firm.test:993  []"},
		{"line ends in a name", server("<username>a\nb</username>"), "tls://imap.firm.test:993  []"},
		{"loopback", strings.Replace(server(""), "imap.firm.test", "127.0.0.1", 1), "no IMAP or sending server"},
		{"one label", strings.Replace(server(""), "imap.firm.test", "localhost", 1), "no IMAP or sending server"},
		{"a path in the host", strings.Replace(server(""), "imap.firm.test", "imap.firm.test/x", 1), "no IMAP or sending server"},
		{"port", strings.Replace(server(""), "993", "99993", 1), "no IMAP or sending server"},
		{"plain", strings.Replace(server(""), "SSL", "plain", 1), "unencrypted"},
		{"unknown encryption", strings.Replace(server(""), "SSL", "maybe", 1), "no IMAP or sending server"},
		{"POP3", strings.Replace(server(""), `"imap"`, `"pop3"`, 1), "no IMAP or sending server"},
		{"cut short", server("")[:120], "not an autoconfig file"},
		{"empty", "", "not an autoconfig file"},
		{"another root", "<html/>", "not an autoconfig file"},
		{"deep", "<clientConfig>" + strings.Repeat("<a>", 100), "nested too deep"},
		{"too large", server("") + strings.Repeat(" ", maxConfig), "too large"},
	} {
		var got string
		p, err := parseConfig([]byte(c.text))
		if err == nil {
			var a Answer
			if a, err = p.answer(anna(t), Provider, "x"); err == nil {
				ways := []string{}
				for _, w := range a.SignIn {
					ways = append(ways, string(w))
				}
				got = serverName(a.IMAP[0]) + " " + a.IMAP[0].User + " [" + strings.Join(ways, " ") + "]"
			}
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestConfigPages(t *testing.T) {
	p, err := parseConfig([]byte(`<clientConfig><emailProvider><displayName> Firm
		Mail </displayName><incomingServer type="imap"><hostname>i.firm.test</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
		<documentation url="javascript:alert(1)"/><documentation url="http://firm.test/a"/><documentation url="https://firm.test/b"><descr>x</descr></documentation>
		</emailProvider><oAuth2><issuer>https://login.firm.test/x</issuer></oAuth2></clientConfig>`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.answer(anna(t), Provider, "x")
	if err != nil || a.Provider != "Firm Mail" || a.HelpURL != "https://firm.test/b" || a.OAuthIssuer != "login.firm.test" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(usual("firm.test")))
	f.Add([]byte("<clientConfig><emailProvider><a></b></emailProvider>"))
	s, err := parseAddress("anna@firm.test")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parseConfig(data)
		if err != nil {
			return
		}
		a, _ := p.answer(s, Provider, "x")
		for _, server := range append(a.IMAP, a.SMTP...) {
			if server.Security == "plain" || server.Loopback() || server.Check() != nil {
				t.Errorf("%+v was taken", server)
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		" Anna@Firm.Test ": "firm.test firm.test", "a@b.c.firm.co.uk": "b.c.firm.co.uk firm.co.uk", "a@x.github.io": "x.github.io x.github.io",
		"a@co.uk": "co.uk ", "a@bücher.example": "xn--bcher-kva.example xn--bcher-kva.example", "a@host": "host ",
	} {
		s, err := parseAddress(typed)
		if got := s.domain + " " + s.base; err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "anna", "@firm.test", "anna@", "anna@[127.0.0.1]", "anna@127.0.0.1", "anna@firm..test", "anna@-firm.test", "Anna <a@firm.test>", "a@firm.test, b@firm.test", "a@fi rm.test", "a@firm_x.test"} {
		if s, err := parseAddress(typed); !errors.Is(err, ErrAddress) {
			t.Errorf("%q was taken as %+v", typed, s)
		}
	}
}

func TestBuiltInTable(t *testing.T) {
	table, err := ParseTable(assets.Providers())
	if err != nil {
		t.Fatal(err)
	}
	if len(table.rows) < 70 {
		t.Errorf("only %d providers", len(table.rows))
	}
	for domain := range table.domains {
		s, err := parseAddress("anna@" + domain)
		if err != nil {
			t.Errorf("%s: %v", domain, err)
		}
		a, ok := table.forDomain(s, s.domain)
		if !ok || !a.Trusted() || len(a.SignIn) == 0 {
			t.Errorf("%s: %+v", domain, a)
		}
		if imap, smtp, usable := a.Servers(); usable && (imap.User == "" || smtp.User == "" || imap.Loopback() || smtp.Loopback()) {
			t.Errorf("%s: %+v", domain, a)
		}
		for _, page := range []string{a.AppPasswordURL, a.HelpURL} {
			if page != "" && webPage(page) == "" && !strings.HasPrefix(page, "http://jc.etiemble.free.fr/") {
				t.Errorf("%s: page %s", domain, page)
			}
		}
	}
	s, _ := parseAddress("anna@me.com")
	if a, _ := table.forDomain(s, s.domain); a.IMAP[0].User != "anna" || a.SMTP[0].User != "anna@me.com" {
		t.Errorf("iCloud: %+v", a)
	}
}

func TestTableRefuses(t *testing.T) {
	head := strings.Join(strings.Fields(columnNames), "\t") + "\n"
	good := []string{"firm.test", "Firm", "tls://i.firm.test:993", "address", "starttls://s.firm.test:587", "local", "password", "server", "imap-off", "", "", "mx.firm.test", "x", "2026-11-23"}
	row := func(column int, text string) string {
		r := append([]string{}, good...)
		r[column] = text
		return strings.Join(r, "\t") + "\n"
	}
	if _, err := ParseTable(strings.NewReader("# why\n" + head + row(0, "firm.test"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"header": "domains\tname\n", "columns": head + "a\tb\n", "domain": head + row(colDomains, "Firm Test"), "twice": head + row(0, "firm.test") + row(colMX, ""),
		"name": head + row(colName, ""), "plain": head + row(colIMAP, "plain://i.firm.test:143"), "port": head + row(colSMTP, "tls://s.firm.test"),
		"scheme": head + row(colSMTP, "http://s.firm.test:1"), "user": head + row(colIMAPUser, "anna"), "sign-in": head + row(colSignIn, "magic"),
		"no sign-in": head + row(colSignIn, ""), "hint": head + row(colHints, "hm"), "sent": head + row(colSent, "maybe"), "source": head + row(colSource, ""), "day": head + row(colTaken, ""),
	} {
		if _, err := ParseTable(strings.NewReader(text)); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}
