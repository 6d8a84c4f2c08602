package engine_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// nowhere is the keyring of a computer that has none.
type nowhere struct{}

func (nowhere) Get(context.Context, string) (string, error) { return "", accounts.ErrNoKeyring }
func (nowhere) Set(context.Context, string, string) error   { return accounts.ErrNoKeyring }
func (nowhere) Delete(context.Context, string) error        { return accounts.ErrNoKeyring }

// TestPasswordsInAFile follows a person without keyring: passwords last for the
// run, then are put into a file, which the next run asks to be opened.
func TestPasswordsInAFile(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	path := filepath.Join(p.dir, "passwords.json")
	p.secrets = accounts.NewSafe(path, nowhere{})
	e := p.open(false)
	a := p.add(u)
	watching(t, e, a.ID)
	if key := problemKey(e.Accounts().KeyringProblem()); key != "engine.no-keyring" || e.Accounts().Kept() != engine.KeptForRun {
		t.Errorf("without keyring: %s, %s", key, e.Accounts().Kept())
	}
	if key := problemKey(e.Accounts().OpenFile(t.Context(), "long enough")); key != "engine.no-file" {
		t.Errorf("there is no file: %s", key)
	}
	if key := problemKey(e.Accounts().KeepInFile(t.Context(), "short")); key != "engine.passphrase-short" {
		t.Errorf("short: %s", key)
	}
	if err := e.Accounts().KeepInFile(t.Context(), "long enough"); err != nil {
		t.Fatal(err)
	}
	if p := e.Accounts().KeyringProblem(); p != nil || e.Accounts().Kept() != engine.KeptInFile {
		t.Errorf("in the file: %v, %s", p, e.Accounts().Kept())
	}
	if key := problemKey(e.Accounts().KeepInFile(t.Context(), "another one")); key != "trouble.file-chosen" {
		t.Errorf("twice: %s", key)
	}
	p.close()

	p.secrets = accounts.NewSafe(path, nowhere{})
	e = p.open(false)
	until(t, "the question for the passphrase", func() bool {
		s, err := e.Accounts().Status(t.Context(), mailcore.AccountID(a.ID))
		return err == nil && s.Phase == mailcore.SignIn && s.Problem != nil && s.Problem.Key == "trouble.file-locked"
	})
	if key := problemKey(e.Accounts().OpenFile(t.Context(), "wrong one")); key != "trouble.passphrase" {
		t.Errorf("wrong: %s", key)
	}
	if err := e.Accounts().OpenFile(t.Context(), "long enough"); err != nil {
		t.Fatal(err)
	}
	s := watching(t, e, a.ID)
	if s.Problem != nil {
		t.Errorf("still %+v", s.Problem)
	}
	p.close()
	noneIn(t, p.dir, u.Password, "long enough")
}

// noneIn looks for secrets in all files of a profile.
func noneIn(t *testing.T, dir string, secrets ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("a secret in %s", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheKeyringIsLostMeanwhile reconnects with what was read before.
func TestTheKeyringIsLostMeanwhile(t *testing.T) {
	h := host.Get(t)
	u := h.NewUser(t)
	p := newProfile(t, h.Roots)
	keyring := &losable{Secrets: accounts.Memory(), lost: make(chan struct{})}
	p.secrets = keyring
	e := p.open(false)
	a := p.add(u)
	watching(t, e, a.ID)
	close(keyring.lost)
	report, err := e.Accounts().SyncOnce(t.Context(), engine.SyncRequest{Account: mailcore.AccountID(a.ID)})
	if err != nil {
		t.Errorf("%+v, %v", report, err)
	}
	if key := trouble.Explain(accounts.ErrNoKeyring).Key; key != "trouble.keyring-none" {
		t.Error(key)
	}
}

// losable is a keyring that goes away.
type losable struct {
	accounts.Secrets
	lost chan struct{}
}

func (l *losable) Get(ctx context.Context, id string) (string, error) {
	select {
	case <-l.lost:
		return "", accounts.ErrNoKeyring
	default:
		return l.Secrets.Get(ctx, id)
	}
}

func TestTheKeyringWaitsForThePerson(t *testing.T) {
	p := newProfile(t, nil)
	e := p.open(true)
	e.KeyringWaits(true)
	if key := problemKey(e.Accounts().KeyringProblem()); key != "engine.keyring-waits" {
		t.Error(key)
	}
	e.KeyringWaits(false)
	if p := e.Accounts().KeyringProblem(); p != nil {
		t.Error(p)
	}
}
