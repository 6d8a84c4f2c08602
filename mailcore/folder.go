package mailcore

import "time"

// Role is what a folder is for (RFC 6154 special use, or guessed from its name).
type Role string

// The roles.
const (
	RoleNone    Role = ""
	RoleInbox   Role = "inbox"
	RoleDrafts  Role = "drafts"
	RoleSent    Role = "sent"
	RoleArchive Role = "archive"
	RoleJunk    Role = "junk"
	RoleTrash   Role = "trash"
	RoleAll     Role = "all"     // Gmail's All Mail
	RoleStarred Role = "starred" // \Flagged
)

// Folder is a mailbox of an account, with the ledger of what is here of it.
type Folder struct {
	ID         FolderID
	Account    AccountID
	Path       string // full name on the server, UTF-8, with Delimiter between levels
	Delimiter  string // "" if the server has no hierarchy
	Role       Role
	Selectable bool
	Subscribed bool

	Total  int // messages here and shown
	Unread int

	ServerTotal int       // EXISTS when last compared
	Complete    bool      // every header the server had when last compared is here
	Checked     time.Time // when it was last compared with the server; zero if never
}

// Name returns the last level of the folder's path.
func (f Folder) Name() string {
	if f.Delimiter == "" {
		return f.Path
	}
	for i := len(f.Path) - len(f.Delimiter); i >= 0; i-- {
		if f.Path[i:i+len(f.Delimiter)] == f.Delimiter {
			return f.Path[i+len(f.Delimiter):]
		}
	}
	return f.Path
}

// Query says which messages a list shows, newest first. The zero Query is
// every message of every account outside Junk and Trash; what a folder like
// Gmail's All Mail or Starred repeats comes once.
type Query struct {
	Account AccountID // "" for all
	Folder  FolderID  // 0 for all
	Role    Role      // with Folder 0: the folders of this role, as "all inboxes"
	Text    string    // what to find: words, "phrases", from: to: subject: has: is: in: before: after:; "" for all
	Flags   Flags     // all of these are set
	Unread  bool      // only without \Seen
}
