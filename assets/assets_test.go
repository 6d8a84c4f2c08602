package assets

import "testing"

func TestWordsFillArgumentsAndKeepUnknownKeys(t *testing.T) {
	w, err := NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Say("app.name"); got != "Linnet" {
		t.Errorf("app.name = %q", got)
	}
	if got := w.Say("no.such.key"); got != "no.such.key" {
		t.Errorf("missing key = %q", got)
	}
}
