package htmlmail

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"paragraphs":     {"<p>One\n  two</p><p>Three</p>", "One two\n\nThree"},
		"breaks":         {"a<br>b<br/><br>c", "a\nb\n\nc"},
		"divs":           {"<div>a</div><div>b<div>c</div></div>", "a\nb\nc"},
		"entities":       {"&lt;b&gt; &amp; &euro; &nbsp;x", "<b> & € x"},
		"script, style":  {"<style>p{}</style>a<script>alert('<p>')</script><title>no</title>b", "ab"},
		"list":           {"<ul><li>a<li>b<ol start=3><li>c</li></ol></li></ul>d", "• a\n• b\n  3. c\n\nd"},
		"link":           {`<a href="https://x.example/y">Click here</a> now`, "Click here <https://x.example/y> now"},
		"link is text":   {`<a href="https://www.x.example/">x.example</a>`, "x.example"},
		"mailto":         {`<a href="mailto:a@b.example?subject=x">write</a>`, "write <a@b.example>"},
		"bad scheme":     {`<a href="javascript:alert(1)">click</a>`, "click"},
		"link of image":  {`<a href="https://x.example"><img src="a.png" alt="Our shop"></a>`, "Our shop <https://x.example>"},
		"image in text":  {`<img src=x alt="A dahlia">Dig it <img alt=up>!`, "A dahlia Dig it up !"},
		"tracking pixel": {`a<img src="https://t.example/p.gif" alt="pixel" width="1" height="1">b`, "ab"},
		"table":          {"<table><tr><th>Item</th><th>Qty</th></tr><tr><td>Paper</td><td>3</td></tr></table>end", "Item  Qty\nPaper  3\nend"},
		"quote":          {"me<blockquote>you<p>again</p></blockquote>end", "me\n\n> you\n>\n> again\n\nend"},
		"pre":            {"<pre>a  b\n  c</pre>", "a  b\n  c"},
		"hidden style":   {`<div style="display:none;max-height:0">pre<div>header</div></div>body`, "body"},
		"hidden clip":    {`<span style="max-height:0px; overflow:hidden">pre</span>body`, "body"},
		"hidden class":   {`<style>.preheader, td.x { color:red; display: none !important }</style><span class="a preheader">pre</span>body`, "body"},
		"media rule":     {`<style>@media print { .x { display:none } }</style><span class="x">seen</span>`, "seen"},
		"hidden p":       {`<p hidden>no<p>yes`, "yes"},
		"filler":         {"Hi&zwnj;&nbsp;&zwnj;&nbsp;&#847; &shy;there", "Hi there"},
		"unclosed":       {"<p>a<b>b<a href='https://x.example'>c", "abc <https://x.example>"},
		"not html":       {"just a < b & c", "just a < b & c"},
		"empty":          {"", ""},
		"comment":        {"a<!-- b --><!--[if mso]>c<![endif]-->d", "ad"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"nesting": strings.Repeat("<div><ul><li><blockquote><table><tr>", 60000) + "x",
		"links":   strings.Repeat("<a href='https://x.example/'>y", 60000),
		"styles":  strings.Repeat("<style>.a{display:none}", 100000),
		"size":    strings.Repeat("word ", 1<<20),
	} {
		if n := len(Text(in)); n > maxOutput+maxOutput/2 {
			t.Errorf("%s: %d octets", name, n)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("<p>a<b>b<a href='https://x.example'>c<table><tr><td style='display:none'>")
	f.Add("<ul><li><blockquote><pre>\x00\xff")
	f.Fuzz(func(t *testing.T, in string) {
		if s := Text(in); !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
			t.Fatalf("bad text %q", s)
		}
	})
}
