package rfc822

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// bomb is a message made to cost more than it is worth; cut says that a limit
// has to be met and said.
type bomb struct {
	raw string
	cut bool
}

// bombs are kept below 8 MB each; what costs the square shows long before.
func bombs() map[string]bomb {
	var deep, wrapped strings.Builder
	for i := range 20000 {
		b := "b" + strconv.Itoa(i)
		deep.WriteString("Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n")
		wrapped.WriteString("Content-Type: message/rfc822\n\n")
	}
	repeat := strings.Repeat
	parts := "Content-Type: multipart/mixed; boundary=w\n\n"
	text := "Subject: x\n\n"
	return map[string]bomb{
		"deep":                {deep.String(), true},
		"messages in mail":    {wrapped.String(), false},
		"one boundary, deep":  {parts + repeat("--w\nContent-Type: multipart/mixed; boundary=w\n\n", 20000), true},
		"100,000 parts":       {parts + repeat("--w\nContent-Type: application/pdf\n\nx\n", 100000), true},
		"100,000 texts":       {parts + repeat("--w\n\nx\n", 100000), true},
		"100,000 empty parts": {parts + repeat("--w\n\n", 100000), true},
		"boundaries alone":    {parts + repeat("--w\n", 1<<20), false},
		"near boundaries":     {parts + repeat("--wx\n", 1<<20), false},
		"no boundary":         {"Content-Type: multipart/mixed\n\n" + repeat("--w\n", 1<<20), false},
		"alternatives":        {"Content-Type: multipart/alternative; boundary=w\n\n" + repeat("--w\nContent-Type: text/html\n\n<p>\n", 100000), true},
		"one long line":       {text + repeat("x", 4<<20), false},
		"one long field":      {"Subject: " + repeat("x", 4<<20) + "\n\n", false},
		"long folded field":   {"Subject: x" + repeat("\n x", 1<<20) + "\n\n", false},
		"fields":              {repeat("x:\n", 1<<20), false},
		"many To":             {repeat("To: a@b.example\n", 1<<17) + "\n", false},
		"junk":                {repeat("junk\n", 1<<19), false},
		"junk and fields":     {"Subject: x\n" + repeat("junk\nx: y\n", 1<<17), false},
		"blank lines":         {repeat("\n", 1<<20), false},
		"blanks, folded":      {"x: y\n" + repeat(" \n", 1<<19), false},
		"quotes":              {"From: " + repeat("\"\\", 1<<19) + "\n\n", false},
		"parens":              {"From: " + repeat("(", 1<<19) + "\n\n", false},
		"pairs of parens":     {"From: " + repeat("()", 1<<18) + "\n\n", false},
		"angles":              {"From: " + repeat("<a@b", 1<<18) + "\n\n", false},
		"groups":              {"From: " + repeat("a:", 1<<18) + ";\n\n", false},
		"groups with @":       {"From: @" + repeat("a:", 1<<18) + ";\n\n", false},
		"words":               {"From: " + repeat("a@b ", 1<<18) + "\n\n", false},
		"commas":              {"To: " + repeat("a,", 1<<18) + "\n\n", false},
		"100,000 addresses":   {"To: " + repeat("Ann <a@b.example>,", 100000) + "\n\n", false},
		"encoded words":       {"Subject: " + repeat("=?utf-8?q?x?= ", 1<<16) + "\n\n", false},
		"open words":          {"Subject: " + repeat("=?utf-8?q?", 1<<17) + "\n\n", false},
		"open words of old":   {"Subject: " + repeat("=?x?q? ", 1<<17) + "\n\n", false},
		"words in turn":       {"Subject: " + repeat("=?koi8-r?q?x?= =?iso-8859-2?q?y?= ", 1<<14) + "\n\n", false},
		"params":              {"Content-Type: text/plain" + repeat(";a*1*=\"", 1<<17) + "\n\n", false},
		"continuations":       {"Content-Type: text/plain" + repeat(";name*1*=%41", 1<<16) + "\n\n", false},
		"date":                {"Date: " + repeat("jan-", 1<<18) + "\n\n", false},
		"references":          {"References: " + repeat("<a@b>", 1<<17) + "\n\n", false},
		"uuencode":            {text + repeat("begin 644 x\n", 1<<17), false},
		"uuencode, files":     {text + repeat("begin 644 x\n#0V%T\nend\n", 1<<16), false},
		"yEnc":                {text + repeat("=ybegin size=1 name=x\n", 1<<16), false},
		"yEnc, one end":       {text + repeat("=ybegin size=1 name=x\n", 1<<16) + "=yend\n", false},
		"flowed":              {"Content-Type: text/plain; format=flowed\n\n" + repeat("> x \n>> y \n", 1<<17), false},
		"soft breaks":         {"Content-Transfer-Encoding: quoted-printable\n\n" + repeat("=\n", 1<<20), false},
		"padding":             {"Content-Transfer-Encoding: base64\n\n" + repeat("QQ==\n", 1<<19), false},
		"UTF-7":               {"Content-Type: text/plain; charset=utf-7\n\n" + repeat("+AAA", 1<<19), false},
	}
}

// TestBombs holds every bomb to the limits, and to 300 MB allocated in all, of
// which the most is gone again at any moment. BenchmarkBombs says what they
// take: none may come near 2 s.
func TestBombs(t *testing.T) {
	for name, b := range bombs() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := Parse([]byte(b.raw))
		runtime.ReadMemStats(&after)
		if err != nil && !(name == "blank lines" && errors.Is(err, ErrUnreadable)) {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.Parts) > MaxParts || len(c.To) > maxAddresses || len(c.From) > maxAddresses {
			t.Errorf("%s: %d parts, %d and %d addresses", name, len(c.Parts), len(c.To), len(c.From))
		}
		if cut := len(c.Notices) > 0; cut != b.cut {
			t.Errorf("%s: cut %v, want %v", name, cut, b.cut)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 300 {
			t.Errorf("%s: %d MB allocated", name, mb)
		}
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, bomb := range bombs() {
		raw := []byte(bomb.raw)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(raw)
			}
		})
	}
}
