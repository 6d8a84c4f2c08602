package app

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// source is one package of ours as the rules see it: what its files import and
// call. Paths are relative to the module; "" is main.go's package.
type source struct {
	path     string
	files    []string // names, for messages
	imports  []use
	calls    []use // "net.Dial" and the like, with the import path: "net.Dial"
	hasDoc   bool
	testOnly bool // has only _test files
}

// use is one import or call and where it stands.
type use struct {
	name string
	file string
	test bool // in a _test file
}

// readSources parses all Go files below root, whatever system they are for.
func readSources(root string) ([]source, error) {
	found := map[string]*source{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipDir(name, rel, d)
		}
		if strings.HasSuffix(rel, ".go") {
			return addFile(found, name, filepath.ToSlash(rel))
		}
		return nil
	})
	var out []source
	for _, s := range found {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b source) int { return strings.Compare(a.path, b.path) })
	return out, err
}

func skipDir(name, rel string, d fs.DirEntry) error {
	hidden := strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "build"
	if _, err := os.Stat(filepath.Join(name, "go.mod")); rel != "." && (hidden || err == nil) {
		return filepath.SkipDir // another module has rules of its own
	}
	return nil
}

func addFile(found map[string]*source, name, rel string) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(rel)
	if dir == "." {
		dir = ""
	}
	s := found[dir]
	if s == nil {
		s = &source{path: dir, testOnly: true}
		found[dir] = s
	}
	s.addFile(file, path.Base(rel))
	return nil
}

func (s *source) addFile(file *ast.File, name string) {
	test := strings.HasSuffix(name, "_test.go")
	s.files = append(s.files, name)
	if !test {
		s.testOnly = false
		s.hasDoc = s.hasDoc || file.Doc != nil
	}
	local := map[string]string{}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		s.imports = append(s.imports, use{name: p, file: name, test: test})
		local[localName(spec, p)] = p
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && local[id.Name] != "" {
				s.calls = append(s.calls, use{name: local[id.Name] + "." + sel.Sel.Name, file: name, test: test})
			}
		}
		return true
	})
}

// localName is what a file calls an import; a dot import would hide calls and is
// not used here.
func localName(spec *ast.ImportSpec, p string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && base[1] >= '0' && base[1] <= '9' {
		base = path.Base(path.Dir(p)) // …/v2
	}
	return strings.TrimPrefix(base, "go-")
}

// moduleRoot walks up to the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above")
		}
		dir = up
	}
}
