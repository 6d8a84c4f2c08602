// Package accounts is who you are and how your servers are reached: the
// accounts file and the secrets in the system's keyring. Subpackages find
// settings (autodetect), dial (connect), explain failures (trouble) and enrol.
package accounts

// Security is how a connection is encrypted.
type Security string

// The kinds. Plain is refused except on loopback.
const (
	TLS      Security = "tls"      // implicit TLS: 993, 465
	StartTLS Security = "starttls" // upgrade before anything else: 143, 587, 25
	Plain    Security = "plain"
)

// Server is how one mail server is reached.
type Server struct {
	Host     string   `json:"host"`
	Port     int      `json:"port"`
	Security Security `json:"security"`
	User     string   `json:"user,omitempty"` // sign-in name; "" means no sign-in (submission only)
	Pin      string   `json:"pin,omitempty"`  // SHA-256 of an accepted certificate, hex; "" means verify
}

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
	Sent       SentBy     `json:"sent,omitempty"`
	Colour     string     `json:"colour,omitempty"` // #rrggbb of the dot in the sidebar
	Demo       bool       `json:"demo,omitempty"`   // lives on the built-in demo server
}

// Title returns the label, or the address without one.
func (a Account) Title() string {
	if a.Label != "" {
		return a.Label
	}
	return a.Email
}
