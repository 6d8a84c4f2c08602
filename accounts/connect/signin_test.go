package connect

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

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
