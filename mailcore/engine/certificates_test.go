package engine_test

import (
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// unsure is an account of u whose servers' certificates the profile cannot verify.
func unsure(t *testing.T, p *profile, u mailtest.User, change func(*accounts.Account)) mailcore.AccountID {
	t.Helper()
	a := u.Account()
	change(&a)
	if err := p.engine.Accounts().Adopt(t.Context(), a, u.Password); err != nil {
		t.Fatal(err)
	}
	return mailcore.AccountID(a.ID)
}

// told waits until an account says that something is wrong.
func told(t *testing.T, p *profile, id mailcore.AccountID, key string) {
	t.Helper()
	until(t, key, func() bool {
		s, err := p.engine.Accounts().Status(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return s.Problem != nil && s.Problem.Key == key
	})
}

func TestAnUnknownCertificateIsAcceptedForOneServerAtATime(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, mailtest.NewCA(t).Pool()) // trusts somebody else
	e := p.open(false)
	id := unsure(t, p, u, func(*accounts.Account) {})
	told(t, p, id, "trouble.certificate-unknown")
	list, err := e.Accounts().Certificates(t.Context(), id)
	if err != nil || len(list) != 2 || list[0].Proto != "imap" || list[1].Proto != "smtp" || list[0].Issuer == "" || list[0].Accepted != "" {
		t.Fatalf("%v: %+v", err, list)
	}
	if strings.Contains(h.Logs(), "user=<"+u.Login+">") {
		t.Error("it signed in to a server that it could not verify")
	}
	if err := e.Accounts().Trust(id, list[0]); err != nil {
		t.Fatal(err)
	}
	watching(t, e, string(id))
	if !strings.Contains(h.Logs(), "user=<"+u.Login+">") {
		t.Error("the log does not say who signs in: the test proves nothing")
	}
	if left, err := e.Accounts().Certificates(t.Context(), id); err != nil || len(left) != 1 || left[0].Proto != "smtp" {
		t.Errorf("still to accept: %v: %+v", err, left)
	}
	if err := e.Accounts().Trust(id, list[1]); err != nil {
		t.Fatal(err)
	}
	if left, err := e.Accounts().Certificates(t.Context(), id); err != nil || len(left) != 0 {
		t.Errorf("still to accept: %v: %+v", err, left)
	}
}

func TestAChangedCertificateWarnsAndNobodySignsIn(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	e := p.open(false)
	before := strings.Repeat("ab", 32)
	id := unsure(t, p, u, func(a *accounts.Account) { a.IMAP.Pin = before })
	told(t, p, id, "trouble.pin-changed")
	s, err := e.Accounts().Status(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.Accounts().Certificates(t.Context(), id)
	if err != nil || len(list) != 1 || list[0].Accepted != before || s.Problem.Args["Fingerprint"] != accounts.GroupFingerprint(list[0].Fingerprint) {
		t.Fatalf("%v: %+v, told %v", err, list, s.Problem.Args)
	}
	if strings.Contains(h.Logs(), "user=<"+u.Login+">") {
		t.Error("it signed in to another certificate than the accepted one")
	}
	if err := e.Accounts().Trust(id, list[0]); err != nil {
		t.Fatal(err)
	}
	watching(t, e, string(id))
	if a, _ := e.Accounts().Get(id); a.IMAP.Pin != list[0].Fingerprint || a.SMTP.Pin != "" {
		t.Errorf("%+v", a)
	}
	stale := list[0]
	stale.Host = "elsewhere.example.org"
	if err := e.Accounts().Trust(id, stale); err == nil {
		t.Error("a certificate was accepted for a server that the account does not have")
	}
}
