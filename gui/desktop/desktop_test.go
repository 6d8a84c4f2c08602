package desktop

import (
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

type opener struct{ opened []string }

func (o *opener) OpenURL(u *url.URL) error {
	o.opened = append(o.opened, u.String())
	return nil
}

func TestOnlyWebAddressesAreOpened(t *testing.T) {
	o := &opener{}
	for _, s := range []string{
		"file:///etc/passwd", "javascript:alert(1)", "ftp://x.example/a", "mailto:a@b.example", "smb://host/share",
		"ms-msdt:/id", "http:opaque", "https://", "data:text/html,x", "vscode://x", "//host/x", "/etc/passwd",
	} {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := OpenWeb(o, u); !errors.Is(err, ErrScheme) {
			t.Errorf("%s was not refused: %v", s, err)
		}
	}
	for _, s := range []string{"http://a.example/", "HTTPS://a.example/x?y#z"} {
		u, _ := url.Parse(s)
		if err := OpenWeb(o, u); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if len(o.opened) != 2 {
		t.Errorf("opened %v", o.opened)
	}
}

func TestSaveIsWholeOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "offer.pdf")
	broken := errors.New("the line went dead")
	err := Save(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("the failure is %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
	whole := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	if err := Save(path, whole); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("saved with %v, %v", info.Mode(), err)
	}
	if got, _ := os.ReadFile(path); string(got) != "whole" {
		t.Errorf("saved %q", got)
	}
	if err := Save(filepath.Join(dir, "missing", "x"), whole); err == nil {
		t.Error("saving into a folder that is not there says nothing")
	}
}

func TestOpenedFilesAreRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "opened")
	if err := os.MkdirAll(filepath.Join(dir, "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	o, err := NewOpened(dir)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("from the last run: %v", left)
	}
	path, err := o.Put("a.txt", func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err })
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(filepath.Dir(path)); info.Mode().Perm() != 0o700 {
		t.Errorf("its folder has %v", info.Mode())
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file is still there")
	}
}

func TestFreeName(t *testing.T) {
	dir := t.TempDir()
	for _, want := range []string{"a.tar", "a (2).tar", "a (3).tar"} {
		got := FreeName(dir, "../a.tar")
		if got != filepath.Join(dir, want) {
			t.Fatalf("got %s, not %s", got, want)
		}
		if err := os.WriteFile(got, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
