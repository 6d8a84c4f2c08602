package enrol

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
)

// unused is a dialer that must not be asked.
type unused struct{ t *testing.T }

func (u unused) IMAP(context.Context, accounts.Server, connect.CredentialFunc, *imapclient.UnilateralDataHandler) (*connect.IMAPConn, error) {
	u.t.Error("IMAP was dialled")
	return nil, errors.New("dialled")
}

func (u unused) SMTP(context.Context, accounts.Server, string, connect.CredentialFunc) (*connect.SMTPConn, error) {
	u.t.Error("SMTP was dialled")
	return nil, errors.New("dialled")
}

func newFile(t *testing.T) *accounts.File {
	t.Helper()
	f, err := accounts.OpenFile(filepath.Join(t.TempDir(), "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWhatIsMissingIsNamedBeforeAnyServerIsAsked(t *testing.T) {
	good := Request{
		Email: "ada@example.org", Password: "x",
		IMAP: accounts.Server{Host: "imap.example.org"}, SMTP: accounts.Server{Host: "smtp.example.org"},
	}
	cases := map[string]struct {
		change func(r *Request)
		want   error
	}{
		"no address":      {func(r *Request) { r.Email = "  " }, ErrNoAddress},
		"no domain":       {func(r *Request) { r.Email = "ada" }, ErrAddress},
		"name in address": {func(r *Request) { r.Email = "Ada <ada@example.org>" }, ErrAddress},
		"two addresses":   {func(r *Request) { r.Email = "a@b.example, c@d.example" }, ErrAddress},
		"line break":      {func(r *Request) { r.Email = "a@b.example\r\nX: y" }, ErrAddress},
		"no password":     {func(r *Request) { r.Password = "" }, ErrPassword},
		"no IMAP host":    {func(r *Request) { r.IMAP.Host = "" }, ErrIMAPServer},
		"odd IMAP host":   {func(r *Request) { r.IMAP.Host = "imap://x/" }, ErrIMAPServer},
		"IMAP port":       {func(r *Request) { r.IMAP.Port = 70000 }, ErrIMAPServer},
		"no SMTP host":    {func(r *Request) { r.SMTP.Host = " " }, ErrSMTPServer},
		"SMTP security":   {func(r *Request) { r.SMTP.Security = "maybe" }, ErrSMTPServer},
	}
	for name, c := range cases {
		e := &Enroller{Dialer: unused{t}, File: newFile(t), Secrets: accounts.Memory()}
		r := good
		c.change(&r)
		if err := e.Verify(t.Context(), r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestPortsAndSecurityAreFilledIn(t *testing.T) {
	r, err := Request{
		Email: " ada@example.org ", Name: "Ada\r\n Lovelace", Password: "x",
		IMAP: accounts.Server{Host: " imap.bücher.example "}, SMTP: accounts.Server{Host: "smtp.example.org", Port: 587},
	}.complete()
	if err != nil {
		t.Fatal(err)
	}
	if r.Email != "ada@example.org" || r.Name != "Ada Lovelace" {
		t.Errorf("%q %q", r.Email, r.Name)
	}
	if want := (accounts.Server{Host: "imap.xn--bcher-kva.example", Port: 993, Security: accounts.TLS}); r.IMAP != want {
		t.Errorf("IMAP %+v", r.IMAP)
	}
	if want := (accounts.Server{Host: "smtp.example.org", Port: 587, Security: accounts.StartTLS}); r.SMTP != want {
		t.Errorf("SMTP %+v", r.SMTP)
	}
}

func TestAnAccountIsNotAddedTwice(t *testing.T) {
	f := newFile(t)
	if err := f.Put(accounts.Account{ID: accounts.NewID(), Email: "Ada@Example.org"}); err != nil {
		t.Fatal(err)
	}
	e := &Enroller{Dialer: unused{t}, File: f, Secrets: accounts.Memory()}
	if _, err := e.Add(t.Context(), Request{Email: "ada@example.org", Password: "x"}); !errors.Is(err, ErrExists) {
		t.Errorf("%v", err)
	}
}
