package reader

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
)

// mono makes every letter ten wide, so that a test can count.
func mono() *metrics {
	m := newMetrics(14, fyne.TextStyle{})
	m.measure = func(s string, _ float32, _ fyne.TextStyle) fyne.Size {
		return fyne.NewSize(10*float32(utf8.RuneCountInString(s)), 20)
	}
	return m
}

func rowsOf(text string, width float32) []string {
	d := newDocument(text)
	d.layout(mono(), width)
	var out []string
	for _, r := range d.rows {
		out = append(out, d.words(r))
	}
	return out
}

func TestRowsBreakBetweenWords(t *testing.T) {
	cases := []struct {
		name, text string
		want       []string
	}{
		{"fits", "0123456789", []string{"0123456789"}},
		{"words", "one two three", []string{"one two", "three"}},
		{"spaces hang", "0123456789   x", []string{"0123456789", "x"}},
		{"long word", "0123456789abcdefghijk", []string{"0123456789", "abcdefghij", "k"}},
		{"long word after a short one", "to 0123456789abc", []string{"to", "0123456789", "abc"}},
		{"hyphen", "weather-beaten", []string{"weather-", "beaten"}},
		{"lines and paragraphs", "a\r\nb\n\nc\n\n", []string{"a", "b", "", "c"}},
		{"ideographs", "日本語日本語日本語日。本", []string{"日本語日本語日本語", "日。本"}},
		{"quotation", "> > one two three\n>four", []string{"one two", "three", "four"}},
		{"marks stay with their letter", strings.Repeat("e\u0301", 6), []string{strings.Repeat("e\u0301", 5), "e\u0301"}},
		{"nothing", "", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := rowsOf(c.text, 100); fmt.Sprint(got) != fmt.Sprint(c.want) || len(got) != len(c.want) {
				t.Errorf("rows = %q, want %q", got, c.want)
			}
		})
	}
}

func TestEveryOctetIsInExactlyOneRow(t *testing.T) {
	text := "Dear Anna,\n\n> quoted text that is quite long and wraps\n> > deeper — with dashes\nΚαλημέρα 日本語のテキスト 👩‍👩‍👧 done\n" + strings.Repeat("x", 300)
	for width := float32(41); width < 700; width += 13 {
		d := newDocument(text)
		d.layout(mono(), width)
		var all strings.Builder
		for _, r := range d.rows {
			if !utf8.ValidString(d.words(r)) {
				t.Fatalf("width %v: a letter is cut in two: %q", width, d.words(r))
			}
			all.WriteString(d.words(r))
		}
		squeeze := func(s string) string { return strings.NewReplacer(" ", "", "\n", "", ">", "").Replace(s) }
		if squeeze(all.String()) != squeeze(d.text) {
			t.Fatalf("width %v: rows do not make up the text: %q", width, all.String())
		}
	}
}

func TestCleanText(t *testing.T) {
	cases := map[string]string{
		"a\r\nb\rc":                "a\nb\nc",
		"a\tb\n\tc":                "a   b\n    c",
		"\x00a\x1b[31mb\x7f":       "a[31mb",
		"in\u202egnp.exe":          "ingnp.exe",
		"pre\u00ad\u200b\u034fend": "preend",
		"bad \xff octet":           "bad \uFFFD octet",
		"👩\u200d👧":                 "👩\u200d👧",
	}
	for in, want := range cases {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuotation(t *testing.T) {
	cases := []struct {
		line  string
		depth uint8
		body  string
	}{
		{"plain", 0, "plain"},
		{"> one", 1, "one"},
		{">one", 1, "one"},
		{"> > two", 2, "two"},
		{">> two", 2, "two"},
		{">", 1, ""},
		{"> ", 1, ""},
		{">  indented", 1, " indented"},
		{"a > b", 0, "a > b"},
		{strings.Repeat(">", 40) + " x", maxDepth, "x"},
	}
	for _, c := range cases {
		depth, body := quotation(c.line)
		if depth != c.depth || c.line[body:] != c.body {
			t.Errorf("quotation(%q) = %d, %q, want %d, %q", c.line, depth, c.line[body:], c.depth, c.body)
		}
	}
}

func TestVisibleRowsAndOffsets(t *testing.T) {
	d := newDocument(strings.Repeat("line\n", 99) + "line")
	d.layout(mono(), 400)
	if d.height != 100*lineHeight {
		t.Fatalf("height = %v", d.height)
	}
	if from, to := d.visible(10*lineHeight, 12*lineHeight); from != 10 || to != 13 {
		t.Errorf("visible = %d to %d", from, to)
	}
	if from, to := d.visible(-500, -10); from != to {
		t.Errorf("above: %d to %d", from, to)
	}
	if from, to := d.visible(1e7, 2e7); from != to {
		t.Errorf("below: %d to %d", from, to)
	}
	row := d.rows[3]
	for x, want := range map[float32]int{-5: 0, 4: 0, 6: 1, 24: 2, 26: 3, 1000: 4} {
		if got := d.offsetAt(mono(), row, x); got != int(row.start)+want {
			t.Errorf("offset at %v = %d, want %d", x, got-int(row.start), want)
		}
	}
	if x := d.xOf(mono(), row, int(row.start)+2); x != 20 {
		t.Errorf("x = %v", x)
	}
}

func TestAVeryLongTextIsCut(t *testing.T) {
	d := newDocument(strings.Repeat("ä", maxText))
	if !d.cut || len(d.text) > maxText || !utf8.ValidString(d.text) {
		t.Errorf("cut %v, %d octets", d.cut, len(d.text))
	}
}

func TestWordAndLineAt(t *testing.T) {
	d := newDocument("Hello, wörld-wide web\nsecond line")
	at := strings.Index(d.text, "rld")
	if from, to := d.wordAt(at); d.text[from:to] != "wörld" {
		t.Errorf("word = %q", d.text[from:to])
	}
	if from, to := d.wordAt(len(d.text)); d.text[from:to] != "line" {
		t.Errorf("last word = %q", d.text[from:to])
	}
	if from, to := d.lineAt(at); d.text[from:to] != "Hello, wörld-wide web" {
		t.Errorf("line = %q", d.text[from:to])
	}
	if from, to := newDocument("").wordAt(0); from != 0 || to != 0 {
		t.Error("a word in nothing")
	}
}
