package engine_test

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// far is a name of the mail host that only roads knows.
const far = "mail." + mailtest.Domain

// roads leads far names to real servers. What leads nowhere is refused, and the
// system's network has the rest.
type roads struct {
	mu sync.Mutex
	to map[string]string
}

func (r *roads) lead(from, to string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to[from] = to
}

func (r *roads) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	r.mu.Lock()
	to, known := r.to[address]
	r.mu.Unlock()
	switch {
	case known && to == "":
		return nil, syscall.ENETUNREACH
	case known:
		address = to
	case strings.Contains(address, mailtest.Domain):
		return nil, syscall.ECONNREFUSED
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// blockedProfile has an account that sends through far:465, where nobody is.
func blockedProfile(t *testing.T, h *mailtest.Host) (*profile, *engine.Engine, accounts.Account, *roads) {
	t.Helper()
	r := &roads{to: map[string]string{}}
	p := newProfile(t, h.Roots)
	p.network = r
	e := p.open(false)
	u := h.NewUser(t)
	a := u.Account()
	a.SMTP.Host, a.SMTP.Port = far, 465
	if err := e.Accounts().Adopt(t.Context(), a, u.Password); err != nil {
		t.Fatal(err)
	}
	return p, e, a, r
}

// write sends a letter of an account's.
func write(t *testing.T, e *engine.Engine, a accounts.Account, to, subject string) {
	t.Helper()
	if _, err := e.Outbox().SendRaw(t.Context(), mailcore.AccountID(a.ID), letter(a.Email, to, subject, "hello")); err != nil {
		t.Fatal(err)
	}
}

// waits returns the outbox's only message once it waits for a reason.
func waits(t *testing.T, e *engine.Engine) mailcore.Outgoing {
	t.Helper()
	var row mailcore.Outgoing
	until(t, "a message that waits", func() bool {
		list, err := e.Outbox().List(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 1 {
			row = list[0]
		}
		return row.State == mailcore.Queued && row.Problem != nil
	})
	return row
}

func offers(t *testing.T, e *engine.Engine) []engine.Offer {
	t.Helper()
	list, err := e.Outbox().Offers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAnotherPortIsOfferedAndTakenBack(t *testing.T) {
	h := host.Get(t)
	p, e, a, r := blockedProfile(t, h)
	to := h.NewUser(t)
	r.lead(far+":587", h.SMTPStartTLS.Address())
	write(t, e, a, to.Email, "through another port")

	row := waits(t, e)
	if row.Problem.Key != "trouble.port-refused" {
		t.Errorf("it waits because of %s", row.Problem.Key)
	}
	list := offers(t, e)
	if len(list) != 1 || list[0].Way != "starttls://"+far+":587" || list[0].Key != "instead.offer.port" || list[0].Args["Port"] != 587 {
		t.Fatalf("offered: %+v", list)
	}
	if kept, _ := p.file.Get(a.ID); kept.Instead != nil || len(h.Fetch(t, to, "INBOX")) > 0 {
		t.Fatal("it was used before anybody agreed")
	}
	// What was never offered cannot be accepted.
	for _, way := range []string{"plain://" + far + ":25", "tls://evil.example:465", ""} {
		if err := e.Outbox().Accept(t.Context(), engine.Offer{Account: mailcore.AccountID(a.ID), Way: way}); err == nil {
			t.Errorf("accepted %q", way)
		}
	}

	if err := e.Outbox().Accept(t.Context(), list[0]); err != nil {
		t.Fatal(err)
	}
	h.Await(t, to, "INBOX", func(got []mailtest.Stored) bool { return len(got) == 1 })
	await(t, e, mailcore.RoleSent, "through another port")
	if len(offers(t, e)) != 0 {
		t.Error("still offered")
	}
	kept, _ := p.file.Get(a.ID)
	key, args := e.Outbox().Detour(kept)
	if key != "instead.now.port" || args["Port"] != 587 || kept.SMTP != a.SMTP {
		t.Errorf("%s %v, %+v", key, args, kept.SMTP)
	}

	// It is remembered by the file, and taken back.
	p.close()
	e = p.open(false)
	write(t, e, a, to.Email, "the next one too")
	h.Await(t, to, "INBOX", func(got []mailtest.Stored) bool { return len(got) == 2 })
	await(t, e, mailcore.RoleSent, "the next one too")
	if err := e.Outbox().AsBefore(mailcore.AccountID(a.ID)); err != nil {
		t.Fatal(err)
	}
	write(t, e, a, to.Email, "waits again")
	waits(t, e)
	if list := offers(t, e); len(list) != 1 {
		t.Errorf("offered again: %+v", list)
	}
	if kept, _ := p.file.Get(a.ID); kept.Instead != nil {
		t.Error("not taken back")
	}
	r.lead(far+":465", h.SMTP.Address())
	e.Accounts().Refresh("")
	h.Await(t, to, "INBOX", func(got []mailtest.Stored) bool { return len(got) == 3 })
}

func TestAnotherAccountIsOffered(t *testing.T) {
	h := host.Get(t)
	p, e, a, _ := blockedProfile(t, h)
	other := p.add(h.NewUser(t)) // of the same domain, at another host
	to := h.NewUser(t)
	write(t, e, a, to.Email, "through another account")
	waits(t, e)
	list := offers(t, e)
	if len(list) != 1 || list[0].Key != "instead.offer.account" || list[0].Args["Other"] != other.Email {
		t.Fatalf("offered: %+v", list)
	}
	if err := e.Outbox().Accept(t.Context(), list[0]); err != nil {
		t.Fatal(err)
	}
	h.Await(t, to, "INBOX", func(got []mailtest.Stored) bool { return len(got) == 1 })
	until(t, "the copy in the account's own Sent", func() bool {
		for _, m := range rows(t, e, mailcore.RoleSent) {
			if string(m.Account) == a.ID && m.Subject == "through another account" {
				return true
			}
		}
		return false
	})
	if kept, _ := p.file.Get(a.ID); kept.Instead == nil || kept.Instead.Account != other.ID {
		t.Errorf("%+v", kept.Instead)
	}
	// With the other account its way ends: nothing is sent by it, and the usual
	// server is what is waited for.
	if err := e.Accounts().Remove(t.Context(), mailcore.AccountID(other.ID)); err != nil {
		t.Fatal(err)
	}
	write(t, e, a, to.Email, "waits")
	if row := waits(t, e); row.Problem.Key != "trouble.port-refused" || row.Problem.Args["Host"] != far {
		t.Errorf("it waits because of %+v", row.Problem)
	}
	kept, _ := p.file.Get(a.ID)
	if key, _ := e.Outbox().Detour(kept); key != "" || len(offers(t, e)) != 0 {
		t.Error("the removed account's way is still told of")
	}
}

// TestWhatIsNotOffered has servers that are there, and that nobody may trust.
func TestWhatIsNotOffered(t *testing.T) {
	h := host.Get(t)
	t.Run("no verified TLS", func(t *testing.T) {
		stripped := mailtest.Script(t, mailtest.ScriptOptions{}, "S: 220 ready\nC: EHLO ...\nS: 250 ready\n!close")
		_, e, a, r := blockedProfile(t, h)
		r.lead(far+":465", stranger(t))
		r.lead(far+":587", stripped.Server.Address())
		write(t, e, a, "someone@"+mailtest.Domain, "waits")
		if row := waits(t, e); !strings.HasPrefix(row.Problem.Key, "trouble.certificate") {
			t.Errorf("it waits because of %s", row.Problem.Key)
		}
		if list := offers(t, e); len(list) > 0 {
			t.Errorf("offered: %+v", list)
		}
	})
	t.Run("no network", func(t *testing.T) {
		_, e, a, r := blockedProfile(t, h)
		r.lead(far+":465", "")
		r.lead(far+":587", h.SMTPStartTLS.Address())
		write(t, e, a, "someone@"+mailtest.Domain, "waits")
		if row := waits(t, e); row.Problem.Key != "trouble.no-network" {
			t.Errorf("it waits because of %s", row.Problem.Key)
		}
		if list := offers(t, e); len(list) > 0 {
			t.Errorf("offered: %+v", list)
		}
	})
}

// stranger is somebody in between, who shows a certificate of their own.
func stranger(t *testing.T) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{mailtest.SelfSigned(t, far)}})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				if c.(*tls.Conn).HandshakeContext(t.Context()) == nil {
					t.Error("it was believed")
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String()
}
