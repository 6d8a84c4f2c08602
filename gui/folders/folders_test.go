package folders

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

func words(t *testing.T) *assets.Words {
	t.Helper()
	w, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func some() []mailcore.Folder {
	var out []mailcore.Folder
	add := func(path string, role mailcore.Role, unread int) {
		out = append(out, mailcore.Folder{
			ID: mailcore.FolderID(len(out) + 1), Path: path, Delimiter: ".", Role: role, Selectable: path != "Lists", Unread: unread, Total: unread + 1,
		})
	}
	add("Lists.go", "", 3)
	add("INBOX.Travel.2026", "", 0)
	add("INBOX.Travel", "", 1)
	add("Lists", "", 0)
	add("INBOX.Trash", mailcore.RoleTrash, 5)
	add("INBOX", mailcore.RoleInbox, 2)
	add("INBOX.Drafts", mailcore.RoleDrafts, 1)
	add("alpha\u202egpj", "", 0)
	return out
}

func titles(s *Sidebar) []string {
	var out []string
	for _, l := range s.shown {
		out = append(out, l.title+"|"+l.count)
	}
	return out
}

func show(t *testing.T, c Content, expanded ...string) *Sidebar {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light))
	s := New(words(t), expanded)
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(224, 700))
	s.Set(c)
	return s
}

func TestOrderNamesAndCounts(t *testing.T) {
	s := show(t, Content{Accounts: []Account{{ID: "a", Title: "Anna", Folders: some()}}, Waiting: 2, Drafts: 1})
	want := []string{
		"All inboxes|2", "Starred|", "Outbox|2 waiting", "Drafts on this computer|1", "Anna|",
		"Inbox|2", "Drafts|2", "Trash|", "alphagpj|", "Travel|1", "Lists|3",
	}
	if got := titles(s); !slices.Equal(got, want) {
		t.Errorf("shown are\n%q, not\n%q", got, want)
	}
	s.open(slices.IndexFunc(s.shown, func(l line) bool { return l.title == "Lists" }), true)
	if got := titles(s); !slices.Equal(got[10:], []string{"Lists|", "go|3"}) {
		t.Errorf("opened is %q", got[10:])
	}
	if got := s.Expanded(); !slices.Equal(got, []string{"a/Lists"}) {
		t.Errorf("expanded are %q", got)
	}
}

func TestKeysMoveAndGo(t *testing.T) {
	s := show(t, Content{Accounts: []Account{{ID: "a", Title: "Anna", Trouble: "Sign in again", Folders: some()}}})
	var went []Place
	var asked mailcore.AccountID
	s.OnGo = func(p Place) { went = append(went, p); s.Go(p) }
	s.OnTrouble = func(id mailcore.AccountID) { asked = id }
	s.Go(Place{Kind: AllInboxes})
	s.FocusGained()
	press := func(keys ...fyne.KeyName) {
		for _, k := range keys {
			s.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	press(fyne.KeyDown, fyne.KeyReturn)
	press(fyne.KeyDown, fyne.KeyDown, fyne.KeySpace) // over the account's title to what is wrong
	if asked != "a" {
		t.Error("the keyboard does not reach what is wrong with an account")
	}
	press(fyne.KeyDown, fyne.KeyReturn)
	if want := []Place{{Kind: Starred}, {Kind: Folder, Folder: 6}}; !slices.Equal(went, want) {
		t.Errorf("went to %v, not %v", went, want)
	}
	press(fyne.KeyEnd, fyne.KeyRight)
	if s.shown[len(s.shown)-1].title != "go" {
		t.Errorf("Right opened nothing: %q", titles(s))
	}
	press(fyne.KeyLeft)
	if s.shown[len(s.shown)-1].title != "Lists" {
		t.Error("Left closed nothing")
	}
	press(fyne.KeyReturn) // holds no mail itself: opens
	if len(went) != 2 || s.shown[len(s.shown)-1].title != "go" {
		t.Errorf("a folder without mail was gone to: %v", went)
	}
}

func TestNewContentKeepsTheKeyboard(t *testing.T) {
	c := Content{Accounts: []Account{{ID: "a", Title: "Anna", Folders: some()}}}
	s := show(t, c)
	s.FocusGained()
	for s.shown[s.cursor].title != "Trash" {
		s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	}
	c.Drafts = 3
	c.Stuck, c.Waiting = 1, 1
	s.Set(c)
	if got := s.shown[s.cursor].title; got != "Trash" {
		t.Errorf("the keyboard is at %q", got)
	}
	if l := s.shown[2]; l.count != "1 not sent" || !l.bad {
		t.Errorf("the outbox says %q", l.count)
	}
}

func TestOrderedIsWhatMailCanBePutInto(t *testing.T) {
	s := show(t, Content{})
	folders, titles := s.Ordered(some())
	if want := []string{"Inbox", "Drafts", "Trash", "alphagpj", "Travel", "Travel / 2026", "Lists / go"}; !slices.Equal(titles, want) {
		t.Errorf("offered are %q", titles)
	}
	if len(folders) != len(titles) {
		t.Error("folders and titles differ")
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{-1: "", 0: "", 7: "7", 999: "999", 1000: "1,000", 12_034: "12,034", 100_000: "99,999+"} {
		if got := number(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}
