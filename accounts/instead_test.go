package accounts

import (
	"path/filepath"
	"testing"
)

func TestInstead(t *testing.T) {
	usual := Server{Host: "smtp.firm.test", Port: 465, Security: TLS, User: "anna"}
	other := Server{Host: "smtp.firm.test", Port: 587, Security: StartTLS, User: "anna"}
	a := Account{ID: "a", Email: "anna@firm.test", SMTP: usual, Sent: SentByServer}
	if s, owner := a.Sending(); s != usual || owner != "a" || a.Files() != SentByServer {
		t.Errorf("as set: %+v %s", s, owner)
	}
	a.Instead = &Instead{For: usual.Address(), Server: other}
	if s, owner := a.Sending(); s != other || owner != "a" || a.Files() != SentByServer {
		t.Errorf("another port: %+v %s", s, owner)
	}
	a.Instead.Account = "b"
	if s, owner := a.Sending(); s != other || owner != "b" || a.Files() != SentByUs {
		t.Errorf("another account: %+v %s", s, owner)
	}

	path := filepath.Join(t.TempDir(), "accounts.json")
	f, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Put(a); err != nil {
		t.Fatal(err)
	}
	a.Instead.Account = "changed" // the file has its own
	if f, err = OpenFile(path); err != nil {
		t.Fatal(err)
	}
	kept, _ := f.Get("a")
	if s, owner := kept.Sending(); s != other || owner != "b" {
		t.Errorf("kept: %+v %s", s, owner)
	}
	// With another server set, it holds no longer.
	kept.SMTP.Host = "smtp.new.test"
	if s, owner := kept.Sending(); s != kept.SMTP || owner != "a" || kept.Detoured() {
		t.Errorf("another server: %+v %s", s, owner)
	}
}
