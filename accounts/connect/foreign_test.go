package connect

import (
	"slices"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// What another kind of server greets with under TLS, by what it is told as.
func TestOtherProtocolsAreNamed(t *testing.T) {
	ca := newAuthority(t)
	d := &Dialer{Roots: ca.pool}
	for _, c := range []struct {
		greeting, imap, smtp string
	}{
		{"220 mail ESMTP", "smtp-on-imap", ""},
		{"* OK ready", "", "imap-on-smtp"},
		{"* OK [CAPABILITY IMAP4rev1] ready", "", "imap-on-smtp"},
		{"HTTP/1.1 400 Bad Request", "web-server", "web-server"},
		{"+OK POP3 ready", "pop-server", "pop-server"},
	} {
		s := serve(t, ca.leaf(nil), true, func(p *peer) { p.say(c.greeting); p.silence() })
		if c.imap != "" {
			if err := dialIMAP(t, d, s.server(accounts.TLS)); key(err) != c.imap {
				t.Errorf("IMAP, %q: %v (%s)", c.greeting, err, key(err))
			}
		}
		if c.smtp != "" {
			if err := dialSMTP(t, d, s.server(accounts.TLS)); key(err) != c.smtp {
				t.Errorf("SMTP, %q: %v (%s)", c.greeting, err, key(err))
			}
		}
		s.close()
		if leaks(s.all()) {
			t.Errorf("%q: credentials sent:\n%s", c.greeting, s.all())
		}
	}
}

// A port in clear that is used with TLS.
func TestPortsInClearAreNamed(t *testing.T) {
	ca := newAuthority(t)
	d := &Dialer{Roots: ca.pool}
	imap := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("* OK ready"); p.silence() })
	if err := dialIMAP(t, d, imap.server(accounts.TLS)); key(err) != "wants-starttls" {
		t.Errorf("%v (%s)", err, key(err))
	}
	if err := dialSMTP(t, d, imap.server(accounts.TLS)); key(err) != "imap-on-smtp" {
		t.Errorf("%v (%s)", err, key(err))
	}
	smtp := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("220 ready"); p.silence() })
	if err := dialSMTP(t, d, smtp.server(accounts.TLS)); key(err) != "wants-starttls" {
		t.Errorf("%v (%s)", err, key(err))
	}
}

func TestStagesAreToldAsTheyPass(t *testing.T) {
	ca := newAuthority(t)
	imap := serve(t, ca.leaf(nil), true, func(p *peer) { p.say("* OK ready"); p.imap(usual(nil)) })
	smtp := serve(t, ca.leaf(nil), false, func(p *peer) { p.say("220 ready"); p.smtp("STARTTLS", "AUTH PLAIN") })
	var mu sync.Mutex
	var got []string
	d := &Dialer{Roots: ca.pool, Passed: func(proto string, s trouble.Stage) {
		mu.Lock()
		got = append(got, proto+" "+string(s))
		mu.Unlock()
	}}
	if err := dialIMAP(t, d, imap.server(accounts.TLS)); err != nil {
		t.Fatal(err)
	}
	if err := dialSMTP(t, d, smtp.server(accounts.StartTLS)); err != nil {
		t.Fatal(err)
	}
	want := []string{"imap dial", "imap tls", "imap greeting", "imap auth", "smtp dial", "smtp tls", "smtp greeting", "smtp auth"}
	if !slices.Equal(got, want) {
		t.Errorf("passed %v, want %v", got, want)
	}
}

// go-imap tells of a BYE in the greeting only now and then: its words must not
// be lost.
func TestAFarewellForAGreetingKeepsItsWords(t *testing.T) {
	ca := newAuthority(t)
	s := serve(t, ca.leaf(nil), true, func(p *peer) { p.say("* BYE [UNAVAILABLE] Too many connections"); p.silence() })
	for range 30 {
		if err := dialIMAP(t, &Dialer{Roots: ca.pool}, s.server(accounts.TLS)); key(err) != "too-many" {
			t.Fatalf("%v (%s)", err, key(err))
		}
	}
}
