package trouble

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// What package connect refuses or notices by itself, told apart with errors.Is.
var (
	// ErrNoStartTLS: the server, or someone before it, did not offer encryption.
	ErrNoStartTLS = errors.New("the server does not offer STARTTLS")
	// ErrTampered: something was said in clear that must not be there: an
	// answer with the STARTTLS OK, or no TLS after it.
	ErrTampered = errors.New("unexpected data before encryption")
	// ErrPreAuth: an unencrypted connection claims to be signed in already
	// (RFC 9051 section 7.1.4).
	ErrPreAuth = errors.New("the server claims PREAUTH before encryption")
	// ErrPlain: an unencrypted connection to another computer was asked for.
	ErrPlain = errors.New("unencrypted connections are refused")
	// ErrLoginDisabled: the server takes no password here (LOGINDISABLED).
	ErrLoginDisabled = errors.New("the server has switched off signing in with a password here")
	// ErrNoMechanism: no way to sign in that we and the server share.
	ErrNoMechanism = errors.New("no common way to sign in")
	// ErrNoAuth: a submission server that takes no sign-in was given one.
	ErrNoAuth = errors.New("the server does not offer AUTH")
	// ErrStalled: the server stopped answering. See StallError.
	ErrStalled = errors.New("the server stopped answering")
	// ErrHostile: an answer beyond every sane bound.
	ErrHostile = errors.New("the server's answer is out of bounds")
	// ErrPin: the certificate is not the one that was accepted.
	ErrPin = errors.New("the certificate is not the accepted one")
	// ErrRefused: the server turned the connection away in its greeting.
	ErrRefused = errors.New("the server refused the connection")
)

// What package doctor finds out by itself.
var (
	// ErrNoNetwork: this computer has no address in any network.
	ErrNoNetwork = errors.New("no network connection")
	// ErrNoInbox: there are folders, but no inbox.
	ErrNoInbox = errors.New("the server lists no inbox")
	// ErrMailboxFull: no room is left in the mailbox (RFC 9208).
	ErrMailboxFull = errors.New("the quota is used up")
	// ErrClock: mail has come from the future.
	ErrClock = errors.New("the clocks of this computer and of the server differ")
)

// ForeignError is a server that speaks another protocol than was expected on
// its port. It is an ErrRefused: there is no way to go on.
type ForeignError struct {
	Speaks string // IMAP, SMTP, HTTP, POP
}

func (e *ForeignError) Error() string { return "the server speaks " + e.Speaks }

// Is makes a ForeignError an ErrRefused.
func (e *ForeignError) Is(target error) bool { return target == ErrRefused }

// StallError says what a server left unanswered, and for how long.
type StallError struct {
	Waiting string // "FETCH", "the greeting" …
	For     time.Duration
}

func (e *StallError) Error() string {
	return fmt.Sprintf("the server stopped answering: %s, %s", e.Waiting, e.For)
}

// Is makes a StallError an ErrStalled.
func (e *StallError) Is(target error) bool { return target == ErrStalled }

// PinError is a certificate that is not the accepted one. It wraps ErrPin.
type PinError struct {
	Want, Got string // SHA-256, hex
	Cert      *x509.Certificate
}

func (e *PinError) Error() string {
	return fmt.Sprintf("%v: accepted %s, presented %s", ErrPin, e.Want, e.Got)
}

// Unwrap returns ErrPin.
func (e *PinError) Unwrap() error { return ErrPin }
