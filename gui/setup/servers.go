package setup

import (
	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// servers is the part of the page where servers are entered by hand.
type servers struct {
	words      *assets.Words
	imap, smtp *server
	user       *field
	note       *look.Paragraph // what the values are
	given      string          // the user name that was filled in by us
	box        *fyne.Container
}

func newServers(w *assets.Words, edited func()) *servers {
	s := &servers{words: w}
	s.imap = newServer(w, w.Say("setup.incoming"), "imap.", accounts.IMAPPort, edited)
	s.smtp = newServer(w, w.Say("setup.outgoing"), "smtp.", accounts.SMTPPort, edited)
	s.user = newField(w.Say("setup.user"), look.NewEntry())
	s.user.entry.PlaceHolder = w.Say("setup.user_same")
	s.user.entry.OnChanged = func(string) { edited() }
	s.note = look.NewParagraph(w.Say("setup.suggested"), look.Small)
	s.box = look.Column(3*look.Unit, s.note, s.imap.box, s.smtp.box, s.user.box)
	return s
}

func (s *servers) entries() []*look.Entry {
	return []*look.Entry{s.imap.host.entry, s.imap.port, s.smtp.host.entry, s.smtp.port, s.user.entry}
}

// suggest fills in the usual host names of an address's domain, where nothing
// else was typed.
func (s *servers) suggest(email string) {
	if validEmail(email) {
		s.imap.suggest(domainOf(email))
		s.smtp.suggest(domainOf(email))
		s.giveUser("", s.words.Say("setup.user_same"))
	}
}

// found fills in servers that were found for an address, where nothing else was
// typed; those without a host are left as they are. A user name is shown if it
// goes for both and is not the address.
func (s *servers) found(imap, smtp accounts.Server, email string) {
	if imap.Host != "" {
		s.imap.fill(imap)
	}
	if smtp.Host != "" {
		s.smtp.fill(smtp)
	}
	switch user := imap.User; {
	case user != smtp.User:
		s.giveUser("", s.words.Say("setup.user_found"))
	case user == email:
		s.giveUser("", s.words.Say("setup.user_same"))
	default:
		s.giveUser(user, s.words.Say("setup.user_same"))
	}
}

func (s *servers) giveUser(user, otherwise string) {
	if now := s.user.text(); now != "" && now != s.given {
		return
	}
	s.given = user
	s.user.entry.SetPlaceHolder(otherwise)
	s.user.entry.SetText(user)
}

// tell says what the values are.
func (s *servers) tell(what string) {
	s.note.Set(what)
	s.note.Hidden = what == ""
}

// edited tells whether a person entered a server.
func (s *servers) edited() bool { return s.imap.typed() || s.smtp.typed() }

// check says what is wrong with each field, and reports whether nothing is.
func (s *servers) check() bool {
	imap, smtp := s.imap.check(), s.smtp.check()
	return imap && smtp
}

// values returns both servers as entered.
func (s *servers) values() (imap, smtp accounts.Server) {
	imap, smtp = s.imap.value(), s.smtp.value()
	if user := s.user.text(); user != "" {
		imap.User, smtp.User = user, user
	}
	return imap, smtp
}

// serverLayout puts host, port and encryption side by side; the host takes what
// is left.
type serverLayout struct{}

const (
	portWidth = 18 * look.Unit
	kindWidth = 33 * look.Unit
	fieldGap  = 2 * look.Unit
)

// MinSize is as high as the highest.
func (serverLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(portWidth+kindWidth+2*fieldGap+100, max(o[0].MinSize().Height, o[1].MinSize().Height, o[2].MinSize().Height))
}

// Layout places the three.
func (serverLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	host := size.Width - portWidth - kindWidth - 2*fieldGap
	o[0].Resize(fyne.NewSize(host, size.Height))
	o[1].Move(fyne.NewPos(host+fieldGap, 0))
	o[1].Resize(fyne.NewSize(portWidth, size.Height))
	o[2].Move(fyne.NewPos(host+portWidth+2*fieldGap, 0))
	o[2].Resize(fyne.NewSize(kindWidth, size.Height))
}
