package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/linnet-mail/linnet/app/cli"
)

// errLost means that the holder went away while it worked for us.
var errLost = errors.New("the process that has the profile open went away")

// forward has the profile's holder run a command and plays its input and output
// here. It returns the command's exit status.
func forward(ctx context.Context, profile string, args []string, env cli.Env) (int, error) {
	conn, err := call(ctx, profile)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNobody, err)
	}
	defer conn.Close()
	w := newWire(conn)
	stop := context.AfterFunc(ctx, func() { _ = w.send(reply{Cancel: true}) })
	defer stop()
	r := request{Args: args, Dir: env.Dir, Terminal: env.Terminal, CanAsk: env.Ask != nil}
	if err := w.send(r); err != nil {
		return 0, fmt.Errorf("%w: %w", errNobody, err)
	}
	for first := true; ; first = false {
		var s step
		if err := w.receive(&s); err != nil {
			if first {
				return 0, fmt.Errorf("%w: %w", errNobody, err) // it was just leaving
			}
			return 0, errLost
		}
		if s.Exit != nil {
			return *s.Exit, nil
		}
		if err := play(w, s, env); err != nil {
			return 0, err
		}
	}
}

// errNobody means that no process answers at the profile's socket.
var errNobody = errors.New("nobody answers at the profile's socket")

// play does here what the command does there.
func play(w *wire, s step, env cli.Env) error {
	switch {
	case len(s.Out) > 0:
		_, err := env.Stdout.Write(s.Out)
		return err
	case len(s.Err) > 0:
		_, err := env.Stderr.Write(s.Err)
		return err
	case s.Read > 0:
		buf := make([]byte, min(s.Read, 64<<10))
		n, err := env.Stdin.Read(buf)
		r := reply{Data: buf[:n], EOF: errors.Is(err, io.EOF)}
		if err != nil && !r.EOF {
			r.Failed = err.Error()
		}
		return w.send(r)
	case s.Ask != "":
		answer, err := env.Ask(s.Ask)
		r := reply{Answer: answer}
		if err != nil {
			r.Failed = err.Error()
		}
		return w.send(r)
	}
	return nil
}

// raise asks the holder to bring its window to the front, with a composer if
// open is not empty. It reports whether there was a window.
func raise(ctx context.Context, profile, open string) (bool, error) {
	conn, err := call(ctx, profile)
	if err != nil {
		return false, fmt.Errorf("%w: %w", errNobody, err)
	}
	defer conn.Close()
	w := newWire(conn)
	var s step
	if err = w.send(request{Window: true, Open: open}); err == nil {
		err = w.receive(&s)
	}
	if err != nil {
		return false, fmt.Errorf("%w: %w", errNobody, err)
	}
	return s.Raised != nil && *s.Raised, nil
}
