package enrol

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// What is wrong with a request before any server is asked, told apart with
// errors.Is.
var (
	ErrNoAddress  = errors.New("enrol: no e-mail address")
	ErrAddress    = errors.New("enrol: not an e-mail address")
	ErrPassword   = errors.New("enrol: no password")
	ErrTokens     = errors.New("enrol: no tokens from the browser")
	ErrIMAPServer = errors.New("enrol: incoming server is incomplete")
	ErrSMTPServer = errors.New("enrol: outgoing server is incomplete")
	ErrExists     = errors.New("enrol: the account is already here")
	ErrNoAccount  = errors.New("enrol: no such account")
)

// complete trims what was typed, checks it, and fills in ports and security.
func (r Request) complete() (Request, error) {
	email, err := checkAddress(r.Email)
	if err != nil {
		return r, err
	}
	r.Email, r.Name = email, oneLine(r.Name)
	switch {
	case r.Browser == nil && r.Password == "":
		return r, ErrPassword
	case r.Browser != nil && (r.Browser.Tokens.Access == "" || r.Browser.Tokens.Refresh == ""):
		return r, ErrTokens
	}
	r.IMAP = tidy(r.IMAP, accounts.IMAPPort)
	if err := r.IMAP.Check(); err != nil {
		return r, fmt.Errorf("%w: %w", ErrIMAPServer, err)
	}
	r.SMTP = tidy(r.SMTP, accounts.SMTPPort)
	if err := r.SMTP.Check(); err != nil {
		return r, fmt.Errorf("%w: %w", ErrSMTPServer, err)
	}
	return r, nil
}

// checkAddress returns the bare address without spaces around it.
func checkAddress(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", ErrNoAddress
	}
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed {
		return "", fmt.Errorf("%w: %q", ErrAddress, typed)
	}
	_, domain, _ := strings.Cut(typed[strings.LastIndexByte(typed, '@'):], "@")
	if domain == "" || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", fmt.Errorf("%w: %q", ErrAddress, typed)
	}
	return typed, nil
}

// tidy fills in what a person may leave out. Host names beyond ASCII become
// what DNS knows them as.
func tidy(s accounts.Server, port func(accounts.Security) int) accounts.Server {
	s.Host = accounts.ASCIIHost(s.Host)
	s.User = strings.TrimSpace(s.User)
	if s.Security == "" {
		s.Security = accounts.TLS
		if s.Port == accounts.PortIMAP || s.Port == accounts.PortSubmission {
			s.Security = accounts.StartTLS
		}
	}
	if s.Port == 0 {
		s.Port = port(s.Security)
	}
	return s
}

// oneLine makes a name fit for a header.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }
