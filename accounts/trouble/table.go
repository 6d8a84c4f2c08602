package trouble

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// row is one known failure. name is the translation key after "trouble.",
// action the one after "trouble.do.". The first row that fits counts, so the
// special ones stand before the general ones.
type row struct {
	name, action string
	stages       []Stage // none: any
	proto        string  // "": any
	temporary    bool
	signIn       bool
	match        func(f facts) bool
}

func (r row) fits(f facts) bool {
	return (len(r.stages) == 0 || slices.Contains(r.stages, f.stage)) &&
		(r.proto == "" || r.proto == f.proto) && r.match(f)
}

// signInStages are where a refusal is about the account, not about a message.
var signInStages = []Stage{Auth, Greeting}

// sendStages are where a submission server speaks about sender or message.
var sendStages = []Stage{Sender, Submit}

// table is every failure that we have words for. Its parts lie in files by
// what they are about.
var table = slices.Concat(
	ownRows, fileRows, keyringRows, storageRows, proxyRows, seenRows, networkRows, portRows, certificateRows, tlsRows,
	oauthRows, signInRows, senderRows, serverRows, submitRows, mailboxRows, lostRows,
)

// fallback answers for a stage that has no row for what happened.
func fallback(f facts) row {
	r := row{name: "other", action: "wait", temporary: true}
	switch f.stage {
	case Resolve, Dial:
		r.name, r.action = "other-connect", "check-network"
	case Greeting, Auth:
		r.name, r.action = "other-sign-in", "check-settings"
	case Sender:
		r.name, r.action = "other-sender", "ask-provider"
	case Submit:
		r.name, r.action = "other-send", "wait-resend"
	case Keyring:
		r = row{name: "other-keyring", action: "type-password", signIn: true}
	case Storage:
		r.name, r.action = "other-storage", "restart"
	case Folders, Fetch, Change, Handshake:
		r.name = "other-sync"
	}
	return r
}

func is(target error) func(facts) bool {
	return func(f facts) bool { return errors.Is(f.err, target) }
}

func anyOf(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
}

func asA[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

func smtpCode(codes ...int) func(facts) bool {
	return func(f facts) bool { return slices.Contains(codes, f.smtp) }
}

func imapCode(codes ...imap.ResponseCode) func(facts) bool {
	return func(f facts) bool { return slices.Contains(codes, f.imap) }
}

func timedOut(f facts) bool {
	var timeout net.Error
	return errors.Is(f.err, context.DeadlineExceeded) || errors.Is(f.err, os.ErrDeadlineExceeded) ||
		errors.As(f.err, &timeout) && timeout.Timeout()
}
