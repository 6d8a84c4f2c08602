package doctor

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts/autodetect"
)

var update = flag.Bool("update", false, "write docs/faults.md anew")

const (
	faultsFile = "../../docs/faults.md"
	faultsHead = `# What the connection doctor says

A test makes each of these faults on loopback, has the doctor look, and demands that the step which fails and the
cause are the right ones (` + "`accounts/doctor/causes_test.go`" + `). The sentences are those of that run, with these servers:
imap.firm.test for receiving and smtp.firm.test for sending. When words change, write the page anew with
` + "`go test ./accounts/doctor -run TestEveryFaultLeadsToItsCause -update`" + `.

| what is wrong | step that fails | what Linnet says | what to do |
|---|---|---|---|
`
)

// TestEveryFaultLeadsToItsCause makes each fault on loopback, looks at what the
// doctor says of it, and compares that with docs/faults.md.
func TestEveryFaultLeadsToItsCause(t *testing.T) {
	list := faults()
	rows := make([]string, len(list))
	t.Run("faults", func(t *testing.T) {
		for i, f := range list {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				rows[i] = f.examine(t)
			})
		}
	})
	if t.Failed() {
		return
	}
	want := faultsHead + strings.Join(rows, "")
	if *update {
		if err := os.WriteFile(faultsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(faultsFile)
	if text := strings.ReplaceAll(string(got), "\r\n", "\n"); err != nil || text != want {
		t.Errorf("docs/faults.md is not what is said today (%v): run this test with -update", err)
	}
}

// examine makes the fault and returns its row of the table.
func (f fault) examine(t *testing.T) string {
	say := words(t).Say
	w := newWorld(t)
	f.make(w)
	d, _ := w.examine()
	first, failed := d.First()
	if !failed || first.Name != f.step || first.Cause.Key != "trouble."+f.cause {
		t.Errorf("%s at %s, want trouble.%s at %s\n%s", first.Cause.Key, first.Name, f.cause, f.step, d.Report(say))
	}
	if len(d.Steps) != len(Names()) {
		t.Errorf("%d steps of %d", len(d.Steps), len(Names()))
	}
	what, todo := first.Words(say)
	if what == first.Cause.Key || what == "" || todo == first.Cause.Action || todo == "" || strings.Contains(what+todo, "{{") {
		t.Errorf("no words: %q %q", what, todo)
	}
	w.harmless(f.name)
	if strings.Contains(d.Report(say), secret) {
		t.Error("the report has the password")
	}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", f.name, first.Title(say), what, fingerprint.ReplaceAllString(todo, "3F:5A:…"))
}

// fingerprint changes from run to run.
var fingerprint = regexp.MustCompile(`([0-9A-F]{2}:){31}[0-9A-F]{2}`)

// The names of faults are those of subtests, and the first column of the page.
func TestFaultsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range faults() {
		if seen[f.name] || strings.Contains(f.name, "|") {
			t.Errorf("%q cannot be the name of a fault", f.name)
		}
		seen[f.name] = true
	}
}

// TestTheProvidersPageIsNamed looks at the page that a cause leads to.
func TestTheProvidersPageIsNamed(t *testing.T) {
	for _, c := range []struct {
		sign autodetect.SignIn
		auth string
		page string
	}{
		{autodetect.AppPassword, "$ NO [AUTHENTICATIONFAILED] no", "https://firm.test/app-passwords"},
		{autodetect.Password, "$ NO [ALERT] Your account is not enabled for IMAP use.", "https://firm.test/help"},
		{autodetect.Password, "$ NO [UNAVAILABLE] later", ""},
	} {
		w := newWorld(t)
		all(known(c.sign, "imap-off"), imapAuth(c.auth))(w)
		d, _ := w.examine()
		if first, _ := d.First(); first.Page != c.page {
			t.Errorf("%s: page %q, want %q", first.Cause.Key, first.Page, c.page)
		}
	}
}
