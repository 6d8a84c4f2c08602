// Package trouble turns what went wrong (a stage and a response) into a cause
// and one next step, as translation keys.
//
// There is one table: table.go, its parts in files by what they are about. The
// doctor, the sign-in and the engine all ask it, so that a failure has the same
// words everywhere.
package trouble

import (
	"errors"
	"fmt"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// Stage is where something failed.
type Stage string

// The stages, in the order of a connection.
const (
	Resolve   Stage = "resolve"
	Dial      Stage = "dial"
	Handshake Stage = "tls"
	Greeting  Stage = "greeting"
	Auth      Stage = "auth"
	Folders   Stage = "folders"
	Fetch     Stage = "fetch"
	Change    Stage = "change" // a pending operation
	Sender    Stage = "sender" // MAIL alone, to see whether it is allowed
	Submit    Stage = "submit" // MAIL, RCPT, DATA
	Keyring   Stage = "keyring"
	Storage   Stage = "storage"
)

// Error is an error with its stage and server.
type Error struct {
	Stage  Stage
	Proto  string // "imap", "smtp", ""
	Server accounts.Server
	Err    error
}

func (e *Error) Error() string {
	if e.Server.Host == "" {
		return fmt.Sprintf("%s: %v", e.Stage, e.Err)
	}
	return fmt.Sprintf("%s %s %s: %v", e.Proto, e.Stage, e.Server.Address(), e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// At wraps err with its stage and server. nil stays nil, and an error that has a
// stage keeps it.
func At(stage Stage, proto string, s accounts.Server, err error) error {
	var staged *Error
	if err == nil || errors.As(err, &staged) {
		return err
	}
	return &Error{Stage: stage, Proto: proto, Server: s, Err: err}
}

// WrongPassword is the Key of a refusal that is about name or password alone.
const WrongPassword = prefix + "wrong-password"

// IMAPOff is the Key of a mailbox that lets no mail programs in.
const IMAPOff = prefix + "imap-off"

// Cause is what a person is told.
type Cause struct {
	Key       string         // translation key: what happened
	Action    string         // translation key: what to do, "" if nothing
	Args      map[string]any // for both
	Temporary bool           // trying again later may help
	SignIn    bool           // only the person can help: a new password or sign-in
	Detail    string         // technical, redacted
}

// Name is the cause without what its key begins with: "wrong-password".
func (c Cause) Name() string { return strings.TrimPrefix(c.Key, prefix) }
