// Package trouble turns what went wrong (a stage and a response) into a cause
// and one next step, as translation keys.
package trouble

import (
	"fmt"

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
	return fmt.Sprintf("%s %s %s:%d: %v", e.Proto, e.Stage, e.Server.Host, e.Server.Port, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Cause is what a person is told.
type Cause struct {
	Key       string         // translation key: what happened
	Action    string         // translation key: what to do, "" if nothing
	Args      map[string]any // for both
	Temporary bool           // trying again later may help
	SignIn    bool           // only the person can help: a new password or sign-in
	Detail    string         // technical, redacted
}

// Explain finds the cause of an error. It always answers.
func Explain(err error) Cause { return Cause{} }
