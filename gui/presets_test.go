package gui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
)

const aList = `{"version": 1, "accounts": [{"email": "ANNA@becker.example"}, {"email": "info@becker.example", "shared": true}, {"email": "sales@becker.example"}]}`

// prepared follows the pages that add accounts: their presets, and how they end.
func (x *testWindow) prepared() (seen *[]string, done *func()) {
	seen, done = &[]string{}, new(func())
	x.newSetup = func(_ bool, d func()) fyne.CanvasObject {
		p := x.takePreset()
		if p == nil {
			*seen = append(*seen, "")
		} else {
			*seen = append(*seen, p.Email)
		}
		*done = d
		return look.NewText("page", look.Title)
	}
	return seen, done
}

func TestAListIsImportedOneAfterTheOther(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	seen, done := x.prepared()
	x.takeList(x.win, "list.json", []byte(aList))
	(*done)()
	if got := strings.Join(*seen, " "); got != "info@becker.example sales@becker.example" {
		t.Errorf("asked for %s", got)
	}
	(*done)()
	x.run("addaccount")
	if got := (*seen)[len(*seen)-1]; len(*seen) != 3 || got != "" {
		t.Errorf("the list goes on: %v", *seen)
	}
	x.takeList(x.win, "list.json", []byte(`{"version": 1, "accounts": [{"email": "anna@becker.example"}]}`))
	if x.question() == nil || len(*seen) != 3 {
		t.Error("nothing is said about a list without anything new")
	}
}

func TestABadListIsToldWithItsLines(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	seen, _ := x.prepared()
	x.takeList(x.win, "list.json", []byte("{\"version\": 1,\n\"accounts\": [{\"password\": \"x\"}]}"))
	said, ok := inQuestion(x, func(p *look.Paragraph) bool { return strings.HasPrefix(p.Text(), "Line 2:") })
	if !ok || !strings.Contains(said.Text(), "keyring") || len(*seen) != 0 {
		t.Errorf("opened %v", *seen)
	}
}

func TestTheListIsExportedWithoutSecrets(t *testing.T) {
	f := newFake(testNow).fill()
	server := accounts.Server{Host: "imap.becker.example", Port: 993, Security: accounts.TLS, User: "anna"}
	for i := range f.people {
		f.people[i].IMAP, f.people[i].SMTP = server, server
	}
	x := open(t, f)
	path := filepath.Join(t.TempDir(), "list.json")
	x.exportTo(x.win, path)
	x.until(t, "the answer", func() bool { return x.question() != nil })
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, wrong := setup.ReadPresets(x.words, data)
	if len(wrong) > 0 || len(list) != 2 || list[0].Email != f.people[0].Email || !list[0].Default || list[0].IMAP != server {
		t.Errorf("%v: %+v", wrong, list)
	}
	x.importFrom(x.win, filepath.Join(t.TempDir(), "nothing"))
	x.until(t, "the failure", func() bool {
		_, ok := inQuestion(x, func(p *look.Paragraph) bool { return strings.Contains(p.Text(), "could not be read") })
		return ok
	})
}

func TestAnAdministratorsListIsForAFirstStartOnly(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	if x.readPreset([]byte(aList)); len(x.presets) != 0 {
		t.Error("a profile with accounts is set up again")
	}
	f.mu.Lock()
	people := f.people
	f.people = nil
	f.mu.Unlock()
	if x.readPreset([]byte(aList)); len(x.presets) != 3 {
		t.Fatalf("prepared are %+v", x.presets)
	}
	seen, done := x.prepared()
	x.loading.again()
	x.until(t, "the first page", func() bool { return x.setupOn })
	f.mu.Lock()
	f.people = people
	f.mu.Unlock()
	(*done)()
	x.until(t, "the second page", func() bool { return len(*seen) == 2 })
	if got := strings.Join(*seen, " "); got != "ANNA@becker.example info@becker.example" || x.win.Content() != x.main {
		t.Errorf("asked for %s", got)
	}
	f.mu.Lock()
	f.people = nil
	f.mu.Unlock()
	if x.readPreset([]byte("{")); x.presetWrong == "" {
		t.Error("nothing is said about a bad list")
	}
}
