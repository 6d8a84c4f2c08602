package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// leaks reports a credential in any form in what a server has heard.
func leaks(text string) bool {
	for _, form := range []string{
		secret, base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("\x00ada\x00" + secret)),
	} {
		if strings.Contains(text, strings.TrimRight(form, "=")) {
			return true
		}
	}
	return false
}

func key(err error) string { return strings.TrimPrefix(trouble.Explain(err).Key, "trouble.") }

// dialIMAP and dialSMTP connect and say how that failed.
func dialIMAP(t *testing.T, d *Dialer, s accounts.Server) error {
	t.Helper()
	c, err := d.IMAP(bounded(t), s, credential, nil)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return err
}

func dialSMTP(t *testing.T, d *Dialer, s accounts.Server) error {
	t.Helper()
	c, err := d.SMTP(bounded(t), s, "[127.0.0.1]", credential)
	if err == nil {
		t.Cleanup(func() { _ = c.Close() })
	}
	return err
}

func TestIMAPStartTLSAttacksGetNothing(t *testing.T) {
	ca := newAuthority(t)
	ok := startTLSTag + " OK go"
	after := func(answer string) func(p *peer) {
		return func(p *peer) {
			p.say("* OK ready")
			p.line()
			p.say(answer)
			p.imap(usual(nil)) // in clear
		}
	}
	cases := map[string]struct {
		script func(p *peer)
		want   string
	}{
		"stripped":           {after(startTLSTag + " BAD unknown command"), "no-starttls"},
		"refused":            {after(startTLSTag + " NO not now"), "no-starttls"},
		"preauth":            {func(p *peer) { p.say("* PREAUTH welcome"); p.imap(usual(nil)) }, "preauth"},
		"preauth lower case": {func(p *peer) { p.say("* preauth welcome"); p.imap(usual(nil)) }, "preauth"},
		"preauth later": {func(p *peer) {
			p.say("* OK ready")
			p.line()
			p.say("* PREAUTH welcome", ok)
			p.imap(usual(nil))
		}, "preauth"},
		"bye with referral":  {func(p *peer) { p.say("* BYE [REFERRAL imap://evil.example/] go there") }, "refused"},
		"no greeting":        {func(p *peer) { p.say("HTTP/1.1 200 OK") }, "refused"},
		"injected with OK":   {after(ok + "\r\n* 5 EXISTS"), "tampered"},
		"injected tagged":    {after(ok + "\r\nT1 OK [CAPABILITY IMAP4rev1] hi"), "tampered"},
		"another tag":        {after("T1 OK go"), "tampered"},
		"continuation":       {after("+ go"), "tampered"},
		"endless lines":      {after(strings.Repeat("* OK x\r\n", 200)), "tampered"},
		"endless line":       {after("* OK " + strings.Repeat("x", 100_000)), "hostile"},
		"closed after hello": {func(p *peer) { p.say("* OK ready"); p.line() }, "lost"},
		"OK and then no TLS": {func(p *peer) {
			p.say("* OK ready")
			p.line()
			p.raw(ok + "\r\n")
			time.Sleep(50 * time.Millisecond) // so that it comes after the OK was read
			p.say("* 5 EXISTS")
			p.silence()
		}, "tampered"},
	}
	for name, c := range cases {
		s := serve(t, ca.leaf(nil), false, c.script)
		err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.StartTLS))
		if err == nil || key(err) != c.want {
			t.Errorf("%s: %v (%s), want %s", name, err, key(err), c.want)
		}
		if err != nil && strings.Contains(err.Error(), "evil") {
			t.Errorf("%s: the server's words in clear came through: %v", name, err)
		}
		s.close()
		if leaks(s.all()) || strings.Contains(s.all(), "LOGIN") {
			t.Errorf("%s: credentials in clear:\n%s", name, s.all())
		}
	}
}

// What a server says before TLS reaches nobody, and capabilities of before are
// forgotten: here they would allow LOGIN, those under TLS forbid it.
func TestWhatIMAPSaysBeforeTLSIsForgotten(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN XINJECTED] ready")
		p.line()
		p.say(
			"* 7 EXISTS", "* 3 EXPUNGE", `* LIST () "/" evil`, "* 1 FETCH (FLAGS (\\Deleted))",
			"* OK [ALERT] call this number", "* CAPABILITY IMAP4rev1 XINJECTED",
			startTLSTag+" OK [CAPABILITY IMAP4rev1 AUTH=PLAIN XINJECTED] go",
		)
		p.startTLS()
		p.imap(usual(map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED|$ OK done"}))
	})
	var mu sync.Mutex
	var got []string
	note := func(what string) { mu.Lock(); got = append(got, what); mu.Unlock() }
	handler := &imapclient.UnilateralDataHandler{
		Expunge: func(uint32) { note("expunge") },
		Mailbox: func(*imapclient.UnilateralDataMailbox) { note("mailbox") },
		Fetch:   func(*imapclient.FetchMessageData) { note("fetch") },
	}
	_, err := (&Dialer{Roots: ca.pool}).IMAP(bounded(t), s.server(accounts.StartTLS), credential, handler)
	if !errors.Is(err, trouble.ErrLoginDisabled) {
		t.Errorf("LOGINDISABLED under TLS: %v", err)
	}
	s.close()
	mu.Lock()
	defer mu.Unlock()
	if len(got) > 0 || leaks(s.all()) {
		t.Errorf("before TLS came through: %v; heard:\n%s", got, s.all())
	}
}

func TestCapabilitiesAreThoseOfAfterSignIn(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.say("* OK [CAPABILITY IMAP4rev1 XINJECTED] ready")
		p.line()
		p.say(startTLSTag + " OK [CAPABILITY XINJECTED] go")
		p.startTLS()
		p.imap(usual(map[string]string{"AUTHENTICATE": "$ OK [CAPABILITY IMAP4rev1 IDLE CONDSTORE] in"}))
	})
	c, err := (&Dialer{Roots: ca.pool}).IMAP(bounded(t), s.server(accounts.StartTLS), credential, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if caps := c.Caps(); caps.Has("XINJECTED") || !caps.Has(imap.CapCondStore) {
		t.Errorf("capabilities: %v", caps)
	}
}

func TestSMTPStartTLSAttacksGetNothing(t *testing.T) {
	ca := newAuthority(t)
	// Everything but a good STARTTLS, and AUTH in clear for who asks.
	answer := func(offers []string, starttls string) func(p *peer) {
		return func(p *peer) {
			p.say("220 ready")
			for {
				switch word, _, _ := strings.Cut(p.line(), " "); word {
				case "EHLO":
					p.say(append(append([]string{"250-mail"}, offers...), "250 HELP")...)
				case "STARTTLS":
					p.say(starttls)
				case "AUTH":
					p.say("235 thanks")
				default:
					p.say("500 what")
				}
			}
		}
	}
	offer := []string{"250-STARTTLS", "250-AUTH PLAIN LOGIN"}
	cases := map[string]struct {
		script func(p *peer)
		want   string
	}{
		"stripped":         {answer(offer[1:], "502 no"), "no-starttls"},
		"refused":          {answer(offer, "454 TLS not available"), "no-starttls"},
		"injected with OK": {answer(offer, "220 go\r\n250 fine"), "tampered"},
		"no greeting":      {func(p *peer) { p.say("554 go away") }, "refused"},
		"not SMTP":         {func(p *peer) { p.say("x") }, "tampered"},
		"endless reply":    {answer([]string{strings.Repeat("250-X\r\n", 300) + "250-Y"}, ""), "tampered"},
		"endless line":     {answer([]string{"250-" + strings.Repeat("X", 100_000)}, ""), "hostile"},
	}
	for name, c := range cases {
		s := serve(t, ca.leaf(nil), false, c.script)
		err := dialSMTP(t, &Dialer{Roots: ca.pool}, s.server(accounts.StartTLS))
		if err == nil || key(err) != c.want {
			t.Errorf("%s: %v (%s), want %s", name, err, key(err), c.want)
		}
		s.close()
		if leaks(s.all()) || strings.Contains(s.all(), "AUTH") {
			t.Errorf("%s: credentials in clear:\n%s", name, s.all())
		}
	}
}

func TestWhatSMTPOffersBeforeTLSIsForgotten(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250-STARTTLS", "250-AUTH PLAIN", "250 SIZE 5")
		p.line()
		p.say("220 go")
		p.startTLS()
		p.smtp() // no AUTH, no SIZE
	})
	d := &Dialer{Roots: ca.pool}
	if err := dialSMTP(t, d, s.server(accounts.StartTLS)); !errors.Is(err, trouble.ErrNoAuth) {
		t.Errorf("AUTH of before TLS: %v", err)
	}
	nobody := s.server(accounts.StartTLS)
	nobody.User = ""
	c, err := d.SMTP(bounded(t), nobody, "[127.0.0.1]", nil)
	if err != nil {
		t.Fatalf("without sign-in: %v", err)
	}
	defer c.Close()
	if c.MaxSize() != 0 {
		t.Errorf("SIZE of before TLS: %d", c.MaxSize())
	}
	s.close()
	if leaks(s.all()) {
		t.Errorf("credentials sent:\n%s", s.all())
	}
}

func TestCertificates(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	good, self := ca.leaf(nil), ca.selfSigned()
	expired := ca.leaf(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	elsewhere := ca.leaf(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example"} })
	print := Fingerprint(parse(t, self.Certificate[0]))
	cases := map[string]struct {
		cert tls.Certificate
		pin  string
		want string
	}{
		"good":             {good, "", ""},
		"self-signed":      {self, "", "certificate-self-signed"},
		"expired":          {expired, "", "certificate-expired"},
		"wrong host":       {elsewhere, "", "certificate-name"},
		"unknown CA":       {other.leaf(nil), "", "certificate-unknown"},
		"pinned":           {self, print, ""},
		"pinned in colons": {self, colons(print), ""},
		"pin changed":      {other.selfSigned(), print, "pin-changed"},
		"pin, now good":    {good, print, "pin-changed"},
	}
	for name, c := range cases {
		for _, security := range []accounts.Security{accounts.TLS, accounts.StartTLS} {
			in := serve(t, c.cert, security == accounts.TLS, func(p *peer) {
				p.say("* OK ready")
				if security == accounts.StartTLS {
					p.line()
					p.say(startTLSTag + " OK go")
					p.startTLS()
				}
				p.imap(usual(nil))
			})
			out := serve(t, c.cert, security == accounts.TLS, func(p *peer) {
				p.say("220 ready")
				p.smtp("AUTH PLAIN", "STARTTLS")
			})
			d := &Dialer{Roots: ca.pool}
			for proto, try := range map[*scripted]func(*testing.T, *Dialer, accounts.Server) error{in: dialIMAP, out: dialSMTP} {
				server := proto.server(security)
				server.Pin = c.pin
				err := try(t, d, server)
				if key(err) != "" != (c.want != "") || err != nil && key(err) != c.want {
					t.Errorf("%s, %s: %v (%s), want %q", name, security, err, key(err), c.want)
				}
				if err != nil && leaks(proto.all()) {
					t.Errorf("%s, %s: credentials sent", name, security)
				}
				if print := trouble.Explain(err).Args["Fingerprint"]; c.want != "" && print == nil {
					t.Errorf("%s, %s: no fingerprint to show", name, security)
				}
			}
		}
	}
}

func colons(hex string) string {
	var b strings.Builder
	for i := 0; i < len(hex); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex[i : i+2]))
	}
	return b.String()
}

func TestOldTLSAndPlainTextOnATLSPort(t *testing.T) {
	ca := newAuthority(t)
	old := serve(t, ca.leaf(nil), false, func(p *peer) {
		p.conf.MinVersion, p.conf.MaxVersion = 0x0301, 0x0302
		p.startTLS()
	})
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, old.server(accounts.TLS)); key(err) != "tls-old" {
		t.Errorf("TLS 1.1: %v (%s)", err, key(err))
	}
	plain := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("* OK ready, not encrypted"); p.silence() })
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, plain.server(accounts.TLS)); key(err) != "not-tls" {
		t.Errorf("plain text: %v (%s)", err, key(err))
	}
}

func TestPlainIsForLoopbackOnly(t *testing.T) {
	s := serve(t, newAuthority(t).leaf(nil), false, func(p *peer) { p.say("* OK ready"); p.imap(usual(nil)) })
	if err := dialIMAP(t, &Dialer{}, s.server(accounts.Plain)); err != nil {
		t.Errorf("loopback: %v", err)
	}
	for _, host := range []string{"192.0.2.1", "mail.example.org", "127.0.0.1.example.org"} {
		d := &Dialer{Net: never{t}}
		err := dialIMAP(t, d, accounts.Server{Host: host, Port: 143, Security: accounts.Plain, User: "x"})
		if !errors.Is(err, trouble.ErrPlain) {
			t.Errorf("%s: %v", host, err)
		}
	}
	// A name for this computer that leads elsewhere.
	err := dialIMAP(t, &Dialer{Net: elsewhere{}}, accounts.Server{Host: "localhost", Port: 143, Security: accounts.Plain})
	if !errors.Is(err, trouble.ErrPlain) {
		t.Errorf("localhost elsewhere: %v", err)
	}
}

type never struct{ t *testing.T }

func (n never) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	n.t.Errorf("dialled %s", address)
	return nil, errors.New("dialled")
}

// elsewhere gives connections whose other end is another computer.
type elsewhere struct{}

func (elsewhere) DialContext(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	_ = server.Close()
	return farAway{client}, nil
}

type farAway struct{ net.Conn }

func (farAway) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 143} }

// hurried are limits for servers that never answer.
var hurried = Limits{
	Dial: 5 * time.Second, Handshake: 300 * time.Millisecond, First: 150 * time.Millisecond, Progress: 300 * time.Millisecond,
	Idle: 300 * time.Millisecond, Greeting: 200 * time.Millisecond, Reply: 200 * time.Millisecond, Dot: 200 * time.Millisecond, Quit: 100 * time.Millisecond,
}

// patient are limits that a busy machine keeps and a test can wait for.
var patient = Limits{First: time.Second, Progress: time.Second, Idle: time.Hour}

// signedIn gives a connection to a server that signs in and then does as the
// script says with every further command. The limits count from then on, so
// that a busy machine does not fail the sign-in.
func signedIn(t *testing.T, limits Limits, then func(p *peer, line string)) *IMAPConn {
	t.Helper()
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE] ready")
		answers := usual(map[string]string{"AUTHENTICATE": "$ OK [CAPABILITY IMAP4rev1 IDLE] in"})
		delete(answers, "NOOP")
		delete(answers, "LIST")
		for {
			then(p, p.imap(answers))
		}
	})
	c, err := (&Dialer{Roots: ca.pool}).IMAP(bounded(t), s.server(accounts.TLS), credential, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	c.guard.mu.Lock()
	defer c.guard.mu.Unlock()
	c.guard.limits, c.guard.watch.limits = limits.orDefault(), limits.orDefault()
	return c
}

func TestHostileAnswersEndTheConnection(t *testing.T) {
	cases := map[string]string{
		"bomb":         "* 1 FETCH (BODYSTRUCTURE " + strings.Repeat("(", 3_000_000),
		"4 GB literal": "* 1 FETCH (UID 1 BODY[] {4294967296}\r\n",
		"endless line": "* SEARCH " + strings.Repeat("1 ", 10<<20),
	}
	for name, answer := range cases {
		c := signedIn(t, Limits{}, func(p *peer, _ string) { p.raw(answer); p.silence() })
		err := c.Noop().Wait()
		if err == nil || !errors.Is(c.Cause(), trouble.ErrHostile) || key(c.Trouble(trouble.Fetch, err)) != "hostile" {
			t.Errorf("%s: %v, cause %v", name, err, c.Cause())
		}
	}
}

func TestHostileAnswersBeforeSigningIn(t *testing.T) {
	ca := newAuthority(t)
	for name, greeting := range map[string]string{
		"bomb":    "* LIST " + strings.Repeat("(", 3_000_000),
		"line":    "* OK " + strings.Repeat("x", 1<<20),
		"literal": "* LIST () \"/\" {4294967296}\r\n",
	} {
		s := serve(t, ca.leaf(nil), true, func(p *peer) { p.raw(greeting); p.silence() })
		if err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.TLS)); !errors.Is(err, trouble.ErrHostile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := serve(t, ca.leaf(nil), true, func(p *peer) { p.raw("220-" + strings.Repeat("x", 1<<20)); p.silence() })
	if err := dialSMTP(t, &Dialer{Roots: ca.pool}, long.server(accounts.TLS)); !errors.Is(err, trouble.ErrHostile) {
		t.Errorf("SMTP: %v", err)
	}
}

func TestWatchdogNamesWhatStalled(t *testing.T) {
	drip := func(p *peer, _ string) {
		p.raw("* 1 FETCH (UID 1 BODY[] {100000}\r\n")
		for {
			p.raw("x")
			time.Sleep(20 * time.Millisecond)
		}
	}
	cases := map[string]func(p *peer, line string){
		"silent":      func(p *peer, _ string) { p.silence() },
		"mid-literal": func(p *peer, _ string) { p.raw("* 1 FETCH (UID 1 BODY[] {100000}\r\nabc"); p.silence() },
		"mid-line":    func(p *peer, _ string) { p.raw("* LIST () "); p.silence() },
		"slow drip":   drip,
	}
	for name, script := range cases {
		c := signedIn(t, hurried, script)
		err := c.Noop().Wait()
		var stall *trouble.StallError
		if err == nil || !errors.As(c.Cause(), &stall) || stall.Waiting != "NOOP" {
			t.Errorf("%s: %v, cause %v", name, err, c.Cause())
		}
		if got := key(c.Trouble(trouble.Fetch, err)); got != "stalled" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A large answer on a slow line is progress, however long it takes.
func TestSteadyProgressIsNoStall(t *testing.T) {
	limits := patient
	c := signedIn(t, limits, func(p *peer, line string) {
		tag, _, _ := strings.Cut(line, " ")
		for i := range 12 { // one and a half times the limit in all
			p.raw(fmt.Sprintf("* %d EXISTS\r\n", i))
			time.Sleep(limits.Progress / 8)
		}
		p.say(tag + " OK done")
	})
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestQuietConnectionsAndIdleAreNotCutShort(t *testing.T) {
	limits := patient
	c := signedIn(t, limits, func(p *peer, line string) {
		tag, word, _ := strings.Cut(line, " ")
		if word == "IDLE" {
			p.say("+ idling")
			p.line()
		}
		p.say(tag + " OK done")
	})
	time.Sleep(limits.Progress * 5 / 4)
	c.Idling(true)
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(limits.Progress * 5 / 4)
	if err := errors.Join(idle.Close(), idle.Wait()); err != nil {
		t.Fatalf("%v, cause %v", err, c.Cause())
	}
	c.Idling(false)
	if err := c.Noop().Wait(); err != nil {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestIdleIsBoundedAndItsStartWatched(t *testing.T) {
	limits := patient
	limits.First, limits.Idle = 20*time.Second, 200*time.Millisecond
	c := signedIn(t, limits, func(p *peer, _ string) { p.say("+ idling"); p.silence() })
	c.Idling(true)
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	<-c.Closed()
	_ = idle.Close()
	var stall *trouble.StallError
	if !errors.As(c.Cause(), &stall) || stall.Waiting != "IDLE not renewed" {
		t.Errorf("not renewed: %v", c.Cause())
	}
	c = signedIn(t, hurried, func(p *peer, _ string) { p.silence() })
	c.Idling(true)
	if _, err := c.Idle(); err == nil || !errors.Is(c.Cause(), trouble.ErrStalled) {
		t.Errorf("IDLE without an answer: %v, %v", err, c.Cause())
	}
}

func TestSilentServersBeforeSigningIn(t *testing.T) {
	ca := newAuthority(t)
	d := &Dialer{Roots: ca.pool, Limits: hurried}
	silent := func(p *peer) { p.silence() }
	for _, c := range []struct {
		security accounts.Security
		implicit bool
	}{{accounts.TLS, false}, {accounts.TLS, true}, {accounts.StartTLS, false}} {
		s := serve(t, ca.leaf(nil), c.implicit, silent)
		for name, err := range map[string]error{
			"imap": dialIMAP(t, d, s.server(c.security)), "smtp": dialSMTP(t, d, s.server(c.security)),
		} {
			if k := key(err); k != "stalled" && k != "timeout" {
				t.Errorf("%s %s implicit %v: %v (%s)", name, c.security, c.implicit, err, k)
			}
		}
	}
}

func TestSignInEndsWithItsContext(t *testing.T) {
	ca := newAuthority(t)
	for _, implicit := range []bool{true, false} {
		arrived := make(chan struct{}, 10)
		s := serve(t, ca.leaf(nil), implicit, func(p *peer) { arrived <- struct{}{}; p.silence() })
		security := accounts.StartTLS
		if implicit {
			security = accounts.TLS
		}
		for _, dial := range []func(ctx context.Context) error{
			func(ctx context.Context) error {
				_, err := (&Dialer{Roots: ca.pool}).IMAP(ctx, s.server(security), credential, nil)
				return err
			},
			func(ctx context.Context) error {
				_, err := (&Dialer{Roots: ca.pool}).SMTP(ctx, s.server(security), "[127.0.0.1]", credential)
				return err
			},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-arrived; cancel() }()
			if err := dial(ctx); !errors.Is(err, context.Canceled) || key(err) != "cancelled" {
				t.Errorf("implicit %v: %v", implicit, err)
			}
		}
	}
}

func TestARefusedCredentialIsRenewedOnce(t *testing.T) {
	ca := newAuthority(t)
	for name, refuse := range map[string]int{"fresh one works": 1, "fresh one is refused": 2} {
		var mu sync.Mutex
		left := refuse
		no := func() bool {
			mu.Lock()
			defer mu.Unlock()
			left--
			return left >= 0
		}
		in := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("* OK ready")
			answer := "$ OK in"
			if no() {
				answer = "$ NO [AUTHENTICATIONFAILED] " + secret + " is wrong"
			}
			p.imap(usual(map[string]string{"AUTHENTICATE": answer}))
		})
		asked := 0
		cred := func(_ context.Context, renew bool) (Credential, error) {
			if renew != (asked == 1) {
				t.Errorf("%s: call %d with renew %v", name, asked, renew)
			}
			asked++
			return Credential{User: "ada", Secret: secret + strings.Repeat("+", asked)}, nil
		}
		c, err := (&Dialer{Roots: ca.pool}).IMAP(bounded(t), in.server(accounts.TLS), cred, nil)
		if (err == nil) != (refuse == 1) || asked != 2 || in.connections() != 2 {
			t.Errorf("%s: %v, asked %d, connections %d", name, err, asked, in.connections())
		}
		if err != nil && (!Refused(err) || key(err) != "wrong-password") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

// A password that did not change is not sent again: servers lock accounts.
func TestTheSameCredentialIsNotSentTwice(t *testing.T) {
	ca := newAuthority(t)
	in := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK ready")
		p.imap(usual(map[string]string{"AUTHENTICATE": "$ NO [AUTHENTICATIONFAILED] wrong: " + secret}))
	})
	out := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250 AUTH PLAIN")
		p.line()
		p.say("535 5.7.8 no, not " + secret)
	})
	d := &Dialer{Roots: ca.pool}
	for s, err := range map[*scripted]error{
		in: dialIMAP(t, d, in.server(accounts.TLS)), out: dialSMTP(t, d, out.server(accounts.TLS)),
	} {
		if !Refused(err) || key(err) != "wrong-password" || s.connections() != 1 {
			t.Errorf("%v, connections %d", err, s.connections())
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the secret is in the error: %v", err)
		}
	}
}

func TestTemporaryRefusalIsNotAboutThePassword(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK ready")
		p.imap(usual(map[string]string{"AUTHENTICATE": "$ NO [UNAVAILABLE] back end is down"}))
	})
	err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.TLS))
	if c := trouble.Explain(err); Refused(err) || c.SignIn || !c.Temporary {
		t.Errorf("%v: %+v", err, c)
	}
}

func TestGoodbyeIsTheCause(t *testing.T) {
	c := signedIn(t, Limits{}, func(p *peer, _ string) {
		p.say("* BYE [UNAVAILABLE] restarting")
		panic(hangup{})
	})
	err := c.Noop().Wait()
	if err == nil || key(c.Trouble(trouble.Fetch, err)) != "unavailable" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestALostConnectionSaysSo(t *testing.T) {
	c := signedIn(t, Limits{}, func(*peer, string) { panic(hangup{}) })
	err := c.Noop().Wait()
	if err == nil || !errors.Is(c.Cause(), io.ErrUnexpectedEOF) || key(c.Trouble(trouble.Fetch, err)) != "lost" {
		t.Errorf("%v, cause %v", err, c.Cause())
	}
}

func TestLoginFallback(t *testing.T) {
	ca := newAuthority(t)
	in := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK ready")
		p.imap(usual(map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1|$ OK done"}))
	})
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, in.server(accounts.TLS)); err != nil || !strings.Contains(in.all(), "LOGIN \"ada\"") {
		t.Errorf("IMAP: %v\n%s", err, in.all())
	}
	out := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250 AUTH XOAUTH2 LOGIN")
		for _, answer := range []string{"334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 in"} {
			p.line()
			p.say(answer)
		}
		p.silence()
	})
	if err := dialSMTP(t, &Dialer{Roots: ca.pool}, out.server(accounts.TLS)); err != nil {
		t.Errorf("SMTP: %v", err)
	}
}

// Nothing that is logged, returned or printed holds the password in any form.
func TestNoSecretIsLogged(t *testing.T) {
	ca := newAuthority(t)
	var log syncBuffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 10, AddSource: true}))
	d := &Dialer{Roots: ca.pool, Log: logger}
	for _, answer := range []string{"$ OK in", "$ NO bad: %s", "$ BAD %s"} {
		in := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("* OK ready")
			for {
				line := p.line()
				tag, _, _ := strings.Cut(line, " ")
				if strings.Contains(line, "AUTHENTICATE") {
					p.say(strings.ReplaceAll(strings.ReplaceAll(answer, "$", tag), "%s", line+secret))
					continue
				}
				p.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", tag+" OK done")
			}
		})
		if err := dialIMAP(t, d, in.server(accounts.TLS)); err != nil {
			logger.Error("failed", "err", err, "cause", trouble.Explain(err))
		}
	}
	out := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250 AUTH PLAIN")
		p.say("535 no: " + p.line() + " " + secret)
	})
	if err := dialSMTP(t, d, out.server(accounts.TLS)); err != nil {
		logger.Error("failed", "err", err, "cause", trouble.Explain(err))
	}
	c := Credential{User: "ada", Secret: secret}
	logger.Info("credential", "c", c, "p", &c, "text", fmt.Sprintf("%v %+v %#v %s", c, c, c, c))
	if text := log.String(); leaks(text) || !strings.Contains(text, "signed in") {
		t.Errorf("log:\n%s", text)
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
