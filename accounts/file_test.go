package accounts

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"
)

func open(t *testing.T, path string) *File {
	t.Helper()
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func ada() Account {
	return Account{
		ID: NewID(), Label: "Work", Email: "ada@example.org",
		Identities: []Identity{{Name: "Ada", Email: "ada@example.org"}, {Name: "A.", Email: "a@example.net"}},
		IMAP:       Server{Host: "imap.example.org", Port: PortIMAPS, Security: TLS, User: "ada", Pin: "aa"},
		SMTP:       Server{Host: "smtp.example.org", Port: PortSubmission, Security: StartTLS},
		Sent:       SentByServer, Colour: "#112233", Demo: true,
	}
}

func TestAccountsComeBackAsTheyWere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile", "accounts.json")
	f := open(t, path)
	if len(f.List()) != 0 {
		t.Fatal("a missing file is not empty")
	}
	a, b := ada(), Account{ID: NewID(), Email: "bob@example.org", Colour: Colours()[1]}
	for _, x := range []Account{a, b} {
		if err := f.Put(x); err != nil {
			t.Fatal(err)
		}
	}
	b.Label = "Private"
	if err := f.Put(b); err != nil {
		t.Fatal(err)
	}
	if got := open(t, path).List(); !reflect.DeepEqual(got, []Account{a, b}) {
		t.Errorf("got %+v", got)
	}
	if got, ok := f.ByEmail("A@Example.NET"); !ok || got.ID != a.ID {
		t.Errorf("by identity: %v %v", got, ok)
	}
	if err := errors.Join(f.Remove(a.ID), f.Remove(a.ID)); err != nil {
		t.Error(err)
	}
	if got := open(t, path).List(); len(got) != 1 || got[0].ID != b.ID {
		t.Errorf("after remove: %+v", got)
	}
}

func TestAccountsFileIsPrivateAndLeavesNothingBeside(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := filepath.Join(t.TempDir(), "p")
	path := filepath.Join(dir, "accounts.json")
	f := open(t, path)
	if err := f.Put(ada()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := f.Put(ada()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestAFileThatCannotBeReadIsNeverOverwritten(t *testing.T) {
	for content, want := range map[string]error{
		`{"version": 3, "accounts": {"new": "shape"}}`:           ErrNewer,
		`{"version": 1, "accounts": [{"id": ""}]}`:               ErrDamaged,
		`{"version": 1, "accounts": [{"id": "a"}, {"id": "a"}]}`: ErrDamaged,
		`{"version": 1, "accounts": [{"id": "a", "imap": "x"}]}`: ErrDamaged,
		`{"accounts": []}`: ErrDamaged, `{"version": 1, "acc`: ErrDamaged, "": ErrDamaged, "\x00\x00": ErrDamaged,
	} {
		path := filepath.Join(t.TempDir(), "accounts.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if f, err := OpenFile(path); !errors.Is(err, want) || f != nil {
			t.Errorf("%q: %v", content, err)
		}
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("%q became %q", content, got)
		}
	}
	if _, err := OpenFile(t.TempDir()); err == nil {
		t.Error("a folder was opened as a file")
	}
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "accounts.json")
	f := open(t, path)
	if err := f.Put(ada()); err != nil {
		t.Fatal(err)
	}
	before := f.List()
	f.path = filepath.Join(path, "below", "a-file") // cannot be made
	if err := f.Put(Account{ID: "b"}); err == nil {
		t.Fatal("the write went well")
	}
	if got := f.List(); !reflect.DeepEqual(got, before) {
		t.Errorf("in memory: %+v", got)
	}
	if got := open(t, path).List(); !reflect.DeepEqual(got, before) {
		t.Errorf("on disk: %+v", got)
	}
}

func TestListIsACopyAndManyMayWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.json")
	f := open(t, path)
	a := ada()
	if err := f.Put(a); err != nil {
		t.Fatal(err)
	}
	a.Identities[0].Name = "changed"
	f.List()[0].Identities[0].Name = "changed"
	if got, _ := f.Get(a.ID); got.Identities[0].Name != "Ada" {
		t.Error("the list can be changed from outside")
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := f.Put(Account{ID: NewID()}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(open(t, path).List()); got != 21 {
		t.Errorf("%d accounts", got)
	}
}

func TestServerSettings(t *testing.T) {
	good := Server{Host: "::1", Port: 143, Security: Plain}
	if err := good.Check(); err != nil || !good.Loopback() || good.Address() != "[::1]:143" {
		t.Errorf("%v %v %s", err, good.Loopback(), good.Address())
	}
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "127.3.4.5": true, "127.0.0.1.example.org": false, "localhost.example.org": false, "10.0.0.1": false, "": false,
	} {
		if got := (Server{Host: host}).Loopback(); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}
