package demoserver

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// answerAfter is how long the people of the demo take to write back.
const answerAfter = 4 * time.Second

// submission is one SMTP connection.
type submission struct {
	server *Server
	signed bool
	from   string
	to     []string
	done   func()
}

var _ smtp.AuthSession = (*submission)(nil)

func (s *Server) newSMTPSession(*smtp.Conn) (smtp.Session, error) {
	if !s.begin() {
		return nil, errClosing
	}
	var once sync.Once
	return &submission{server: s, done: func() { once.Do(s.tasks.Done) }}, nil
}

// AuthMechanisms offers PLAIN; the connection is TLS from its first byte.
func (s *submission) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks name and password.
func (s *submission) Auth(mechanism string) (sasl.Server, error) {
	if mechanism != sasl.Plain {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		right := subtle.ConstantTimeCompare([]byte(password), []byte(s.server.Password)) == 1
		if !right || !strings.EqualFold(user, s.server.User) {
			return smtp.ErrAuthFailed
		}
		s.signed = true
		return nil
	}), nil
}

// Mail begins a message.
func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	if !s.signed {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.from, s.to = from, nil
	return nil
}

// Rcpt takes everyone, but for an unknown name in the demo's own domain.
func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.EqualFold(domainOf(to), domainOf(Address)) && strings.HasPrefix(strings.ToLower(to), "nobody@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such person here"}
	}
	s.to = append(s.to, to)
	return nil
}

// Data delivers to the demo account; mail for others goes nowhere.
func (s *submission) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	mine, other := false, ""
	for _, to := range s.to {
		if strings.EqualFold(domainOf(to), domainOf(Address)) {
			mine = true
		} else if other == "" {
			other = to
		}
	}
	if mine {
		if err := s.server.Deliver(s.stamped(raw)); err != nil {
			return err
		}
	}
	if other != "" {
		s.server.answer(raw, other)
	}
	return nil
}

// stamped puts the trace fields of RFC 5321 section 4.4 on top.
func (s *submission) stamped(raw []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", s.from)
	fmt.Fprintf(&b, "Received: from client by mail.%s with ESMTPSA;\r\n %s\r\n", domainOf(Address), time.Now().Format(time.RFC1123Z))
	b.Write(raw)
	return b.Bytes()
}

// Reset forgets the message.
func (s *submission) Reset() { s.from, s.to = "", nil }

// Logout ends the session with its connection.
func (s *submission) Logout() error {
	s.done()
	return nil
}

// answer lets the person at to write back after a moment, once a message and
// never to an automatic one.
func (s *Server) answer(raw []byte, to string) {
	c, err := rfc822.Parse(raw)
	if err != nil || automatic(raw) {
		return
	}
	reply, err := s.reply(c, to)
	if err != nil {
		return // an address that cannot be written back to
	}
	if !s.begin() {
		return
	}
	go func() {
		defer s.tasks.Done()
		select {
		case <-s.ctx.Done():
		case <-time.After(answerAfter):
			_ = s.Deliver(reply) // fails only with the mailbox gone
		}
	}()
}

// reply builds the answer.
func (s *Server) reply(c mailcore.Content, to string) ([]byte, error) {
	from := mailcore.Address{Addr: to}
	for _, a := range append(append([]mailcore.Address{}, c.To...), c.Cc...) {
		if strings.EqualFold(a.Addr, to) {
			from.Name = a.Name
		}
	}
	text := s.box.letters.answer
	if text == "" {
		return nil, errors.New("no answer is written")
	}
	d := rfc822.ReplyDraft(mailcore.Reply, 0, c, []string{to}, "")
	d.From, d.To, d.Cc = from, []mailcore.Address{{Name: Name, Addr: Address}}, nil
	d.Text = strings.ReplaceAll(text, "{{name}}", firstName(from))
	raw, err := rfc822.Build(d, rfc822.Options{MessageID: rfc822.NewMessageID(to), Date: time.Now()})
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return append([]byte("Auto-Submitted: auto-replied\r\n"), raw...), nil
}

// automatic reports whether a message was sent by a program (RFC 3834).
func automatic(raw []byte) bool {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	return bytes.Contains(bytes.ToLower(head), []byte("auto-submitted: auto"))
}

func firstName(a mailcore.Address) string {
	name := a.Name
	if _, first, ok := strings.Cut(name, ", "); ok {
		name = first
	}
	if name == "" {
		name, _, _ = strings.Cut(a.Addr, "@")
		name, _, _ = strings.Cut(name, ".")
		if name != "" {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
	}
	first, _, _ := strings.Cut(name, " ")
	return first
}

func domainOf(addr string) string {
	_, domain, _ := strings.Cut(addr, "@")
	return domain
}
