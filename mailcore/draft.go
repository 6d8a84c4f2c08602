package mailcore

import "time"

// DraftKind says how a draft began.
type DraftKind string

// The kinds.
const (
	NewMessage DraftKind = "new"
	Reply      DraftKind = "reply"
	ReplyAll   DraftKind = "reply-all"
	Forward    DraftKind = "forward"
)

// Attachment is a file that goes with a draft.
type Attachment struct {
	Name string
	Type string // media type; "" means by name
	Data []byte
}

// Draft is a message being written. It lives in the local store until it is
// sent or discarded.
type Draft struct {
	ID          DraftID // 0 until saved
	Account     AccountID
	From        Address
	To, Cc, Bcc []Address
	Subject     string
	Text        string
	Attachments []Attachment
	Kind        DraftKind
	Original    ID // the message answered or forwarded, 0 if none
	InReplyTo   string
	References  []string
	Changed     time.Time
}

// SendState is where a message in the outbox stands; see the table in package
// outbox.
type SendState string

// The states.
const (
	Queued     SendState = "queued"
	Sending    SendState = "sending"
	DotPending SendState = "dot-pending"
	ToFile     SendState = "to-file"
	Done       SendState = "done"
	Refused    SendState = "refused"
	Unknown    SendState = "unknown"
)

// Outgoing is a message in the outbox. Its bytes were built once and do not
// change any more.
type Outgoing struct {
	ID         OutboxID
	Account    AccountID
	State      SendState
	From       string   // envelope sender, addr-spec
	Recipients []string // envelope recipients, addr-specs
	To         []Address
	Subject    string
	MessageID  string // without angle brackets
	Size       int64
	Created    time.Time
	NextTry    time.Time // when it is due, or is tried again
	Attempts   int
	Problem    *Problem // why it waits, or was refused
	Draft      Draft    // as written, so that a refused message can be edited
}
