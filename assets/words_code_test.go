package assets

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// usage is what the program's code, tests aside, says with keys.
type usage struct {
	calls    []saying
	literals map[string]string // every string, and where it stands
	prefixes map[string]bool   // "date." of "date." + day, "reader.month." of a Sprintf
	suffixes map[string]bool   // ".action" of key + ".action"
	problems []string          // sentences put together from pieces, or written in code
}

// saying is a call of Say or Count with its key in place.
type saying struct {
	key   string
	count bool
	args  []string // names of a literal map of arguments; nil if not to be seen
	where string
}

// readCode parses the Go files below root.
func readCode(root string) (usage, error) {
	u := usage{literals: map[string]string{}, prefixes: map[string]bool{}, suffixes: map[string]bool{}}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "build" || d.Name() == "mailtest" || d.Name() == "dev") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		return u.readFile(name, nil)
	})
	return u, err
}

// readFile reads one file, or text instead of it.
func (u *usage) readFile(name string, text any) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	window := strings.HasPrefix(filepath.ToSlash(strings.TrimPrefix(name, "../")), "gui/")
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			return true
		}
		p := set.Position(n.Pos())
		where := fmt.Sprintf("%s:%d", filepath.ToSlash(p.Filename), p.Line)
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if s, ok := literal(n); ok {
				u.literals[s] = where
			}
		case *ast.BinaryExpr:
			u.sum(n, where)
		case *ast.CallExpr:
			u.call(n, where, window)
		}
		return true
	})
	return nil
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

// callee returns the last part of what a call calls, and what is before it.
func callee(c *ast.CallExpr) (before, name string) {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return "", f.Name
	case *ast.SelectorExpr:
		if id, ok := f.X.(*ast.Ident); ok {
			before = id.Name
		}
		return before, f.Sel.Name
	}
	return "", ""
}

func says(e ast.Expr) bool {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	_, name := callee(c)
	_, keyed := literal(firstArg(c))
	return (name == "Say" || name == "Count") && keyed
}

func firstArg(c *ast.CallExpr) ast.Expr {
	if len(c.Args) == 0 {
		return nil
	}
	return c.Args[0]
}

// sum looks at a + b: a key made from parts, or a sentence made from pieces.
func (u *usage) sum(b *ast.BinaryExpr, where string) {
	if b.Op != token.ADD {
		return
	}
	if s, ok := literal(b.X); ok && strings.HasSuffix(s, ".") {
		u.prefixes[s] = true
	}
	if s, ok := literal(b.Y); ok && strings.HasPrefix(s, ".") && len(s) > 2 {
		u.suffixes[s] = true
	}
	said, worded := 0, 0
	for _, e := range []ast.Expr{b.X, b.Y} {
		if says(e) {
			said++
		}
		if s, ok := literal(e); ok && strings.ContainsFunc(s, unicode.IsLetter) {
			worded++
		}
	}
	if said == 2 || said == 1 && worded == 1 {
		u.problems = append(u.problems, where+": a sentence is put together from pieces: other languages order them otherwise; write one sentence with arguments")
	}
}

var verb = regexp.MustCompile(`%[a-z0-9]*[a-z]`)

func (u *usage) call(c *ast.CallExpr, where string, window bool) {
	before, name := callee(c)
	first, ok := literal(firstArg(c))
	if !ok {
		return
	}
	switch {
	case name == "Sprintf":
		if at := verb.FindStringIndex(first); at != nil && strings.HasSuffix(first[:at[0]], ".") {
			u.prefixes[first[:at[0]]] = true
		}
	case (name == "Say" || name == "Count" && len(c.Args) > 1) && keyShape.MatchString(first):
		u.calls = append(u.calls, saying{key: first, count: name == "Count", args: argumentNames(c, name == "Count"), where: where})
	case window && shows(before, name) && strings.ContainsFunc(first, unicode.IsLetter):
		u.problems = append(u.problems, fmt.Sprintf("%s: the window shows %q from the code: words live in assets/translations", where, first))
	}
}

// shows tells whether a call of Fyne's takes words for people first.
func shows(before, name string) bool {
	switch name {
	case "SetText", "SetTitle", "SetPlaceHolder", "SetTooltip", "NewMenuItem":
		return true
	}
	return before == "widget" && strings.HasPrefix(name, "New") || before == "dialog" && strings.HasPrefix(name, "Show")
}

// argumentNames returns the names of the arguments if they are all to be seen,
// else nil.
func argumentNames(c *ast.CallExpr, count bool) []string {
	rest := c.Args[1:]
	if count {
		rest = c.Args[2:]
	}
	names := []string{}
	for _, a := range rest {
		m, ok := a.(*ast.CompositeLit)
		if !ok {
			return nil
		}
		for _, e := range m.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return nil
			}
			name, ok := literal(kv.Key)
			if !ok {
				return nil
			}
			names = append(names, name)
		}
	}
	return names
}
