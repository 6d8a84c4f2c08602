package assets

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestWordRulesFail makes up words and code that break one rule each.
func TestWordRulesFail(t *testing.T) {
	const good = `{"list.name": "Messages", "list.to": "To {{.Names}}", "list.day.1": "Monday",
		"list.more": {"one": "{{.Count}} more", "other": "{{.Count}} more"}}`
	const goodCode = `w.Say("list.name"); w.Say("list.to", Args{"Names": x}); w.Count("list.more", 2); w.Say("list.day." + d)`
	for _, c := range []struct {
		name, words, code, want string
	}{
		{"in order", good, goodCode, ""},
		{"key by format", good, strings.Replace(goodCode, `"list.day." + d`, `fmt.Sprintf("list.day.%d", d)`, 1), ""},
		{"arguments unseen", good, strings.Replace(goodCode, `Args{"Names": x}`, `args`, 1), ""},
		{"key with an ending", strings.Replace(good, `list.day.1`, `list.name.action`, 1), goodCode + `; w.Say(key + ".action"); x := "list." + y`, ""},
		{"unknown key", good, goodCode + `; w.Say("nowhere.here")`, `nothing is written for "nowhere.here"`},
		{"unknown key in a table", good, goodCode + `; x := Problem{Key: "list.typo"}`, `"list.typo" looks like a key`},
		{"unused key", good, strings.Replace(goodCode, `w.Say("list.name");`, "", 1), `nobody says "list.name"`},
		{"say for plural", good, goodCode + `; w.Say("list.more")`, "Count is for what has plural forms"},
		{"count for plain", good, goodCode + `; w.Count("list.name", 3)`, "Count is for what has plural forms"},
		{"argument missing", good, strings.Replace(goodCode, `"Names"`, `"Name"`, 1), `"list.to" wants {{.Names}}`},
		{"no argument", good, strings.Replace(goodCode, `, Args{"Names": x}`, ``, 1), `"list.to" wants {{.Names}}`},
		{"plural form missing", strings.Replace(good, `"one": "{{.Count}} more", `, "", 1), goodCode, "forms one and other"},
		{"broken template", strings.Replace(good, "{{.Names}}", "{{.Names}", 1), goodCode, "list.to"},
		{"empty", strings.Replace(good, "Messages", " ", 1), goodCode, "says nothing"},
		{"count without forms", strings.Replace(good, "{{.Names}}", "{{.Count}}", 1), goodCode, "no plural forms"},
		{"pieces", good, goodCode + `; x := w.Say("list.name") + " and " + w.Say("list.name")`, "put together from pieces"},
		{"two sayings", good, goodCode + `; x := w.Say("list.name") + w.Say("list.name")`, "put together from pieces"},
		{"words in code", good, goodCode + `; widget.NewLabel("Hello there")`, "the window shows"},
	} {
		words, err := readWords(fstest.MapFS{"translations/list.en.json": {Data: []byte(c.words)}}, "en")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		code := usage{literals: map[string]string{}, prefixes: map[string]bool{}, suffixes: map[string]bool{}}
		if err := code.readFile("gui/x.go", "package gui\nfunc f() { "+c.code+" }"); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		got := strings.Join(append(append(checkWords(words), checkUse(words, code, nil)...), code.problems...), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAKeyIsWrittenOnce(t *testing.T) {
	_, err := readWords(fstest.MapFS{
		"translations/a.en.json": {Data: []byte(`{"a.b": "x"}`)},
		"translations/c.en.json": {Data: []byte(`{"a.b": "y"}`)},
	}, "en")
	if err == nil {
		t.Error("the same key in two files was taken")
	}
}
