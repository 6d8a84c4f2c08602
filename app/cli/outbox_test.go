package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// blocked is an engine whose only message waits, with another way known.
func blocked(t *testing.T) (*engine.Engine, *accounts.File) {
	t.Helper()
	dir := t.TempDir()
	db, _, err := store.Open(t.Context(), filepath.Join(dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := accounts.OpenFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	a := accounts.Account{
		ID: "a", Email: "anna@firm.test", Identities: []accounts.Identity{{Email: "anna@firm.test"}},
		IMAP: tls("imap.firm.test", 993), SMTP: tls("smtp.firm.test", 465),
	}
	if err := file.Put(a); err != nil {
		t.Fatal(err)
	}
	row := mailcore.Outgoing{Account: "a", State: mailcore.Queued, From: a.Email, Recipients: []string{"b@x.test"}, MessageID: "m@firm.test", Created: time.Now()}
	id, err := db.Enqueue(t.Context(), row, []byte("Subject: hi\r\n\r\nhi\r\n"), 0)
	if err != nil {
		t.Fatal(err)
	}
	row.ID, row.Attempts, row.NextTry = id, 1, time.Now().Add(time.Hour)
	row.Problem = &mailcore.Problem{Key: "trouble.port-refused", When: time.Now(), Args: map[string]any{
		"Host": "smtp.firm.test", "Port": 465, "Way": "starttls://smtp.firm.test:587", "WayOwner": "a",
	}}
	if err := db.Advance(t.Context(), row, []mailcore.SendState{mailcore.Queued}, nil); err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: db, Accounts: file, Secrets: accounts.Memory(), Offline: true})
	t.Cleanup(func() { _ = e.Close(); _ = db.Close() })
	return e, file
}

func TestOutboxOffersAnotherWay(t *testing.T) {
	e, file := blocked(t)
	words, err := assets.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	p := &Program{Words: words}
	run := func(args ...string) (string, int) {
		t.Helper()
		c, err := p.Parse(append([]string{"outbox"}, args...))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		exit := c.Run(t.Context(), Env{Stdout: &out, Stderr: &out}, e)
		return out.String(), exit
	}
	const how = "linnet outbox --send-through starttls://smtp.firm.test:587 --account anna@firm.test"
	if said, exit := run(); exit != Done || !strings.Contains(said, "Sending through port 587 works.") || !strings.Contains(said, how) {
		t.Errorf("%d %s", exit, said)
	}
	if said, exit := run("--send-through", "tls://evil.test:465"); exit != Failed || !strings.Contains(said, "no longer offered") {
		t.Errorf("%d %s", exit, said)
	}
	if a, _ := file.Get("a"); a.Instead != nil {
		t.Fatalf("%+v", a.Instead)
	}
	said, exit := run("--send-through", "starttls://smtp.firm.test:587", "--account", "anna@firm.test")
	if exit != Done || !strings.Contains(said, "is sent through port 587") || !strings.Contains(said, "--send-as-before") || strings.Contains(said, how) {
		t.Errorf("%d %s", exit, said)
	}
	a, _ := file.Get("a")
	if s, owner := a.Sending(); s.Port != 587 || s.Security != accounts.StartTLS || s.User != a.SMTP.User || owner != "a" {
		t.Errorf("%+v %s", s, owner)
	}
	if said, exit := run("--send-as-before"); exit != Done || !strings.Contains(said, how) {
		t.Errorf("%d %s", exit, said)
	}
	if a, _ := file.Get("a"); a.Instead != nil {
		t.Errorf("%+v", a.Instead)
	}
}
