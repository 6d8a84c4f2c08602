package autodetect

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/linnet-mail/linnet/accounts"
)

// Bounds on what somebody publishes.
const (
	maxConfig  = 1 << 20 // octets
	maxDepth   = 32      // of elements
	maxServers = 16      // of each direction
	maxText    = 4 << 10 // octets of one element's text
)

var (
	errConfig    = errors.New("not an autoconfig file")
	errTooLarge  = errors.New("the autoconfig file is too large")
	errNotSecure = errors.New("only unencrypted servers are named")
	errNoServers = errors.New("no IMAP or sending server is named")
)

// published is a configuration in the autoconfig format 1.1, with its
// placeholders.
type published struct {
	name        string
	incoming    []serverText
	outgoing    []serverText
	oauthIssuer string
	documents   []string
	plain       bool // there were unencrypted servers
}

// serverText is a server as it is written.
type serverText struct {
	kind                         string // attribute "type"
	host, port, socket, username string
	auth                         []string
}

// parseConfig reads an autoconfig file of format 1.1: clientConfig with
// emailProvider in it. It is tolerant of what it does not know, of stray "&" and
// of anything after the provider; it knows no entities but XML's own and reads
// no other file.
func parseConfig(data []byte) (published, error) {
	if len(data) > maxConfig {
		return published{}, errTooLarge
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(r), nil
	}
	p := configParser{d: d}
	if err := p.run(); err != nil {
		return published{}, fmt.Errorf("%w: %w", errConfig, err)
	}
	return p.out, nil
}

// configParser walks the elements by hand: the path says where we are.
type configParser struct {
	d      *xml.Decoder
	out    published
	path   []string
	text   strings.Builder
	server *serverText
	// complete: a provider was read to its end; the first one counts.
	complete bool
}

// run reads to the end. What comes after the provider may be broken.
func (p *configParser) run() error {
	for {
		token, err := p.d.Token()
		if err != nil {
			if p.complete {
				return nil
			}
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.open(t); err != nil {
				return err
			}
		case xml.CharData:
			if p.text.Len()+len(t) <= maxText {
				p.text.Write(t)
			}
		case xml.EndElement:
			p.close()
		}
	}
}

func (p *configParser) open(t xml.StartElement) error {
	name := t.Name.Local
	if len(p.path) == 0 && name != "clientConfig" {
		return fmt.Errorf("it begins with %.40q", name)
	}
	if len(p.path) >= maxDepth {
		return errors.New("nested too deep")
	}
	p.path = append(p.path, name)
	p.text.Reset()
	switch p.where() {
	case "incomingServer", "outgoingServer":
		p.server = &serverText{kind: strings.ToLower(attribute(t, "type"))}
	case "documentation":
		if len(p.out.documents) < maxServers {
			p.out.documents = append(p.out.documents, attribute(t, "url"))
		}
	}
	return nil
}

// where is the path below the provider, or that of oAuth2, "" outside of them.
func (p *configParser) where() string {
	switch {
	case len(p.path) > 2 && p.path[1] == "emailProvider" && !p.complete:
		return strings.Join(p.path[2:], "/")
	case len(p.path) > 2 && p.path[1] == "oAuth2":
		return strings.Join(p.path[1:], "/")
	}
	return ""
}

func (p *configParser) close() {
	if len(p.path) == 0 {
		return
	}
	where, text := p.where(), strings.TrimSpace(p.text.String())
	p.text.Reset()
	parent, field, _ := strings.Cut(where, "/")
	switch {
	case where == "displayName":
		p.out.name = oneLine(text)
	case where == "oAuth2/issuer":
		p.out.oauthIssuer = text
	case where == "incomingServer":
		p.keep(&p.out.incoming, "imap")
	case where == "outgoingServer":
		p.keep(&p.out.outgoing, "smtp")
	case p.server != nil && (parent == "incomingServer" || parent == "outgoingServer"):
		p.server.set(field, text)
	}
	if len(p.path) == 2 && p.path[1] == "emailProvider" {
		p.complete = true
	}
	p.path = p.path[:len(p.path)-1]
}

func (s *serverText) set(field, text string) {
	switch field {
	case "hostname":
		s.host = text
	case "port":
		s.port = text
	case "socketType":
		s.socket = strings.ToLower(text)
	case "username":
		s.username = text
	case "authentication":
		if len(s.auth) < maxServers {
			s.auth = append(s.auth, strings.ToLower(text))
		}
	}
}

// keep takes the server that was read if it is of a kind.
func (p *configParser) keep(to *[]serverText, kind string) {
	s := p.server
	p.server = nil
	switch {
	case s == nil:
	case s.kind != kind: // POP3, Exchange
	case s.socket == "plain":
		p.out.plain = true
	case len(*to) < maxServers:
		*to = append(*to, *s)
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

func oneLine(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	return string(r[:min(len(r), 100)])
}

// answer fills the placeholders in for an address. Servers that cannot be right
// are left out.
func (p published) answer(s subject, source Source, via string) (Answer, error) {
	a := Answer{Source: source, Via: via, Provider: p.name, OAuthIssuer: issuer(p.oauthIssuer)}
	for _, t := range p.incoming {
		if server, ok := t.server(s); ok {
			a.IMAP = append(a.IMAP, server)
			a.SignIn = append(a.SignIn, t.signIn()...)
		}
	}
	for _, t := range p.outgoing {
		if server, ok := t.server(s); ok {
			a.SMTP = append(a.SMTP, server)
		}
	}
	for _, link := range p.documents {
		if a.HelpURL = webPage(s.fill(link)); a.HelpURL != "" {
			break
		}
	}
	a.SignIn = unique(a.SignIn)
	switch {
	case len(a.IMAP) > 0 || len(a.SMTP) > 0:
		return a, nil
	case p.plain:
		return a, errNotSecure
	}
	return a, errNoServers
}

// server fills in placeholders; ok is false if it cannot be right or asks for a
// kind of sign-in that we do not have.
func (t serverText) server(s subject) (accounts.Server, bool) {
	security, known := map[string]accounts.Security{"ssl": accounts.TLS, "tls": accounts.TLS, "starttls": accounts.StartTLS}[t.socket]
	host, ok := publicName(s.fill(t.host))
	port, err := strconv.Atoi(t.port)
	server := accounts.Server{Host: host, Port: port, Security: security}
	if !known || !ok || err != nil || server.Check() != nil || !t.possible() {
		return accounts.Server{}, false
	}
	user := s.fill(t.username)
	if !slices.Contains(t.auth, "none") && !strings.ContainsAny(user, "%\r\n\x00") {
		server.User = user
	}
	return server, true
}

// possible says whether we have one of the kinds of sign-in asked for. Nothing
// said may be anything.
func (t serverText) possible() bool {
	return len(t.auth) == 0 || slices.ContainsFunc(t.auth, func(a string) bool {
		return slices.Contains([]string{"password-cleartext", "plain", "password-encrypted", "secure", "oauth2", "none", "client-ip-address", "smtp-after-pop"}, a)
	})
}

func (t serverText) signIn() []SignIn {
	var out []SignIn
	for _, a := range t.auth {
		switch a {
		case "oauth2":
			out = append(out, OAuth)
		case "password-cleartext", "plain", "password-encrypted", "secure":
			out = append(out, Password)
		}
	}
	return out
}

func unique(s []SignIn) []SignIn {
	var out []SignIn
	for _, w := range s {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// issuer is a bare host name, whatever was written.
func issuer(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		text = u.Hostname()
	}
	host, _ := hostName(text)
	return host
}

// webPage is an https address that may be shown and opened, else "".
func webPage(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Hostname() == "" || len(text) > 2000 {
		return ""
	}
	return u.String()
}
