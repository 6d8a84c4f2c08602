package reader

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestFindLinks(t *testing.T) {
	cases := []struct{ line, want string }{
		{"see https://example.org/a?b=c#d for more", "[https://example.org/a?b=c#d]"},
		{"see https://example.org/a.", "[https://example.org/a]"},
		{"(see https://example.org/a)", "[https://example.org/a]"},
		{"https://en.wikipedia.example/wiki/Linnet_(bird)", "[https://en.wikipedia.example/wiki/Linnet_(bird)]"},
		{"<https://example.org/x>, <http://b.example>", "[https://example.org/x http://b.example]"},
		{"“https://example.org/x”", "[https://example.org/x]"},
		{"HTTP://EXAMPLE.ORG/!?", "[HTTP://EXAMPLE.ORG/]"},
		{"mailto:anna@becker.example?subject=Hi.", "[mailto:anna@becker.example?subject=Hi]"},
		{"javascript:alert(1) file:///etc/passwd data:text/html,x ftp://a.example", "[]"},
		{"xhttps://example.org", "[]"},
		{"https:// nothing", "[]"},
		{"https://https://example.org", "[https://https://example.org]"},
		{"at 10:30: http://a.example:8080/x, yes", "[http://a.example:8080/x]"},
		{"https://a.example/\u202egpj.exe", "[https://a.example/]"},
		{"「https://a.example/」", "[https://a.example/]"},
		{"no colon at all", "[]"},
	}
	for _, c := range cases {
		var got []string
		for _, l := range findLinks(c.line) {
			got = append(got, c.line[l.start:l.end])
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%q: %v, want %v", c.line, got, c.want)
		}
	}
}

func TestFindLinksIsBounded(t *testing.T) {
	found := findLinks("https://a.example/" + strings.Repeat("x", 1<<20))
	if len(found) != 1 || found[0].end > maxLink+4 {
		t.Fatalf("%d links, end %d", len(found), found[0].end)
	}
	if n := len(findLinks(strings.Repeat("http:", 100_000))); n != 0 {
		t.Errorf("%d links in rubbish", n)
	}
}

func TestTargetCannotPretend(t *testing.T) {
	for in, want := range map[string]string{
		"https://bücher.example/ä":           "https://xn--bcher-kva.example/%C3%A4",
		"https://аpple.example/":             "https://xn--pple-43d.example/",
		"https://bank.example@evil.example/": "https://bank.example@evil.example/",
		"http://[::1]:8080/x":                "http://[::1]:8080/x",
		"mailto:anna@becker.example":         "mailto:anna@becker.example",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := Target(u); got != want {
			t.Errorf("Target(%q) = %q, want %q", in, got, want)
		}
	}
}
