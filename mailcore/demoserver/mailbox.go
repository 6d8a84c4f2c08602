package demoserver

import (
	"bytes"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// inbox is INBOX, as RFC 9051 spells it.
const inbox = "INBOX"

const delimiter = "/"

// mailbox is the account's mail: go-imap's in-memory user for the messages,
// and beside it the list of folders, because that user knows nothing of special
// use, of children, and gives the same UIDVALIDITY at every start.
type mailbox struct {
	user     *imapmemserver.User
	validity uint32 // added to every UIDVALIDITY
	letters  *letters

	moves sync.Mutex // two opposite moves at once would wait for each other

	mu      sync.Mutex
	folders map[string]*folder
	changed chan struct{} // closed at the next change
}

// folder is what LIST says of one.
type folder struct {
	use        imap.MailboxAttr // special use (RFC 6154), "" if none
	subscribed bool
}

// standard are the folders with a special use.
var standard = map[string]imap.MailboxAttr{
	inbox: "", "Drafts": imap.MailboxAttrDrafts, "Sent": imap.MailboxAttrSent, "Archive": imap.MailboxAttrArchive,
	"Junk": imap.MailboxAttrJunk, "Trash": imap.MailboxAttrTrash,
}

// newMailbox writes the letters of files as of now, and fills up to at least
// total messages.
func newMailbox(user, password string, files fs.FS, now time.Time, total int) (*mailbox, error) {
	b := &mailbox{
		user: imapmemserver.NewUser(user, password), validity: uint32(now.Unix()), folders: map[string]*folder{},
		changed: make(chan struct{}),
	}
	for name, use := range standard {
		if err := b.create(name, use); err != nil {
			return nil, err
		}
	}
	var err error
	if b.letters, err = readLetters(files); err != nil {
		return nil, err
	}
	all := b.letters.written(now)
	all = append(all, filler(total-len(all), now)...)
	sort.SliceStable(all, func(i, j int) bool { return all[i].date.Before(all[j].date) })
	for _, l := range all {
		if err := b.create(l.folder, ""); err != nil {
			return nil, err
		}
		if err := b.append(l.folder, l.raw, l.flags, l.date); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// create makes a folder and those above it, unless they are there.
func (b *mailbox) create(name string, use imap.MailboxAttr) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range name + delimiter {
		if i < len(name) && !strings.HasPrefix(name[i:], delimiter) {
			continue
		}
		part := name[:i]
		if b.folders[part] != nil {
			continue
		}
		if err := b.user.Create(part, nil); err != nil {
			return fmt.Errorf("create folder %s: %w", part, err)
		}
		b.folders[part] = &folder{subscribed: true}
	}
	if use != "" {
		b.folders[name].use = use
	}
	return nil
}

// append stores a message.
func (b *mailbox) append(name string, raw []byte, flags []imap.Flag, date time.Time) error {
	_, err := b.user.Append(name, literal{bytes.NewReader(raw)}, &imap.AppendOptions{Flags: flags, Time: date})
	if err != nil {
		return fmt.Errorf("store in %s: %w", name, err)
	}
	b.touch()
	return nil
}

// touch wakes every connection that idles.
func (b *mailbox) touch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

// change returns a channel that is closed at the next change.
func (b *mailbox) change() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

// literal is an imap.LiteralReader over bytes.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// names returns the folders in order.
func (b *mailbox) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	names := make([]string, 0, len(b.folders))
	for name := range b.folders {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// attrs returns what LIST says of a folder; ok is false if it is gone.
func (b *mailbox) attrs(name string) (attrs []imap.MailboxAttr, f folder, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := b.folders[name]
	if at == nil {
		return nil, folder{}, false
	}
	children := imap.MailboxAttrHasNoChildren
	for other := range b.folders {
		if strings.HasPrefix(other, name+delimiter) {
			children = imap.MailboxAttrHasChildren
		}
	}
	attrs = append(attrs, children)
	if at.use != "" {
		attrs = append(attrs, at.use)
	}
	return attrs, *at, true
}

// remove forgets a folder.
func (b *mailbox) remove(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.folders, name)
}

// rename renames a folder and what is below it, and returns the pairs.
func (b *mailbox) rename(from, to string) [][2]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var pairs [][2]string
	for name, f := range b.folders {
		rest, ok := strings.CutPrefix(name, from)
		if ok && (rest == "" || strings.HasPrefix(rest, delimiter)) {
			pairs = append(pairs, [2]string{name, to + rest})
			delete(b.folders, name)
			b.folders[to+rest] = f
		}
	}
	return pairs
}

// subscribe changes a folder's subscription.
func (b *mailbox) subscribe(name string, on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f := b.folders[name]; f != nil {
		f.subscribed = on
	}
}
