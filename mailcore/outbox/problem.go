package outbox

import (
	"errors"
	"maps"
	"net/textproto"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// problem says in a person's terms why a message waits or was refused.
func (s *Sender) problem(err error) *mailcore.Problem {
	var large tooLargeError
	var rcpt rcptError
	p := mailcore.Problem{When: s.Now(), Detail: err.Error()}
	switch {
	case errors.As(err, &large):
		p.Key, p.Action = "outbox.too_large", "outbox.too_large.do"
		p.Args = map[string]any{"Size": megabytes(large.size), "Limit": megabytes(large.limit)}
	case errors.Is(err, errUTF8):
		p.Key, p.Action = "outbox.utf8_address", "outbox.utf8_address.do"
	case errors.As(err, &rcpt) && permanent(err):
		p.Key, p.Action = "outbox.recipient", "outbox.recipient.do"
		p.Args = map[string]any{"Address": rcpt.address, "Answer": answer(err)}
	default:
		return s.explained(err)
	}
	return &p
}

// explained asks the table of causes that sign-in and sync use as well.
func (s *Sender) explained(err error) *mailcore.Problem {
	var staged *trouble.Error
	if !errors.As(err, &staged) {
		err = &trouble.Error{Stage: trouble.Submit, Proto: "smtp", Server: s.Account.SMTP, Err: err}
	}
	c := trouble.Explain(err)
	var known wayKnown
	if errors.As(err, &known) {
		maps.Copy(c.Args, known.Way())
	}
	return &mailcore.Problem{Key: c.Key, Action: c.Action, Args: c.Args, Detail: c.Detail, When: s.Now()}
}

// wayKnown is an error of DialFunc that knows another way to send. What it says
// of it is kept with the problem.
type wayKnown interface {
	error
	Way() map[string]any
}

// maybeSent is the problem of a message whose fate nobody knows.
func (s *Sender) maybeSent(err error) *mailcore.Problem {
	return &mailcore.Problem{
		Key: "outbox.unknown", Action: "outbox.unknown.do",
		Detail: err.Error(), When: s.Now(),
	}
}

func permanent(err error) bool {
	var a *textproto.Error
	return errors.As(err, &a) && a.Code >= 500
}

// answer is the server's own sentence, which names the reason best.
func answer(err error) string {
	var a *textproto.Error
	if errors.As(err, &a) {
		return a.Msg
	}
	return err.Error()
}

// megabytes rounds up, so that a message is never said to be as large as the limit.
func megabytes(n int64) int64 { return (n + 999_999) / 1_000_000 }
