package mailtest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Maildir writes messages into a maildir, fast enough for a hundred thousand:
// they do not go through tmp/, nothing reads the directory meanwhile.
type Maildir struct {
	dir string
	n   int
}

// NewMaildir makes the maildir at dir, or opens it.
func NewMaildir(dir string) (*Maildir, error) {
	for _, d := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
	}
	return &Maildir{dir: dir}, nil
}

// Add writes one message. Its date becomes the file's time, which servers take
// for the time of arrival; flags go into the file's name.
func (m *Maildir) Add(msg Message) error {
	m.n++
	// The counter has a fixed width: Dovecot gives UIDs in the order of names.
	name := fmt.Sprintf("%010d.M%07dP1.linnet:2,%s", msg.Date.Unix(), m.n, maildirFlags(msg.Flags))
	path := filepath.Join(m.dir, "cur", name)
	if err := os.WriteFile(path, msg.Raw, 0o644); err != nil {
		return err
	}
	return os.Chtimes(path, msg.Date, msg.Date)
}

// Len returns how many messages were added.
func (m *Maildir) Len() int { return m.n }

func writeAll(w *Maildir, messages []Message) error {
	for _, m := range messages {
		if m.Date.IsZero() {
			m.Date = time.Now()
		}
		if err := w.Add(m); err != nil {
			return err
		}
	}
	return nil
}

// maildirFlags returns the letters of flags, in the alphabetical order that the
// format asks for.
func maildirFlags(flags []string) string {
	letters := []struct{ flag, letter string }{
		{`\Draft`, "D"},
		{`\Flagged`, "F"},
		{`\Answered`, "R"},
		{`\Seen`, "S"},
		{`\Deleted`, "T"},
	}
	var b strings.Builder
	for _, l := range letters {
		for _, f := range flags {
			if strings.EqualFold(f, l.flag) {
				b.WriteString(l.letter)
			}
		}
	}
	return b.String()
}

// folderDir returns the Maildir++ directory of a mailbox: "" for INBOX,
// ".Work.Plans" for Work/Plans. Names are ASCII without dots.
func folderDir(mailbox string) string {
	if mailbox == "INBOX" {
		return ""
	}
	return "." + strings.ReplaceAll(mailbox, "/", ".")
}

// keepTimes gives the files below to the times of those below from.
func keepTimes(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.Chtimes(filepath.Join(to, rel), info.ModTime(), info.ModTime())
	})
}

func ownAll(dir string, uid int) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return own(path, uid)
	})
}
