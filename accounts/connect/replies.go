package connect

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// maxReply bounds one SMTP reply, all its lines together.
const maxReply = 256 << 10

// replies is the connection that the SMTP client gets. A reply has a bounded
// size and must be complete within its time, which begins with the last octet
// sent; sending must make progress.
type replies struct {
	conn   net.Conn // above TLS
	limits Limits
	before io.Reader // the greeting that is replayed after STARTTLS, then nil

	in, out atomic.Int64

	mu      sync.Mutex
	tail    []byte        // the last octets sent: to know the final dot
	reply   int           // octets of the current reply
	patient time.Duration // for an ordinary reply
	cause   error
	closed  bool
}

var finalDot = []byte("\r\n.\r\n")

func newReplies(conn net.Conn, limits Limits, before io.Reader) *replies {
	r := &replies{conn: conn, limits: limits, before: before, patient: limits.Greeting}
	_ = conn.SetReadDeadline(time.Now().Add(limits.Greeting))
	return r
}

// ready gives replies their usual time once the session is set up.
func (r *replies) ready() { r.setPatience(r.limits.Reply) }

// hurry is for the goodbye.
func (r *replies) hurry() { r.setPatience(r.limits.Quit) }

func (r *replies) setPatience(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.patient = d
	r.tail = r.tail[:0]
}

// wait returns how long the reply to what was sent last may take.
func (r *replies) wait() time.Duration {
	if bytes.HasSuffix(r.tail, finalDot) {
		return r.limits.Dot
	}
	return r.patient
}

func (r *replies) extend() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conn.SetReadDeadline(time.Now().Add(r.wait()))
}

func (r *replies) Read(p []byte) (int, error) {
	if r.before != nil {
		if n, err := r.before.Read(p); err == nil {
			return n, nil
		}
		r.before = nil
	}
	n, err := r.conn.Read(p)
	r.in.Add(int64(n))
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reply += n; r.reply > maxReply {
		return 0, r.die(hostile("a reply of more than %d octets", maxReply))
	}
	if err != nil {
		return n, r.die(stalled(err, "a reply", r.wait()))
	}
	return n, nil
}

func (r *replies) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		_ = r.conn.SetWriteDeadline(time.Now().Add(r.limits.Progress))
		var m int
		m, err = r.conn.Write(p[n:min(len(p), n+chunk)])
		r.wrote(p[n : n+m])
		n += m
	}
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		return n, r.die(stalled(err, "sending", r.limits.Progress))
	}
	return n, r.extend()
}

func (r *replies) wrote(p []byte) {
	r.out.Add(int64(len(p)))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reply = 0
	r.tail = append(r.tail, p[max(0, len(p)-len(finalDot)):]...)
	r.tail = append(r.tail[:0], r.tail[max(0, len(r.tail)-len(finalDot)):]...)
}

// die closes the connection for a reason; the first one counts. The caller
// holds mu.
func (r *replies) die(why error) error {
	if errors.Is(why, io.EOF) {
		why = errEnded
	}
	if r.cause == nil && !r.closed {
		r.cause = why
	}
	_ = r.conn.Close()
	if r.cause != nil {
		return r.cause
	}
	return why
}

func (r *replies) why() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cause
}

// Close ends the connection; it is nobody's fault.
func (r *replies) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	if err := r.conn.Close(); err != nil && r.cause == nil {
		return err
	}
	return nil
}

// The deadlines are kept here: the client's are absolute.
func (r *replies) SetDeadline(time.Time) error      { return nil }
func (r *replies) SetReadDeadline(time.Time) error  { return nil }
func (r *replies) SetWriteDeadline(time.Time) error { return nil }

func (r *replies) LocalAddr() net.Addr  { return r.conn.LocalAddr() }
func (r *replies) RemoteAddr() net.Addr { return r.conn.RemoteAddr() }
