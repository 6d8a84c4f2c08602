package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// TestParseTellsWhatIsThere runs "parse" over several files: one line each, in
// order, nothing in them that a terminal obeys.
func TestParseTellsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	names := []string{"a.eml", "b.eml", "c.eml"}
	for i, raw := range []string{
		"From: a@b.example\nSubject: bell\x07 and \x9b2J\nContent-Type: text/plain; charset=utf-8\n\n\xc2\x9b31m\x1b[2J\x7f ä\n",
		"\n \n",
		"Subject: last\n\nend\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, names[i]), []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	c := &call{Env: Env{Stdout: &out, Dir: dir}, Command: &Command{args: names}}
	if err := parse(nil)(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x07\x1b\x7f\u009b") {
		t.Errorf("control characters in %q", out.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != len(names) {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	var got [3]rfc822.Parsed
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &got[i]); err != nil || got[i].File != names[i] {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if text := got[0].Parts[0].Text; text != "\u009b31m\x1b[2J\x7f ä\n" {
		t.Errorf("text %q is not as sent", text)
	}
	if got[0].Error != nil || got[1].Error == nil || got[2].Subject != "last" {
		t.Errorf("%+v", got)
	}
}
