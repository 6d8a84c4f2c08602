package accounts

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func ids(f *File) []string {
	var out []string
	for _, a := range f.List() {
		out = append(out, a.ID)
	}
	return out
}

// three is a file with accounts a, b and c on the same server, of which b is
// only kept for its mail.
func three(t *testing.T) (*File, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accounts.json")
	f := open(t, path)
	for _, id := range []string{"a", "b", "c"} {
		server := Server{Host: "mail.example.org", Port: PortIMAPS, Security: TLS, User: id}
		if err := f.Put(Account{ID: id, Email: id + "@example.org", IMAP: server, SMTP: server, Kept: id == "b"}); err != nil {
			t.Fatal(err)
		}
	}
	return f, path
}

func TestOrderAndDefaultAreKept(t *testing.T) {
	f, path := three(t)
	if d, ok := f.Default(); !ok || d.ID != "a" {
		t.Errorf("the default is %q", d.ID)
	}
	if err := errors.Join(f.Reorder([]string{"c", "b", "a"}), f.SetDefault("a")); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if got := ids(again); !slices.Equal(got, []string{"c", "b", "a"}) {
		t.Errorf("order %v", got)
	}
	if d, _ := again.Default(); d.ID != "a" {
		t.Errorf("the default is %q", d.ID)
	}
	if err := again.Remove("a"); err != nil {
		t.Fatal(err)
	}
	if d, _ := again.Default(); d.ID != "c" {
		t.Errorf("after its removal the default is %q", d.ID)
	}
	if err := again.Remove("c"); err != nil {
		t.Fatal(err)
	}
	if d, ok := again.Default(); ok {
		t.Errorf("one that is only kept is the default: %+v", d)
	}
}

func TestAWrongOrderOrDefaultChangesNothing(t *testing.T) {
	f, path := three(t)
	for _, order := range [][]string{nil, {"a", "b"}, {"a", "a", "b"}, {"a", "b", "x"}, {"a", "b", "c", "a"}} {
		if err := f.Reorder(order); !errors.Is(err, ErrOrder) {
			t.Errorf("%v: %v", order, err)
		}
	}
	for _, id := range []string{"x", "", "b"} {
		if err := f.SetDefault(id); !errors.Is(err, ErrNoAccount) {
			t.Errorf("default %q: %v", id, err)
		}
	}
	if got := ids(open(t, path)); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("order %v", got)
	}
}

func TestColoursAreGivenOnce(t *testing.T) {
	f, path := three(t)
	seen := map[string]bool{}
	for _, a := range f.List() {
		if !ValidColour(a.Colour) || seen[a.Colour] {
			t.Errorf("%s has colour %q", a.ID, a.Colour)
		}
		seen[a.Colour] = true
	}
	a, _ := f.Get("a")
	a.Colour = "#8a5bc7"
	if err := f.Put(a); err != nil {
		t.Fatal(err)
	}
	for range len(Colours()) {
		if err := f.Put(Account{ID: NewID()}); err != nil {
			t.Fatal(err)
		}
	}
	used := map[string]int{}
	for _, a := range open(t, path).List() {
		used[a.Colour]++
	}
	if used["#8a5bc7"] != 1 || len(used) < len(Colours()) {
		t.Errorf("colours %v", used)
	}
	for _, bad := range []string{"", "blue", "#12345", "#12345g", "112233#", "#+12345"} {
		if ValidColour(bad) {
			t.Errorf("%q is a colour", bad)
		}
	}
}

// A file of version 1 has neither default nor colours; nothing of it is lost.
func TestAnOlderFileWorks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.json")
	old := `{"version": 1, "accounts": [
		{"id": "a", "label": "Work", "email": "a@example.org", "identities": [{"name": "A", "email": "a@example.org"}],
		 "imap": {"host": "i.example.org", "port": 993, "security": "tls", "user": "a", "pin": "aa"},
		 "smtp": {"host": "s.example.org", "port": 465, "security": "tls"}, "sent": "server", "colour": "#112233"},
		{"id": "b", "email": "b@example.org", "identities": null, "imap": {}, "smtp": {}}]}`
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	f := open(t, path)
	a, _ := f.Get("a")
	b, _ := f.Get("b")
	if a.IMAP.Pin != "aa" || a.Sent != SentByServer || a.Colour != "#112233" || a.Label != "Work" || b.Colour != Colours()[0] {
		t.Errorf("%+v, %+v", a, b)
	}
	if d, ok := f.Default(); !ok || d.ID != "a" {
		t.Errorf("the default is %q", d.ID)
	}
	if data, _ := os.ReadFile(path); string(data) != old {
		t.Error("reading changed the file")
	}
	if err := f.SetDefault("b"); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if d, _ := again.Default(); d.ID != "b" || len(again.List()) != 2 {
		t.Errorf("%+v", again.List())
	}
}

func TestIdentities(t *testing.T) {
	a := ada()
	if i := a.DefaultIdentity(); i.Name != "Ada" {
		t.Errorf("default %+v", i)
	}
	if i, ok := a.Identity("A@EXAMPLE.net"); !ok || i.Name != "A." {
		t.Errorf("%+v, %v", i, ok)
	}
	if i := (Account{Email: "x@example.org"}).DefaultIdentity(); i.Email != "x@example.org" {
		t.Errorf("without identities %+v", i)
	}
	f := open(t, filepath.Join(t.TempDir(), "accounts.json"))
	shared := Account{ID: "shared", Email: "a@example.net"}
	kept := Account{ID: "kept", Email: "kept@example.org", Kept: true, Identities: []Identity{{Email: "kept@example.org"}}}
	for _, x := range []Account{a, shared, kept} {
		if err := f.Put(x); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := f.ByEmail("a@example.net"); got.ID != "shared" {
		t.Errorf("the mailbox itself comes first: %s", got.ID)
	}
	if err := f.Remove("shared"); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.ByEmail("a@example.net"); got.ID != a.ID {
		t.Errorf("then who writes as it: %s", got.ID)
	}
	if _, ok := f.ByAddress("a@example.net"); ok {
		t.Error("an identity counts as a mailbox")
	}
	if _, ok := f.ByEmail("kept@example.org"); ok {
		t.Error("one that is only kept is found")
	}
}
