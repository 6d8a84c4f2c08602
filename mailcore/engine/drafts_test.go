package engine

import (
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

func TestAnAnswerComesFromWhomTheMessageWasWrittenTo(t *testing.T) {
	e, _ := stage(t)
	a := accounts.Account{ID: puppetAccount, Email: "ada@example.org", Identities: []accounts.Identity{
		{Name: "Ada", Email: "ada@example.org"}, {Name: "Sales", Email: "sales@example.org"}, {Name: "Info", Email: "info@example.org"},
	}}
	to := func(list ...string) []mailcore.Address {
		var out []mailcore.Address
		for _, s := range list {
			out = append(out, mailcore.Address{Addr: s})
		}
		return out
	}
	for name, c := range map[string]struct {
		to, cc, from []mailcore.Address
		raw, want    string
	}{
		"to the second":        {to: to("x@example.net", "SALES@example.org"), want: "sales@example.org"},
		"to before copy":       {to: to("info@example.org"), cc: to("ada@example.org"), want: "info@example.org"},
		"in the order of To":   {to: to("info@example.org", "sales@example.org"), want: "info@example.org"},
		"copy":                 {to: to("x@example.net"), cc: to("info@example.org"), want: "info@example.org"},
		"a list":               {to: to("list@example.net"), raw: "Delivered-To: info@example.org\r\n\r\n", want: "info@example.org"},
		"one's own message":    {to: to("x@example.net"), from: to("sales@example.org"), want: "sales@example.org"},
		"nobody we know":       {to: to("x@example.net"), raw: "Delivered-To: y@example.net\r\n\r\n", want: "ada@example.org"},
		"named in the text":    {to: to("x@example.net"), raw: "Subject: x\r\n\r\nDelivered-To: info@example.org\r\n", want: "ada@example.org"},
		"nothing known at all": {want: "ada@example.org"},
	} {
		content := mailcore.Content{Header: mailcore.Header{To: c.to, Cc: c.cc, From: c.from}}
		id, got := e.Drafts().answering(a, content, []byte(c.raw))
		if got.Addr != c.want || id != puppetAccount {
			t.Errorf("%s: %s of %s, want %s", name, got.Addr, id, c.want)
		}
	}
	a.Kept = true
	a.ID = "kept"
	if id, got := e.Drafts().answering(a, mailcore.Content{}, nil); id != puppetAccount || got.Addr != "ada@example.org" {
		t.Errorf("mail of an account that is only kept is answered by %s of %s", got.Addr, id)
	}
}

func TestNewMailComesFromTheDefaultAccount(t *testing.T) {
	e, _ := stage(t)
	second := accounts.Account{ID: "bb", Email: "bob@example.org"}
	if err := e.Accounts().Adopt(t.Context(), second, "pw"); err != nil {
		t.Fatal(err)
	}
	if d := e.Drafts().New(""); d.Account != puppetAccount {
		t.Errorf("at first from %s", d.Account)
	}
	if err := e.Accounts().SetDefault("bb"); err != nil {
		t.Fatal(err)
	}
	if d := e.Drafts().New(""); d.Account != "bb" || d.From.Addr != "bob@example.org" {
		t.Errorf("from %s of %s", d.From.Addr, d.Account)
	}
	if d := e.Drafts().New(puppetAccount); d.Account != puppetAccount {
		t.Errorf("asked for by name: %s", d.Account)
	}
}
