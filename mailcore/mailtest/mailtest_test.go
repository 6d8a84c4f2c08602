package mailtest

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func simple(subject string) []byte {
	return fmt.Appendf(nil, "From: A <a@example.org>\r\nTo: u1@linnet.test\r\nSubject: %s\r\n\r\nHello\r\n", subject)
}

func TestDovecotKeepsWhatIsAppended(t *testing.T) {
	h := Start(t, Options{Users: 2})
	leaks := goleak.IgnoreCurrent()
	date := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	uid := h.Append(t, h.User(2), "INBOX", simple("one"), []string{`\Seen`}, date)
	got := h.Fetch(t, h.User(2), "INBOX")
	if len(got) != 1 || !bytes.Equal(got[0].Raw, simple("one")) || !got[0].Date.Equal(date) || got[0].UID != uid {
		t.Fatalf("fetched %+v", got)
	}
	if len(got[0].Flags) == 0 || got[0].Flags[0] != `\Seen` {
		t.Errorf("flags = %v", got[0].Flags)
	}
	h.Flag(t, h.User(2), "INBOX", uid, false, `\Seen`)
	h.Flag(t, h.User(2), "INBOX", uid, true, `\Flagged`)
	if got := h.Fetch(t, h.User(2), "INBOX"); len(got) != 1 || fmt.Sprint(got[0].Flags) != `[\Flagged]` {
		t.Errorf("after change: %+v", got)
	}
	h.Expunge(t, h.User(2), "INBOX", uid)
	if got := h.Fetch(t, h.User(2), "INBOX"); len(got) != 0 {
		t.Errorf("after expunge: %+v", got)
	}
	goleak.VerifyNone(t, leaks)
}

func TestDovecotCanBeStoppedAndStarted(t *testing.T) {
	h := Start(t, Options{})
	h.Append(t, h.User(1), "INBOX", simple("kept"), nil, time.Time{})
	h.StopDovecot(t)
	if _, err := h.Client(h.User(1)); err == nil {
		t.Fatal("a stopped Dovecot answered")
	}
	h.StartDovecot(t)
	if got := h.Fetch(t, h.User(1), "INBOX"); len(got) != 1 {
		t.Fatalf("after restart: %d messages", len(got))
	}
}

func TestPasswordsCount(t *testing.T) {
	h := Start(t, Options{})
	u := h.User(1)
	h.SetPassword(t, u, "another")
	if _, err := h.Client(u); err == nil {
		t.Fatal("the old password still works")
	}
	u.Password = "another"
	c, err := h.Client(u)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if n := h.NewUser(t); len(h.Fetch(t, n, "Sent")) != 0 {
		t.Error("a new user's Sent is not empty")
	}
}

func TestImportKeepsOrderFlagsAndDates(t *testing.T) {
	h := Start(t, Options{})
	date := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	var in []Message
	for i := range 30 {
		in = append(in, Message{
			Raw: simple(fmt.Sprint(i)), Flags: []string{`\Answered`, `\Seen`},
			Date: date.Add(time.Duration(i) * time.Hour),
		})
	}
	for _, box := range []string{"INBOX", "Work/Plans"} {
		h.ImportMessages(t, h.User(1), box, in)
		got := h.Fetch(t, h.User(1), box)
		if len(got) != len(in) {
			t.Fatalf("%s: %d messages", box, len(got))
		}
		for i, g := range got {
			if !bytes.Equal(g.Raw, in[i].Raw) || !g.Date.Equal(in[i].Date) || len(g.Flags) < 2 {
				t.Fatalf("%s message %d: %s %v %v", box, i, g.Raw, g.Date, g.Flags)
			}
		}
	}
}

func TestStopLeavesNothing(t *testing.T) {
	require(t, Options{})
	h, err := start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := h.dovecot
	h.stop()
	if p.alive() {
		t.Error("Dovecot still runs")
	}
	if _, err := os.Stat(h.dir); !os.IsNotExist(err) {
		t.Errorf("directory is still there: %v", err)
	}
}
