package autodetect

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// others are networks by somebody who had read RFC 6186, RFC 8314 and the
// autoconfig format, but not the detector, and who wanted it to fail.
var others = []network{
	// SRV (RFC 2782, RFC 6186).
	{name: "SRV: priorities that come out of order", build: func(w *world) {
		w.records["_imaps._tcp.firm.test"] = []*net.SRV{
			{Target: "spare.firm.test.", Port: 993, Priority: 20},
			{Target: "imap.firm.test.", Port: 993, Priority: 10, Weight: 1},
		}
		w.srv("_submissions._tcp.firm.test smtp.firm.test 465")
		w.both("firm.test")
		w.mail("imap tls spare.firm.test")
	}, want: "srv " + firm},
	{name: "SRV: capital letters in targets", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test IMAP.Firm.TEST 993", "_submissions._tcp.firm.test Smtp.firm.Test 465")
		w.both("firm.test")
	}, want: "srv " + firm},
	{name: "SRV: another domain that ends like ours", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test imap.evilfirm.test 993", "_submissions._tcp.firm.test smtp.evilfirm.test 465")
		w.both("evilfirm.test")
	}, want: "srv tls://imap.evilfirm.test:993 tls://smtp.evilfirm.test:465 (other-domain): confirm"},
	{name: "SRV: only sending is somewhere else", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test imap.firm.test 993", "_submissions._tcp.firm.test smtp.evil.test 465")
		w.mail("imap tls imap.firm.test", "smtp tls smtp.evil.test")
	}, want: "srv tls://imap.firm.test:993 tls://smtp.evil.test:465 (other-domain): confirm"},
	{name: "SRV: no mail service at all, and it says so", build: func(w *world) {
		w.hosts["firm.test"] = true
		for _, service := range []string{"imaps", "imap", "submissions", "submission"} {
			w.records["_"+service+"._tcp.firm.test"] = []*net.SRV{{Target: "."}}
		}
	}, want: "nothing: not-found"},
	{name: "SRV: this computer, and port 0", build: func(w *world) {
		w.srv("_imaps._tcp.firm.test localhost 993", "_imaps._tcp.firm.test mail.localhost 993", "_imap._tcp.firm.test imap.firm.test 0", "_submissions._tcp.firm.test 127.0.0.1 465")
		w.mail("imap tls localhost", "imap tls mail.localhost", "smtp tls 127.0.0.1")
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "SRV: a flood of dead hosts", build: func(w *world) {
		w.patience(2 * time.Second)
		for i := range 200 {
			host := fmt.Sprintf("dead%d.firm.test", i)
			w.srv("_imaps._tcp.firm.test " + host + " 993")
			w.drop(host, 993)
		}
		w.both("firm.test")
	}, want: "probe " + firm},

	// Autoconfig.
	{name: "autoconfig: spaces, capitals and a trailing dot", build: func(w *world) {
		page := strings.NewReplacer("imap.firm.test", "\n IMAP.Firm.TEST. \n", "SSL", " ssl ", "465", " 465 ", `type="imap"`, `type="IMAP"`).Replace(usual("firm.test"))
		w.web("firm.test", nil, map[string]string{wellKnown: page})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "autoconfig: the local part in host names", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL %EMAILLOCALPART%.in.%EMAILDOMAIN% 993", "smtp SSL smtp.%EMAILDOMAIN% 465")})
		w.mail("imap tls anna.in.firm.test", "smtp tls smtp.firm.test")
	}, want: "provider tls://anna.in.firm.test:993 tls://smtp.firm.test:465"},
	{name: "autoconfig: a local part that makes no host name", address: "anna/b@firm.test", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL %EMAILLOCALPART%.firm.test 993", "smtp SSL smtp.firm.test 465")})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "autoconfig: servers in the order of preference", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config(
			"imap SSL gone.firm.test 993", "imap SSL name.firm.test 993", "imap STARTTLS imap.firm.test 143", "imap SSL imap.firm.test 993",
			"smtp SSL gone.firm.test 465", "smtp STARTTLS smtp.firm.test 587", "smtp SSL smtp.firm.test 465",
		)})
		other := w.ca.Server(w.t, "box.hoster.test")
		w.server("imap", "tls", mailServer{host: "name.firm.test", cert: &other})
		w.both("firm.test")
		w.mail("imap starttls imap.firm.test", "smtp starttls smtp.firm.test")
	}, want: "provider starttls://imap.firm.test:143 starttls://smtp.firm.test:587"},
	{name: "autoconfig: this computer, in clear", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap plain 127.0.0.1 143", "imap SSL 127.0.0.1 993", "smtp plain localhost 25", "smtp SSL [::1] 465", "imap SSL mail.localhost 993")})
		w.server("imap", "starttls", mailServer{host: "127.0.0.1", noTLS: true})
		w.mail("imap tls 127.0.0.1", "imap tls mail.localhost")
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "autoconfig: ports that do not exist", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap SSL imap.firm.test 66529", "imap SSL imap.firm.test -993", "imap SSL imap.firm.test imaps", "smtp SSL smtp.firm.test 0")})
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "autoconfig: servers inside what nobody knows", build: func(w *world) {
		page := strings.Replace(usual("firm.test"), "<displayName>", `<later><incomingServer type="imap"><hostname>imap.evil.test</hostname><port>993</port><socketType>SSL</socketType></incomingServer></later><displayName>`, 1)
		w.web("firm.test", nil, map[string]string{wellKnown: page})
		w.both("firm.test")
		w.both("evil.test")
	}, want: "provider " + firm},
	{name: "autoconfig: Latin-1", build: func(w *world) {
		page := strings.NewReplacer("UTF-8", "ISO-8859-1", "<displayName>Firm", "<displayName>B\xfccher").Replace(usual("firm.test"))
		w.web("firm.test", nil, map[string]string{wellKnown: page})
		w.both("firm.test")
	}, want: "provider " + firm},
	{name: "autoconfig: entities that grow and that call home", build: func(w *world) {
		w.handle("evil.test", nil, http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			w.t.Error("an entity was fetched")
			_, _ = io.WriteString(out, "evil.test")
		}))
		bomb := `<!DOCTYPE x [<!ENTITY e SYSTEM "https://evil.test/e"><!ENTITY a "ha">`
		for c := 'b'; c < 'm'; c++ {
			bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
		}
		page := strings.Replace(usual("firm.test"), "<clientConfig", bomb+"]><clientConfig", 1)
		w.web("firm.test", nil, map[string]string{wellKnown: strings.Replace(page, "imap.firm.test", "&l;&e;", 1)})
		w.both("firm.test")
		w.mail("imap tls evil.test")
	}, want: "provider " + firm},
	{name: "autoconfig: very deep", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: strings.Repeat("<a>", 60000)})
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "autoconfig: a configuration on the page that says not found", build: func(w *world) {
		w.handle("firm.test", nil, http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
			out.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(out, usual("evil.test"))
		}))
		w.both("firm.test")
		w.both("evil.test")
	}, want: "probe " + firm},
	{name: "autoconfig: one octet at a time, without end", build: func(w *world) {
		w.patience(time.Second)
		w.handle("firm.test", nil, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-r.Context().Done():
					return
				case <-tick.C:
					if _, err := io.WriteString(out, " "); err != nil {
						return
					}
					_ = http.NewResponseController(out).Flush()
				}
			}
		}))
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "autoconfig: redirect to a host with a certificate of another name", build: func(w *world) {
		other := w.ca.Server(w.t, "hoster.test")
		w.web("autoconfig.firm.test", nil, map[string]string{atProvider: "->https://setup.evil.test/x"})
		w.web("setup.evil.test", &other, map[string]string{"/x": usual("evil.test")})
		w.both("evil.test")
		w.both("firm.test")
	}, want: "probe " + firm},
	{name: "autoconfig: POP3 only", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("pop3 SSL pop.firm.test 995", "smtp SSL smtp.firm.test 465")})
		w.mail("smtp tls smtp.firm.test")
	}, want: "provider - tls://smtp.firm.test:465 (incomplete): confirm"},
	{name: "autoconfig: certificates for another name at both", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: usual("firm.test")})
		other := w.ca.Server(w.t, "box.hoster.test")
		w.server("imap", "tls", mailServer{host: "imap.firm.test", cert: &other})
		w.server("smtp", "tls", mailServer{host: "smtp.firm.test", cert: &other})
	}, want: "provider " + firm + " (unreachable): certificate"},

	// MX.
	{name: "MX: a name that begins like Google's", build: func(w *world) {
		mx("aspmx.l.google.com.evil.test")(w)
		w.both("evil.test")
	}, want: "nothing: not-found"},
	{name: "MX: a name that ends like Google's", build: mx("aspmx.l.evil-google.com"), want: "nothing: not-found"},
	{name: "MX: deep below a big provider", build: mx("ASPMX.a.b.c.L.Google.com"), want: "mx tls://imap.gmail.com:993 tls://smtp.gmail.com:465"},
	{name: "MX: a hoster below co.uk", build: func(w *world) {
		mx("mx1.cluster5.mail.hoster.co.uk")(w)
		w.web(theDatabase, nil, map[string]string{"/v1.1/hoster.co.uk": usual("hoster.co.uk"), "/v1.1/co.uk": usual("evil.test")})
		w.both("hoster.co.uk")
		w.both("evil.test")
	}, want: "mx tls://imap.hoster.co.uk:993 tls://smtp.hoster.co.uk:465"},
	{name: "MX: this computer", build: func(w *world) {
		mx("localhost", "127.0.0.1")(w)
		w.mail("imap tls localhost", "smtp tls localhost", "imap tls 127.0.0.1", "smtp tls 127.0.0.1")
	}, want: "nothing: not-found"},
	{name: "MX: a stranger's server is for the person to confirm", build: func(w *world) {
		mx("mx.hoster.test")(w)
		w.mail("imap tls mx.hoster.test", "smtp starttls mx.hoster.test")
	}, want: "probe tls://mx.hoster.test:993 starttls://mx.hoster.test:587 (other-domain): confirm"},
	{name: "MX: both with letters beyond ASCII", address: "anna@MÜLLER.test", build: func(w *world) {
		w.hosts["xn--mller-kva.test"] = true
		w.mx["xn--mller-kva.test"] = []string{"mx.xn--bcher-kva.test"}
		w.web(theDatabase, nil, map[string]string{"/v1.1/xn--bcher-kva.test": usual("bücher.test")})
		w.both("xn--bcher-kva.test")
	}, want: "mx tls://imap.xn--bcher-kva.test:993 tls://smtp.xn--bcher-kva.test:465"},

	// Names.
	{name: "a customer of a public suffix by contract", address: "anna@firm.dyndns.org", build: func(w *world) {
		w.web("autoconfig.dyndns.org", nil, map[string]string{atProvider: usual("evil.test")})
		w.web("dyndns.org", nil, map[string]string{wellKnown: usual("evil.test")})
		w.both("evil.test")
		w.both("firm.dyndns.org")
	}, want: "probe tls://imap.firm.dyndns.org:993 tls://smtp.firm.dyndns.org:465"},

	// Servers.
	{name: "IPv6 only, published", build: func(w *world) {
		w.web("firm.test", nil, map[string]string{wellKnown: config("imap STARTTLS imap.firm.test 143", "smtp STARTTLS smtp.firm.test 587")})
		w.server("imap", "starttls", mailServer{host: "imap.firm.test", local: "[::1]:0"})
		w.server("smtp", "starttls", mailServer{host: "smtp.firm.test", local: "[::1]:0"})
	}, want: "provider starttls://imap.firm.test:143 starttls://smtp.firm.test:587"},
	{name: "IMAP on 465", build: func(w *world) {
		w.both("firm.test")
		w.server("imap", "tls", mailServer{host: "smtp.firm.test", port: 465})
		w.mail("smtp starttls mail.firm.test")
	}, want: "probe tls://imap.firm.test:993 starttls://mail.firm.test:587"},
	{name: "STARTTLS is stripped on 143, 993 is closed", build: func(w *world) {
		w.server("imap", "starttls", mailServer{host: "imap.firm.test", noTLS: true})
		w.mail("smtp tls smtp.firm.test")
	}, want: "probe - tls://smtp.firm.test:465 (incomplete): not-secure"},
	{name: "sending only", build: func(w *world) { w.mail("smtp tls smtp.firm.test") }, want: "probe - tls://smtp.firm.test:465 (incomplete): confirm"},
	{name: "wildcard DNS and a certificate for all of it, on a web server", build: func(w *world) {
		w.patience(time.Second)
		w.hosts["*.firm.test"] = true
		w.always = w.webPage("*.firm.test")
	}, want: "nothing: not-found"},
	{name: "captive portal in clear on every port", build: func(w *world) {
		w.patience(time.Second)
		w.hosts[theDatabase], w.portal, w.always = true, true, inClear("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>220 Welcome * OK</html>\r\n")
	}, want: "nothing: intercepted"},
}

// inClear is somebody who says the same to everyone at once, without encryption.
func inClear(words string) func(context.Context, string, string) net.Conn {
	return func(ctx context.Context, _, _ string) net.Conn {
		ours, theirs := net.Pipe()
		context.AfterFunc(ctx, func() { _ = theirs.Close() })
		go func() {
			defer theirs.Close()
			go func() { _, _ = io.Copy(io.Discard, theirs) }()
			_, _ = io.WriteString(theirs, words)
		}()
		return ours
	}
}
