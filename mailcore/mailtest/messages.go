package mailtest

import "time"

// Message is a message to put on a server.
type Message struct {
	Raw   []byte
	Flags []string // \Seen, \Flagged, …
	Date  time.Time
}
