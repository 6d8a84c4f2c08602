package htmlmail

import (
	"strings"
	"testing"
)

// outline writes a tree as nested names, texts in quotes.
func outline(n *Node) string {
	if !n.IsElement() {
		return "'" + strings.TrimSpace(n.Text) + "'"
	}
	var parts []string
	for c := n.First; c != nil; c = c.Next {
		parts = append(parts, outline(c))
	}
	s := n.Tag
	for _, a := range n.Attrs {
		s += "[" + a.Name + "=" + a.Value + "]"
	}
	if len(parts) == 0 {
		return s
	}
	return s + "(" + strings.Join(parts, " ") + ")"
}

func TestParseKeepsWhatIsAllowed(t *testing.T) {
	for in, want := range map[string]string{
		"<p>a<script>b</script><b>c</b>":                          "body(p('a' b('c')))",
		"<p onclick=x id=i class='k l' foo=1>a":                   "body(p[id=i][class=k l]('a'))",
		"<a href='javascript:x'>a</a><a href='jAva\tscript:x'>b":  "body(a('a') a('b'))",
		"<a href='data:text/html,x'>a</a>":                        "body(a('a'))",
		"<a href='https://x.example/'>a</a><a href='#z'>b</a>":    "body(a[href=https://x.example/]('a') a[href=#z]('b'))",
		"<a href='mailto:a@b.example'>a</a><a href='{{url}}'>b":   "body(a[href=mailto:a@b.example]('a') a[href={{url}}]('b'))",
		"<iframe src=x>a</iframe><object>b</object><embed src=x>": "body",
		"<noscript>a</noscript><picture><source><img src=x>":      "body('a' img[src=x])",
		"<svg width=3><script>x</script><image href=x></svg>y":    "body(svg[width=3] 'y')",
		"<form action=x method=post><input name=n value=v>":       "body(form(input[name=n][value=v]))",
		"<o:p>a</o:p><unknown-thing>b</unknown-thing>":            "body(o:p('a') unknown-thing('b'))",
	} {
		d, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := outline(d.Body); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestModes(t *testing.T) {
	for in, want := range map[string]Mode{
		"<!DOCTYPE html><p>": Standards,
		"<p>":                Quirks,
		`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">`:                                                                  Quirks,
		`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">`:                                                                 Quirks,
		`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">`:                          LimitedQuirks,
		`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html>`: LimitedQuirks,
		`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html>`:             Standards,
	} {
		d, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if d.Mode != want {
			t.Errorf("%s: mode %d, want %d", in, d.Mode, want)
		}
	}
}
