package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

func TestAnAccountIsChangedOnlyWhenItsServersAgree(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Here", "x"), nil, time.Now())
	p := newProfile(t, h.Roots)
	e := p.open(false)
	a := p.add(u)
	watching(t, e, a.ID)
	id := mailcore.AccountID(a.ID)

	named := a
	named.Label, named.Colour = "  Work\r\n mail ", "#8A5BC7"
	named.Identities = []accounts.Identity{{Name: "Ada  L.", Email: u.Email}, {Name: "Info", Email: "info@linnet.test"}}
	named.Email = "other@linnet.test" // cannot be changed
	if err := e.Accounts().Update(t.Context(), named, ""); err != nil {
		t.Fatal(err)
	}
	got, _ := e.Accounts().Get(id)
	if got.Label != "Work mail" || got.Colour != "#8A5BC7" || len(got.Identities) != 2 || got.Identities[0].Name != "Ada L." || got.Email != u.Email {
		t.Errorf("%+v", got)
	}

	dead := got
	dead.SMTP.Port = 1
	bad := got
	bad.Identities = []accounts.Identity{{Email: "not an address"}}
	for name, c := range map[string]struct {
		a        accounts.Account
		password string
		want     string
	}{
		"dead server":    {dead, "", "trouble.port-refused"},
		"wrong password": {got, "wrong", "trouble.wrong-password"},
		"bad identity":   {bad, "", "engine.bad-address"},
		"nobody":         {accounts.Account{ID: "x"}, "", "engine.no-account"},
	} {
		if err := e.Accounts().Update(t.Context(), c.a, c.password); problemKey(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := e.Accounts().Get(id); !now.SameServers(got) || now.Label != got.Label || len(now.Identities) != 2 {
			t.Errorf("%s changed it to %+v", name, now)
		}
		if secret, err := p.secrets.Get(t.Context(), a.ID); err != nil || secret != u.Password {
			t.Errorf("%s: the password is lost: %v", name, err)
		}
	}

	moved := got
	moved.IMAP, moved.SMTP = h.IMAPStartTLS, h.SMTPStartTLS
	moved.IMAP.User, moved.SMTP.User = u.Login, u.Login
	if err := e.Accounts().Update(t.Context(), moved, ""); err != nil {
		t.Fatal(err)
	}
	watching(t, e, a.ID)
	if now, _ := e.Accounts().Get(id); now.IMAP.Port != h.IMAPStartTLS.Port || len(rows(t, e, mailcore.RoleInbox)) != 1 {
		t.Errorf("%+v with %d messages", now, len(rows(t, e, mailcore.RoleInbox)))
	}
	h.SetPassword(t, u, "another one")
	if err := e.Accounts().Update(t.Context(), moved, "another one"); err != nil {
		t.Fatal(err)
	}
	if secret, _ := p.secrets.Get(t.Context(), a.ID); secret != "another one" {
		t.Errorf("the password is %q", secret)
	}
}

// Another mailbox may have the same UIDVALIDITY and UIDs: nothing of the old one
// may be taken for the new one's.
func TestAnotherMailboxShowsItsOwnMailOnly(t *testing.T) {
	h := host.Get(t)
	first, second := h.NewUser(t), h.NewUser(t)
	h.Append(t, first, "INBOX", letter("ada@example.org", first.Email, "Of the first", "x"), nil, time.Now())
	h.Append(t, second, "INBOX", letter("ada@example.org", second.Email, "Of the second", "x"), nil, time.Now())
	p := newProfile(t, h.Roots)
	e := p.open(false)
	a := p.add(first)
	await(t, e, mailcore.RoleInbox, "Of the first")
	watching(t, e, a.ID)
	a, _ = e.Accounts().Get(mailcore.AccountID(a.ID))
	a.IMAP.User, a.SMTP.User = second.Login, second.Login
	if err := e.Accounts().Update(t.Context(), a, second.Password); err != nil {
		t.Fatal(err)
	}
	await(t, e, mailcore.RoleInbox, "Of the second")
	until(t, "the old mail goes", func() bool {
		_, still := find(t, e, mailcore.RoleInbox, "Of the first")
		return !still
	})
}

func TestAFailedSaveKeepsTheOldPassword(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	e := p.open(true)
	a := p.add(u)
	before := "before"
	if err := p.secrets.Set(t.Context(), a.ID, before); err != nil {
		t.Fatal(err)
	}
	// A folder stands where the file should be replaced.
	path := filepath.Join(p.dir, "accounts.json")
	if err := errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "x"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := e.Accounts().Update(t.Context(), a, u.Password); err == nil {
		t.Fatal("it was saved over a folder")
	}
	if secret, err := p.secrets.Get(context.Background(), a.ID); err != nil || secret != before {
		t.Errorf("the password is %q, %v", secret, err)
	}
}

func TestMailIsKeptAfterTheAccount(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	big := strings.Repeat("all work and no play ", 40_000) // more than is fetched ahead
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Big one", big+"finally"), nil, time.Now())
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Small one", "x"), nil, time.Now())
	p := newProfile(t, h.Roots)
	e := p.open(false)
	a := p.add(u)
	id := mailcore.AccountID(a.ID)
	await(t, e, mailcore.RoleInbox, "Big one")
	watching(t, e, a.ID)

	h.StopDovecot(t)
	if err := e.Accounts().Keep(t.Context(), id, true); err == nil {
		t.Error("it claims to have fetched everything from a server that is away")
	}
	if now, _ := e.Accounts().Get(id); now.Kept {
		t.Error("the account was changed although it failed")
	}
	h.StartDovecot(t)
	if err := e.Accounts().Keep(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	h.StopDovecot(t)
	defer h.StartDovecot(t)
	if s, err := e.Accounts().Status(t.Context(), id); err != nil || s.Phase != mailcore.Kept || s.Here != 2 || s.Problem != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := p.secrets.Get(t.Context(), a.ID); !errors.Is(err, accounts.ErrNoSecret) {
		t.Errorf("the password is still there: %v", err)
	}
	page, err := e.Messages().Page(t.Context(), mailcore.Query{Account: id, Role: mailcore.RoleInbox}, 10, 0)
	if err != nil || len(page) != 2 {
		t.Fatalf("%v: %+v", err, page)
	}
	var ids []mailcore.ID
	for _, m := range page {
		ids = append(ids, m.ID)
		if c, err := e.Messages().Open(t.Context(), m.ID); err != nil || m.Subject == "Big one" && !strings.HasSuffix(strings.TrimSpace(c.Text), "finally") {
			t.Errorf("%s cannot be read: %v", m.Subject, err)
		}
	}
	if found, err := e.Messages().List(t.Context(), mailcore.Query{Text: "small"}); err != nil || len(found) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	if left := rows(t, e, mailcore.RoleInbox); len(left) != 0 {
		t.Errorf("it is among all inboxes: %+v", left)
	}
	if err := e.Messages().Mark(t.Context(), ids, mailcore.FlagDelta{Add: mailcore.Seen}); err != nil {
		t.Error(err)
	}
	if m, _ := e.Messages().Get(t.Context(), ids[0]); !m.Flags.Has(mailcore.Seen) || m.Waiting {
		t.Errorf("%+v", m)
	}
	for name, err := range map[string]error{
		"delete":  e.Messages().Delete(t.Context(), ids),
		"move":    e.Messages().Move(t.Context(), ids, page[0].Folder),
		"archive": e.Messages().MoveTo(t.Context(), ids, mailcore.RoleArchive),
		"sign in": e.Accounts().SignIn(t.Context(), id, "x"),
		"folder":  e.Folders().Create(t.Context(), id, "New"),
	} {
		if problemKey(err) != "engine.kept" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The same address can be added again, and the rest deleted.
	again := u.Account()
	again.ID = "again"
	if err := e.Accounts().Adopt(t.Context(), again, u.Password); err != nil {
		t.Error(err)
	}
	if err := e.Accounts().Remove(t.Context(), id); err != nil {
		t.Error(err)
	}
	if _, err := e.Messages().Get(t.Context(), ids[0]); err == nil {
		t.Error("its mail is still here")
	}
}
