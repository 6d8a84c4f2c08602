package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/app/demo"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// begin starts the demo and an engine on it.
func begin(t *testing.T) (*demo.Demo, *engine.Engine, accounts.Account) {
	t.Helper()
	d, err := demo.Start(context.Background(), 60)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(d.Dir); !os.IsNotExist(err) {
			t.Errorf("the profile is left behind: %v", err)
		}
	})
	s, _, err := store.Open(t.Context(), filepath.Join(d.Dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	file, err := accounts.OpenFile(filepath.Join(d.Dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	e := engine.New(engine.Config{Store: s, Accounts: file, Secrets: accounts.Memory(), Dialer: &connect.Dialer{Roots: d.Roots()}})
	if err := e.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	a := d.Account()
	if err := e.Accounts().Adopt(t.Context(), a, d.Password); err != nil {
		t.Fatal(err)
	}
	return d, e, a
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// await finds a message by its subject in the folders of a role.
func await(t *testing.T, e *engine.Engine, role mailcore.Role, subject string) mailcore.Message {
	t.Helper()
	var m mailcore.Message
	until(t, subject+" in "+string(role), func() bool {
		page, err := e.Messages().Page(t.Context(), mailcore.Query{Role: role}, 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(page, func(m mailcore.Message) bool { return m.Subject == subject })
		if i >= 0 {
			m = page[i]
		}
		return i >= 0
	})
	return m
}

func watching(t *testing.T, e *engine.Engine, id string) {
	t.Helper()
	until(t, "up to date", func() bool {
		s, err := e.Accounts().Status(t.Context(), mailcore.AccountID(id))
		if err != nil {
			t.Fatal(err)
		}
		return s.Phase == mailcore.Watching && s.Missing == 0 && s.Waiting == 0
	})
}

func TestTheThreeJourneysInTheDemo(t *testing.T) {
	d, e, a := begin(t)
	watching(t, e, a.ID)

	// A message arrives by itself.
	if err := d.Deliver([]byte("From: Ada <ada@example.org>\r\nTo: " + a.Email + "\r\nSubject: Just now\r\nMessage-ID: <now@example.org>\r\n\r\nFresh news.\r\n")); err != nil {
		t.Fatal(err)
	}
	m := await(t, e, mailcore.RoleInbox, "Just now")
	content, err := e.Messages().Open(t.Context(), m.ID)
	if err != nil || strings.TrimSpace(content.Text) != "Fresh news." {
		t.Errorf("opened %q, %v", content.Text, err)
	}

	// A reply is sent and filed; what one sends to oneself arrives.
	draft, err := e.Drafts().Answer(t.Context(), mailcore.Reply, m.ID, func(mailcore.Content) string { return "Ada wrote:" })
	if err != nil {
		t.Fatal(err)
	}
	draft.Cc = []mailcore.Address{{Addr: a.Email}}
	if _, err := e.Outbox().Send(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	await(t, e, mailcore.RoleSent, "Re: Just now")
	await(t, e, mailcore.RoleInbox, "Re: Just now")
	watching(t, e, a.ID)
	if m = await(t, e, mailcore.RoleInbox, "Just now"); !m.Flags.Has(mailcore.Answered) {
		t.Errorf("flags = %v", m.Flags)
	}

	// A change reaches the server: a second reader of it finds it there.
	if err := e.Messages().MoveTo(t.Context(), []mailcore.ID{m.ID}, mailcore.RoleArchive); err != nil {
		t.Fatal(err)
	}
	watching(t, e, a.ID)
	if got := await(t, e, mailcore.RoleArchive, "Just now"); got.ID != m.ID || got.Waiting {
		t.Errorf("in the archive: %+v", got)
	}
}

func TestServePrintsWhatAnotherProgramNeeds(t *testing.T) {
	d, err := demo.Start(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	if err := d.Serve(ctx, &out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		IMAP, SMTP struct {
			Host, URL string
			Port      int
		}
		User, Password, Email string
		CAFile                string `json:"ca_file"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.IMAP.Port == 0 || got.SMTP.Port == 0 || !strings.HasPrefix(got.IMAP.URL, "tls://") || got.User == "" || got.Password == "" {
		t.Errorf("%+v", got)
	}
	if pem, err := os.ReadFile(got.CAFile); err != nil || !bytes.Contains(pem, []byte("BEGIN CERTIFICATE")) {
		t.Errorf("ca file: %v", err)
	}
}
