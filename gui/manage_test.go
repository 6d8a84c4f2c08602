package gui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/gui/folders"
	"github.com/linnet-mail/linnet/gui/setup"
)

// settingsOf returns the window of the account settings that is open.
func (x *testWindow) settingsOf(t *testing.T) *setup.Manager {
	t.Helper()
	if x.managing == nil {
		t.Fatal("the account settings are not open")
	}
	return x.managing.Content().(*setup.Manager)
}

func TestAccountSettingsAreOpenOnce(t *testing.T) {
	x := open(t, newFake(testNow).fill())
	before := len(x.app.Driver().AllWindows())
	x.run("accounts")
	first := x.settingsOf(t)
	x.sidebar.OnAccountMenu("b", fyne.NewPos(10, 10))
	if x.accountMeant() != "b" || x.question() == nil {
		t.Fatal("the menu of an account is not about it")
	}
	x.win.Canvas().Overlays().Remove(x.question())
	x.run("editaccount")
	second := x.settingsOf(t)
	if second == first || len(x.app.Driver().AllWindows()) != before+1 {
		t.Errorf("%d windows more", len(x.app.Driver().AllWindows())-before)
	}
	x.until(t, "the account", func() bool { return second.Editing() == "b" })
	x.managing.Close()
	if x.managing != nil || x.settingsPage != nil {
		t.Error("closed settings are remembered")
	}
	x.goTo(folders.Place{Kind: folders.Folder, Folder: secondInbox})
	if x.accountMeant() != "b" {
		t.Errorf("in its inbox %q is meant", x.accountMeant())
	}
}

func TestRowsOfSeveralAccountsShowWhoseTheyAre(t *testing.T) {
	f := newFake(testNow).fill()
	x := open(t, f)
	if got := x.accountColours(); got["a"] != f.people[0].Colour || got["b"] != f.people[1].Colour {
		t.Errorf("all inboxes: %v", got)
	}
	x.goTo(folders.Place{Kind: folders.Folder, Folder: inbox})
	if got := x.accountColours(); got != nil {
		t.Errorf("one folder: %v", got)
	}
	x.goTo(folders.Place{Kind: folders.AllInboxes})
	x.overview.accounts = x.overview.accounts[:1]
	if got := x.accountColours(); got != nil {
		t.Errorf("one account: %v", got)
	}
}

func TestWhatIsKeptOnlyNeitherSendsNorComplains(t *testing.T) {
	f := newFake(testNow).fill()
	f.people[1].Kept = true
	x := open(t, f)
	for _, s := range x.senders() {
		if s.Account == "b" {
			t.Error("mail can be sent from it")
		}
	}
	lines := x.sidebarAccounts()
	i := slices.IndexFunc(lines, func(a folders.Account) bool { return a.ID == "b" })
	if !lines[i].Kept || lines[i].Trouble != "" {
		t.Errorf("%+v", lines[i])
	}
	if got := x.statusText(); got != "All 8,412 here · checked 10:03" {
		t.Errorf("the status is %q", got)
	}
}
