package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhoImportsWhom holds every package to the rules.
func TestWhoImportsWhom(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	sources, err := readSources(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 10 {
		t.Fatalf("only %d packages found below %s", len(sources), root)
	}
	for _, problem := range checkImports(sources) {
		t.Error(problem)
	}
}

// TestImportRulesFail makes up packages that break one rule each, and their
// neighbours that break none.
func TestImportRulesFail(t *testing.T) {
	pkg := func(dir, imports string) source {
		s := source{path: dir, hasDoc: true}
		for _, name := range strings.Fields(imports) {
			name, test := strings.CutSuffix(name, "@test")
			if strings.HasPrefix(name, "/") {
				name = module + name
			}
			s.imports = append(s.imports, use{name: name, file: "x.go", test: test})
		}
		return s
	}
	fine := []source{
		pkg("", "/app os"),
		pkg("app", "/gui /mailcore/engine /mailcore/demoserver fyne.io/fyne/v2"),
		pkg("app/cli", "/mailcore/engine /app/cli/table"),
		pkg("gui", "/gui/reader /mailcore/engine /accounts fyne.io/fyne/v2/widget"),
		pkg("gui/reader", "/gui/htmlview /mailcore /mailcore/htmlmail"),
		pkg("gui/setup", "/accounts/enrol /gui/look"),
		pkg("mailcore", "context /mailcore/mailtest@test"),
		pkg("mailcore/engine", "/mailcore/imapsync /accounts/connect /mailcore/mailtest@test"),
		pkg("mailcore/store", "/mailcore database/sql modernc.org/sqlite"),
		pkg("mailcore/demoserver/inbox", "/mailcore/demoserver github.com/emersion/go-smtp"),
		pkg("accounts/connect", "/accounts /accounts/trouble"),
		pkg("dev/big-mailbox", "/mailcore/mailtest"),
	}
	for _, s := range fine {
		if got := checkImports([]source{s}); len(got) != 0 {
			t.Errorf("%s is in order, but: %v", display(s.path), got)
		}
	}
	wrong := []source{
		pkg("", "/gui"),
		pkg("app", "/mailcore/mailtest"),
		pkg("gui", "/mailcore/store"),
		pkg("gui/reader", "/gui"),
		pkg("gui/reader", "/mailcore/engine"),
		pkg("gui/messages", "/gui/htmlview"),
		pkg("gui/messages", "/accounts"),
		pkg("gui/weather", "/mailcore"),
		pkg("mailcore", "/accounts"),
		pkg("mailcore", "golang.org/x/text"),
		pkg("mailcore/engine", "/mailcore/demoserver"),
		pkg("mailcore/engine", "/mailcore/mailtest"),
		pkg("mailcore/engine", "/accounts/autodetect"),
		pkg("mailcore/engine", "fyne.io/fyne/v2"),
		pkg("mailcore/engine", "database/sql"),
		pkg("mailcore/engine", "database/sql@test"),
		pkg("mailcore/engine", "net/http"),
		pkg("mailcore/engine", "github.com/emersion/go-smtp"),
		pkg("mailcore/imapsync", "/mailcore/outbox"),
		pkg("mailcore/outbox", "/mailcore/imapsync"),
		pkg("mailcore/outbox", "/mailcore/htmlmail"),
		pkg("mailcore/store", "/accounts"),
		pkg("mailcore/store", "/mailcore/engine@test"),
		pkg("mailcore/htmlmail", "/mailcore"),
		pkg("mailcore/calendar", "/mailcore"),
		pkg("accounts/connect", "/mailcore"),
		pkg("accounts", "/assets"),
		pkg("assets", "/mailcore"),
		pkg("app/util", ""),
		pkg("mailcore/store/common", ""),
		{path: "gui/look"},
	}
	for _, s := range wrong {
		if got := checkImports([]source{s}); len(got) != 1 {
			t.Errorf("%s with %v: found %q", display(s.path), s.imports, got)
		}
	}
}

// TestCallRulesFail reads made-up files, as the rules read ours.
func TestCallRulesFail(t *testing.T) {
	for _, c := range []struct {
		file, text string
		problems   int
	}{
		{"mailcore/engine/a.go", `import "net"; func f() { net.Dial("tcp", "x") }`, 1},
		{"mailcore/engine/a_test.go", `import "net"; func f() { net.Dial("tcp", "x") }`, 0},
		{"mailcore/engine/a.go", `import n "net"; var d n.Dialer`, 1},
		{"mailcore/engine/a.go", `import "crypto/tls"; func f() { tls.Dial("tcp", "x", nil) }`, 1},
		{"mailcore/engine/a.go", `import "github.com/emersion/go-imap/v2/imapclient"; var f = imapclient.DialTLS`, 1},
		{"mailcore/engine/a.go", `import "github.com/wneessen/go-mail"; var f = mail.NewClient`, 1},
		{"mailcore/engine/a.go", `import "net"; var f = net.JoinHostPort`, 0},
		{"accounts/connect/a.go", `import "net"; var d net.Dialer`, 0},
		{"accounts/connect/a.go", `import "net"; var f = net.Listen`, 1},
		{"mailcore/demoserver/a.go", `import "net"; var f = net.Listen`, 0},
		{"mailcore/demoserver/a.go", `import "net"; var f = net.Dial`, 1},
		{"gui/reader/a.go", `import "net/http"; var f = http.Get`, 2},
		{"app/a.go", `import "net"; var f, g = net.Listen, net.Dial`, 0},
	} {
		root := t.TempDir()
		name := filepath.Join(root, filepath.FromSlash(c.file))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("// Package p is made up.\npackage p\n\n"+c.text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		sources, err := readSources(root)
		if err != nil {
			t.Fatal(err)
		}
		if got := checkImports(sources); len(got) != c.problems {
			t.Errorf("%s with %s: found %q, want %d problems", c.file, c.text, got, c.problems)
		}
	}
}
