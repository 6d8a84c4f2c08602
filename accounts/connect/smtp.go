package connect

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// SMTPConn is a submission connection after EHLO, TLS and AUTH. SMTPUTF8 is not
// asked for unless SkipSMTPUTF8(false) is called for an address that needs it.
type SMTPConn struct {
	*smtp.Client

	target target
	conn   *replies
}

// Extend gives the server the full time for its next answer from now on. Octets
// that move do the same by themselves.
func (c *SMTPConn) Extend() error { return c.conn.extend() }

// Bytes returns the octets received and sent above TLS.
func (c *SMTPConn) Bytes() (in, out int64) { return c.conn.in.Load(), c.conn.out.Load() }

// Cause returns why the connection died, nil while it lives or after Close.
func (c *SMTPConn) Cause() error { return c.conn.why() }

// MaxSize returns the largest message that the server takes, in octets, 0 if it
// has no limit or does not say (RFC 1870).
func (c *SMTPConn) MaxSize() int64 {
	_, param := c.Extension("SIZE")
	size, err := strconv.ParseInt(strings.TrimSpace(param), 10, 64)
	if err != nil || size < 0 {
		return 0
	}
	return size
}

// EightBit reports whether the server takes 8-bit bodies (RFC 6152).
func (c *SMTPConn) EightBit() bool { return c.offers("8BITMIME") }

// UTF8 reports whether the server takes addresses beyond ASCII (RFC 6531).
func (c *SMTPConn) UTF8() bool { return c.offers("SMTPUTF8") }

func (c *SMTPConn) offers(extension string) bool {
	ok, _ := c.Extension(extension)
	return ok
}

// Quit says goodbye, for a few seconds at most, and closes the connection.
func (c *SMTPConn) Quit() error {
	c.conn.hurry()
	err := c.Client.Quit()
	return errors.Join(err, c.Close())
}

// Close ends the connection at once. Closing twice is no error.
func (c *SMTPConn) Close() error { return c.conn.Close() }

// Trouble says at which stage err happened, and puts what killed the connection
// in the place of the library's words for it. nil stays nil.
func (c *SMTPConn) Trouble(stage trouble.Stage, err error) error {
	if err == nil {
		return nil
	}
	var answer *textproto.Error
	if why := c.conn.why(); why != nil && !errors.As(err, &answer) {
		err = why
	}
	return c.target.at(stage, err)
}

// SMTP dials, secures and signs in (if the server has a User). hello is the
// EHLO name, never the machine's. If the server refuses the credential it is
// renewed once. ctx bounds all of it and nothing later. Errors carry a
// trouble.Stage.
func (d *Dialer) SMTP(ctx context.Context, s accounts.Server, hello string, cred CredentialFunc) (*SMTPConn, error) {
	t := d.target("smtp", s)
	if hello == "" || strings.ContainsAny(hello, " \r\n\t") {
		return nil, t.at(trouble.Greeting, errors.New("no usable EHLO name"))
	}
	if s.User == "" {
		return d.smtpOnce(ctx, t, hello, nil)
	}
	return signIn(ctx, t, cred, func(credential Credential) (*SMTPConn, error) {
		return d.smtpOnce(ctx, t, hello, &credential)
	})
}

// smtpOnce makes one connection; credential is nil without sign-in.
func (d *Dialer) smtpOnce(ctx context.Context, t target, hello string, credential *Credential) (*SMTPConn, error) {
	conn, fresh, err := d.open(ctx, t, smtpStartTLS(hello))
	if err != nil {
		return nil, err
	}
	var replay io.Reader
	if !fresh {
		replay = strings.NewReader("220 secured\r\n") // go-mail waits for a greeting
	}
	r := newReplies(conn, t.limits, replay)
	stop := closeOnDone(ctx, r)
	c, err := newSMTP(t, r, hello, credential)
	if !stop() {
		err = t.at(trouble.Auth, context.Cause(ctx))
	}
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	return c, nil
}

func newSMTP(t target, r *replies, hello string, credential *Credential) (*SMTPConn, error) {
	c := &SMTPConn{target: t, conn: r}
	var err error
	if c.Client, err = smtp.NewClient(r, t.server.Host); err != nil {
		return nil, c.Trouble(trouble.Greeting, foreignGreeting(err))
	}
	if err := c.Hello(hello); err != nil {
		return nil, c.Trouble(trouble.Greeting, err)
	}
	c.SkipSMTPUTF8(true)
	t.passed(trouble.Greeting)
	if credential != nil {
		if err := c.authenticate(*credential); err != nil {
			return nil, c.Trouble(trouble.Auth, credential.mark(redact(err, *credential)))
		}
		t.passed(trouble.Auth)
	}
	r.ready()
	t.log.Debug("ready to submit", "signed in", credential != nil)
	return c, nil
}

// foreignGreeting names a server that does not speak SMTP. net/textproto puts
// the line that it could not read behind a colon.
func foreignGreeting(err error) error {
	var odd textproto.ProtocolError
	if !errors.As(err, &odd) {
		return err
	}
	_, line, _ := strings.Cut(string(odd), ": ")
	if speaks := trouble.Speaks(strings.Trim(line, `"`)); speaks != "" && speaks != trouble.SMTP {
		return &trouble.ForeignError{Speaks: speaks}
	}
	return err
}

// authenticate signs in with PLAIN, or with LOGIN where that is all there is;
// tokens have mechanisms of their own.
// It speaks itself: go-mail's Auth answers a refusal with another command.
func (c *SMTPConn) authenticate(credential Credential) error {
	ok, param := c.Extension("AUTH")
	if !ok {
		return trouble.ErrNoAuth
	}
	offered := strings.Fields(strings.ToUpper(param))
	if credential.Token {
		m, ok := c.target.mechanism(offered, credential)
		if !ok {
			return trouble.ErrNoMechanism
		}
		return c.token(m)
	}
	for _, mechanism := range offered {
		if mechanism == "PLAIN" {
			return c.say(235, "AUTH PLAIN "+base64.StdEncoding.EncodeToString(credential.plain()))
		}
	}
	for _, mechanism := range offered {
		if mechanism == "LOGIN" {
			return c.login(credential)
		}
	}
	return trouble.ErrNoMechanism
}

// login is the LOGIN mechanism: the server asks for name and password in turn.
func (c *SMTPConn) login(credential Credential) error {
	if err := c.say(334, "AUTH LOGIN"); err != nil {
		return err
	}
	if err := c.say(334, base64.StdEncoding.EncodeToString([]byte(credential.User))); err != nil {
		return err
	}
	return c.say(235, base64.StdEncoding.EncodeToString([]byte(credential.Secret)))
}

// say sends a line and wants a code.
func (c *SMTPConn) say(want int, line string) error {
	code, text, err := c.hear(line)
	return wants(want, code, text, err)
}

// hear sends a line and returns the answer, whatever it is.
func (c *SMTPConn) hear(line string) (code int, text string, err error) {
	id, err := c.Text.Cmd("%s", line)
	if err != nil {
		return 0, "", err
	}
	c.Text.StartResponse(id)
	defer c.Text.EndResponse(id)
	return c.Text.ReadResponse(0)
}

// wants makes an answer with another code an error.
func wants(want, code int, text string, err error) error {
	if err == nil && code != want {
		err = &textproto.Error{Code: code, Msg: text}
	}
	return err
}
