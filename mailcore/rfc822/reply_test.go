package rfc822

import (
	"reflect"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

func list(addrs ...string) []mailcore.Address {
	var out []mailcore.Address
	for _, a := range addrs {
		out = append(out, mailcore.Address{Addr: a})
	}
	return out
}

func TestReplyRecipients(t *testing.T) {
	own := []string{"anna@becker-print.example", "office@becker-print.example"}
	const jonas, ines, tom, me, lst = "jonas@d.example", "ines@d.example", "tom@t.example", "anna@becker-print.example", "all@list.example"
	for name, c := range map[string]struct {
		kind   mailcore.DraftKind
		h      mailcore.Header
		to, cc []mailcore.Address
	}{
		"reply":                {mailcore.Reply, mailcore.Header{From: list(jonas), To: list(me, ines)}, list(jonas), nil},
		"reply-to":             {mailcore.Reply, mailcore.Header{From: list(jonas), ReplyTo: list(tom), To: list(me)}, list(tom), nil},
		"all":                  {mailcore.ReplyAll, mailcore.Header{From: list(jonas), To: list("ANNA@becker-print.example", ines), Cc: list(tom, "Jonas@D.example", "office@becker-print.example")}, list(jonas, ines), list(tom)},
		"all of a list":        {mailcore.ReplyAll, mailcore.Header{From: list(jonas), ReplyTo: list(lst), To: list(lst), ListID: "all.list.example"}, list(lst, jonas), nil},
		"own sent":             {mailcore.Reply, mailcore.Header{From: list(me), To: list(jonas), Cc: list(ines)}, list(jonas), nil},
		"own sent, all":        {mailcore.ReplyAll, mailcore.Header{From: list(me), To: list(jonas, me), Cc: list(ines)}, list(jonas), list(ines)},
		"note to self":         {mailcore.Reply, mailcore.Header{From: list(me), To: list(me)}, list(me), nil},
		"reply-to is own":      {mailcore.Reply, mailcore.Header{From: list(jonas), ReplyTo: list(me), To: list(me)}, list(jonas), nil},
		"no address":           {mailcore.Reply, mailcore.Header{From: []mailcore.Address{{Name: "MAILER-DAEMON"}}}, nil, nil},
		"all, no other people": {mailcore.ReplyAll, mailcore.Header{From: list(jonas), To: list(me)}, list(jonas), nil},
	} {
		d := ReplyDraft(c.kind, 7, mailcore.Content{Header: c.h}, own, "")
		if !reflect.DeepEqual(d.To, c.to) || !reflect.DeepEqual(d.Cc, c.cc) || d.Original != 7 || d.Kind != c.kind {
			t.Errorf("%s: to %v cc %v, want %v and %v", name, d.To, d.Cc, c.to, c.cc)
		}
	}
}

func TestSubjectPrefixes(t *testing.T) {
	for in, want := range map[string][2]string{
		"Offer":                {"Re: Offer", "Fwd: Offer"},
		"Re: Offer":            {"Re: Offer", "Fwd: Re: Offer"},
		"AW: Re: SV: Offer":    {"Re: Offer", "Fwd: AW: Re: SV: Offer"},
		"Antw.: Offer":         {"Re: Antw.: Offer", "Fwd: Antw.: Offer"},
		"Antw: Offer":          {"Re: Offer", "Fwd: Antw: Offer"},
		"RE[3]: Offer":         {"Re: Offer", "Fwd: RE[3]: Offer"},
		"WG: Fwd: Offer":       {"Re: WG: Fwd: Offer", "Fwd: Offer"},
		"回复：报价":                {"Re: 报价", "Fwd: 回复：报价"},
		"Regarding: the offer": {"Re: Regarding: the offer", "Fwd: Regarding: the offer"},
		"":                     {"Re:", "Fwd:"},
	} {
		c := mailcore.Content{Header: mailcore.Header{Subject: in}}
		re := ReplyDraft(mailcore.Reply, 1, c, nil, "").Subject
		fwd := ReplyDraft(mailcore.Forward, 1, c, nil, "").Subject
		if re != want[0] || fwd != want[1] {
			t.Errorf("%q: %q, %q", in, re, fwd)
		}
	}
	if got := BaseSubject("AW: Fwd: Re[2]: Offer"); got != "Offer" {
		t.Errorf("base = %q", got)
	}
}

func TestReplyQuotesAndThreads(t *testing.T) {
	c := parse(t, "From: Jonas <jonas@d.example>\nSubject: x\nMessage-ID: <3@d.example>\nReferences: <1@d.example> <2@d.example>\n\nHello\n> you said\n\nBye\n-- \nJonas Weber\n")
	d := ReplyDraft(mailcore.Reply, 1, c, nil, "On Monday, Jonas wrote:")
	if want := "\n\nOn Monday, Jonas wrote:\n> Hello\n>> you said\n>\n> Bye\n"; d.Text != want {
		t.Errorf("text %q", d.Text)
	}
	if d.InReplyTo != "3@d.example" || !reflect.DeepEqual(d.References, []string{"1@d.example", "2@d.example", "3@d.example"}) {
		t.Errorf("%q %q", d.InReplyTo, d.References)
	}
}

func TestForwardCarriesEverything(t *testing.T) {
	c := parse(t, richMail)
	d := ReplyDraft(mailcore.Forward, 1, c, nil, "Forwarded message")
	for _, want := range []string{"\n\nForwarded message\nFrom: Jonas Weber <jonas@druckhaus.example>\n", "\nSubject: Offer\n", "\nTo: anna@becker-print.example\n", "\nGrüße, the plain text.\n"} {
		if !strings.Contains(d.Text, want) {
			t.Errorf("no %q in %q", want, d.Text)
		}
	}
	if d.InReplyTo != "" || d.To != nil {
		t.Errorf("%+v", d)
	}
	list := ForwardAttachments(crlf(richMail))
	if len(list) != 3 || list[1].Name != "Angebot für Anna.pdf" || len(list[1].Data) != 11 {
		t.Errorf("%+v", list)
	}
}

func TestParseAddressList(t *testing.T) {
	for in, want := range map[string]struct {
		list [][2]string
		bad  []string
	}{
		"":                             {},
		" , ;\n":                       {},
		"a@b.example":                  {[][2]string{{"", "a@b.example"}}, nil},
		"a@b.example, c@d.example":     {[][2]string{{"", "a@b.example"}, {"", "c@d.example"}}, nil},
		"a@b.example;c@d.example\ne@f": {[][2]string{{"", "a@b.example"}, {"", "c@d.example"}, {"", "e@f"}}, nil},
		"Anna Becker <a@b.example>":    {[][2]string{{"Anna Becker", "a@b.example"}}, nil},
		`"Becker, Anna" <a@b.example>, c@d.example`:           {[][2]string{{"Becker, Anna", "a@b.example"}, {"", "c@d.example"}}, nil},
		"Becker, Anna <a@b.example>; Weber, Jo <j@d.example>": {[][2]string{{"Becker, Anna", "a@b.example"}, {"Weber, Jo", "j@d.example"}}, nil},
		"anna, Bob <b@b.example>":                             {[][2]string{{"Bob", "b@b.example"}}, []string{"anna"}},
		"anna":                                                {nil, []string{"anna"}},
		"a@b@c.example d@e.example":                           {nil, []string{"a@b@c.example d@e.example"}},
		"a@b.example c@d.example":                             {nil, []string{"a@b.example c@d.example"}},
		"x@bücher.example":                                    {[][2]string{{"", "x@xn--bcher-kva.example"}}, nil},
		"mailto:a@b.example":                                  {[][2]string{{"", "a@b.example"}}, nil},
		"a@b..example, a@-b.example, a b@c.example, a@b.exa mple": {
			[][2]string{{"a", "b@c.example"}},
			[]string{"a@b..example", "a@-b.example", "a@b.exa mple"},
		},
		"Jörg <jorg@d.example>":        {[][2]string{{"Jörg", "jorg@d.example"}}, nil},
		"a@b.example <a@b.example>":    {[][2]string{{"", "a@b.example"}}, nil},
		"<a@b.example>.":               {[][2]string{{"", "a@b.example"}}, nil},
		"<a@b.example":                 {[][2]string{{"", "a@b.example"}}, nil},
		"a@b.example\r\nBcc: x@y.test": {[][2]string{{"", "a@b.example"}}, []string{"Bcc: x@y.test"}},
	} {
		got, bad := ParseAddressList(in)
		var pairs [][2]string
		for _, a := range got {
			pairs = append(pairs, [2]string{a.Name, a.Addr})
		}
		if !reflect.DeepEqual(pairs, want.list) || !reflect.DeepEqual(bad, want.bad) {
			t.Errorf("%q\n got %q, bad %q\nwant %q, bad %q", in, pairs, bad, want.list, want.bad)
		}
	}
}

func TestParseAddressListIsBounded(t *testing.T) {
	for _, unit := range []string{`"`, "(", "<", "a,", "a@b,", `"\\`, ":", "a:;", "<a@b", "é ", "a b@c "} {
		list, bad := ParseAddressList(strings.Repeat(unit, 1<<18))
		if len(list) > maxAddresses {
			t.Errorf("%q: %d addresses, %d bad", unit, len(list), len(bad))
		}
	}
}

func FuzzAddressList(f *testing.F) {
	f.Add(`"Becker, Anna" <a@b.example>; c@d.example, x`)
	f.Add("<<a@b>>, (c) \"d\ne@\xff")
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := ParseAddressList(s)
		for _, a := range list {
			if _, err := encodeAddress(a); err != nil {
				t.Fatalf("%q gave %q: %v", s, a, err)
			}
			if strings.ContainsAny(a.Addr+a.Name, "\r\n\x00") {
				t.Fatalf("%q gave %q", s, a)
			}
		}
	})
}
