package outbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"sync"
	"sync/atomic"
	"time"

	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// outcome is what one submission came to.
type outcome int

const (
	temporary   outcome = iota // nobody has it; try again later
	interrupted                // nobody has it; we are being closed
	refused                    // nobody has it and nobody will
	accepted                   // the server answered 250 to the final dot
	unanswered                 // the final dot went out and no answer came
)

type result struct {
	outcome outcome
	err     error // why, nil when accepted
	lost    error // not nil: the connection is not fit for another message
}

// Errors that a person's sentence depends on.
var (
	errInterrupted = errors.New("the program ended before the server answered")
	errUTF8        = errors.New("the server does not take addresses with letters outside ASCII")
)

// tooLargeError: the message exceeds the SIZE that the server announced (RFC 1870).
type tooLargeError struct{ size, limit int64 }

func (e tooLargeError) Error() string {
	return fmt.Sprintf("message of %d octets, limit %d", e.size, e.limit)
}

// rcptError names the recipient that the server refused.
type rcptError struct {
	address string
	err     error
}

func (e rcptError) Error() string { return "recipient " + e.address + ": " + e.err.Error() }
func (e rcptError) Unwrap() error { return e.err }

// submission is one connection, used for message after message.
type submission struct {
	conn *connect.SMTPConn
	used bool // a message went before: RSET comes first
	dead bool
}

// answerGrace is how long a closing program still waits for the server's answer
// to the final dot: without it every quit in that moment would leave a message
// of unknown fate.
const answerGrace = 10 * time.Second

// chunk is how many octets are written between two extensions of the deadline.
const chunk = 64 << 10

// submit sends raw. dot is called after the last body byte and before the final
// dot; when it fails the dot is not sent.
func (u *submission) submit(ctx context.Context, o mailcore.Outgoing, raw []byte, dot func() error) result {
	if u.dead {
		return result{outcome: temporary, err: io.ErrClosedPipe, lost: io.ErrClosedPipe}
	}
	stop := u.closeOnEnd(ctx)
	defer stop.now()
	if err := u.envelope(o, int64(len(raw))); err != nil {
		return u.failed(ctx, err)
	}
	w, err := u.conn.Data()
	if err != nil {
		return u.failed(ctx, err)
	}
	if err := u.body(w, raw); err != nil {
		return u.failed(ctx, err)
	}
	// Whatever follows can only end by an answer, or unknown.
	stop.after(answerGrace)
	if err := ctx.Err(); err != nil { // the connection was closed before the grace began
		return u.failed(ctx, err)
	}
	if err := dot(); err != nil {
		u.abort()
		return result{outcome: temporary, err: err, lost: err}
	}
	return u.finish(w)
}

// finish sends the final dot and judges the answer.
func (u *submission) finish(w io.Closer) result {
	_ = u.conn.Extend()
	err := w.Close()
	var answer *textproto.Error
	switch {
	case err == nil:
		return result{outcome: accepted}
	case errors.As(err, &answer):
		return u.judge(answer, err)
	default:
		err = u.staged(err)
		u.abort()
		return result{outcome: unanswered, err: err, lost: err}
	}
}

// envelope sends MAIL and all RCPT. One refused recipient ends the attempt, so
// that nobody gets a message that others will not get.
func (u *submission) envelope(o mailcore.Outgoing, size int64) error {
	if u.used {
		if err := u.conn.Reset(); err != nil {
			return err
		}
	}
	u.used = true
	if err := u.extensions(o, size); err != nil {
		return err
	}
	if err := u.conn.Mail("<" + o.From + ">"); err != nil {
		return err
	}
	for _, to := range o.Recipients {
		_ = u.conn.Extend()
		if err := u.conn.Rcpt("<" + to + ">"); err != nil {
			return rcptError{to, err}
		}
	}
	return nil
}

// extensions checks the message against what the server announced.
func (u *submission) extensions(o mailcore.Outgoing, size int64) error {
	utf8 := !ascii(o.From)
	for _, to := range o.Recipients {
		utf8 = utf8 || !ascii(to)
	}
	u.conn.SkipSMTPUTF8(!utf8)
	if utf8 && !u.conn.UTF8() {
		return errUTF8
	}
	if limit := u.conn.MaxSize(); limit > 0 && size > limit {
		return tooLargeError{size, limit}
	}
	return nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// body writes the message and hands the last byte to the network.
func (u *submission) body(w io.Writer, raw []byte) error {
	for len(raw) > 0 {
		n := min(len(raw), chunk)
		_ = u.conn.Extend()
		if _, err := w.Write(raw[:n]); err != nil {
			return err
		}
		raw = raw[n:]
	}
	return u.conn.Text.W.Flush()
}

// failed judges an error before the final dot: nobody has the message.
func (u *submission) failed(ctx context.Context, err error) result {
	var answer *textproto.Error
	var large tooLargeError
	switch {
	case errors.As(err, &large), errors.Is(err, errUTF8):
		return result{outcome: refused, err: err}
	case errors.As(err, &answer):
		return u.judge(answer, err)
	}
	if ctx.Err() == nil {
		err = u.staged(err)
	}
	u.abort()
	if ctx.Err() != nil {
		return result{outcome: interrupted, err: err, lost: err}
	}
	return result{outcome: temporary, err: err, lost: err}
}

// staged names what really killed the connection (a stall, say).
func (u *submission) staged(err error) error { return u.conn.Trouble(trouble.Submit, err) }

// judge tells a permanent answer (5yz) from a temporary one (RFC 5321 section
// 4.2.1). 421 closes the connection, 530 and 535 ask for a new sign-in, which a
// person can give: the message waits.
func (u *submission) judge(answer *textproto.Error, err error) result {
	switch {
	case answer.Code == 421:
		u.abort()
		return result{outcome: temporary, err: err, lost: err}
	case answer.Code == 530, answer.Code == 535:
		u.abort()
		return result{outcome: temporary, err: err, lost: err}
	case answer.Code >= 500:
		return result{outcome: refused, err: err}
	default:
		return result{outcome: temporary, err: err}
	}
}

// abort closes the connection without a word.
func (u *submission) abort() {
	u.dead = true
	_ = u.conn.Close()
}

func (u *submission) quit() {
	if !u.dead {
		_ = u.conn.Quit() // the messages are safe already: a loss here means nothing
	}
}

// closer closes the connection when the context ends, at once or, once the
// final dot may be on its way, after a while.
type closer struct {
	stop  func() bool
	grace atomic.Int64
	timer *time.Timer
	mu    sync.Mutex
}

func (u *submission) closeOnEnd(ctx context.Context) *closer {
	c := &closer{}
	c.stop = context.AfterFunc(ctx, func() {
		wait := time.Duration(c.grace.Load())
		if wait == 0 {
			_ = u.conn.Close()
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.timer = time.AfterFunc(wait, func() { _ = u.conn.Close() })
	})
	return c
}

// after lets the connection live d longer than the context.
func (c *closer) after(d time.Duration) { c.grace.Store(int64(d)) }

// now ends the watch.
func (c *closer) now() {
	c.stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
}
