package assets

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
)

// dynamic are keys that code puts together from parts, so that reading the code
// does not find them, with the place that does.
func dynamic() map[string]string {
	return map[string]string{
		"trouble.": "accounts/trouble: cause and action keys; its own test sees that all are there",
	}
}

// otherNames look like keys and are none.
func otherNames() []string {
	return []string{
		"reader.selection", // a colour's name in the theme
	}
}

// entry is a translation: one sentence, or one for each plural form.
type entry struct {
	file  string
	forms map[string]string // "" for a plain sentence
}

func (e entry) plural() bool { return e.forms[""] == "" && len(e.forms) > 0 }

// readWords reads all files of one language, "en" for *.en.json.
func readWords(files fs.FS, language string) (map[string]entry, error) {
	names, err := fs.Glob(files, "translations/*."+language+".json")
	if err != nil {
		return nil, err
	}
	words := map[string]entry{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(data, &raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, value := range raw {
			e, err := readEntry(value)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, key, err)
			}
			if other, twice := words[key]; twice {
				return nil, fmt.Errorf("%s is in %s and in %s", key, other.file, path.Base(name))
			}
			e.file = path.Base(name)
			words[key] = e
		}
	}
	return words, nil
}

func readEntry(value json.RawMessage) (entry, error) {
	var sentence string
	if err := json.Unmarshal(value, &sentence); err == nil {
		return entry{forms: map[string]string{"": sentence}}, nil
	}
	var forms map[string]string
	err := json.Unmarshal(value, &forms)
	return entry{forms: forms}, err
}

// checkWords returns what is wrong with the words themselves.
func checkWords(words map[string]entry) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(words)) {
		e := words[key]
		if e.plural() && !slices.Equal(slices.Sorted(maps.Keys(e.forms)), []string{"one", "other"}) {
			out = append(out, fmt.Sprintf("%s: English has the forms one and other, not %v", key, slices.Sorted(maps.Keys(e.forms))))
		}
		for form, sentence := range e.forms {
			if strings.TrimSpace(sentence) == "" {
				out = append(out, fmt.Sprintf("%s %s says nothing", key, form))
			}
			if _, err := template.New(key).Parse(sentence); err != nil {
				out = append(out, fmt.Sprintf("%s %s: %v", key, form, err))
			}
		}
		if _, counted := e.arguments()["Count"]; counted && !e.plural() {
			out = append(out, fmt.Sprintf("%s speaks of {{.Count}} but has no plural forms", key))
		}
	}
	return out
}

// arguments returns the names that the sentences of e take.
func (e entry) arguments() map[string]bool {
	names := map[string]bool{}
	for _, sentence := range e.forms {
		t, err := template.New("").Parse(sentence)
		if err != nil || t.Tree == nil {
			continue
		}
		fields(t.Root, names)
	}
	return names
}

func fields(n parse.Node, into map[string]bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, c := range n.Nodes {
				fields(c, into)
			}
		}
	case *parse.ActionNode:
		fields(n.Pipe, into)
	case *parse.IfNode:
		fields(n.Pipe, into)
		fields(n.List, into)
		fields(n.ElseList, into)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			for _, a := range c.Args {
				fields(a, into)
			}
		}
	case *parse.FieldNode:
		into[n.Ident[0]] = true
	}
}

var keyShape = regexp.MustCompile(`^[a-z]+(\.[a-z0-9][a-z0-9_ -]*)+$`)

// checkUse compares the words with what the code says.
func checkUse(words map[string]entry, code usage, dynamic map[string]string) []string {
	var out []string
	for _, u := range code.calls {
		e, ok := words[u.key]
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s: nothing is written for %q", u.where, u.key))
		case e.plural() != u.count:
			out = append(out, fmt.Sprintf("%s: %q: Count is for what has plural forms, Say for what has none", u.where, u.key))
		case u.args != nil:
			for name := range e.arguments() {
				if !slices.Contains(u.args, name) && name != "Count" {
					out = append(out, fmt.Sprintf("%s: %q wants {{.%s}}", u.where, u.key, name))
				}
			}
		}
	}
	areas := map[string]bool{}
	for key := range words {
		areas[key[:strings.IndexByte(key+".", '.')]] = true
	}
	used := map[string]bool{}
	for text, where := range code.literals {
		used[text] = true
		area, _, dotted := strings.Cut(text, ".")
		if _, ok := words[text]; !ok && dotted && areas[area] && keyShape.MatchString(text) && !slices.Contains(otherNames(), text) && !fileName(text) && !prefixOfSome(words, text) {
			out = append(out, fmt.Sprintf("%s: %q looks like a key, but nothing is written for it", where, text))
		}
	}
	for key := range words {
		if !used[key] && !suffixed(key, used, code.suffixes) && !prefixed(key, dynamic, code.prefixes) {
			out = append(out, fmt.Sprintf("%s: nobody says %q: remove it, or name its prefix in dynamic()", words[key].file, key))
		}
	}
	for prefix := range dynamic {
		if !prefixOfSome(words, strings.TrimSuffix(prefix, ".")) {
			out = append(out, fmt.Sprintf("dynamic(): no key begins with %q", prefix))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func prefixed(key string, dynamic map[string]string, prefixes map[string]bool) bool {
	for p := range dynamic {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	for p := range prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

// suffixed tells whether key is another with an ending that code adds.
func suffixed(key string, used, suffixes map[string]bool) bool {
	for s := range suffixes {
		if base, ok := strings.CutSuffix(key, s); ok && used[base] {
			return true
		}
	}
	return false
}

// prefixOfSome tells whether keys go on from text with a further part: code then
// adds to it.
func prefixOfSome(words map[string]entry, text string) bool {
	for key := range words {
		if strings.HasPrefix(key, text+".") {
			return true
		}
	}
	return false
}

func fileName(text string) bool {
	return slices.Contains([]string{".json", ".db", ".log", ".lock", ".sock", ".pem", ".png", ".svg", ".eml", ".go", ".toml", ".txt"}, path.Ext(text))
}

func TestWordsAreWhole(t *testing.T) {
	words, err := readWords(translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range checkWords(words) {
		t.Error(problem)
	}
}

func TestCodeAndWordsAgree(t *testing.T) {
	words, err := readWords(translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	code, err := readCode("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(code.literals) < 100 {
		t.Fatalf("only %d strings found in the code", len(code.literals))
	}
	for _, problem := range append(checkUse(words, code, dynamic()), code.problems...) {
		t.Error(problem)
	}
}
