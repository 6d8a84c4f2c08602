package folders

import (
	"sort"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// node is a folder with those below it.
type node struct {
	folder   mailcore.Folder
	title    string // what is left of the path below the parent
	children []*node
}

var roleOrder = map[mailcore.Role]int{
	mailcore.RoleInbox: 1, mailcore.RoleDrafts: 2, mailcore.RoleSent: 3, mailcore.RoleArchive: 4,
	mailcore.RoleJunk: 5, mailcore.RoleTrash: 6, mailcore.RoleAll: 7, mailcore.RoleStarred: 8,
}

// tree orders an account's folders: those with a role first, the others by name,
// each below its parent. Many servers keep every folder below INBOX; that level
// is left out.
func tree(folders []mailcore.Folder) []*node {
	sorted := append([]mailcore.Folder(nil), folders...)
	sort.SliceStable(sorted, func(i, j int) bool { return before(sorted[i], sorted[j]) })
	var roots []*node
	byPath := map[string]*node{}
	for _, f := range sorted {
		n := &node{folder: f}
		byPath[f.Path] = n
	}
	for _, f := range sorted {
		n := byPath[f.Path]
		parent := parentOf(f, byPath)
		if parent == nil || f.Role != mailcore.RoleNone {
			n.title = topTitle(f)
			roots = append(roots, n)
			continue
		}
		n.title = strings.TrimPrefix(f.Path, parent.folder.Path+f.Delimiter)
		parent.children = append(parent.children, n)
	}
	return roots
}

func before(a, b mailcore.Folder) bool {
	ra, rb := rank(a), rank(b)
	if ra != rb {
		return ra < rb
	}
	la, lb := strings.ToLower(a.Path), strings.ToLower(b.Path)
	if la != lb {
		return la < lb
	}
	return a.Path < b.Path
}

func rank(f mailcore.Folder) int {
	if r, ok := roleOrder[f.Role]; ok {
		return r
	}
	return 100
}

// parentOf returns the nearest folder above f that is listed, and is not the inbox.
func parentOf(f mailcore.Folder, byPath map[string]*node) *node {
	if f.Delimiter == "" {
		return nil
	}
	path := f.Path
	for {
		cut := strings.LastIndex(path, f.Delimiter)
		if cut <= 0 {
			return nil
		}
		path = path[:cut]
		if p, ok := byPath[path]; ok && p.folder.Role != mailcore.RoleInbox {
			return p
		}
	}
}

func topTitle(f mailcore.Folder) string {
	if f.Role != mailcore.RoleNone {
		return f.Name()
	}
	inbox := "INBOX" + f.Delimiter
	if f.Delimiter != "" && len(f.Path) > len(inbox) && strings.EqualFold(f.Path[:len(inbox)], inbox) {
		return f.Path[len(inbox):]
	}
	return f.Path
}

// unread returns the unread messages of a folder and, when all is true, of those
// below it.
func (n *node) unread(all bool) int {
	sum := 0
	switch n.folder.Role {
	case mailcore.RoleDrafts:
		sum = n.folder.Total
	case mailcore.RoleSent, mailcore.RoleTrash, mailcore.RoleJunk, mailcore.RoleAll, mailcore.RoleStarred:
	default:
		sum = n.folder.Unread
	}
	if all {
		for _, c := range n.children {
			sum += c.unread(true)
		}
	}
	return sum
}

// Ordered returns the folders that mail can be put into, in the sidebar's order,
// with their titles; it is what a folder chooser offers.
func (s *Sidebar) Ordered(folders []mailcore.Folder) ([]mailcore.Folder, []string) {
	var out []mailcore.Folder
	var titles []string
	var walk func(nodes []*node, above string)
	walk = func(nodes []*node, above string) {
		for _, n := range nodes {
			title := above + s.titleOf(n)
			if n.folder.Selectable {
				out, titles = append(out, n.folder), append(titles, title)
			}
			walk(n.children, title+" / ")
		}
	}
	walk(tree(folders), "")
	return out, titles
}
