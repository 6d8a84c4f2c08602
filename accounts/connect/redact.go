package connect

import (
	"encoding/base64"
	"errors"
	"net/textproto"
	"strings"

	"github.com/emersion/go-imap/v2"
)

const hidden = "(hidden)"

// redact takes a secret, and the forms that it is sent in, out of a server's
// answer: some repeat the command that they refuse.
func redact(err error, c Credential) error {
	var no *imap.Error
	if errors.As(err, &no) {
		clean := *no
		clean.Text = c.hide(no.Text)
		return &clean
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &textproto.Error{Code: reply.Code, Msg: c.hide(reply.Msg)}
	}
	if text := err.Error(); c.hide(text) != text {
		return errors.New(c.hide(text))
	}
	return err
}

func (c Credential) hide(text string) string {
	if c.Secret == "" {
		return text
	}
	forms := []string{
		c.Secret,
		base64.StdEncoding.EncodeToString([]byte(c.Secret)),
		base64.StdEncoding.EncodeToString(c.plain()),
	}
	for _, form := range append(forms, c.bearerForms()...) {
		text = strings.ReplaceAll(text, form, hidden)
		text = strings.ReplaceAll(text, strings.TrimRight(form, "="), hidden)
	}
	return text
}

// plain is the credential as SASL PLAIN sends it (RFC 4616).
func (c Credential) plain() []byte {
	return []byte("\x00" + c.User + "\x00" + c.Secret)
}
