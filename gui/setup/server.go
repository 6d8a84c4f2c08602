package setup

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// server is one server: host, port, encryption.
type server struct {
	words    *assets.Words
	host     *field
	port     *look.Entry
	kind     *widget.Select
	help     *look.Paragraph
	box      *fyne.Container
	prefix   string // of the usual host name
	usual    func(accounts.Security) int
	filled   accounts.Server // by us, the last time
	edited   func()
	settling bool // fields are being set by us
}

func newServer(w *assets.Words, label, prefix string, usual func(accounts.Security) int, edited func()) *server {
	s := &server{words: w, prefix: prefix, usual: usual, edited: edited, filled: accounts.Server{Port: usual(accounts.TLS), Security: accounts.TLS}}
	s.host = newField(label, look.NewEntry())
	s.port = look.NewEntry()
	s.port.SetText(strconv.Itoa(usual(accounts.TLS)))
	s.kind = widget.NewSelect(nil, nil)
	s.help = look.NewParagraph("", look.Small)
	s.host.entry.OnChanged = func(string) { s.offerKinds(); edited() }
	s.port.OnChanged = s.portTyped
	s.offerKinds()
	s.kind.SetSelectedIndex(0)
	s.explainKind()
	s.kind.OnChanged = func(string) { s.kindChosen() }
	port := look.NewField(w.Say("setup.port"), s.port)
	kind := look.Column(look.Unit, look.NewWholeText(w.Say("setup.encryption"), look.Label), s.kind)
	s.box = look.Column(look.Unit, container.New(serverLayout{}, s.host.box.Objects[0], port, kind), s.host.wrong, s.help)
	return s
}

// kinds lists the encryptions that may be chosen: none only on this computer.
func (s *server) kinds() []accounts.Security {
	all := []accounts.Security{accounts.TLS, accounts.StartTLS}
	if (accounts.Server{Host: s.host.text()}).Loopback() {
		all = append(all, accounts.Plain)
	}
	return all
}

func (s *server) offerKinds() {
	var names []string
	for _, k := range s.kinds() {
		names = append(names, s.kindName(k))
	}
	if len(names) == len(s.kind.Options) {
		return
	}
	chosen := s.kind.SelectedIndex()
	s.kind.SetOptions(names)
	if chosen >= len(names) {
		s.kind.SetSelectedIndex(0)
	}
}

func (s *server) kindName(k accounts.Security) string {
	switch k {
	case accounts.StartTLS:
		return s.words.Say("setup.starttls")
	case accounts.Plain:
		return s.words.Say("setup.plain")
	}
	return s.words.Say("setup.tls")
}

func (s *server) security() accounts.Security {
	kinds := s.kinds()
	if i := s.kind.SelectedIndex(); i >= 0 && i < len(kinds) {
		return kinds[i]
	}
	return accounts.TLS
}

// explainKind says what goes with what.
func (s *server) explainKind() {
	switch {
	case s.security() == accounts.Plain:
		s.help.Set(s.words.Say("setup.help.plain"))
	case s.prefix == "imap.":
		s.help.Set(s.words.Say("setup.help.imap"))
	default:
		s.help.Set(s.words.Say("setup.help.smtp"))
	}
}

// kindChosen sets the port that goes with the choice, unless an unusual one was
// entered.
func (s *server) kindChosen() {
	s.explainKind()
	if !s.settling && (s.port.Text == "" || usualKind(s.port.Text) != "") {
		s.settling = true
		s.port.SetText(strconv.Itoa(s.usual(s.security())))
		s.settling = false
	}
	s.edited()
}

// portTyped chooses the encryption that a well-known port goes with.
func (s *server) portTyped(port string) {
	if !s.settling {
		for i, k := range s.kinds() {
			if k == usualKind(strings.TrimSpace(port)) && s.security() != accounts.Plain {
				s.settling = true
				s.kind.SetSelectedIndex(i)
				s.settling = false
			}
		}
	}
	s.edited()
}

// usualKind is the encryption that a well-known port goes with, "" for others.
func usualKind(port string) accounts.Security {
	switch port {
	case "993", "465":
		return accounts.TLS
	case "143", "587", "25":
		return accounts.StartTLS
	}
	return ""
}

func (s *server) suggest(domain string) {
	host := s.prefix + domain
	if domain == "localhost" {
		host = domain
	}
	s.fill(accounts.Server{Host: host, Port: s.usual(accounts.TLS), Security: accounts.TLS})
}

// fill fills in a server unless a person entered another one; a port and an
// encryption that a person chose stay too.
func (s *server) fill(v accounts.Server) {
	if now := s.host.text(); now != "" && now != s.filled.Host {
		return
	}
	was := s.value()
	s.settling = true
	s.host.entry.SetText(v.Host)
	if was.Port == s.filled.Port && was.Security == s.filled.Security {
		s.port.SetText(strconv.Itoa(v.Port))
		s.kind.SetSelectedIndex(slices.Index(s.kinds(), v.Security))
	}
	s.settling = false
	s.filled = v
}

// typed tells whether a person entered something else than what was filled in.
func (s *server) typed() bool {
	v := s.value()
	return v.Host != "" && !sameServer(v, s.filled)
}

func (s *server) value() accounts.Server {
	port, _ := strconv.Atoi(strings.TrimSpace(s.port.Text))
	v := accounts.Server{Host: s.host.text(), Port: port, Security: s.security()}
	if v.Host == s.filled.Host {
		v.User = s.filled.User
	}
	return v
}

func (s *server) check() bool {
	v := s.value()
	switch {
	case !validHost(v.Host):
		return s.host.say(s.words.Say("setup.wrong.host", assets.Args{"Example": s.prefix + "becker.example"}))
	case v.Port < 1 || v.Port > 65535:
		return s.host.say(s.words.Say("setup.wrong.port"))
	case v.Check() != nil:
		return s.host.say(s.words.Say("setup.wrong.server"))
	}
	return s.host.say("")
}
