package app

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const module = "github.com/linnet-mail/linnet"

// The rules of "Who may import whom", package by package: what it may import of
// ours besides itself. An entry ending in "/..." also allows what is below.
// "mailcore/..." in a key covers packages that have no rule of their own.
func importRules() map[string][]string {
	guiChild := []string{"mailcore", "gui/look", "gui/desktop", "assets"}
	letters := append([]string{"gui/htmlview", "mailcore/htmlmail"}, guiChild...)
	return map[string][]string{
		"":       {"app"},
		"app":    {"..."},
		"assets": {},
		"dev":    {"mailcore/mailtest"},

		"accounts": {"accounts/..."},

		"mailcore":            {},
		"mailcore/engine":     {"mailcore/...", "accounts", "accounts/connect", "accounts/oauth", "accounts/trouble"},
		"mailcore/imapsync":   {"mailcore", "mailcore/store", "mailcore/rfc822", "mailcore/htmlmail", "accounts", "accounts/connect", "accounts/trouble"},
		"mailcore/outbox":     {"mailcore", "mailcore/store", "mailcore/rfc822", "accounts", "accounts/connect", "accounts/trouble"},
		"mailcore/store":      {"mailcore"},
		"mailcore/rfc822":     {"mailcore", "mailcore/htmlmail"},
		"mailcore/htmlpage":   {"mailcore/htmlmail", "mailcore/htmlpage/..."}, // its stages are packages below it
		"mailcore/htmlmail":   {},
		"mailcore/remote":     {},
		"mailcore/demoserver": {"mailcore", "mailcore/rfc822", "accounts", "assets"},
		"mailcore/mailtest":   {"accounts"},
		"gui":                 {"mailcore", "mailcore/engine", "accounts", "assets", "gui/..."},
		"gui/look":            {"assets"},
		"gui/desktop":         {"mailcore", "gui/look", "assets"},
		"gui/messages":        guiChild,
		"gui/folders":         guiChild, // the sidebar
		"gui/cachetime":       {},       // only os: it is to be initialised before Fyne
		"gui/outbox":          guiChild,
		"gui/contacts":        guiChild,
		"gui/settings":        guiChild,
		"gui/reader":          letters,
		"gui/compose":         letters,
		"gui/setup":           append([]string{"accounts/..."}, guiChild...),
		"gui/htmlview":        append([]string{"mailcore/htmlpage"}, guiChild...),
	}
}

// never are imports that no wider rule lets in.
var never = map[string][]string{
	"mailcore/engine": {"mailcore/mailtest", "mailcore/demoserver"},
	"app":             {"mailcore/mailtest"},
}

// ruleFor finds the rule of a package: its own or that of the nearest package
// above that is no root with a rule of another kind.
func ruleFor(rules map[string][]string, pkg string) (owner string, allowed []string, ok bool) {
	for p := pkg; ; p = path.Dir(p) {
		if p == "." {
			return "", nil, false
		}
		if a, found := rules[p]; found {
			// What is below mailcore or gui has its own entry; these two speak for
			// themselves alone.
			if p != pkg && (p == "mailcore" || p == "gui") {
				return "", nil, false
			}
			return p, a, true
		}
	}
}

func covers(pattern, pkg string) bool {
	base, below := strings.CutSuffix(pattern, "...")
	if !below {
		return pattern == pkg
	}
	base = strings.TrimSuffix(base, "/")
	return base == "" || pkg == base || strings.HasPrefix(pkg, base+"/")
}

func anyCovers(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, pkg) })
}

// checkImports returns what stands against the rules, in words.
func checkImports(sources []source) []string {
	var out []string
	for _, s := range sources {
		out = append(out, checkPackage(s)...)
		for _, u := range s.imports {
			out = append(out, checkImport(s, u)...)
		}
		for _, u := range s.calls {
			out = append(out, checkCall(s, u)...)
		}
	}
	return out
}

func checkPackage(s source) []string {
	var out []string
	for _, part := range strings.Split(s.path, "/") {
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"}, part) {
			out = append(out, fmt.Sprintf("%s: no folder is called %q: name the thing that it is about", s.path, part))
		}
	}
	if !s.hasDoc && !s.testOnly {
		out = append(out, fmt.Sprintf("%s: no package comment says what it is in charge of", display(s.path)))
	}
	return out
}

// outside rules say which imports from elsewhere stay below which folders.
var outside = []struct {
	what   string
	match  []string
	below  []string
	tests  bool // tests too
	reason string
}{
	{"Fyne", []string{"fyne.io/..."}, []string{"gui/...", "app/..."}, true, "Fyne is imported under gui/ and app/ only"},
	{"SQL", []string{"database/sql/...", "modernc.org/sqlite/..."}, []string{"mailcore/store/..."}, true, "SQL lives under mailcore/store only"},
	{"HTTP", []string{"net/http/..."}, []string{"accounts/autodetect/...", "accounts/oauth/...", "accounts/proxy/...", "mailcore/remote/...", "mailcore/mailtest/..."}, false, "only autodetect, oauth, proxy, remote and the test ground speak HTTP"},
	{"servers", []string{"github.com/emersion/go-imap/v2/imapserver/...", "github.com/emersion/go-smtp"}, []string{"mailcore/demoserver/...", "mailcore/mailtest/..."}, false, "servers live under demoserver and mailtest only"},
}

func checkImport(s source, u use) []string {
	target, ours := strings.CutPrefix(u.name, module)
	if !ours || (target != "" && target[0] != '/') {
		return checkOutside(s, u)
	}
	target = strings.TrimPrefix(target, "/")
	if target == s.path {
		return nil // an external test of its own package
	}
	// Beyond its package a test may use the test ground, and look up the words of
	// the keys that its package gives. One that needs more lives where that is
	// allowed.
	if u.test && (target == "mailcore/mailtest" || target == "assets") {
		return nil
	}
	owner, allowed, ok := ruleFor(importRules(), s.path)
	if !ok {
		return []string{fmt.Sprintf("%s: no rule says what it may import: add one to house rules and importRules", display(s.path))}
	}
	sibling := owner != s.path && (target == owner || strings.HasPrefix(target, owner+"/"))
	if (anyCovers(allowed, target) || sibling) && !slices.Contains(never[owner], target) {
		return nil
	}
	return []string{fmt.Sprintf("%s (%s) imports %s: it may import %v of ours", display(s.path), u.file, target, allowed)}
}

func checkOutside(s source, u use) []string {
	var out []string
	if s.path == "mailcore" && !u.test && strings.Contains(strings.Split(u.name, "/")[0], ".") {
		out = append(out, fmt.Sprintf("mailcore (%s) imports %s: its root is for the standard library only", u.file, u.name))
	}
	for _, r := range outside {
		if !anyCovers(r.match, u.name) || anyCovers(r.below, s.path) || (u.test && !r.tests) {
			continue
		}
		out = append(out, fmt.Sprintf("%s (%s) imports %s: %s", display(s.path), u.file, u.name, r.reason))
	}
	return out
}

// Calls that make or take connections. Tests are free to call them.
var (
	dialling = []string{
		"net.Dial", "net.DialTimeout", "net.DialTCP", "net.DialUDP", "net.DialUnix", "net.DialIP", "net.Dialer",
		"net.LookupHost", "net.LookupIP", "net.LookupMX", "net.LookupSRV", "net.LookupTXT", "net.LookupAddr", "net.LookupCNAME", "net.Resolver", "net.DefaultResolver",
		"crypto/tls.Dial", "crypto/tls.DialWithDialer", "crypto/tls.Dialer",
		"net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm", "net/http.DefaultClient", "net/http.Client", "net/http.DefaultTransport", "net/http.Transport",
		"net/smtp.Dial", "net/smtp.SendMail", "net/rpc.Dial",
		"github.com/emersion/go-imap/v2/imapclient.DialTLS", "github.com/emersion/go-imap/v2/imapclient.DialStartTLS", "github.com/emersion/go-imap/v2/imapclient.DialInsecure",
		"github.com/wneessen/go-mail.NewClient", "github.com/wneessen/go-mail/smtp.Dial",
		"golang.org/x/net/proxy.Dial", "golang.org/x/net/websocket.Dial",
	}
	mayDial = []string{"accounts/connect/...", "accounts/autodetect/...", "accounts/proxy/...", "accounts/oauth/...", "accounts/doctor/...", "mailcore/remote/...", "mailcore/mailtest/...", "app", "app/cli"}

	serving = []string{
		"net.Listen", "net.ListenTCP", "net.ListenUDP", "net.ListenUnix", "net.ListenPacket", "net.ListenConfig", "net.FileListener",
		"crypto/tls.Listen", "net/http.ListenAndServe", "net/http.ListenAndServeTLS", "net/http.Serve", "net/http.Server", "net/http/httptest.NewServer",
	}
	// accounts/oauth waits for the browser on loopback.
	mayServe = []string{"mailcore/demoserver/...", "mailcore/mailtest/...", "accounts/oauth/...", "app", "app/cli"}
)

func checkCall(s source, u use) []string {
	switch {
	case u.test:
		return nil
	case slices.Contains(dialling, u.name) && !anyCovers(mayDial, s.path):
		return []string{fmt.Sprintf("%s (%s) uses %s: only %v dial", display(s.path), u.file, u.name, mayDial)}
	case slices.Contains(serving, u.name) && !anyCovers(mayServe, s.path):
		return []string{fmt.Sprintf("%s (%s) uses %s: only %v take connections", display(s.path), u.file, u.name, mayServe)}
	}
	return nil
}

func display(pkg string) string {
	if pkg == "" {
		return "main"
	}
	return pkg
}
