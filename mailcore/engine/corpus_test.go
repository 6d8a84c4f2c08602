package engine

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// TestCorpus sends every message below LINNET_CORPUS through Dovecot, the sync
// and the reader: none may be lost, changed, refused or crash anything.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("LINNET_CORPUS")
	if dir == "" {
		t.Skip("LINNET_CORPUS=DIR make corpus runs this on the messages below DIR")
	}
	names := corpusFiles(t, dir)
	h := mailtest.Start(t, mailtest.Options{})
	importCorpus(t, h, names)
	onServer := h.Fetch(t, h.User(1), "INBOX")
	if len(onServer) != len(names) {
		t.Fatalf("Dovecot took %d of %d messages", len(onServer), len(names))
	}

	e := corpusEngine(t, h)
	ids := awaitInbox(t, e, len(onServer))
	rows, err := e.Messages().Rows(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(onServer) {
		t.Fatalf("%d rows for %d messages", len(rows), len(onServer))
	}
	began := time.Now()
	for _, row := range rows {
		n, ok := slices.BinarySearchFunc(onServer, uint32(row.UID), func(s mailtest.Stored, uid uint32) int { return int(s.UID) - int(uid) })
		if !ok {
			t.Errorf("row %d has UID %d, which the server has not", row.ID, row.UID)
			continue
		}
		openOne(t, e, row, names[n], onServer[n].Raw)
	}
	t.Logf("%d messages below %s: all synced, all opened in %v", len(rows), dir, time.Since(began).Round(time.Millisecond))
}

func openOne(t *testing.T, e *Engine, row mailcore.Message, name string, want []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	raw, err := e.Messages().Raw(ctx, row.ID)
	if err != nil {
		t.Errorf("%s: fetch: %v", name, err)
		return
	}
	if !bytes.Equal(raw, want) {
		t.Errorf("%s: %d octets here, %d on the server", name, len(raw), len(want))
	}
	if _, err := e.Messages().Open(ctx, row.ID); err != nil {
		t.Errorf("%s: open: %v", name, err)
	}
}

// corpusFiles returns the *.eml files below dir, or all files if there are none.
func corpusFiles(t *testing.T, dir string) []string {
	t.Helper()
	var all, messages []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		all = append(all, name)
		if strings.EqualFold(filepath.Ext(name), ".eml") {
			messages = append(messages, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(messages) == 0 {
		messages = all
	}
	if len(messages) == 0 {
		t.Fatalf("no messages below %s", dir)
	}
	return messages
}

func importCorpus(t *testing.T, h *mailtest.Host, names []string) {
	t.Helper()
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var messages []mailtest.Message
	for i, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, mailtest.Message{Raw: raw, Date: start.Add(time.Duration(i) * time.Minute)})
	}
	h.ImportMessages(t, h.User(1), "INBOX", messages)
}

// corpusEngine is an engine at work on a new profile of user 1.
func corpusEngine(t *testing.T, h *mailtest.Host) *Engine {
	t.Helper()
	dir := t.TempDir()
	s, _, err := store.Open(t.Context(), filepath.Join(dir, "mail.db"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := accounts.OpenFile(filepath.Join(dir, "accounts.json"))
	if err != nil {
		t.Fatal(err)
	}
	u, secrets := h.User(1), accounts.Memory()
	account := u.Account()
	if err := errors.Join(file.Put(account), secrets.Set(t.Context(), account.ID, u.Password)); err != nil {
		t.Fatal(err)
	}
	e := New(Config{
		Store: s, Accounts: file, Secrets: secrets,
		Dialer: &connect.Dialer{Roots: h.Roots},
		Log:    slog.New(slog.DiscardHandler),
	})
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(e.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	return e
}

// awaitInbox waits until the inbox has n messages and returns their ids.
func awaitInbox(t *testing.T, e *Engine, n int) []mailcore.ID {
	t.Helper()
	s := e.Subscribe()
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for {
		ids := inbox(t, e)
		if len(ids) >= n {
			return ids
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatalf("%d of %d messages came: %v", len(ids), n, err)
		}
	}
}

func inbox(t *testing.T, e *Engine) []mailcore.ID {
	t.Helper()
	folders, err := e.Folders().List(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.Role == mailcore.RoleInbox {
			ids, err := e.Messages().List(t.Context(), mailcore.Query{Folder: f.ID})
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
	}
	return nil
}
