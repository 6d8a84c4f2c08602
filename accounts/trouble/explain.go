package trouble

import (
	"errors"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
)

// Explain finds the cause of an error. It always answers: an error that no row
// knows gets its stage's own words. nil gives a zero Cause.
func Explain(err error) Cause { return explain(err, Seen{}) }

func explain(err error, seen Seen) Cause {
	if err == nil {
		return Cause{}
	}
	f := factsOf(err)
	f.seen = seen
	r := find(f)
	return Cause{
		Key: prefix + r.name, Action: action(r.action), Args: f.args(),
		Temporary: r.temporary, SignIn: r.signIn, Detail: redact(err.Error()),
	}
}

const prefix = "trouble."

func action(name string) string {
	if name == "" {
		return ""
	}
	return prefix + "do." + name
}

func find(f facts) row {
	for _, r := range table {
		if r.fits(f) {
			return r
		}
	}
	return fallback(f)
}

// facts are what a row looks at.
type facts struct {
	err      error
	seen     Seen
	stage    Stage
	proto    string
	host     string
	port     int
	security accounts.Security
	user     string
	kind     string            // IMAP: OK, NO, BAD, BYE
	imap     imap.ResponseCode // upper case, "" without one
	smtp     int               // reply code, 0 without one
	status   string            // enhanced status code (RFC 3463), "" without one
	text     string            // lower case: what the server said, or else the error
}

func factsOf(err error) facts {
	f := facts{err: err, text: strings.ToLower(err.Error())}
	var staged *Error
	if errors.As(err, &staged) {
		f.stage, f.proto = staged.Stage, staged.Proto
		f.host, f.port, f.user = staged.Server.Host, staged.Server.Port, staged.Server.User
		f.security = staged.Server.Security
	}
	var answer *imap.Error
	if errors.As(err, &answer) {
		f.kind = string(answer.Type)
		f.imap = imap.ResponseCode(strings.ToUpper(string(answer.Code)))
		f.text = strings.ToLower(answer.Text)
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		f.smtp, f.text = reply.Code, strings.ToLower(reply.Msg)
		f.status = enhanced.FindString(reply.Msg)
	}
	return f
}

var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

func (f facts) args() map[string]any {
	args := map[string]any{"Host": f.host, "Port": f.port, "Address": f.user}
	for name, value := range map[string]string{"Fingerprint": fingerprint(f.err), "Owner": owner(f.err), "Issuer": inspector(f.err)} {
		if value != "" {
			args[name] = plain(value)
		}
	}
	if open := f.seen.Open; open.Port != 0 {
		args["OtherPort"], args["OtherSecurity"] = open.Port, strings.ToUpper(string(open.Security))
	}
	if proxy := proxyOf(f.err); proxy != "" {
		args["Proxy"] = proxy
	}
	return args
}

// has reports whether the text holds one of these, given in lower case.
func (f facts) has(words ...string) bool {
	for _, w := range words {
		if strings.Contains(f.text, w) {
			return true
		}
	}
	return false
}

// says is has for the words of a server alone: "too many open files" is ours.
func (f facts) says(words ...string) bool {
	return (f.kind != "" || f.smtp != 0) && f.has(words...)
}
