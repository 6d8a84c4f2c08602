package mailtest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMessagesAreTheSameForTheSameSeed(t *testing.T) {
	a, b, c := Messages(50, 1), Messages(50, 1), Messages(50, 2)
	differ := 0
	for i := range a {
		if !bytes.Equal(a[i].Raw, b[i].Raw) || !a[i].Date.Equal(b[i].Date) {
			t.Fatalf("message %d differs", i)
		}
		if !bytes.Equal(a[i].Raw, c[i].Raw) {
			differ++
		}
	}
	if differ != len(a) {
		t.Errorf("another seed: %d of %d differ", differ, len(a))
	}
}

func TestMessagesAreWellFormedAndVaried(t *testing.T) {
	seen := map[string]int{}
	ids := map[string]bool{}
	for i, m := range Messages(500, 7) {
		msg, err := mail.ReadMessage(bytes.NewReader(m.Raw))
		if err != nil {
			t.Fatalf("message %d: %v\n%s", i, err, m.Raw)
		}
		if _, err := msg.Header.AddressList("From"); err != nil {
			t.Errorf("message %d: From: %v", i, err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
		if err != nil || !strings.HasSuffix(subject, fmt.Sprintf(" #%d", i+1)) {
			t.Errorf("message %d: subject %q, %v", i, subject, err)
		}
		if ids[msg.Header.Get("Message-ID")] {
			t.Errorf("message %d: its id is not its own", i)
		}
		ids[msg.Header.Get("Message-ID")] = true
		if parent := msg.Header.Get("In-Reply-To"); parent != "" {
			seen["reply"]++
			if !ids[parent] {
				t.Errorf("message %d answers %s, which is not before it", i, parent)
			}
		}
		count(t, seen, msg.Header.Get("Content-Type"), msg.Body)
	}
	for _, kind := range []string{"reply", "text/plain", "text/html", "application/pdf", "iso-8859-1", "iso-2022-jp", "koi8-r", "utf-8"} {
		if seen[kind] < 5 {
			t.Errorf("%s: only %d times", kind, seen[kind])
		}
	}
}

// count reads a body to its leaves.
func count(t *testing.T, seen map[string]int, contentType string, body io.Reader) {
	t.Helper()
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	seen[media]++
	seen[params["charset"]]++
	if !strings.HasPrefix(media, "multipart/") {
		return
	}
	parts := 0
	for r := multipart.NewReader(body, params["boundary"]); ; parts++ {
		p, err := r.NextPart()
		if err == io.EOF && parts > 1 {
			return
		}
		if err != nil {
			t.Fatalf("%s after %d parts: %v", media, parts, err)
		}
		count(t, seen, p.Header.Get("Content-Type"), p)
	}
}

func TestGeneratedMaildirArrivesWhole(t *testing.T) {
	h := Start(t, Options{})
	dir := filepath.Join(t.TempDir(), "Maildir")
	if err := WriteMaildir(dir, 300, 3); err != nil {
		t.Fatal(err)
	}
	h.Import(t, h.User(1), dir)
	want := Messages(300, 3)
	got := h.Fetch(t, h.User(1), "INBOX")
	if len(got) != len(want) {
		t.Fatalf("%d of %d messages", len(got), len(want))
	}
	for i, g := range got {
		if !bytes.Equal(g.Raw, want[i].Raw) || !g.Date.Equal(want[i].Date) {
			t.Fatalf("message %d differs:\n%q\n%q", i, g.Raw, want[i].Raw)
		}
	}
	if files, err := os.ReadDir(filepath.Join(dir, "cur")); err != nil || len(files) != 300 {
		t.Errorf("the maildir itself was changed: %d, %v", len(files), err)
	}
}
