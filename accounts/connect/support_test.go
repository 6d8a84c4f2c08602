package connect

import (
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

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
