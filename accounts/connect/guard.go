package connect

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// chunk is how much is written at a time, so that progress can be seen.
const chunk = 32 << 10

// guard is the connection that go-imap gets: it passes octets on only within
// bounds, watches that the server goes on answering, counts, and remembers why
// it died, which go-imap does not say.
type guard struct {
	conn   net.Conn // above TLS
	limits Limits
	before io.Reader // the greeting that is replayed after STARTTLS, then nil

	in, out atomic.Int64
	token   atomic.Bool // a token signs in just now

	mu       sync.Mutex
	scan     scanner
	commands commands
	watch    watch
	greeted  bool  // the first response has come
	foreign  error // that was none of IMAP
	goodbye  error // what the server said when it ended the session
	cause    error
	closed   bool
	reader   <-chan struct{} // closed when go-imap reads no more; nil before it is known
}

// readerGrace bounds how long a failed Write waits for go-imap's reader, which
// stands still while nobody takes what it found.
const readerGrace = 10 * time.Second

func newGuard(conn net.Conn, limits Limits, before io.Reader) *guard {
	g := &guard{conn: conn, limits: limits, before: before}
	g.mu.Lock() // the watch may ring at once
	defer g.mu.Unlock()
	g.scan = scanner{bounds: boundsBefore, line: g.response}
	g.watch.begin(limits, g.check)
	g.greeted = before != nil
	if before != nil {
		g.watch.heardLine()
	}
	return g
}

// signedIn widens the bounds.
func (g *guard) signedIn() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.scan.bounds = boundsAfter
}

// Read gives the next octets that are within bounds.
func (g *guard) Read(p []byte) (int, error) {
	if g.before != nil {
		if n, err := g.before.Read(p); err == nil {
			return n, nil
		}
		g.before = nil
	}
	n, err := g.conn.Read(p)
	g.in.Add(int64(n))
	g.mu.Lock()
	defer g.mu.Unlock()
	if n > 0 {
		if bad := g.received(p[:n]); bad != nil {
			return 0, g.die(bad)
		}
	}
	if err != nil {
		return n, g.die(err)
	}
	return n, nil
}

func (g *guard) received(p []byte) error {
	due := len(g.commands.due)
	if err := g.scan.scan(p); err != nil {
		return err
	}
	if g.foreign != nil {
		return g.foreign
	}
	g.watch.heard(len(p), g.scan.atRest() || len(g.commands.due) != due)
	g.arm()
	return nil
}

// response takes the start of each response, and all of a BYE.
func (g *guard) response(head string) {
	if !g.greeted {
		g.greeted, g.foreign = true, foreign(head)
	}
	if !strings.HasPrefix(strings.ToUpper(head), byeHead) {
		g.commands.answered(head)
		return
	}
	if g.commands.waiting() == "LOGOUT" {
		g.closed = true // we asked for it
		return
	}
	g.goodbye = parseGoodbye(head)
}

// foreign is a greeting of another protocol. Of one that begins with "+" no
// more is kept; IMAP has none such.
func foreign(head string) error {
	speaks := trouble.Speaks(head)
	if strings.HasPrefix(head, "+") {
		speaks = trouble.POP
	}
	if speaks == "" || speaks == trouble.IMAP {
		return nil
	}
	return &trouble.ForeignError{Speaks: speaks}
}

// parseGoodbye reads "* BYE [CODE] text" (RFC 9051 section 7.1.5).
func parseGoodbye(line string) error {
	text := strings.TrimSpace(line[len(byeHead):])
	bye := &imap.Error{Type: imap.StatusResponseTypeBye}
	if rest, ok := strings.CutPrefix(text, "["); ok {
		code, after, _ := strings.Cut(rest, "]")
		word, _, _ := strings.Cut(code, " ")
		bye.Code, text = imap.ResponseCode(strings.ToUpper(word)), strings.TrimSpace(after)
	}
	bye.Text = strings.Map(printable, text)
	return bye
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return -1
}

// Write sends p in pieces, each with the time that progress has.
func (g *guard) Write(p []byte) (n int, err error) {
	if g.token.Load() && string(p) == "=\r\n" {
		// go-imap's empty answer in AUTHENTICATE, which has to be an empty line
		// (RFC 9051 section 6.2.2): "=" is for the initial response alone.
		n, err = g.Write(p[1:])
		return n + 1, err
	}
	for n < len(p) && err == nil {
		piece := p[n:min(len(p), n+chunk)]
		g.mu.Lock()
		g.commands.sent(piece)
		g.watch.send(len(piece))
		g.arm()
		g.mu.Unlock()
		_ = g.conn.SetWriteDeadline(time.Now().Add(g.limits.Progress))
		var m int
		m, err = g.conn.Write(piece)
		n += m
		g.out.Add(int64(m))
		g.mu.Lock()
		g.watch.sent()
		g.mu.Unlock()
	}
	if err != nil {
		return n, g.unsent(stalled(err, "sending", g.limits.Progress))
	}
	return n, nil
}

// readBy tells the guard when go-imap's reader ends.
func (g *guard) readBy(ended <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reader = ended
}

// unsent ends a connection that could not be written to. On an error of Write
// go-imap closes the channels of all commands at once, and its reader may be
// sending on one of them: so the reader ends first.
func (g *guard) unsent(why error) error {
	g.mu.Lock()
	why = g.die(why)
	reader := g.reader
	g.mu.Unlock()
	if reader == nil {
		return why
	}
	grace := time.NewTimer(readerGrace)
	defer grace.Stop()
	select {
	case <-reader:
	case <-grace.C:
	}
	return why
}

// stalled names an expired deadline.
func stalled(err error, waiting string, after time.Duration) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &trouble.StallError{Waiting: waiting, For: after}
	}
	return err
}

// die closes the connection for a reason; the first one counts. The caller
// holds mu.
func (g *guard) die(why error) error {
	if g.goodbye != nil && errors.Is(why, io.EOF) {
		why = g.goodbye
	}
	if g.cause == nil && !g.closed {
		g.cause = why
	}
	g.watch.end()
	_ = g.conn.Close()
	if g.cause != nil {
		return g.cause
	}
	return why
}

// Close ends the connection; it is nobody's fault.
func (g *guard) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	g.watch.end()
	return g.conn.Close()
}

// why returns what the connection died of, nil if it lives or we ended it.
func (g *guard) why() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cause
}

// left returns what the server said when it ended the session, nil if it did
// not. go-imap reads no further after a BYE for a greeting, and closes.
func (g *guard) left() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.goodbye
}

// idling suspends the watch for IDLE, within its own limit.
func (g *guard) idling(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.watch.idling(on)
	g.arm()
}

// arm sets the watch for what is due now. The caller holds mu.
func (g *guard) arm() {
	waiting := g.commands.waiting()
	if waiting == "" && !g.scan.atRest() {
		waiting = "the rest of an answer"
	}
	g.watch.arm(waiting, g.commands.idle != "")
}

// check is the watch's alarm.
func (g *guard) check() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || g.cause != nil {
		return
	}
	if late := g.watch.late(); late != nil {
		_ = g.die(late)
	}
}

// The guard keeps time itself: go-imap's deadlines are absolute and would cut a
// large body on a slow line.
func (g *guard) SetDeadline(time.Time) error      { return nil }
func (g *guard) SetReadDeadline(time.Time) error  { return nil }
func (g *guard) SetWriteDeadline(time.Time) error { return nil }

func (g *guard) LocalAddr() net.Addr  { return g.conn.LocalAddr() }
func (g *guard) RemoteAddr() net.Addr { return g.conn.RemoteAddr() }

var errEnded = fmt.Errorf("connection lost: %w", io.ErrUnexpectedEOF)
