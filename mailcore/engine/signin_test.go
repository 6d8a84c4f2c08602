package engine_test

import (
	"errors"
	"testing"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

func TestANewPasswordIsTriedBeforeItIsKept(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	e := p.open(false)
	a := p.add(u)
	watching(t, e, a.ID)

	h.SetPassword(t, u, "second")
	err := e.Accounts().SignIn(t.Context(), mailcore.AccountID(a.ID), "wrong")
	var problem *mailcore.Problem
	if !errors.As(err, &problem) || problem.Key != trouble.WrongPassword {
		t.Fatalf("a wrong password: %v", err)
	}
	if kept, err := p.secrets.Get(t.Context(), a.ID); err != nil || kept != u.Password {
		t.Error("the wrong password took the place of the old one")
	}
	if err := e.Accounts().SignIn(t.Context(), mailcore.AccountID(a.ID), "second"); err != nil {
		t.Fatal(err)
	}
	if kept, err := p.secrets.Get(t.Context(), a.ID); err != nil || kept != "second" {
		t.Error("the new password is not kept")
	}
	watching(t, e, a.ID)
}
