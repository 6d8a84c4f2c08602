package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Certificate is a server's certificate that could not be verified, for a person
// who has to decide whether to accept it for one account all the same.
type Certificate struct {
	Proto       string // "imap" or "smtp"
	Host        string
	Port        int
	Reason      string    // translation key: what is wrong with it
	Fingerprint string    // SHA-256, hex: what Server.Pin will be
	Accepted    string    // the fingerprint that was accepted before and is another one, "" if none was
	Names       []string  // whom it was made for: host names and addresses, or the subject
	Issuer      string    // who vouches for it, as it says itself
	From, Until time.Time // when it is valid
}

// ErrFingerprint is a text that is no SHA-256 in hex.
var ErrFingerprint = errors.New("accounts: not a SHA-256 fingerprint")

// ParseFingerprint reads a SHA-256 in hex, with or without colons and spaces, and
// returns the form of Server.Pin.
func ParseFingerprint(s string) (string, error) {
	plain := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(s))
	if b, err := hex.DecodeString(plain); err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("%w: %q", ErrFingerprint, s)
	}
	return plain, nil
}

// GroupFingerprint writes a fingerprint as providers print it: AB:CD:… What is
// none comes back as it is.
func GroupFingerprint(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		return s
	}
	return strings.ReplaceAll(fmt.Sprintf("% X", b), " ", ":")
}

// Trusting returns the account with the certificate accepted for the server that
// showed it, and for nothing else; false if the account has no such server.
func (a Account) Trusting(c Certificate) (Account, bool) {
	server := &a.IMAP
	if c.Proto == "smtp" {
		server = &a.SMTP
	}
	if server.Host != c.Host || server.Port != c.Port {
		return a, false
	}
	server.Pin = c.Fingerprint
	return a, true
}
