package autodetect

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

const (
	theDatabase = "autoconfig.thunderbird.net"
	atProvider  = "/mail/config-v1.1.xml"
	wellKnown   = "/.well-known/autoconfig/mail/config-v1.1.xml"
)

// config is an autoconfig file with servers like "imap SSL imap.firm.test 993".
func config(servers ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="firm.test"><domain>firm.test</domain><displayName>Firm</displayName>`)
	for _, line := range servers {
		f := strings.Fields(line)
		element := "incomingServer"
		if f[0] == "smtp" {
			element = "outgoingServer"
		}
		fmt.Fprintf(&b, `<%s type="%s"><hostname>%s</hostname><port>%s</port><socketType>%s</socketType><username>%%EMAILADDRESS%%</username><authentication>password-cleartext</authentication></%s>`,
			element, f[0], f[2], f[3], f[1], element)
	}
	b.WriteString(`</emailProvider></clientConfig>`)
	return b.String()
}

// usual is the configuration of a domain with imap. and smtp. hosts.
func usual(domain string) string {
	return config("imap SSL imap."+domain+" 993", "smtp SSL smtp."+domain+" 465")
}

// both adds the two servers that usual speaks of.
func (w *world) both(domain string) { w.mail("imap tls imap."+domain, "smtp tls smtp."+domain) }

// silence shortens what a test is about to wait for.
func (w *world) patience(d time.Duration) {
	w.times.Fetch, w.times.Server, w.times.Lookup = d, d, d
}

const firm = "tls://imap.firm.test:993 tls://smtp.firm.test:465"

// network is a fake provider network: what is there, and what is to be found for
// anna@firm.test, or another address.
type network struct {
	name, address string
	build         func(w *world)
	want          string
}

// networks are those of the detector's author; others are somebody else's.
var networks = []network{
	// The table.
	{name: "table: Gmail", address: "anna@gmail.com", want: "table tls://imap.gmail.com:993 tls://smtp.gmail.com:465"},
	{name: "table: upper case", address: "Anna@GMX.DE", want: "table tls://imap.gmx.net:993 tls://mail.gmx.net:465"},
	{name: "table: STARTTLS", address: "anna@tim.it", want: "table starttls://imap.tim.it:143 starttls://smtp.tim.it:587"},
	{name: "table: no IMAP at all", address: "anna@tuta.com", want: "table - -: unsupported"},
	{name: "table: own program needed", address: "anna@proton.me", want: "table starttls://127.0.0.1:1143 starttls://127.0.0.1:1025: needs-bridge"},
	{name: "table: customer's subdomain", address: "anna@tampa.rr.com", want: "parent tls://mail.twc.com:993 starttls://mail.twc.com:587"},

	// Own domains at big providers.
	{name: "MX: Google", build: mx("aspmx.l.google.com", "alt1.aspmx.l.google.com"), want: "mx tls://imap.gmail.com:993 tls://smtp.gmail.com:465"},
	{name: "MX: Microsoft 365", build: mx("firm-test.mail.protection.outlook.com"), want: "mx tls://outlook.office365.com:993 starttls://smtp.office365.com:587"},
	{name: "MX: Microsoft 365, new name", build: mx("firm-test.a-v1.mx.microsoft"), want: "mx tls://outlook.office365.com:993 starttls://smtp.office365.com:587"},
	{name: "MX: Outlook.com", build: mx("firm-test.olc.protection.outlook.com"), want: "mx tls://outlook.office365.com:993 starttls://smtp-mail.outlook.com:587"},
	{name: "MX: Yahoo", build: mx("mx-biz.mail.am0.yahoodns.net"), want: "mx tls://imap.mail.yahoo.com:993 tls://smtp.mail.yahoo.com:465"},
	{name: "MX: AOL", build: mx("mx-aol.mail.gm0.yahoodns.net"), want: "mx tls://imap.aol.com:993 tls://smtp.aol.com:465"},
	{name: "MX: iCloud", build: mx("mx01.mail.icloud.com"), want: "mx tls://imap.mail.me.com:993 starttls://smtp.mail.me.com:587"},
	{name: "MX: Zoho", build: mx("mx.zoho.eu"), want: "mx tls://imappro.zoho.eu:993 tls://smtppro.zoho.eu:465"},
	{name: "MX: Fastmail", build: mx("in1-smtp.messagingengine.com"), want: "mx tls://imap.fastmail.com:993 tls://smtp.fastmail.com:465"},
	{name: "MX: Yandex", build: mx("mx.yandex.net"), want: "mx tls://imap.yandex.com:993 tls://smtp.yandex.com:465"},
	{name: "MX: Proton", build: mx("mail.protonmail.ch"), want: "mx starttls://127.0.0.1:1143 starttls://127.0.0.1:1025: needs-bridge"},
	{name: "MX: a name that only ends alike", build: mx("mx.notgoogle.com"), want: "nothing: not-found"},
	{name: "MX: none (RFC 7505)", build: func(w *world) { w.hosts["firm.test"] = true; w.mx["firm.test"] = []string{""} }, want: "nothing: not-found"},
	{name: "MX: hoster in the database", build: func(w *world) {
		mx("mx7.hoster.test")(w)
		w.web(theDatabase, nil, map[string]string{"/v1.1/hoster.test": usual("hoster.test")})
		w.both("hoster.test")
	}, want: "mx tls://imap.hoster.test:993 tls://smtp.hoster.test:465"},
	{name: "MX: hoster with autoconfig is for the person to confirm", build: func(w *world) {
		mx("mx7.hoster.test")(w)
		w.web("autoconfig.hoster.test", nil, map[string]string{atProvider: usual("hoster.test")})
		w.both("hoster.test")
	}, want: "mx tls://imap.hoster.test:993 tls://smtp.hoster.test:465 (other-domain): confirm"},

	// Published by the provider.
	{name: "autoconfig", build: func(w *world) {
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: usual("firm.test")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "well-known", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: usual("firm.test")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "redirect over https", build: func(w *world) {
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: "->https://setup.hoster.test/x"})
		w.web("setup.hoster.test", nil, map[string]string{"/x": usual("firm.test")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "redirect to http is not followed", build: func(w *world) {
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: "->http://autoconfig.firm.test/"})
		w.plainWeb("autoconfig.firm.test", usual("firm.test"))
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "redirects in a circle", build: func(w *world) {
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: "->https://autoconfig.firm.test" + atProvider})
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "http only is not used", build: func(w *world) {
		w.plainWeb("autoconfig.firm.test", config("imap SSL imap.evil.test 993", "smtp SSL smtp.evil.test 465"))
		w.plainWeb("firm.test", config("imap SSL imap.evil.test 993", "smtp SSL smtp.evil.test 465"))
		w.both("evil.test")
	}, want: "nothing: not-found"},
	{name: "database", build: func(w *world) {
		w.web(theDatabase, nil, map[string]string{"/v1.1/firm.test": usual("firm.test")})
		w.both("firm.test")
	}, want: "database " + firm},
	{name: "the provider is before the database", build: func(w *world) {
		w.web(theDatabase, nil, map[string]string{"/v1.1/firm.test": usual("old.test")})
		w.web("firm.test", nil, map[string]string{wellKnown: usual("firm.test")})
		w.both("firm.test")
		w.both("old.test")
	}, want: "provider " + firm},
	{name: "what the provider names is gone", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: usual("gone.test")})
		w.web(theDatabase, nil, map[string]string{"/v1.1/firm.test": usual("firm.test")})
		w.both("firm.test")
	}, want: "database " + firm},
	{name: "POP3 before IMAP, 587 after 465", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("pop3 SSL pop.firm.test 995", "imap STARTTLS imap.firm.test 143", "imap SSL imap.firm.test 993",
			"smtp STARTTLS smtp.firm.test 587", "smtp SSL smtp.firm.test 465")})
		w.both("firm.test")
		w.mail("imap starttls imap.firm.test", "smtp starttls smtp.firm.test")
	}, want: "provider starttls://imap.firm.test:143 starttls://smtp.firm.test:587"},
	{name: "unusual ports", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL imap.firm.test 9930", "smtp SSL smtp.firm.test 2465")})
		w.server("imap", "tls", mailServer{host: "imap.firm.test", port: 9930})
		w.server("smtp", "tls", mailServer{host: "smtp.firm.test", port: 2465})
	}, want: "provider tls://imap.firm.test:9930 tls://smtp.firm.test:2465"},
	{name: "host names with placeholders", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: usual("%EMAILDOMAIN%")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "only unencrypted servers are published", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap plain imap.firm.test 143", "smtp plain smtp.firm.test 25")})
	}, want: "nothing: not-secure"},
	{name: "a plain server beside an encrypted one", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap plain mail.firm.test 143", "imap SSL imap.firm.test 993", "smtp plain mail.firm.test 25", "smtp SSL smtp.firm.test 465")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "broken XML", build: func(w *world) {
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: usual("evil.test")[:300]})
		w.both("evil.test")
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "a page of HTML instead", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{"*": "<!DOCTYPE html><html><head><title>Welcome</title><body><p>Hi &nbsp; there<br>"})
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "an endless file", build: func(w *world) {
		w.handle("firm.test", nil, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(out, "<clientConfig><!-- "+strings.Repeat("x", 60000)+" -->"); err != nil {
					return
				}
			}
		}))
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "sending is not published", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL imap.firm.test 993")})
		w.both("firm.test")
	}, want: "provider " + firm},

	// Certificates of who publishes.
	{name: "publisher's certificate is for another name", build: func(w *world) {
		other := w.ca.Server(w.t, "hoster.test")
		w.web("autoconfig.firm.test", &other, map[string]string{atProvider: usual("evil.test")})
		w.both("evil.test")
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "publisher's certificate has expired", build: func(w *world) {
		old := w.ca.Expired(w.t, "autoconfig.firm.test")
		w.web("autoconfig.firm.test", &old, map[string]string{atProvider: usual("evil.test")})
		w.both("evil.test")
	}, want: "nothing: not-found"},

	// DNS.
	{name: "SRV only", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test imap.firm.test 993", "_submissions._tcp.firm.test smtp.firm.test 465")
		w.both("firm.test")
	}, want: "srv " + firm},
	{name: "SRV with STARTTLS", build: func(w *world) {
		w.srv("_imap._tcp.firm.test m.firm.test 143", "_submission._tcp.firm.test m.firm.test 587")
		w.mail("imap starttls m.firm.test", "smtp starttls m.firm.test")
	}, want: "srv starttls://m.firm.test:143 starttls://m.firm.test:587"},
	{name: "SRV: TLS is before STARTTLS", build: func(w *world) {
		w.srv("_imap._tcp.firm.test imap.firm.test 143", "_imaps._tcp.firm.test imap.firm.test 993", "_submission._tcp.firm.test smtp.firm.test 587", "_submissions._tcp.firm.test smtp.firm.test 465")
		w.both("firm.test")
		w.mail("imap starttls imap.firm.test", "smtp starttls smtp.firm.test")
	}, want: "srv " + firm},
	{name: "SRV: a target of . is none", build: func(w *world) {
		w.records["_imaps._tcp.firm.test"] = []*net.SRV{{Target: ".", Port: 0}}
		w.srv("_imap._tcp.firm.test imap.firm.test 143", "_submissions._tcp.firm.test smtp.firm.test 465")
		w.both("firm.test")
		w.mail("imap starttls imap.firm.test")
	}, want: "srv starttls://imap.firm.test:143 tls://smtp.firm.test:465"},
	{name: "SRV: the first host is down", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test a.firm.test 993", "_imaps._tcp.firm.test b.firm.test 993", "_submissions._tcp.firm.test smtp.firm.test 465")
		w.mail("imap tls b.firm.test", "smtp tls smtp.firm.test")
	}, want: "srv tls://b.firm.test:993 tls://smtp.firm.test:465"},
	{name: "SRV to another domain is for the person to confirm", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test imap.evil.test 993", "_submissions._tcp.firm.test smtp.evil.test 465")
		w.both("evil.test")
	}, want: "srv tls://imap.evil.test:993 tls://smtp.evil.test:465 (other-domain): confirm"},
	{name: "own hosts are before those that only DNS names", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test imap.evil.test 993", "_submissions._tcp.firm.test smtp.evil.test 465")
		w.both("evil.test")
		w.both("firm.test")
	}, want: "probe " + firm},

	// The usual hosts.
	{name: "993 and 465", build: func(w *world) { w.both("firm.test") }, want: "probe " + firm},
	{name: "mail host for both", build: func(w *world) { w.mail("imap tls mail.firm.test", "smtp tls mail.firm.test") }, want: "probe tls://mail.firm.test:993 tls://mail.firm.test:465"},
	{name: "the domain itself", build: func(w *world) { w.mail("imap tls firm.test", "smtp tls firm.test") }, want: "probe tls://firm.test:993 tls://firm.test:465"},
	{name: "STARTTLS only", build: func(w *world) { w.mail("imap starttls imap.firm.test", "smtp starttls smtp.firm.test") }, want: "probe starttls://imap.firm.test:143 starttls://smtp.firm.test:587"},
	{name: "465 only", build: func(w *world) { w.mail("imap starttls mail.firm.test", "smtp tls mail.firm.test") }, want: "probe starttls://mail.firm.test:143 tls://mail.firm.test:465"},
	{name: "25 only", build: func(w *world) {
		w.mail("imap tls imap.firm.test")
		w.server("smtp", "starttls", mailServer{host: "mail.firm.test", port: 25})
	}, want: "probe tls://imap.firm.test:993 starttls://mail.firm.test:25"},
	{name: "25 is for other servers", build: func(w *world) {
		w.mail("imap tls imap.firm.test")
		w.server("smtp", "starttls", mailServer{host: "mail.firm.test", port: 25, noAuth: true})
	}, want: "probe tls://imap.firm.test:993 - (incomplete): confirm"},
	{name: "587 is blocked", build: func(w *world) {
		w.patience(3 * time.Second)
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL imap.firm.test 993", "smtp STARTTLS smtp.firm.test 587")})
		w.both("firm.test")
		w.drop("smtp.firm.test", 587)
	}, want: "provider " + firm},
	{name: "the receiving host", build: func(w *world) {
		w.mx["firm.test"] = []string{"mx.firm.test"}
		w.mail("imap tls mx.firm.test", "smtp starttls mx.firm.test")
	}, want: "probe tls://mx.firm.test:993 starttls://mx.firm.test:587"},
	{name: "no encryption at all", build: func(w *world) {
		w.server("imap", "starttls", mailServer{host: "mail.firm.test", noTLS: true})
		w.server("smtp", "starttls", mailServer{host: "mail.firm.test", noTLS: true})
	}, want: "nothing: not-secure"},
	{name: "STARTTLS is stripped on the way", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap STARTTLS imap.firm.test 143", "smtp STARTTLS smtp.firm.test 587")})
		w.server("imap", "starttls", mailServer{host: "imap.firm.test", noTLS: true})
		w.server("smtp", "starttls", mailServer{host: "smtp.firm.test", noTLS: true})
	}, want: "provider starttls://imap.firm.test:143 starttls://smtp.firm.test:587 (unreachable): not-secure"},
	{name: "PREAUTH before encryption", build: func(w *world) {
		w.server("imap", "starttls", mailServer{host: "imap.firm.test", greeting: "* PREAUTH welcome"})
		w.mail("smtp tls smtp.firm.test")
	}, want: "probe - tls://smtp.firm.test:465 (incomplete): confirm"},
	{name: "self-signed", build: bad(func(w *world, host string) tls.Certificate { return mailtest.SelfSigned(w.t, host) }), want: "nothing: certificate"},
	{name: "expired", build: bad(func(w *world, host string) tls.Certificate { return w.ca.Expired(w.t, host) }), want: "nothing: certificate"},
	{name: "for another name", build: bad(func(w *world, _ string) tls.Certificate { return w.ca.Server(w.t, "box.hoster.test") }), want: "nothing: certificate"},
	{name: "for the domain only, which has no mail server", build: bad(func(w *world, _ string) tls.Certificate { return w.ca.Server(w.t, "firm.test") }), want: "nothing: certificate"},
	{name: "one bad host, one good", build: func(w *world) {
		bad(func(w *world, host string) tls.Certificate { return mailtest.SelfSigned(w.t, host) })(w)
		w.mail("imap tls mail.firm.test", "smtp tls mail.firm.test")
	}, want: "probe tls://mail.firm.test:993 tls://mail.firm.test:465"},
	{name: "another service on 993", build: func(w *world) {
		w.server("smtp", "tls", mailServer{host: "imap.firm.test", port: 993})
		w.mail("imap tls mail.firm.test", "smtp tls mail.firm.test")
	}, want: "probe tls://mail.firm.test:993 tls://mail.firm.test:465"},
	{name: "nobody can sign in", build: func(w *world) {
		w.server("imap", "tls", mailServer{host: "imap.firm.test", noAuth: true})
		w.mail("imap tls mail.firm.test", "smtp tls smtp.firm.test")
	}, want: "probe tls://mail.firm.test:993 tls://smtp.firm.test:465"},
	{name: "the server is closed", build: func(w *world) {
		w.server("imap", "tls", mailServer{host: "imap.firm.test", greeting: "* BYE come back later"})
		w.server("smtp", "tls", mailServer{host: "smtp.firm.test", greeting: "554 no service"})
	}, want: "nothing: not-found"},
	{name: "IPv6 only", build: func(w *world) {
		w.server("imap", "tls", mailServer{host: "imap.firm.test", local: "[::1]:0"})
		w.server("smtp", "tls", mailServer{host: "smtp.firm.test", local: "[::1]:0"})
	}, want: "probe " + firm},

	// Networks that lie or stall.
	{name: "wildcard DNS that answers everything", build: func(w *world) {
		w.patience(time.Second)
		w.hosts["*.firm.test"], w.hosts["firm.test"] = true, true
		w.always = w.webPage("parked.test")
	}, want: "nothing: certificate"},
	{name: "wildcard DNS with a real mail server", build: func(w *world) {
		w.hosts["*.firm.test"] = true
		w.web("firm.test", nil, map[string]string{"*": "<html>under construction"})
		w.mail("imap tls mail.firm.test", "smtp tls mail.firm.test")
	}, want: "probe tls://mail.firm.test:993 tls://mail.firm.test:465"},
	{name: "captive portal", build: func(w *world) {
		w.patience(time.Second)
		w.hosts[theDatabase], w.portal, w.always = true, true, w.webPage("login.hotel.test")
	}, want: "nothing: intercepted"},
	{name: "tar pit that publishes", build: func(w *world) {
		w.patience(3 * time.Second)
		w.tarPit("autoconfig.firm.test", 443)
		w.tarPit("firm.test", 443)
		w.web(theDatabase, nil, map[string]string{"/v1.1/firm.test": usual("firm.test")})
		w.both("firm.test")
	}, want: "database " + firm},
	{name: "tar pits everywhere but one", build: func(w *world) {
		w.patience(3 * time.Second)
		for _, port := range []int{143, 993, 465, 587, 25} {
			w.tarPit("imap.firm.test", port)
			w.tarPit("firm.test", port)
		}
		w.mail("imap tls mail.firm.test", "smtp tls mail.firm.test")
	}, want: "probe tls://mail.firm.test:993 tls://mail.firm.test:465"},
	{name: "everything is dropped", build: func(w *world) {
		w.patience(100 * time.Millisecond)
		w.hosts[theDatabase], w.portal, w.always = true, true, func(ctx context.Context, _, _ string) net.Conn { return silent(ctx) }
	}, want: "nothing: not-found"},
	{name: "no network", build: func(w *world) {
		w.broken = &net.DNSError{Err: "server misbehaving", Name: "x", IsTemporary: true}
	}, want: "nothing: offline"},
	{name: "a network without a way out", build: func(w *world) {
		w.hosts[theDatabase] = true
		w.nowhere = theDatabase
	}, want: "nothing: offline"},
	{name: "mistyped domain", want: "nothing: no-domain"},

	// Names.
	{name: "IDN", address: "anna@bücher.test", build: func(w *world) {
		w.web("xn--bcher-kva.test", nil, map[string]string{wellKnown: usual("bücher.test")})
		w.both("xn--bcher-kva.test")
	}, want: "provider tls://imap.xn--bcher-kva.test:993 tls://smtp.xn--bcher-kva.test:465"},
	{name: "subdomain: its own", address: "anna@dept.firm.test", build: func(w *world) {
		w.both("dept.firm.test")
	}, want: "probe tls://imap.dept.firm.test:993 tls://smtp.dept.firm.test:465"},
	{name: "subdomain: published above it", address: "anna@dept.firm.test", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: usual("firm.test")})
		w.both("firm.test")
	}, want: "parent " + firm},
	{name: "never above the registered domain", address: "anna@firm.co.uk", build: func(w *world) {
		w.web("autoconfig.co.uk", nil, map[string]string{atProvider: usual("co.uk")})
		w.web("co.uk", nil, map[string]string{wellKnown: usual("co.uk")})
		w.both("co.uk")
	}, want: "nothing: no-domain"},
	{name: "a public suffix speaks for itself only", address: "anna@co.uk", build: func(w *world) {
		w.web("autoconfig.co.uk", nil, map[string]string{atProvider: usual("co.uk")})
		w.both("co.uk")
	}, want: "nothing: no-domain"},
}

func mx(hosts ...string) func(*world) {
	return func(w *world) { w.hosts["firm.test"] = true; w.mx["firm.test"] = hosts }
}

// bad gives imap. and smtp. certificates that are not in order.
func bad(cert func(w *world, host string) tls.Certificate) func(*world) {
	return func(w *world) {
		imap, smtp := cert(w, "imap.firm.test"), cert(w, "smtp.firm.test")
		w.server("imap", "tls", mailServer{host: "imap.firm.test", cert: &imap})
		w.server("smtp", "tls", mailServer{host: "smtp.firm.test", cert: &smtp})
	}
}

// TestNetworks prints what was found beside what is to be found.
func TestNetworks(t *testing.T) {
	ca := mailtest.NewCA(t)
	table, err := ParseTable(assets.Providers())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range slices.Concat(networks, others) {
		t.Run(strings.ReplaceAll(n.name, "/", " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, ca)
			w.table = table
			if n.build != nil {
				n.build(w)
			}
			if !w.hosts[theDatabase] {
				w.web(theDatabase, nil, nil)
			}
			address := n.address
			if address == "" {
				address = "anna@firm.test"
			}
			r, err := w.detector().Detect(t.Context(), address, nil)
			if err != nil {
				t.Fatal(err)
			}
			found := said(r)
			t.Logf("%-60s found %-80s expected %s", n.name, found, n.want)
			if found != n.want {
				t.Errorf("%s: found %s, expected %s", n.name, found, n.want)
				for _, a := range r.Tried {
					t.Logf("  %-9s %-60s %v", a.Source, a.What, a.Err)
				}
			}
			w.harmless(n.want)
		})
	}
}

// harmless looks for what must never happen in a detection: a sign-in, a
// connection for mail in clear, a look above the registered domain.
func (w *world) harmless(want string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range strings.Lines(w.heard.String()) {
		upper := strings.ToUpper(line)
		for _, command := range []string{"LOGIN", "AUTH", "USER", "PASS", "MAIL", "RCPT", "anna"} {
			if strings.Contains(upper, strings.ToUpper(command)) {
				w.t.Errorf("a mail server was sent %q", line)
			}
		}
	}
	for line := range strings.Lines(w.clear.String()) {
		if line = strings.TrimSpace(line); line != "L0 STARTTLS" && line != "STARTTLS" && line != "EHLO [127.0.0.1]" && line != "QUIT" {
			w.t.Errorf("in clear: %q", line)
		}
	}
	for _, address := range w.dialled {
		host, port, _ := net.SplitHostPort(address)
		if port == "80" || port == "110" || !strings.Contains(host, ".") || strings.HasSuffix("autoconfig."+host, ".autoconfig.co.uk") {
			w.t.Errorf("%s was called", address)
		}
	}
	for _, asked := range w.asked {
		u, err := url.Parse(asked)
		if err != nil || u.Host == theDatabase && strings.Contains(asked, "anna") {
			w.t.Errorf("the database was asked for %s: %v", asked, err)
		}
	}
	if strings.HasPrefix(want, "table") && len(w.dialled) > 0 {
		w.t.Errorf("the table needs no network, but %v were called", w.dialled)
	}
}
