package engine

import (
	"context"
	"errors"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// failure is an error at the engine's edge: a Problem to show, and the error
// behind it for errors.Is.
type failure struct {
	*mailcore.Problem
	cause error
}

// Unwrap gives errors.As the Problem and errors.Is the cause.
func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.Problem}
	}
	return []error{f.Problem, f.cause}
}

// Problem turns an error into one that can be shown, once: errors.As finds a
// *mailcore.Problem, errors.Is still what is behind it. nil stays nil. The
// engine's services have done so already; it is for what happens around them.
func Problem(err error) error {
	if err == nil {
		return nil
	}
	var p *mailcore.Problem
	if errors.As(err, &p) {
		return err
	}
	return &failure{Problem: asProblem(err), cause: err}
}

func (e *Engine) problem(err error) error { return Problem(err) }

// asProblem is what err is told as.
func asProblem(err error) *mailcore.Problem {
	var p *mailcore.Problem
	if errors.As(err, &p) {
		return p
	}
	p = local(err)
	if p == nil {
		c := trouble.Explain(err)
		p = &mailcore.Problem{Key: c.Key, Action: c.Action, Args: c.Args, Detail: c.Detail}
	}
	p.When = time.Now()
	return p
}

// local is the Problem of what has nothing to do with a server, or nil.
func local(err error) *mailcore.Problem {
	for _, row := range []struct {
		err         error
		key, action string
	}{
		{store.ErrNotFound, "engine.gone", ""},
		{store.ErrFull, "engine.disk-full", "engine.disk-full.action"},
		{store.ErrReadOnly, "engine.read-only", "engine.read-only.action"},
		{store.ErrNewer, "engine.newer", "engine.newer.action"},
		{context.Canceled, "engine.cancelled", ""},
	} {
		if errors.Is(err, row.err) {
			return &mailcore.Problem{Key: row.key, Action: row.action, Detail: err.Error()}
		}
	}
	return nil
}

// problemf is a Problem of the engine's own.
func problemf(key, action string, args map[string]any) error {
	return &failure{Problem: &mailcore.Problem{Key: key, Action: action, Args: args, When: time.Now()}}
}
