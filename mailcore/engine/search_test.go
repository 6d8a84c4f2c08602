package engine_test

import (
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// A search that goes on on the server finds each message once, newest first, and
// says where it looked.
func TestSearchEverywhere(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	proxy := mailtest.NewProxy(t, h.IMAP)
	e := p.open(true)
	a := u.Account()
	user := a.IMAP.User
	a.IMAP = proxy.Server(h.IMAP)
	a.IMAP.User = user
	if err := e.Accounts().Adopt(t.Context(), a, u.Password); err != nil {
		t.Fatal(err)
	}
	h.Append(t, u, "INBOX", letter("ada@example.org", u.Email, "Walrus", "Of cabbages and kings."), nil, time.Now())
	h.Append(t, u, "Archive", letter("bob@example.org", u.Email, "Old", "The walrus and the carpenter."), nil, time.Now())
	if _, err := e.Accounts().SyncOnce(t.Context(), engine.SyncRequest{}); err != nil {
		t.Fatal(err)
	}
	q := mailcore.Query{Text: "walrus"}
	here, err := e.Messages().List(t.Context(), q)
	if err != nil || len(here) != 1 {
		t.Fatalf("here: %v, %v", here, err)
	}
	found, err := e.Messages().SearchEverywhere(t.Context(), q)
	if err != nil || found.Err != nil || len(found.IDs) != 2 || len(found.OnServer) < 2 || len(found.HereOnly) != 0 {
		t.Errorf("%+v, %v", found, err)
	}
	if found, err = e.Messages().SearchEverywhere(t.Context(), mailcore.Query{Text: "walrus in:archive"}); err != nil || len(found.IDs) != 1 || len(found.OnServer) != 1 {
		t.Errorf("in one folder: %+v, %v", found, err)
	}
	if found, err = e.Messages().SearchEverywhere(t.Context(), mailcore.Query{Text: "walrus has:attachment"}); err != nil || len(found.IDs) != 0 {
		t.Errorf("with attachments: %+v, %v", found, err)
	}
	proxy.Refuse(t, true)
	found, err = e.Messages().SearchEverywhere(t.Context(), q)
	if err != nil || len(found.IDs) != 1 || len(found.OnServer) != 0 || len(found.HereOnly) == 0 || found.Err == nil {
		t.Errorf("without a server: %+v, %v", found, err)
	}
}
