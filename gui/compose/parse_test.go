package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore"
)

func list(a []mailcore.Address) string {
	var out []string
	for _, x := range a {
		out = append(out, x.Name+"|"+x.Addr)
	}
	return strings.Join(out, " ")
}

func TestParseMailto(t *testing.T) {
	cases := []struct{ name, url, want string }{
		{"plain", "mailto:anna@becker.example", "to=|anna@becker.example"},
		{"capitals", "MAILTO:anna@becker.example", "to=|anna@becker.example"},
		{"two", "mailto:a@b.example,c%40d.example", "to=|a@b.example |c@d.example"},
		{"all fields", "mailto:a@b.example?cc=c@d.example&bcc=e@f.example&subject=Hi%20there&body=one%0D%0Atwo", "to=|a@b.example cc=|c@d.example bcc=|e@f.example s=Hi there t=one\ntwo"},
		{"to as a field", "mailto:?TO=a@b.example&to=c@d.example", "to=|a@b.example |c@d.example"},
		{"name", "mailto:%22Becker,%20Anna%22%20%3Canna@becker.example%3E", "to=Becker, Anna|anna@becker.example"},
		{"plus stays", "mailto:a+tag@b.example?subject=1+1", "to=|a+tag@b.example s=1+1"},
		{"attachments are ignored", "mailto:a@b.example?attach=/etc/passwd&attachment=file:///x&Attach=y", "to=|a@b.example"},
		{"other fields are ignored", "mailto:a@b.example?from=x@y.example&in-reply-to=%3Cx%3E&x-header=1", "to=|a@b.example"},
		{"no second field in the subject", "mailto:a@b.example?subject=Hi%0D%0ABcc:%20x@y.example", "to=|a@b.example s=Hi Bcc: x@y.example"},
		{"no second field in an address", "mailto:a@b.example%0D%0ABcc:x@y.example", "to=|a@b.example |Bcc:x@y.example"},
		{"bad percent", "mailto:a@b.example?subject=100%", "to=|a@b.example s=100%"},
		{"bad octets", "mailto:a@b.example?subject=%FF", "to=|a@b.example s=\uFFFD"},
		{"html ampersand", "mailto:a@b.example?subject=x&amp;body=y", "to=|a@b.example s=x t=y"},
		{"two bodies", "mailto:?body=a&body=b", "t=a\nb"},
		{"control characters", "mailto:?subject=a%00b%1Bc&body=x%00y", "s=abc t=xy"},
		{"fragment", "mailto:a@b.example#x", "to=|a@b.example"},
		{"empty", "mailto:", ""},
		{"wrong address", "mailto:nobody", "to=|nobody"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := ParseMailto(c.url)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, part := range [][2]string{{"to", list(d.To)}, {"cc", list(d.Cc)}, {"bcc", list(d.Bcc)}, {"s", d.Subject}, {"t", d.Text}} {
				if part[1] != "" {
					got = append(got, part[0]+"="+part[1])
				}
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
			if len(d.Attachments) != 0 || d.From.Addr != "" || d.InReplyTo != "" {
				t.Errorf("something came along: %+v", d)
			}
		})
	}
	for _, bad := range []string{"", "mailto", "http://a.example", "javascript:alert(1)", "mailto:" + strings.Repeat("x", maxMailto)} {
		if _, err := ParseMailto(bad); err == nil {
			t.Errorf("%.30q was taken", bad)
		}
	}
	d, err := ParseMailto("mailto:" + strings.Repeat("a@b.example,", 1000))
	if err != nil || len(d.To) != maxRecipients {
		t.Errorf("%d recipients, %v", len(d.To), err)
	}
}

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"anna@becker.example":                   "|anna@becker.example",
		" Anna Becker <anna@becker.example> ":   "Anna Becker|anna@becker.example",
		`"Becker, \"A\"" <anna@becker.example>`: `Becker, "A"|anna@becker.example`,
		"Becker, Anna <anna@becker.example>":    "Becker, Anna|anna@becker.example",
		"<anna@becker.example>":                 "|anna@becker.example",
		"anna@bücher.example":                   "|anna@bücher.example",
		"mailto:anna@becker.example":            "|anna@becker.example",
		"root@localhost":                        "|root@localhost",
		"root@[127.0.0.1]":                      "|root@[127.0.0.1]",
	} {
		a, ok := parseAddress(in)
		if got := a.Name + "|" + a.Addr; !ok || got != want {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
		again, ok := parseAddress(written(a))
		if !ok || again != a {
			t.Errorf("%q written as %q is %+v", in, written(a), again)
		}
	}
	for _, bad := range []string{
		"hiro@exmple", "anna", "@becker.example", "anna@", "a b@c.example", "a@b@c.example", "a@b..example", ".a@b.example", "a..b@c.example",
		"a@-b.example", "a@b_c.example", "Anna <anna>", "a@b.e", "a@[1.2.3]", strings.Repeat("a", 65) + "@b.example", "a@b.example\nBcc: x@y.example",
	} {
		if a, ok := parseAddress(bad); ok {
			t.Errorf("%q was taken as %+v", bad, a)
		}
	}
}

func TestSplitList(t *testing.T) {
	for in, want := range map[string]string{
		"a@b.example, c@d.example":                "[a@b.example|c@d.example]",
		"a@b.example;c@d.example\nx@y.example":    "[a@b.example|c@d.example|x@y.example]",
		"Becker, Anna <a@b.example>, c@d.example": "[Becker, Anna <a@b.example>|c@d.example]",
		`"x; y, z@q" <a@b.example>; c`:            `["x; y, z@q" <a@b.example>|c]`,
		" , ;; \n":                                "[,]",
	} {
		if got := "[" + strings.Join(splitList(in), "|") + "]"; got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	for s, want := range map[string]bool{
		"a@b.example": false, "a@b.example,": true, "a@b.example, ": true, "Becker,": false, "Becker, Anna <a@b.example>": false,
		"a@b.example;": true, "anna": false, "": false, "a@b.example\n": true,
	} {
		if got := endsEntry(s); got != want {
			t.Errorf("endsEntry(%q) = %v", s, got)
		}
	}
}

func TestSplitQuote(t *testing.T) {
	cases := []struct {
		name       string
		kind       mailcore.DraftKind
		text       string
		own, quote string
	}{
		{"new", mailcore.NewMessage, "Hi\n> x\n", "Hi\n> x\n", ""},
		{"fresh reply", mailcore.Reply, "\n\nOn Monday Jonas wrote:\n> a\n>\n> b\n", "", "On Monday Jonas wrote:\n> a\n>\n> b"},
		{"begun reply", mailcore.ReplyAll, "Dear Jonas,\n\nyes.\n\nJonas wrote:\n> a\n", "Dear Jonas,\n\nyes.", "Jonas wrote:\n> a"},
		{"answered in between", mailcore.Reply, "Jonas wrote:\n> a\nyes\n> b\nno", "Jonas wrote:\n> a\nyes\n> b\nno", ""},
		{"nothing quoted", mailcore.Reply, "Hello", "Hello", ""},
		{"only quoted", mailcore.Reply, "> a\n", "", "> a"},
		{"forward", mailcore.Forward, "See:\n\n-- Forwarded --\nFrom: Jonas\nSubject: x\n\ntext\n", "See:", "-- Forwarded --\nFrom: Jonas\nSubject: x\n\ntext"},
		{"forward without", mailcore.Forward, "See", "See", ""},
		{"empty", mailcore.Reply, "", "", ""},
	}
	for _, c := range cases {
		own, quote := splitQuote(c.kind, c.text)
		if own != c.own || quote != c.quote {
			t.Errorf("%s: %q, %q", c.name, own, quote)
		}
		again, same := splitQuote(c.kind, joinQuote(own, quote))
		if again != own || same != quote {
			t.Errorf("%s, joined and split: %q, %q", c.name, again, same)
		}
	}
}

func TestPromisesFile(t *testing.T) {
	for s, want := range map[string]bool{
		"the PDF is attached": true, "See attachment": true, "Attached!": true, "enclosed you find": true,
		"Hello": false, "unattached": false, "": false,
	} {
		if got := promisesFile(s, "attach, enclosed"); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
	if promisesFile("attached", "") {
		t.Error("no words, still found")
	}
}

func TestBeginning(t *testing.T) {
	got := beginning("Jonas wrote:\n> Thank you\n>\n> > Anna\n" + strings.Repeat("> word word\n", 1000))
	if !strings.HasPrefix(got, "Jonas wrote: Thank you Anna word") || len(got) > 200 {
		t.Errorf("%q", got)
	}
	if fmt.Sprint(beginning("")) != "" {
		t.Error("something from nothing")
	}
}
