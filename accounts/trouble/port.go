package trouble

import (
	"crypto/tls"
	"errors"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// portRows are servers that speak something else than was expected on a port.
var portRows = []row{
	{name: "captive-portal", action: "open-browser", temporary: true, match: func(f facts) bool {
		return f.speaks() == HTTP && usualPort(f.port)
	}},
	{name: "web-server", action: "usual-ports", match: func(f facts) bool { return f.speaks() == HTTP }},
	{name: "pop-server", action: "usual-ports", match: func(f facts) bool { return f.speaks() == POP }},
	{name: "smtp-on-imap", action: "usual-imap-port", proto: IMAP, match: func(f facts) bool { return f.speaks() == SMTP }},
	{name: "imap-on-smtp", action: "usual-smtp-port", proto: SMTP, match: func(f facts) bool { return f.speaks() == IMAP }},
	{name: "wants-starttls", action: "choose-starttls", stages: []Stage{Handshake}, match: func(f facts) bool {
		return f.security == accounts.TLS && f.speaks() == f.proto && f.proto != ""
	}},
}

// What a server may speak.
const (
	IMAP = "imap"
	SMTP = "smtp"
	HTTP = "http"
	POP  = "pop"
)

// usualPort says that nothing but mail is to be expected there.
func usualPort(port int) bool {
	switch port {
	case 25, accounts.PortIMAP, accounts.PortIMAPS, accounts.PortSubmission, accounts.PortSubmissions:
		return true
	}
	return false
}

// Speaks tells the protocol from the start of a greeting, "" if it is none of
// those that are found on wrong ports.
func Speaks(greeting string) string {
	greeting = strings.ToUpper(greeting)
	for _, known := range []struct{ start, protocol string }{
		{"* OK", IMAP},
		{"* PREAUTH", IMAP},
		{"* BYE", IMAP},
		{"220 ", SMTP},
		{"220-", SMTP},
		{"554 ", SMTP},
		{"421 ", SMTP},
		{"HTTP/", HTTP},
		{"<!DOCTYPE", HTTP},
		{"<HTML", HTTP},
		{"+OK", POP},
	} {
		if strings.HasPrefix(greeting, known.start) {
			return known.protocol
		}
	}
	return ""
}

// speaks tells what the server spoke where something else was expected.
func (f facts) speaks() string {
	var foreign *ForeignError
	if errors.As(f.err, &foreign) {
		return foreign.Speaks
	}
	var record tls.RecordHeaderError
	if errors.As(f.err, &record) {
		return Speaks(string(record.RecordHeader[:]))
	}
	return ""
}
