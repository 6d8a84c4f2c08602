package trouble

import (
	"errors"

	"github.com/emersion/go-imap/v2"
)

// serverRows are servers that turn everybody away, or behave as none should.
var serverRows = []row{
	{name: "refused", action: "wait-minutes", stages: []Stage{Greeting, Handshake}, temporary: true, match: func(f facts) bool {
		return errors.Is(f.err, ErrRefused) || f.kind != "" || f.smtp >= 400
	}},
	{name: "hostile", action: "ask-provider", temporary: true, match: is(ErrHostile)},
}

// mailboxRows are answers of an IMAP server about folders and messages.
var mailboxRows = []row{
	{name: "mailbox-full", action: "make-room", match: func(f facts) bool {
		return f.imap == imap.ResponseCodeOverQuota || errors.Is(f.err, ErrMailboxFull) || f.kind == "NO" && f.says("quota")
	}},
	{name: "folder-gone", action: "refresh", match: func(f facts) bool {
		return f.imap == imap.ResponseCodeNonExistent || f.imap == imap.ResponseCodeTryCreate
	}},
	{name: "folder-exists", action: "other-name", match: imapCode(imap.ResponseCodeAlreadyExists)},
	{name: "not-allowed", action: "ask-provider", match: imapCode(imap.ResponseCodeNoPerm, imap.ResponseCodeCannot)},
	{name: "append-too-big", action: "smaller", match: imapCode(imap.ResponseCodeTooBig)},
	{name: "bye", action: "wait", temporary: true, match: func(f facts) bool { return f.kind == "BYE" }},
	{name: "no-inbox", action: "ask-provider", match: is(ErrNoInbox)},
	{name: "change-refused", action: "refresh", stages: []Stage{Change}, match: func(f facts) bool { return f.kind != "" }},
	{name: "server-refused", action: "ask-provider", stages: []Stage{Folders, Fetch, Auth}, match: func(f facts) bool { return f.kind != "" }},
}
