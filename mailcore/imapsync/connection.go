package imapsync

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// conn is one signed-in connection. One goroutine owns it and issues the
// commands; only the consumers of a FETCH read elsewhere.
type conn struct {
	*connect.IMAPConn
	caps   imap.CapSet
	pushed chan struct{} // capacity 1: the server said something unasked
	undo   func() bool

	selected  mailcore.FolderID // 0: none
	selection *imap.SelectData
}

// dial makes a connection that ends with ctx.
func (w *Worker) dial(ctx context.Context) (*conn, error) { return w.dialFor(ctx, ctx) }

// dialFor makes a connection that ends with life; dialling it ends with patience.
func (w *Worker) dialFor(life, patience context.Context) (*conn, error) {
	pushed := make(chan struct{}, 1)
	ic, err := w.c.Dial(patience, unasked(pushed))
	if err != nil {
		return nil, w.at(trouble.Dial, "connect", err)
	}
	c := &conn{IMAPConn: ic, pushed: pushed}
	c.undo = context.AfterFunc(life, func() { ic.Close() })
	if c.caps = ic.Caps(); c.caps == nil {
		c.close()
		return nil, w.at(trouble.Greeting, "ask for capabilities", io.ErrUnexpectedEOF)
	}
	return c, nil
}

// close frees whatever waits on the connection. The consumers of a FETCH must
// be reading, or the library's reader never ends.
func (c *conn) close() {
	c.undo()
	c.IMAPConn.Close()
}

// unasked makes a handler that only leaves a mark: it runs in the library's
// reader, and what it is told (UID 0, unordered) is good for nothing else.
func unasked(pushed chan struct{}) *imapclient.UnilateralDataHandler {
	return &imapclient.UnilateralDataHandler{
		Expunge: func(uint32) { notify(pushed) },
		Mailbox: func(*imapclient.UnilateralDataMailbox) { notify(pushed) },
		Fetch: func(m *imapclient.FetchMessageData) {
			for m.Next() != nil { // frees the reader
			}
			notify(pushed)
		},
	}
}

// rest waits, in IDLE if idle is set, until the server says something, one of
// the channels fires, d has passed or the connection ends (an error).
func (c *conn) rest(ctx context.Context, idle bool, d time.Duration, wake <-chan struct{}) error {
	if !idle {
		c.Idling(true)
		defer c.Idling(false)
		return c.wait(ctx, d, wake)
	}
	cmd, err := c.Idle()
	if err != nil {
		return err
	}
	c.Idling(true)
	err = c.wait(ctx, d, wake)
	c.Idling(false)
	if err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	return cmd.Wait()
}

func (c *conn) wait(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.Closed():
		return fmt.Errorf("connection closed: %w", io.ErrUnexpectedEOF)
	case <-c.pushed:
		notify(c.pushed) // whoever owns the connection wants to see it
	case <-wake:
	case <-t.C:
	}
	return nil
}

// at puts a stage to an error that has none. The end of a context stays what it is.
func (w *Worker) at(stage trouble.Stage, operation string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", operation, err)
	var staged *trouble.Error
	if errors.As(err, &staged) || errors.Is(err, context.Canceled) {
		return err
	}
	return &trouble.Error{Stage: stage, Proto: "imap", Server: w.c.Account.IMAP, Err: err}
}

// refusal returns the server's NO or BAD, nil if err is something else.
func refusal(err error) *imap.Error {
	var no *imap.Error
	if errors.As(err, &no) && no.Type != imap.StatusResponseTypeBye {
		return no
	}
	return nil
}

// crowded reports whether the server refuses one more connection for now.
func crowded(err error) bool {
	var no *imap.Error
	if !errors.As(err, &no) {
		return false
	}
	switch no.Code {
	case imap.ResponseCodeLimit, imap.ResponseCodeUnavailable, imap.ResponseCodeInUse:
		return true
	}
	text := strings.ToLower(no.Text)
	return strings.Contains(text, "too many") && strings.Contains(text, "connection")
}

// odd reports whether the connection was given up because of what the server
// said (it could not be read, or is out of bounds), not because the network
// ended. Asking for less may then help.
func (c *conn) odd() bool {
	select {
	case <-c.Closed():
	case <-time.After(time.Second): // commands fail a moment before it counts as closed
		return false
	}
	cause := c.Cause()
	if cause == nil || errors.Is(cause, io.ErrUnexpectedEOF) {
		return false
	}
	// The library tells it in words only.
	return errors.Is(cause, trouble.ErrHostile) || strings.Contains(cause.Error(), "in response")
}

// because puts what ended the connection in the place of the library's words for
// it, which are no more than that it ended.
func (c *conn) because(err error) error {
	var staged *trouble.Error
	if refusal(err) != nil || !errors.As(err, &staged) || staged.Stage == trouble.Storage {
		return err
	}
	cause := c.Cause()
	if cause == nil || errors.Is(err, cause) {
		return err
	}
	return &trouble.Error{
		Stage: staged.Stage, Proto: staged.Proto, Server: staged.Server,
		Err: fmt.Errorf("%v: %w", staged.Err, cause),
	}
}
