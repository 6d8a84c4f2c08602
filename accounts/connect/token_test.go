package connect

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

const token = "canary.ya29-Zx9~token"

func decoded(t *testing.T, text string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Errorf("%q is not base64", text)
	}
	return string(b)
}

// tokens gives one token after the other.
func tokens(user string, list ...string) (CredentialFunc, func() int) {
	var mu sync.Mutex
	asked := 0
	return func(context.Context, bool) (Credential, error) {
			mu.Lock()
			defer mu.Unlock()
			asked++
			if asked > len(list) {
				return Credential{}, trouble.ErrRevoked
			}
			return Credential{User: user, Secret: list[asked-1], Token: true}, nil
		}, func() int {
			mu.Lock()
			defer mu.Unlock()
			return asked
		}
}

// last returns the last word of the line that has word in it.
func last(t *testing.T, heard, word string) string {
	t.Helper()
	for line := range strings.Lines(heard) {
		if fields := strings.Fields(line); slices.Contains(fields, word) {
			return fields[len(fields)-1]
		}
	}
	t.Fatalf("no %s in:\n%s", word, heard)
	return ""
}

func TestATokenGoesThroughWhatTheServerOffers(t *testing.T) {
	ca := newAuthority(t)
	for offer, want := range map[string]struct{ mechanism, start string }{
		"AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER": {"OAUTHBEARER", "n,a=a=2Cd=3Da@example.org,\x01port="},
		"AUTH=PLAIN AUTH=xoauth2":                  {"XOAUTH2", "user=a,d=a@example.org\x01auth=Bearer " + token + "\x01\x01"},
	} {
		in := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("* OK ready")
			p.imap(usual(map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1 SASL-IR " + offer + "|$ OK done"}))
		})
		out := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("220 ready")
			p.line()
			p.say("250-mail", "250 AUTH "+strings.ReplaceAll(offer, "AUTH=", ""))
			p.line()
			p.say("235 in")
			p.silence()
		})
		d := &Dialer{Roots: ca.pool}
		cred, _ := tokens("a,d=a@example.org", token)
		c, err := d.IMAP(bounded(t), in.server(accounts.TLS), cred, nil)
		if err != nil {
			t.Fatalf("%s: %v", offer, err)
		}
		_ = c.Close()
		cred, _ = tokens("a,d=a@example.org", token)
		s, err := d.SMTP(bounded(t), out.server(accounts.TLS), "[127.0.0.1]", cred)
		if err != nil {
			t.Fatalf("%s: %v", offer, err)
		}
		_ = s.Close()
		for _, heard := range []string{in.all(), out.all()} {
			said := decoded(t, last(t, heard, want.mechanism))
			if !strings.HasPrefix(said, want.start) || !strings.HasSuffix(said, "\x01auth=Bearer "+token+"\x01\x01") {
				t.Errorf("%s: %q", offer, said)
			}
		}
	}
}

// A server that refuses a token says why first; its NO comes after the answer to
// that. One renewed token is tried, and no more.
func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	ca := newAuthority(t)
	why := base64.StdEncoding.EncodeToString([]byte(`{"status":"invalid_token"}`))
	for mechanism, answer := range map[string]string{"OAUTHBEARER": "AQ==", "XOAUTH2": ""} {
		in := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("* OK ready")
			line := p.imap(map[string]string{"CAPABILITY": "* CAPABILITY IMAP4rev1 SASL-IR AUTH=" + mechanism + "|$ OK done"})
			tag, _, _ := strings.Cut(line, " ")
			p.say("+ " + why)
			if got := p.line(); got != answer {
				t.Errorf("%s: the challenge is answered with %q", mechanism, got)
			}
			p.say(tag + " NO [AUTHENTICATIONFAILED] no: " + line)
		})
		out := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("220 ready")
			p.line()
			p.say("250-mail", "250 AUTH PLAIN "+mechanism)
			line := p.line()
			p.say("334 " + why)
			if got := p.line(); got != answer {
				t.Errorf("%s: the challenge is answered with %q", mechanism, got)
			}
			p.say("535 5.7.8 no: " + line)
		})
		d := &Dialer{Roots: ca.pool}
		imapTokens, imapAsked := tokens("ada", token, token+"2", token+"3")
		_, imapErr := d.IMAP(bounded(t), in.server(accounts.TLS), imapTokens, nil)
		smtpTokens, smtpAsked := tokens("ada", token, token+"2", token+"3")
		_, smtpErr := d.SMTP(bounded(t), out.server(accounts.TLS), "[127.0.0.1]", smtpTokens)
		for _, err := range []error{imapErr, smtpErr} {
			if !Refused(err) || key(err) != "token-refused" || !trouble.Explain(err).SignIn {
				t.Errorf("%s: %v: %s", mechanism, err, key(err))
			}
			if strings.Contains(err.Error(), token) || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte("Bearer " + token))[4:20]) {
				t.Errorf("%s: the token is in %v", mechanism, err)
			}
		}
		if imapAsked() != 2 || smtpAsked() != 2 || in.connections() != 2 || out.connections() != 2 {
			t.Errorf("%s: asked %d and %d, connected %d and %d", mechanism, imapAsked(), smtpAsked(), in.connections(), out.connections())
		}
	}
}

func TestARevokedPermissionIsWhatCounts(t *testing.T) {
	ca := newAuthority(t)
	in := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("* OK ready")
		p.imap(usual(map[string]string{
			"CAPABILITY":   "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2|$ OK done",
			"AUTHENTICATE": "$ NO [AUTHENTICATIONFAILED] no",
		}))
	})
	cred, _ := tokens("ada", token)
	_, err := (&Dialer{Roots: ca.pool}).IMAP(bounded(t), in.server(accounts.TLS), cred, nil)
	if !errors.Is(err, trouble.ErrRevoked) || key(err) != "token-revoked" || in.connections() != 1 {
		t.Errorf("%v, %d connections", err, in.connections())
	}
}

// A token that does not fit into a command goes into a line of its own.
func TestALongTokenInSMTP(t *testing.T) {
	ca := newAuthority(t)
	long := token + strings.Repeat("x", 3000)
	out := serve(t, ca.leaf(nil), true, func(p *peer) {
		p.say("220 ready")
		p.line()
		p.say("250-mail", "250 AUTH XOAUTH2")
		if got := p.line(); got != "AUTH XOAUTH2" {
			t.Errorf("%q", got)
		}
		p.say("334 ")
		if got := decoded(t, p.line()); got != "user=ada\x01auth=Bearer "+long+"\x01\x01" {
			t.Errorf("%q", got)
		}
		p.say("235 in")
		p.silence()
	})
	cred, _ := tokens("ada", long)
	c, err := (&Dialer{Roots: ca.pool}).SMTP(bounded(t), out.server(accounts.TLS), "[127.0.0.1]", cred)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

func TestATokenIsNoPasswordAndNoPasswordAToken(t *testing.T) {
	ca := newAuthority(t)
	for offer, sent := range map[string]Credential{
		"PLAIN LOGIN":         {User: "ada", Secret: token, Token: true},
		"XOAUTH2 OAUTHBEARER": {User: "ada", Secret: secret},
	} {
		in := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("* OK ready")
			p.imap(usual(map[string]string{
				"CAPABILITY": "* CAPABILITY IMAP4rev1 SASL-IR LOGINDISABLED AUTH=" + strings.ReplaceAll(offer, " ", " AUTH=") + "|$ OK done",
			}))
		})
		out := serve(t, ca.leaf(nil), true, func(p *peer) {
			p.say("220 ready")
			p.line()
			p.say("250-mail", "250 AUTH "+offer)
			p.silence()
		})
		d := &Dialer{Roots: ca.pool}
		cred := func(context.Context, bool) (Credential, error) { return sent, nil }
		if _, err := d.IMAP(bounded(t), in.server(accounts.TLS), cred, nil); err == nil || strings.Contains(in.all(), "AUTHENTICATE") || strings.Contains(in.all(), "LOGIN ") {
			t.Errorf("%s: %v\n%s", offer, err, in.all())
		}
		if _, err := d.SMTP(bounded(t), out.server(accounts.TLS), "[127.0.0.1]", cred); err == nil || strings.Contains(out.all(), "AUTH ") {
			t.Errorf("%s: %v\n%s", offer, err, out.all())
		}
	}
}
