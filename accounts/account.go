// Package accounts is who you are and how your servers are reached: the
// accounts file and the secrets in the system's keyring. Subpackages find
// settings (autodetect), dial (connect), explain failures (trouble) and enrol.
package accounts

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Security is how a connection is encrypted.
type Security string

// The kinds. Plain is refused except on loopback.
const (
	TLS      Security = "tls"      // implicit TLS: 993, 465
	StartTLS Security = "starttls" // upgrade before anything else: 143, 587, 25
	Plain    Security = "plain"
)

// The usual ports: RFC 8314 section 7.3 for implicit TLS, RFC 9051 and RFC 6409
// for the others.
const (
	PortIMAPS         = 993
	PortIMAP          = 143
	PortSubmissions   = 465
	PortSubmission    = 587
	maxPort           = 65535
	loopbackLocalhost = "localhost"
)

// IMAPPort returns the usual IMAP port for a kind of encryption.
func IMAPPort(s Security) int {
	if s == TLS {
		return PortIMAPS
	}
	return PortIMAP
}

// SMTPPort returns the usual submission port for a kind of encryption.
func SMTPPort(s Security) int {
	if s == TLS {
		return PortSubmissions
	}
	return PortSubmission
}

// Server is how one mail server is reached.
type Server struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user,omitempty"` // sign-in name; "" means no sign-in (submission only)
	Pin      string   `json:"pin,omitempty"`  // SHA-256 of an accepted certificate, hex; "" means verify
}

// Address returns host:port, with brackets around an IPv6 address.
func (s Server) Address() string {
	return net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
}

// Loopback says whether the host is this computer by its name alone: a loopback
// address or "localhost".
func (s Server) Loopback() bool {
	host := strings.TrimSuffix(strings.ToLower(s.Host), ".")
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == loopbackLocalhost || ip != nil && ip.IsLoopback()
}

// Check returns an error that names the first setting that cannot be right.
func (s Server) Check() error {
	switch {
	case s.Host == "" || strings.ContainsAny(s.Host, " \t\r\n/@"):
		return fmt.Errorf("%w: host %q", ErrSettings, s.Host)
	case s.Port < 1 || s.Port > maxPort:
		return fmt.Errorf("%w: port %d", ErrSettings, s.Port)
	case s.Security != TLS && s.Security != StartTLS && s.Security != Plain:
		return fmt.Errorf("%w: security %q", ErrSettings, s.Security)
	}
	return nil
}

// ErrSettings is a server whose settings cannot be right.
var ErrSettings = errors.New("accounts: impossible server settings")

// Identity is a name and address that mail is sent as.
type Identity struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// SentBy says who puts a sent message into the Sent folder.
type SentBy string

// The values of Account.Sent.
const (
	SentByUs     SentBy = ""       // Linnet appends the copy
	SentByServer SentBy = "server" // the submission server files it (Gmail, Exchange)
)

// Account is one mailbox of a person, without its secrets.
type Account struct {
	ID         string     `json:"id"`    // 16 hex digits, made once
	Label      string     `json:"label"` // what the sidebar calls it; "" means the address
	Email      string     `json:"email"`
	Identities []Identity `json:"identities"` // the first is the default; never empty
	IMAP       Server     `json:"imap"`
	SMTP       Server     `json:"smtp"`
	Instead    *Instead   `json:"instead,omitempty"` // another way to send, agreed to
	Sent       SentBy     `json:"sent,omitempty"`
	Colour     string     `json:"colour,omitempty"` // #rrggbb of the dot in the sidebar
	Demo       bool       `json:"demo,omitempty"`   // lives on the built-in demo server
	OAuth      *OAuth     `json:"oauth,omitempty"`  // signs in with tokens; nil: with a password
	Kept       bool       `json:"kept,omitempty"`   // removed, but its mail stays here to be read; nothing is asked of its servers
}

// Title returns the label, or the address without one.
func (a Account) Title() string {
	if a.Label != "" {
		return a.Label
	}
	return a.Email
}
