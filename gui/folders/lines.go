package folders

import (
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// line is one row of the sidebar.
type line struct {
	place    Place
	account  mailcore.AccountID // with header or trouble
	header   bool               // an account's title
	trouble  bool               // what is wrong with an account
	title    string
	count    string
	bad      bool // the count calls for the person
	depth    int
	parent   bool // has folders below it
	expanded bool
	key      string // of what is expanded
	colour   string
}

// reachable reports whether the keyboard stops at the line.
func (l line) reachable() bool { return !l.header }

func (s *Sidebar) lines() []line {
	out := []line{s.inboxes(), {place: Place{Kind: Starred}, title: s.words.Say("folders.starred")}, s.outbox()}
	if n := s.content.Drafts; n > 0 {
		out = append(out, line{place: Place{Kind: LocalDrafts}, title: s.words.Say("folders.localdrafts"), count: number(n)})
	}
	for _, a := range s.content.Accounts {
		head := line{header: true, account: a.ID, title: a.Title, colour: a.Colour}
		if a.Kept {
			head.count = s.words.Say("folders.kept")
		}
		out = append(out, head)
		if a.Trouble != "" {
			out = append(out, line{trouble: true, account: a.ID, title: a.Trouble})
		}
		out = s.below(out, tree(a.Folders), a.ID, 0)
	}
	return out
}

func (s *Sidebar) inboxes() line {
	unread := 0
	for _, a := range s.content.Accounts {
		for _, f := range a.Folders {
			if f.Role == mailcore.RoleInbox && !a.Kept {
				unread += f.Unread
			}
		}
	}
	return line{place: Place{Kind: AllInboxes}, title: s.words.Say("folders.inboxes"), count: number(unread)}
}

func (s *Sidebar) outbox() line {
	l := line{place: Place{Kind: Outbox}, title: s.words.Say("folders.outbox")}
	if s.content.Stuck > 0 {
		l.count, l.bad = s.words.Count("folders.stuck", s.content.Stuck), true
	} else if s.content.Waiting > 0 {
		l.count = s.words.Count("folders.waiting", s.content.Waiting)
	}
	return l
}

func (s *Sidebar) below(out []line, nodes []*node, account mailcore.AccountID, depth int) []line {
	for _, n := range nodes {
		key := string(account) + "/" + n.folder.Path
		open := s.expanded[key]
		l := line{
			place: Place{Kind: Folder, Folder: n.folder.ID}, title: s.titleOf(n), depth: depth, key: key,
			parent: len(n.children) > 0, expanded: open, count: number(n.unread(!open)), account: account,
		}
		if !n.folder.Selectable {
			l.place = Place{}
		}
		out = append(out, l)
		if open {
			out = s.below(out, n.children, account, depth+1)
		}
	}
	return out
}

func (s *Sidebar) titleOf(n *node) string { return TitleOf(s.words, n.folder, n.title) }

// TitleOf returns what a folder is called: its role in the person's language,
// else the given name, made safe to show.
func TitleOf(words *assets.Words, f mailcore.Folder, name string) string {
	switch f.Role {
	case mailcore.RoleNone:
		return strings.Map(visible, name)
	default:
		return words.Say("folder." + string(f.Role))
	}
}

// visible drops control characters and those that turn the direction of writing.
func visible(r rune) rune {
	if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f {
		return -1
	}
	return r
}

// number returns a count as shown; nothing for 0, and no more than 99,999.
func number(n int) string {
	switch {
	case n <= 0:
		return ""
	case n > 99_999:
		return "99,999+"
	case n >= 1000:
		return strconv.Itoa(n/1000) + "," + strconv.Itoa(1000 + n%1000)[1:]
	}
	return strconv.Itoa(n)
}
