package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// identities edits the names and addresses that an account writes as. The first
// is the default, and one always stays.
type identities struct {
	words   *assets.Words
	rows    []*identity
	add     *look.Button
	column  *fyne.Container
	box     *fyne.Container
	edited  func()
	changed func() // rows came or went
	wire    func(*look.Entry)
}

// identity is one of them.
type identity struct {
	name, email   *field
	first, remove *look.Button
	box           *fyne.Container
}

func newIdentities(w *assets.Words, edited, changed func(), wire func(*look.Entry)) *identities {
	s := &identities{words: w, column: look.Column(2 * look.Unit), edited: edited, changed: changed, wire: wire}
	s.add = look.NewLink(w.Say("accounts.identity.add"), s.more)
	s.box = look.Column(2*look.Unit,
		look.NewParagraph(w.Say("accounts.write_as"), look.Strong),
		look.NewParagraph(w.Say("accounts.write_as.help"), look.Small),
		s.column, flush(look.Row(0, s.add), look.Unit))
	return s
}

func (s *identities) set(list []accounts.Identity) {
	s.rows = nil
	for _, i := range list {
		s.append(i)
	}
	s.show()
}

func (s *identities) append(i accounts.Identity) *identity {
	w := s.words
	r := &identity{name: newField(w.Say("accounts.identity.name"), look.NewEntry()), email: newField(w.Say("accounts.identity.email"), look.NewEntry())}
	r.name.entry.SetText(i.Name)
	r.email.entry.SetText(i.Email)
	for _, f := range []*field{r.name, r.email} {
		f.entry.OnChanged = func(string) { s.edited() }
		s.wire(f.entry)
	}
	r.first = look.NewLink(w.Say("accounts.identity.first"), func() { s.toFront(r) })
	r.remove = look.NewLink(w.Say("accounts.identity.remove"), func() { s.take(r) })
	r.box = look.Column(0,
		container.New(layout.NewGridLayout(2), r.name.box, r.email.box),
		look.Row(2*look.Unit, layout.NewSpacer(), r.first, r.remove))
	s.rows = append(s.rows, r)
	return r
}

// show lists the rows; the first one is first already, and the last one stays.
func (s *identities) show() {
	s.column.RemoveAll()
	for n, r := range s.rows {
		r.first.Hidden = n == 0
		r.remove.Hidden = len(s.rows) == 1
		r.box.Objects[1].(*fyne.Container).Hidden = len(s.rows) == 1
		s.column.Add(r.box)
	}
	s.changed()
}

// more adds an empty row and gives it the keyboard.
func (s *identities) more() {
	name := ""
	if len(s.rows) > 0 {
		name = s.rows[0].name.text()
	}
	r := s.append(accounts.Identity{Name: name})
	s.show()
	if c := fyne.CurrentApp().Driver().CanvasForObject(r.email.entry); c != nil {
		c.Focus(r.email.entry)
	}
}

func (s *identities) take(r *identity) {
	for n, one := range s.rows {
		if one == r && len(s.rows) > 1 {
			s.rows = append(s.rows[:n:n], s.rows[n+1:]...)
			break
		}
	}
	s.show()
	s.edited()
}

func (s *identities) toFront(r *identity) {
	rows := []*identity{r}
	for _, one := range s.rows {
		if one != r {
			rows = append(rows, one)
		}
	}
	s.rows = rows
	s.show()
	s.edited()
}

// check says what is wrong with each address, and reports whether nothing is.
func (s *identities) check() bool {
	fine := true
	for _, r := range s.rows {
		wrong := ""
		switch address := r.email.text(); {
		case address == "":
			wrong = s.words.Say("setup.wrong.no_email")
		case !validEmail(address):
			wrong = s.words.Say("setup.wrong.email", assets.Args{"Address": address})
		}
		fine = r.email.say(wrong) && fine
	}
	return fine
}

func (s *identities) values() []accounts.Identity {
	var out []accounts.Identity
	for _, r := range s.rows {
		out = append(out, accounts.Identity{Name: r.name.text(), Email: r.email.text()})
	}
	return out
}

func (s *identities) entries() []*look.Entry {
	var out []*look.Entry
	for _, r := range s.rows {
		out = append(out, r.name.entry, r.email.entry)
	}
	return out
}
