package mailtest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Stored is a message as the server holds it.
type Stored struct {
	UID   uint32
	Flags []string
	Date  time.Time // INTERNALDATE
	Raw   []byte
}

// Client returns a signed-in IMAP client of its own, independent of the code
// under test; the caller closes it.
func (h *Host) Client(u User) (*imapclient.Client, error) {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(h.IMAP.Port))
	dialer := &tls.Dialer{
		NetDialer: &net.Dialer{Timeout: 10 * time.Second},
		Config:    &tls.Config{RootCAs: h.Roots, ServerName: "localhost"},
	}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("dial Dovecot: %w", err)
	}
	if err := conn.SetDeadline(time.Now().Add(5 * time.Minute)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	c := imapclient.New(conn, nil)
	if err := c.Login(u.Login, u.Password).Wait(); err != nil {
		return nil, errors.Join(fmt.Errorf("sign in as %s: %w", u.Login, err), c.Close())
	}
	return c, nil
}

// with runs do on a connection of its own.
func (h *Host) with(t testing.TB, u User, do func(*imapclient.Client) error) {
	t.Helper()
	c, err := h.Client(u)
	if err != nil {
		t.Fatalf("%v\n%s", err, h.Logs())
	}
	defer c.Close()
	if err := do(c); err != nil {
		t.Fatalf("as %s: %v", u.Login, err)
	}
	_ = c.Logout().Wait()
}

// Append puts a message into a mailbox as another client would; the mailbox must
// exist (see Create). A zero date means now.
func (h *Host) Append(t testing.TB, u User, mailbox string, raw []byte, flags []string, date time.Time) uint32 {
	t.Helper()
	var uid imap.UID
	h.with(t, u, func(c *imapclient.Client) error {
		cmd := c.Append(mailbox, int64(len(raw)), &imap.AppendOptions{Flags: imapFlags(flags), Time: date})
		if _, err := cmd.Write(raw); err != nil {
			return fmt.Errorf("append: %w", err)
		}
		if err := cmd.Close(); err != nil {
			return fmt.Errorf("append: %w", err)
		}
		data, err := cmd.Wait()
		if err != nil {
			return fmt.Errorf("append to %s: %w", mailbox, err)
		}
		uid = data.UID
		return nil
	})
	return uint32(uid)
}

func imapFlags(flags []string) []imap.Flag {
	out := make([]imap.Flag, len(flags))
	for i, f := range flags {
		out[i] = imap.Flag(f)
	}
	return out
}

// Create makes a mailbox.
func (h *Host) Create(t testing.TB, u User, mailbox string) {
	t.Helper()
	h.with(t, u, func(c *imapclient.Client) error { return c.Create(mailbox, nil).Wait() })
}

// Flag adds (or with add false removes) flags of a message, as another client would.
func (h *Host) Flag(t testing.TB, u User, mailbox string, uid uint32, add bool, flags ...string) {
	t.Helper()
	h.with(t, u, func(c *imapclient.Client) error {
		if _, err := c.Select(mailbox, nil).Wait(); err != nil {
			return err
		}
		op := imap.StoreFlagsDel
		if add {
			op = imap.StoreFlagsAdd
		}
		store := &imap.StoreFlags{Op: op, Silent: true, Flags: imapFlags(flags)}
		return c.Store(imap.UIDSetNum(imap.UID(uid)), store, nil).Close()
	})
}

// Expunge removes messages, as another client would.
func (h *Host) Expunge(t testing.TB, u User, mailbox string, uids ...uint32) {
	t.Helper()
	h.with(t, u, func(c *imapclient.Client) error {
		if _, err := c.Select(mailbox, nil).Wait(); err != nil {
			return err
		}
		var set imap.UIDSet
		for _, uid := range uids {
			set.AddNum(imap.UID(uid))
		}
		deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
		if err := c.Store(set, deleted, nil).Close(); err != nil {
			return err
		}
		return c.UIDExpunge(set).Close()
	})
}

// Fetch returns all messages of a mailbox in the order of their UIDs.
func (h *Host) Fetch(t testing.TB, u User, mailbox string) []Stored {
	t.Helper()
	var out []Stored
	h.with(t, u, func(c *imapclient.Client) error {
		box, err := c.Select(mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil || box.NumMessages == 0 {
			return err
		}
		out, err = fetchAll(c)
		return err
	})
	return out
}

func fetchAll(c *imapclient.Client) ([]Stored, error) {
	cmd := c.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{
		UID: true, Flags: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	})
	var out []Stored
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		s, err := readStored(m)
		if err != nil {
			return nil, errors.Join(err, cmd.Close())
		}
		out = append(out, s)
	}
	return out, cmd.Close()
}

func readStored(m *imapclient.FetchMessageData) (Stored, error) {
	var s Stored
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			s.UID = uint32(item.UID)
		case imapclient.FetchItemDataFlags:
			for _, f := range item.Flags {
				s.Flags = append(s.Flags, string(f))
			}
		case imapclient.FetchItemDataInternalDate:
			s.Date = item.Time
		case imapclient.FetchItemDataBodySection:
			var err error
			if s.Raw, err = io.ReadAll(item.Literal); err != nil {
				return s, fmt.Errorf("read body: %w", err)
			}
		}
	}
	return s, nil
}

// Await polls a mailbox until done is content with its messages, and fails the
// test after a generous while. It returns what done saw last.
func (h *Host) Await(t testing.TB, u User, mailbox string, done func([]Stored) bool) []Stored {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		got := h.Fetch(t, u, mailbox)
		if done(got) {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s of %s still has %d messages, not what is waited for", mailbox, u.Login, len(got))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Import puts a maildir (with Maildir++ subfolders) into a user's mailbox: the
// way for many messages. Flags come from the file names, dates from their times.
func (h *Host) Import(t testing.TB, u User, maildir string) {
	t.Helper()
	copyTo := h.file("import-" + u.Login)
	if err := os.CopyFS(copyTo, os.DirFS(maildir)); err != nil {
		t.Fatalf("copy maildir: %v", err)
	}
	defer os.RemoveAll(copyTo)
	if err := keepTimes(maildir, copyTo); err != nil {
		t.Fatalf("copy maildir: %v", err)
	}
	h.importOwned(t, u, copyTo)
}

// ImportMessages puts messages into one mailbox of a user in one go, oldest UID
// first in the order given. The mailbox is made if need be.
func (h *Host) ImportMessages(t testing.TB, u User, mailbox string, messages []Message) {
	t.Helper()
	dir := h.file("import-" + u.Login)
	defer os.RemoveAll(dir)
	w, err := NewMaildir(filepath.Join(dir, folderDir(mailbox)))
	if err == nil {
		err = writeAll(w, messages)
	}
	if err == nil && mailbox != "INBOX" {
		_, err = NewMaildir(dir)
	}
	if err != nil {
		t.Fatalf("write maildir: %v", err)
	}
	h.importOwned(t, u, dir)
}

func (h *Host) importOwned(t testing.TB, u User, dir string) {
	t.Helper()
	if os.Getuid() == 0 {
		if err := ownAll(dir, h.uid); err != nil {
			t.Fatalf("hand maildir over: %v", err)
		}
	}
	if _, err := h.Doveadm("import", "-u", u.Login, "maildir:"+dir, "", "all"); err != nil {
		t.Fatalf("import: %v", err)
	}
}
