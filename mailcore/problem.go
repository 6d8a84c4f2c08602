package mailcore

import (
	"strings"
	"time"
)

// Problem is something that went wrong, in a form that can be shown: what
// happened, what to do, and the technical text to fold away. Keys are
// translation keys; the words live in assets/translations.
type Problem struct {
	Key    string         `json:"key"`              // what happened
	Action string         `json:"action,omitempty"` // what to do; "" if nothing can be done
	Args   map[string]any `json:"args,omitempty"`
	Detail string         `json:"detail,omitempty"` // technical, redacted
	When   time.Time      `json:"when"`
}

// Error makes a Problem usable as an error; the text is for logs only.
func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Key
	}
	return p.Key + ": " + p.Detail
}

// Words puts a Problem into words with the say function of assets.Words: what
// happened, and what to do ("" if nothing can be done).
func (p *Problem) Words(say func(key string, args ...map[string]any) string) (what, todo string) {
	what = say(p.Key, p.Args)
	if p.Action != "" {
		todo = say(p.Action, p.Args)
	}
	return what, todo
}

// Sentence is Words in one string.
func (p *Problem) Sentence(say func(key string, args ...map[string]any) string) string {
	what, todo := p.Words(say)
	return strings.TrimSpace(what + " " + todo)
}

// Phase is what an account's connection does right now.
type Phase string

// The phases.
const (
	Offline    Phase = "offline"    // no connection; Status.Problem says why
	Connecting Phase = "connecting" // dialling and signing in
	Syncing    Phase = "syncing"    // bringing folders up to date
	Watching   Phase = "watching"   // up to date as of Status.Checked; listening for changes
	SignIn     Phase = "sign-in"    // the server refuses the sign-in; waits for the person
	Kept       Phase = "kept"       // has no server any more; its mail is only kept here
)

// Status is an account's state as the status line tells it.
type Status struct {
	Account AccountID
	Phase   Phase
	Folder  string    // path of the folder being synced, "" if none
	Done    int       // messages fetched of Folder
	Total   int       // messages to fetch of Folder
	Here    int       // headers here, all folders
	Missing int       // headers the server has and we do not, as far as known
	Checked time.Time // when all folders were last compared
	Waiting int       // pending operations
	Problem *Problem
}
