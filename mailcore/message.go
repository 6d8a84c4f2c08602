package mailcore

import "time"

// Address is one mailbox of an address list, decoded for showing. Addr is the
// addr-spec as sent; encoded words in it are never decoded.
type Address struct {
	Name string `json:"name"`
	Addr string `json:"address"`
}

// Header is what Linnet keeps of a message's header fields (RFC 5322 section
// 3.6), decoded to UTF-8 and freed of control characters.
type Header struct {
	MessageID   string    // without angle brackets; "" if missing
	InReplyTo   string    // without angle brackets, the first one
	References  []string  // without angle brackets, oldest first
	From        []Address // the author, usually one
	ReplyTo     []Address
	To          []Address
	Cc          []Address
	Bcc         []Address
	Subject     string
	Date        time.Time // zero if missing or unreadable
	ListID      string
	ContentType string // lower-case media type without parameters, "" if missing
}

// Message is one row of a message list: everything that can be shown before
// the body is here.
type Message struct {
	ID           ID
	Account      AccountID
	Folder       FolderID
	UID          UID
	Conversation ConversationID
	Header
	Received    time.Time // INTERNALDATE; sorting uses Sorted
	Sorted      time.Time // Header.Date if sane, else Received
	Size        int64     // octets, RFC822.SIZE
	Flags       Flags
	Attachments bool   // has attachments, as far as is known
	Snippet     string // first words of the text, at most 200 runes, "" until the body was here
	BodyHere    bool   // the whole message is stored locally
	Waiting     bool   // a pending operation on it has not reached the server yet
}

// Part is one attachment of a message.
type Part struct {
	Index    int    // position among the attachments, from 0
	Name     string // safe file name, never empty
	Type     string // lower-case media type
	Size     int64  // octets after transfer decoding
	CID      string // Content-ID without angle brackets, "" if none
	Inline   bool   // Content-Disposition inline, or referred to by cid:
	Encoding string // transfer encoding it arrived with
}

// Content is a message opened for reading.
type Content struct {
	Header
	Text    string // readable plain text; made from HTML when there is no text part
	HTML    string // the HTML part as sent, UTF-8, not yet made safe; "" if none
	Parts   []Part // the attachments
	Notices []Notice
}

// Notice says that a message could not be understood as sent; Key is a
// translation key, Args its arguments.
type Notice struct {
	Key  string
	Args map[string]any
}

// Flags is the set of a message's flags (RFC 9051 section 2.3.2, and the
// registered keywords that Linnet understands).
type Flags uint16

// The flags.
const (
	Seen      Flags = 1 << iota // \Seen
	Answered                    // \Answered
	Flagged                     // \Flagged, the star
	Deleted                     // \Deleted
	DraftFlag                   // \Draft
	Forwarded                   // $Forwarded
	Junk                        // $Junk
	NotJunk                     // $NotJunk
)

// Has reports whether all flags of g are in f.
func (f Flags) Has(g Flags) bool { return f&g == g }

// FlagDelta is a change of flags: Add and Remove never overlap.
type FlagDelta struct {
	Add    Flags
	Remove Flags
}

// Apply returns f with the change made.
func (d FlagDelta) Apply(f Flags) Flags { return f&^d.Remove | d.Add }

// Inverse returns the change that undoes d.
func (d FlagDelta) Inverse() FlagDelta { return FlagDelta{Add: d.Remove, Remove: d.Add} }
