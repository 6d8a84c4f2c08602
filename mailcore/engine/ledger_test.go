package engine_test

import (
	"errors"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// "Up to date" is said when every folder was compared and no change waits, and
// else never.
func TestUpToDateIsSaidOnlyWhenItIsSo(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	proxy := mailtest.NewProxy(t, h.IMAP)
	h.ImportMessages(t, u, "INBOX", mailtest.Messages(300, 1))
	h.Append(t, u, "Archive", letter("ada@example.org", u.Email, "Kept", "Text."), nil, time.Now())
	e := p.open(true)
	a := u.Account()
	user := a.IMAP.User
	a.IMAP = proxy.Server(h.IMAP)
	a.IMAP.User = user
	if err := e.Accounts().Adopt(t.Context(), a, u.Password); err != nil {
		t.Fatal(err)
	}
	sync := func(folders ...string) (engine.SyncReport, error) {
		return e.Accounts().SyncOnce(t.Context(), engine.SyncRequest{Folders: folders})
	}

	proxy.Next(mailtest.Fault{Break: mailtest.Cut, After: 60_000})
	if r, err := sync(); err == nil || r.UpToDate {
		t.Errorf("cut short: %v, %+v", err, r)
	}
	r, err := sync("Archive")
	if err != nil || r.UpToDate || !entry(t, r, "Archive").UpToDate {
		t.Errorf("one folder only: %v, %+v", err, r)
	}
	if i := entry(t, r, "INBOX"); i.UpToDate || i.Here >= 300 {
		t.Errorf("the inbox, cut short: %+v", i)
	}
	r, err = sync()
	if err != nil || !r.UpToDate {
		t.Errorf("all of it: %v, %+v", err, r)
	}
	if i := entry(t, r, "INBOX"); i.Here != 300 || i.Server != 300 || i.Checked == 0 {
		t.Errorf("the inbox: %+v", i)
	}

	m, _ := find(t, e, mailcore.RoleArchive, "Kept")
	if err := e.Messages().Mark(t.Context(), []mailcore.ID{m.ID}, mailcore.FlagDelta{Add: mailcore.Flagged}); err != nil {
		t.Fatal(err)
	}
	proxy.Refuse(t, true)
	r, err = sync()
	var problem *mailcore.Problem
	if !errors.As(err, &problem) || r.UpToDate || r.Waiting != 1 {
		t.Errorf("without a server: %v, %+v", err, r)
	}
	proxy.Refuse(t, false)
	if r, err = sync(); err != nil || !r.UpToDate || r.Waiting != 0 {
		t.Errorf("in the end: %v, %+v", err, r)
	}
}

func entry(t *testing.T, r engine.SyncReport, folder string) engine.LedgerLine {
	t.Helper()
	for _, l := range r.Ledger {
		if l.Folder == folder {
			return l
		}
	}
	t.Fatalf("no %s in %+v", folder, r.Ledger)
	return engine.LedgerLine{}
}
