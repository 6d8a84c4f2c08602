package app

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/app/cli"
)

// server answers other starts of the program at the profile's socket.
type server struct {
	listener net.Listener
	run      func(ctx context.Context, args []string, env cli.Env) int
	raise    func(open string) bool // false: there is no window
	wg       sync.WaitGroup
	cancel   context.CancelFunc
}

// serve begins to answer.
func serve(ctx context.Context, l net.Listener, run func(context.Context, []string, cli.Env) int, raise func(string) bool) *server {
	ctx, cancel := context.WithCancel(ctx)
	s := &server{listener: l, run: run, raise: raise, cancel: cancel}
	s.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
				return
			}
			if err != nil { // out of file descriptors, say
				pause(ctx, acceptRest)
				continue
			}
			s.wg.Go(func() { s.answer(ctx, conn) })
		}
	})
	return s
}

// finish takes no more requests and lets those at work come to their end; with
// now they are stopped.
func (s *server) finish(now bool) {
	_ = s.listener.Close() // removes the socket
	if now {
		s.cancel()
	}
	s.wg.Wait()
	s.cancel()
}

// Time limits of the socket.
const (
	requestLimit = 10 * time.Second // for a caller to say what it wants
	partingLimit = 2 * time.Second  // for a caller to take the last words when we leave
	acceptRest   = 100 * time.Millisecond
)

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func (s *server) answer(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(partingLimit)) })
	defer stop()
	w := newWire(conn)
	_ = conn.SetReadDeadline(time.Now().Add(requestLimit))
	var r request
	if w.receive(&r) != nil {
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	if r.Window || r.Open != "" {
		raised := s.raise(r.Open)
		_ = w.send(step{Raised: &raised})
		return
	}
	s.command(ctx, w, r)
}

// command runs a command for its caller, who may give it up.
func (s *server) command(ctx context.Context, w *wire, r request) {
	// A caller that has heard this does not try again elsewhere if we end.
	if ctx.Err() != nil || w.send(step{Began: true}) != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	c := &remote{w: w, replies: make(chan reply)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.listen(ctx, cancel)
	}()
	exit := s.run(ctx, r.Args, c.env(ctx, r))
	_ = w.send(step{Exit: &exit})
	_ = w.conn.Close()
	cancel()
	<-done
}

// remote is the surroundings of a command whose caller is another process.
type remote struct {
	w       *wire
	replies chan reply
	eof     bool
}

// listen hands the caller's replies on; a caller that gives up or goes away
// stops the command.
func (c *remote) listen(ctx context.Context, cancel context.CancelFunc) {
	for {
		var r reply
		if err := c.w.receive(&r); err != nil || r.Cancel {
			cancel()
			return
		}
		select {
		case c.replies <- r:
		case <-ctx.Done():
			return
		}
	}
}

func (c *remote) env(ctx context.Context, r request) cli.Env {
	env := cli.Env{
		Stdin:  readFunc(func(p []byte) (int, error) { return c.read(ctx, p) }),
		Stdout: writeFunc(func(p []byte) error { return c.w.send(step{Out: p}) }),
		Stderr: writeFunc(func(p []byte) error { return c.w.send(step{Err: p}) }),
		Dir:    r.Dir, Terminal: r.Terminal,
	}
	if r.CanAsk {
		env.Ask = func(prompt string) (string, error) {
			a, err := c.ask(ctx, step{Ask: prompt})
			return a.Answer, err
		}
	}
	return env
}

func (c *remote) read(ctx context.Context, p []byte) (int, error) {
	if c.eof || len(p) == 0 {
		return 0, io.EOF
	}
	r, err := c.ask(ctx, step{Read: len(p)})
	if err != nil {
		return 0, err
	}
	c.eof = r.EOF
	n := copy(p, r.Data)
	if n == 0 && c.eof {
		return 0, io.EOF
	}
	return n, nil
}

func (c *remote) ask(ctx context.Context, s step) (reply, error) {
	if err := c.w.send(s); err != nil {
		return reply{}, err
	}
	select {
	case r := <-c.replies:
		if r.Failed != "" {
			return r, errors.New(r.Failed)
		}
		return r, nil
	case <-ctx.Done():
		return reply{}, ctx.Err()
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

type writeFunc func([]byte) error

func (f writeFunc) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := f(p); err != nil {
		return 0, err
	}
	return len(p), nil
}
