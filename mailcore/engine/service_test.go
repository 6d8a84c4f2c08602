package engine

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/imapsync"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// puppet is a worker and sender whose connection the test controls.
type puppet struct {
	left   []imapsync.LeftOut
	runs   chan chan error // each Run sends the channel that ends it
	mu     sync.Mutex
	phase  mailcore.Phase
	fetch  error
	asked  chan struct{} // not nil: FetchBody closes it and waits in vain
	seen   mailcore.FolderID
	pokes  int
	report imapsync.Report
}

func (p *puppet) Run(ctx context.Context) error {
	end := make(chan error)
	select {
	case p.runs <- end:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-end:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *puppet) Progress() imapsync.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return imapsync.Progress{Phase: p.phase}
}

func (p *puppet) LeftOut() []imapsync.LeftOut                           { return p.left }
func (p *puppet) Poke()                                                 { p.mu.Lock(); p.pokes++; p.mu.Unlock() }
func (p *puppet) Refresh()                                              {}
func (p *puppet) Visible(id mailcore.FolderID)                          { p.mu.Lock(); p.seen = id; p.mu.Unlock() }
func (p *puppet) CreateFolder(context.Context, string) error            { return nil }
func (p *puppet) DeleteFolder(context.Context, mailcore.FolderID) error { return nil }
func (p *puppet) RenameFolder(context.Context, mailcore.FolderID, string) error {
	return nil
}

func (p *puppet) FetchBody(ctx context.Context, _ mailcore.ID) error {
	if p.asked != nil {
		close(p.asked)
		<-ctx.Done()
		return ctx.Err()
	}
	return p.fetch
}

func (p *puppet) Search(context.Context, mailcore.Folder, store.Wanted) ([]mailcore.ID, error) {
	return nil, nil
}

func (p *puppet) SyncOnce(context.Context, []string, bool) (imapsync.Report, error) {
	return p.report, nil
}

// quiet is a sender that sends nothing.
type quiet struct{}

func (quiet) Run(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
func (quiet) Poke()                         {}
func (quiet) Hurry()                        {}
func (quiet) Flush(context.Context) error   { return nil }

const puppetAccount = "00000000000000aa"

// stage makes an engine with one account on a puppet.
func stage(t *testing.T) (*Engine, *puppet) {
	t.Helper()
	already := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, already) })
	dir := t.TempDir()
	s, _, err := store.Open(t.Context(), filepath.Join(dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	file, err := accounts.OpenFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	e := New(Config{Store: s, Accounts: file, Secrets: accounts.Memory()})
	p := &puppet{runs: make(chan chan error)}
	e.newSyncer = func(*run) syncer { return p }
	e.newSender = func(*run) sender { return quiet{} }
	if err := e.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	a := accounts.Account{ID: puppetAccount, Email: "ada@example.org", Identities: []accounts.Identity{{Name: "Ada", Email: "ada@example.org"}}}
	if err := e.Accounts().Adopt(t.Context(), a, "pw"); err != nil {
		t.Fatal(err)
	}
	return e, p
}

// next waits for the worker to be started.
func (p *puppet) next(t *testing.T) chan error {
	t.Helper()
	select {
	case end := <-p.runs:
		return end
	case <-time.After(30 * time.Second):
		t.Fatal("the worker was not started")
		return nil
	}
}

func (e *Engine) await(t *testing.T, what string, ok func(mailcore.Status) bool) mailcore.Status {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		s, err := e.Accounts().Status(t.Context(), puppetAccount)
		if err != nil {
			t.Fatal(err)
		}
		if ok(s) {
			return s
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s: %+v", what, s)
		}
	}
}

func TestAFailedWorkerIsStartedAgainAndTheStatusSaysWhy(t *testing.T) {
	e, p := stage(t)
	p.next(t) <- trouble.At(trouble.Dial, "imap", accounts.Server{Host: "imap.example.org"}, errors.New("connection refused"))
	s := e.await(t, "offline", func(s mailcore.Status) bool { return s.Problem != nil })
	if s.Phase != mailcore.Offline || s.Problem.Key != "trouble.port-refused" {
		t.Errorf("status = %+v, %+v", s, s.Problem)
	}
	end := p.next(t) // after at most a second
	r, _ := e.run(puppetAccount)
	r.up()
	e.await(t, "no problem", func(s mailcore.Status) bool { return s.Problem == nil })
	end <- nil // a worker that ends for no reason is started again too
	p.next(t)
}

func TestARefusedSignInWaitsForThePerson(t *testing.T) {
	e, p := stage(t)
	p.next(t) <- trouble.At(trouble.Auth, "imap", accounts.Server{Host: "imap.example.org"},
		&imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "no"})
	s := e.await(t, "sign-in", func(s mailcore.Status) bool { return s.Phase == mailcore.SignIn })
	if s.Problem == nil {
		t.Error("no problem is told")
	}
	select {
	case <-p.runs:
		t.Fatal("the refused password was tried again")
	case <-time.After(1200 * time.Millisecond): // longer than the first wait
	}
	if err := e.Accounts().SignIn(t.Context(), puppetAccount, "new"); err != nil {
		t.Fatal(err)
	}
	p.next(t)
	r, _ := e.run(puppetAccount)
	c, err := r.credential(accounts.Server{User: "ada"})(t.Context(), false)
	if err != nil || c.Secret != "new" {
		t.Errorf("credential: %v", err)
	}
}

func TestUpToDateIsNotSaidWhenItIsNot(t *testing.T) {
	e, p := stage(t)
	p.mu.Lock()
	p.phase = mailcore.Watching
	p.mu.Unlock()
	if s := e.await(t, "any", func(mailcore.Status) bool { return true }); s.Phase == mailcore.Watching {
		t.Error("up to date without any folder")
	}
	folder := fillInbox(t, e, 3, 5)
	s := e.await(t, "missing", func(s mailcore.Status) bool { return s.Missing == 2 })
	if s.Phase != mailcore.Syncing || s.Here != 3 {
		t.Errorf("status = %+v", s)
	}
	e.Folders().Visible(folder)
	if p.seen != folder {
		t.Errorf("visible = %d", p.seen)
	}
}

// fillInbox makes an inbox with n messages of which the server has total.
func fillInbox(t *testing.T, e *Engine, n, total int) mailcore.FolderID {
	t.Helper()
	_, err := e.c.Store.SetFolders(t.Context(), puppetAccount, []store.FolderInfo{
		{Path: "INBOX", Delimiter: "/", Role: mailcore.RoleInbox, Selectable: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := e.Folders().List(t.Context(), puppetAccount)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	b := store.Batch{Folder: list[0].ID, Cursor: &store.Cursor{
		UIDValidity: 1, UIDNext: mailcore.UID(total + 1), Backfilled: mailcore.UID(total - n + 1), ServerTotal: total, Checked: time.Now(),
	}}
	for i := range n {
		b.Arrived = append(b.Arrived, store.Arrival{UID: mailcore.UID(total - i), Received: time.Now(), Size: 10})
	}
	if _, err := e.c.Store.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return list[0].ID
}

func TestEveryFailureIsAProblemWithWords(t *testing.T) {
	e, p := stage(t)
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	folder := fillInbox(t, e, 1, 1)
	ids, err := e.Messages().List(t.Context(), mailcore.Query{Folder: folder})
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	p.fetch = trouble.At(trouble.Dial, "imap", accounts.Server{Host: "imap.example.org"}, errors.New("connection refused"))
	_, notHere := e.Messages().Open(t.Context(), ids[0])
	_, noMessage := e.Messages().Open(t.Context(), 99)
	_, noRecipient := e.Outbox().Send(t.Context(), mailcore.Draft{})
	_, badAddress := e.Outbox().Send(t.Context(), mailcore.Draft{To: []mailcore.Address{{Addr: "not an address"}}})
	_, noMail := e.Outbox().SendRaw(t.Context(), "", []byte("no header here"))
	_, noBox := e.Outbox().Get(t.Context(), 99)
	for want, err := range map[string]error{
		"engine.not-here":          notHere,
		"engine.gone":              noMessage,
		"engine.no-recipient":      noRecipient,
		"engine.bad-address":       badAddress,
		"engine.not-a-message":     noMail,
		"engine.no-folder.archive": e.Messages().MoveTo(t.Context(), ids, mailcore.RoleArchive),
		"engine.no-folder.trash":   e.Messages().Delete(t.Context(), ids),
		"engine.inbox-stays":       e.Folders().Delete(t.Context(), folder),
		"engine.bad-folder-name":   e.Folders().Create(t.Context(), puppetAccount, " \n"),
		"engine.no-account":        e.Accounts().Remove(t.Context(), "nobody"),
		"engine.account-exists":    e.Accounts().Adopt(t.Context(), accounts.Account{ID: "x", Email: "ADA@example.org"}, ""),
	} {
		var problem *mailcore.Problem
		if !errors.As(err, &problem) || problem.Key != want {
			t.Errorf("%v, want %s", err, want)
			continue
		}
		if what, todo := problem.Words(words.Say); what == want || todo == problem.Action && todo != "" || problem.When.IsZero() {
			t.Errorf("%s: %q %q %v", want, what, todo, problem.When)
		}
	}
	if !errors.Is(noBox, store.ErrNotFound) {
		t.Errorf("%v hides its cause", noBox)
	}
	if list, err := e.Outbox().List(t.Context(), true); err != nil || len(list) != 0 {
		t.Errorf("outbox: %v, %v", list, err)
	}
}

func TestSendRawReadsRecipientsAndHidesBcc(t *testing.T) {
	e, _ := stage(t)
	raw := "Received: here\nTO: Bob <bob@example.org>,\n carl@example.org\nbcc: dora@example.org,\n\t bob@example.org\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nBcc: this is text\n.\nend"
	id, err := e.Outbox().SendRaw(t.Context(), "", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.Outbox().Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.Recipients, " "); got != "bob@example.org carl@example.org dora@example.org" || o.From != "ada@example.org" || o.Subject != "Grüße" {
		t.Errorf("%s from %s: %s", got, o.From, o.Subject)
	}
	sent, err := e.c.Store.OutgoingRaw(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	text := string(sent)
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	if strings.Contains(strings.ToLower(head), "bcc") || strings.Contains(head, "dora") || body != "Bcc: this is text\r\n.\r\nend" {
		t.Errorf("built:\n%s", text)
	}
	for _, field := range []string{"From: <ada@example.org>", "Date: ", "Message-ID: <" + o.MessageID + ">", "TO: Bob"} {
		if strings.Count(head, field) != 1 {
			t.Errorf("%s: not once in\n%s", field, head)
		}
	}
	draft, err := e.Outbox().Cancel(t.Context(), id)
	if err != nil || draft.ID == 0 || len(draft.To) != 2 || len(draft.Bcc) != 2 || !strings.Contains(draft.Text, "Bcc: this is text") {
		t.Errorf("cancelled: %+v, %v", draft, err)
	}
	if _, err := e.Outbox().Get(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
}

func TestEnvelopeAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"ada@example.org":                 "ada@example.org",
		"ada@bücher.example":              "ada@xn--bcher-kva.example",
		`"ada lovelace"@example.org`:      `"ada lovelace"@example.org`,
		"ada@[127.0.0.1]":                 "ada@[127.0.0.1]",
		"":                                "",
		"ada":                             "",
		"@example.org":                    "",
		"ada@":                            "",
		"ada@example.org>\r\nRCPT TO:<x@": "",
		"a b@example.org":                 "",
		"ada@exa mple.org":                "",
		"<ada@example.org>":               "",
		"ada@example.org,bob@example.org": "",
	} {
		got, err := envelopeAddress(in)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestAnAccountWithWaitingMailIsNotRemoved(t *testing.T) {
	e, _ := stage(t)
	id, err := e.Outbox().Send(t.Context(), mailcore.Draft{To: []mailcore.Address{{Addr: "bob@example.org"}}, Subject: "Waits"})
	if err != nil {
		t.Fatal(err)
	}
	var problem *mailcore.Problem
	if err := e.Accounts().Remove(t.Context(), puppetAccount); !errors.As(err, &problem) || problem.Key != "engine.mail-waits" {
		t.Fatalf("remove: %v", err)
	}
	draft, err := e.Outbox().Cancel(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Drafts().Discard(t.Context(), draft.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.Accounts().Remove(t.Context(), puppetAccount); err != nil {
		t.Fatal(err)
	}
	if _, err := e.secrets.Get(t.Context(), puppetAccount); !errors.Is(err, accounts.ErrNoSecret) {
		t.Errorf("the secret is still there: %v", err)
	}
	if len(e.Accounts().List()) != 0 {
		t.Error("the account is still there")
	}
}

func TestWithoutKeyringPasswordsLastForThisRunAndThatIsSaid(t *testing.T) {
	e, _ := stage(t)
	e.secrets = newSession(noKeyring{}, e.keyringChanged)
	if err := e.Accounts().SignIn(t.Context(), puppetAccount, "typed"); err != nil {
		t.Fatal(err)
	}
	if got, err := e.secrets.Get(t.Context(), puppetAccount); got != "typed" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if p := e.Accounts().KeyringProblem(); p == nil || p.Key != "engine.no-keyring" {
		t.Errorf("problem = %+v", p)
	}
	s := e.await(t, "any", func(mailcore.Status) bool { return true })
	if s.Problem == nil || s.Problem.Key != "engine.no-keyring" {
		t.Errorf("status = %+v", s.Problem)
	}
}
