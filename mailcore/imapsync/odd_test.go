package imapsync

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// spoiler stands between a worker and a real Dovecot and spoils what the server
// says of some messages.
type spoiler struct {
	header map[int]bool // an unreadable answer to a FETCH of the header
	always map[int]bool // to any FETCH
	refuse map[int]bool // a FETCH of headers that names it is answered NO
	bodies map[int]bool // an unreadable answer to a FETCH of the body

	closed  string        // a folder that cannot be opened
	selects *atomic.Int32 // how often it was tried
}

// serve carries one connection.
func (p spoiler) serve(c *mailtest.Conn, target string) {
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	var write sync.Mutex
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer c.Close()
		p.answers(server, c, &write)
	}()
	for {
		line, err := c.R.ReadBytes('\n')
		if err != nil {
			break
		}
		if tag, no := p.refuses(string(line)); no {
			write.Lock()
			fmt.Fprintf(c, "%s NO [SERVERBUG] Internal error\r\n", tag)
			write.Unlock()
		} else if _, err := server.Write(line); err != nil {
			break
		}
	}
	server.Close()
	<-done
}

func (p spoiler) answers(server net.Conn, c *mailtest.Conn, write *sync.Mutex) {
	r := bufio.NewReader(server)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return
		}
		if p.spoils(line) {
			line = bytes.Replace(line, []byte("FLAGS ("), []byte("X-ODD ("), 1)
			line = bytes.Replace(line, []byte("BODY[]"), []byte("X-ODD"), 1)
		}
		write.Lock()
		_, err = c.Write(line)
		write.Unlock()
		if err != nil {
			return
		}
	}
}

func (p spoiler) spoils(line []byte) bool {
	_, rest, ok := bytes.Cut(line, []byte(" FETCH (UID "))
	if !ok {
		return false
	}
	number, _, _ := strings.Cut(string(rest), " ")
	uid, _ := strconv.Atoi(strings.Trim(number, ")\r\n"))
	return p.always[uid] || p.header[uid] && bytes.Contains(rest, []byte("BODY[HEADER")) ||
		p.bodies[uid] && bytes.Contains(rest, []byte("BODY[]"))
}

// refuses looks for a refused UID in the set of a FETCH of headers.
func (p spoiler) refuses(line string) (tag string, no bool) {
	words := strings.Fields(line)
	if p.closed != "" && len(words) > 2 && words[1] == "SELECT" && strings.Trim(words[2], `"`) == p.closed {
		p.selects.Add(1)
		return words[0], true
	}
	if len(words) < 4 || words[1] != "UID" || words[2] != "FETCH" || !strings.Contains(line, "HEADER.FIELDS") {
		return "", false
	}
	for _, part := range strings.Split(words[3], ",") {
		low, high, ranged := strings.Cut(part, ":")
		first, _ := strconv.Atoi(low)
		last := first
		if ranged {
			last, _ = strconv.Atoi(high)
		}
		for uid := range p.refuse {
			if first <= uid && uid <= last {
				return words[0], true
			}
		}
	}
	return "", false
}

// newSpoiled makes a bench whose server is spoiled. It is reached without TLS, on
// loopback, so that answers can be changed.
func newSpoiled(t *testing.T, p spoiler, o options) *bench {
	t.Helper()
	h := host.Get(t)
	u := h.NewUser(t)
	target := net.JoinHostPort("127.0.0.1", strconv.Itoa(h.IMAPStartTLS.Port))
	s := mailtest.Serve(t, mailtest.ScriptOptions{}, func(c *mailtest.Conn) { p.serve(c, target) })
	server := s.Server
	server.Security = accounts.Plain
	o.server = &server
	return newBenchAt(t, h, u, u.Account(), connect.Dialer{Roots: h.Roots}, u.Password, o)
}

func TestOddMessagesDoNotStopTheOthers(t *testing.T) {
	b := newSpoiled(t, spoiler{header: map[int]bool{3: true, 77: true, 400: true}, always: map[int]bool{150: true}}, options{})
	b.corpus("INBOX", 400, 1)
	if _, err := b.worker.SyncOnce(context.Background(), nil, false); err != nil {
		t.Fatal(err)
	}
	rows := b.rows("INBOX")
	if len(rows) != 399 || !b.folder("INBOX").Complete {
		t.Fatalf("%d messages, complete: %v", len(rows), b.folder("INBOX").Complete)
	}
	for _, m := range rows {
		odd := m.UID == 3 || m.UID == 77 || m.UID == 400
		if odd == (m.MessageID != "") || m.Size == 0 {
			t.Errorf("UID %d: Message-ID %q, %d octets", m.UID, m.MessageID, m.Size)
		}
	}
	if left := b.worker.LeftOut(); len(left) != 1 || left[0].Messages != 1 {
		t.Errorf("left out: %+v", left)
	}
	dials := b.dials
	b.sync()
	if b.dials != dials+1 {
		t.Errorf("%d connections for a second look: the odd message was asked for again", b.dials-dials)
	}
}

func TestRefusedMessagesDoNotStopTheOthers(t *testing.T) {
	b := newSpoiled(t, spoiler{refuse: map[int]bool{1: true, 90: true, 250: true}}, options{})
	b.corpus("INBOX", 260, 1)
	b.sync()
	if n := len(b.rows("INBOX")); n != 260 {
		t.Errorf("%d messages, want 260, three of them without header", n)
	}
	if b.dials != 1 {
		t.Errorf("%d connections", b.dials)
	}
}

func TestOddNewMail(t *testing.T) {
	p := spoiler{header: map[int]bool{12: true}}
	b := newSpoiled(t, p, options{})
	b.corpus("INBOX", 10, 1)
	b.run()
	b.awaitWatching()
	b.append("INBOX", "eleven")
	b.append("INBOX", "twelve")
	b.append("INBOX", "thirteen")
	b.await("the new mail", func() bool { return len(b.rows("INBOX")) == 13 })
	b.await("the news", func() bool { return len(b.newMail()) == 3 })
}

func TestOddBodyDoesNotStopPrefetch(t *testing.T) {
	b := newSpoiled(t, spoiler{bodies: map[int]bool{25: true}}, options{prefetch: Prefetch{Newest: 30, MaxSize: 1 << 20}})
	b.corpus("INBOX", 30, 1)
	b.run()
	b.await("the other bodies", func() bool {
		return b.hasInbox() && b.bodies("INBOX") == 29 && b.worker.Progress().Phase == mailcore.Watching
	})
}
