package connect

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// The mechanisms for tokens, best first: the standard (RFC 7628) and its
// forerunner, which is all that some providers have.
const (
	oauthBearer = "OAUTHBEARER"
	xoauth2     = "XOAUTH2"
)

// maxCommand is the longest SMTP command, without its line end (RFC 5321 section
// 4.5.3.1.4). What is longer goes into a line of its own (RFC 4954 section 4).
const maxCommand = 510

// errOddChallenge is a server that asks for more than a token.
var errOddChallenge = errors.New("the server asks for more than the token")

// tokenMechanism is one exchange of SASL with a token. A server that refuses it
// says why in a challenge; only when that is answered does its NO arrive.
type tokenMechanism struct {
	name    string
	initial []byte
	answer  []byte // to the challenge that says why
	refused bool
}

// mechanism chooses from what a server offers.
func (t target) mechanism(offered []string, c Credential) (*tokenMechanism, bool) {
	has := func(name string) bool {
		return slices.ContainsFunc(offered, func(o string) bool { return strings.EqualFold(o, name) })
	}
	switch {
	case has(oauthBearer):
		return &tokenMechanism{name: oauthBearer, initial: c.bearer(t.server), answer: []byte{1}}, true
	case has(xoauth2):
		return &tokenMechanism{name: xoauth2, initial: c.xoauth2(), answer: []byte{}}, true
	}
	return nil, false
}

// Start begins the exchange. It implements sasl.Client.
func (m *tokenMechanism) Start() (string, []byte, error) { return m.name, m.initial, nil }

// Next answers the one challenge that there can be: an error (RFC 7628 section
// 3.2.3). What it says is not used; the server's NO has words too.
func (m *tokenMechanism) Next([]byte) ([]byte, error) {
	if m.refused {
		return nil, errOddChallenge
	}
	m.refused = true
	return m.answer, nil
}

var _ sasl.Client = (*tokenMechanism)(nil)

// xoauth2 is developers.google.com/gmail/imap/xoauth2-protocol.
func (c Credential) xoauth2() []byte {
	return []byte("user=" + c.User + "\x01auth=Bearer " + c.Secret + "\x01\x01")
}

// bearer is RFC 7628 section 3.1, with the user as RFC 5801 section 4 writes it.
func (c Credential) bearer(s accounts.Server) []byte {
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(c.User)
	host := ""
	if net.ParseIP(s.Host) == nil {
		host = "host=" + s.Host + "\x01"
	}
	return []byte("n,a=" + user + ",\x01" + host + "port=" + strconv.Itoa(s.Port) + "\x01auth=Bearer " + c.Secret + "\x01\x01")
}

// bearerForms are what the token's end looks like in base64, wherever it begins.
func (c Credential) bearerForms() []string {
	var forms []string
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + "auth=Bearer " + c.Secret + "\x01\x01"))
		forms = append(forms, text[4:])
	}
	return forms
}

// mark says of an error that it was the answer to a token.
func (c Credential) mark(err error) error {
	if !c.Token {
		return err
	}
	return fmt.Errorf("%w: %w", trouble.ErrToken, err)
}

// token does the exchange in SMTP (RFC 4954 section 4).
func (c *SMTPConn) token(m *tokenMechanism) error {
	line := base64.StdEncoding.EncodeToString(m.initial)
	command := "AUTH " + m.name + " " + line
	if len(command) > maxCommand {
		if err := c.say(334, "AUTH "+m.name); err != nil {
			return err
		}
		command = line
	}
	code, text, err := c.hear(command)
	if err != nil || code != 334 {
		return wants(235, code, text, err)
	}
	answer, err := m.Next([]byte(text))
	if err != nil {
		return err
	}
	code, text, err = c.hear(base64.StdEncoding.EncodeToString(answer))
	return wants(235, code, text, err)
}
