package connect

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

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
		"no greeting":        {func(p *peer) { p.say("SSH-2.0-OpenSSH_9") }, "refused"},
		"a web page":         {func(p *peer) { p.say("HTTP/1.1 200 OK") }, "web-server"},
		"SMTP":               {func(p *peer) { p.say("220 ready") }, "smtp-on-imap"},
		"bye and referral":   {after("* BYE [REFERRAL imap://evil.example/] go there\r\n" + startTLSTag + " NO no"), "no-starttls"},
		"referral as answer": {after(startTLSTag + " NO [REFERRAL imap://evil.example/] go there"), "no-starttls"},
		"alert as answer":    {after(startTLSTag + " BAD [ALERT] visit evil.example"), "no-starttls"},
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

// PREAUTH is no way around the sign-in under TLS either: nobody has said who is
// signed in.
func TestPreAuthUnderTLSIsRefused(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* PREAUTH [CAPABILITY IMAP4rev1] welcome")
		p.imap(usual(nil))
	})
	if err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.TLS)); !errors.Is(err, trouble.ErrPreAuth) {
		t.Errorf("%v", err)
	}
	s.close()
	if leaks(s.all()) {
		t.Errorf("credentials sent:\n%s", s.all())
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
		"no greeting":      {func(p *peer) { p.say("554 go away to evil.example") }, "refused"},
		"a web page":       {func(p *peer) { p.say("HTTP/1.1 200 OK") }, "web-server"},
		"IMAP":             {func(p *peer) { p.say("* OK ready") }, "imap-on-smtp"},
		"IMAP signed in":   {func(p *peer) { p.say("* PREAUTH welcome") }, "imap-on-smtp"},
		"refused for good": {answer(offer, "554 go to evil.example"), "no-starttls"},
		"signed in before": {answer(offer, "235 2.7.0 you are signed in"), "no-starttls"},
		"referral":         {answer(offer, "551 user not local; please try evil.example"), "no-starttls"},
		"injected reply":   {answer(offer, "220 go\r\n235 2.7.0 you are signed in"), "tampered"},
		"OK and then no TLS": {func(p *peer) {
			p.say("220 ready")
			p.line()
			p.say("250-mail", "250 STARTTLS")
			p.line()
			p.say("220 go")
			time.Sleep(50 * time.Millisecond) // so that it comes after the OK was read
			p.say("250-mail", "250 AUTH PLAIN")
			p.silence()
		}, "tampered"},
		"not SMTP":      {func(p *peer) { p.say("x") }, "tampered"},
		"endless reply": {answer([]string{strings.Repeat("250-X\r\n", 300) + "250-Y"}, ""), "tampered"},
		"endless line":  {answer([]string{"250-" + strings.Repeat("X", 100_000)}, ""), "hostile"},
	}
	for name, c := range cases {
		s := serve(t, ca.leaf(nil), false, c.script)
		err := dialSMTP(t, &Dialer{Roots: ca.pool}, s.server(accounts.StartTLS))
		if err == nil || key(err) != c.want {
			t.Errorf("%s: %v (%s), want %s", name, err, key(err), c.want)
		}
		if err != nil && strings.Contains(err.Error(), "evil") {
			t.Errorf("%s: the server's words in clear came through: %v", name, err)
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
