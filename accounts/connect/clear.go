package connect

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// What a server may say in clear before TLS: octets of a line, and lines.
const (
	clearLine  = 8 << 10
	clearLines = 100
)

const startTLSTag = "L0"

// imapStartTLS asks an IMAP server for encryption. Everything untagged on the
// way is dropped; errors never carry the server's words, which anyone on the
// way can write.
func imapStartTLS(r *bufio.Reader, conn net.Conn) error {
	greeting, err := clearReadLine(r)
	if err != nil {
		return err
	}
	switch word := statusWord(greeting); {
	case word == "PREAUTH":
		return trouble.ErrPreAuth
	case word != "OK":
		return refusal(greeting, trouble.IMAP)
	}
	if _, err := io.WriteString(conn, startTLSTag+" STARTTLS\r\n"); err != nil {
		return err
	}
	for range clearLines {
		line, err := clearReadLine(r)
		if err != nil {
			return err
		}
		tag, answer, _ := strings.Cut(line, " ")
		switch {
		case tag == startTLSTag:
			if word, _, _ := strings.Cut(answer, " "); !strings.EqualFold(word, "OK") {
				return trouble.ErrNoStartTLS
			}
			return nil
		case statusWord(line) == "PREAUTH":
			return trouble.ErrPreAuth
		case tag != "*":
			return fmt.Errorf("%w: not an answer to STARTTLS", trouble.ErrTampered)
		}
	}
	return fmt.Errorf("%w: too many answers before encryption", trouble.ErrTampered)
}

// refusal is why a greeting is none: the server speaks another protocol, or
// turns us away. Its words are not kept.
func refusal(greeting, expected string) error {
	if speaks := trouble.Speaks(greeting); speaks != "" && speaks != expected {
		return &trouble.ForeignError{Speaks: speaks}
	}
	return trouble.ErrRefused
}

// statusWord returns the OK, PREAUTH … of an untagged line, upper case.
func statusWord(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 2 || fields[0] != "*" {
		return ""
	}
	return strings.ToUpper(fields[1])
}

// smtpStartTLS asks a submission server for encryption (RFC 3207). What it says
// it can do before TLS is forgotten.
func smtpStartTLS(hello string) upgrade {
	return func(r *bufio.Reader, conn net.Conn) error {
		if err := clearGreeting(r); err != nil {
			return err
		}
		if _, err := io.WriteString(conn, "EHLO "+hello+"\r\n"); err != nil {
			return err
		}
		code, offers, err := clearReply(r)
		if err != nil {
			return err
		}
		if code != "250" || !offers {
			return trouble.ErrNoStartTLS
		}
		if _, err := io.WriteString(conn, "STARTTLS\r\n"); err != nil {
			return err
		}
		return clearExpect(r, "220", trouble.ErrNoStartTLS)
	}
}

// clearGreeting reads the greeting of a submission server.
func clearGreeting(r *bufio.Reader) error {
	start, _ := r.Peek(len("* PREAUTH")) // shorter at the end
	if speaks := trouble.Speaks(string(start)); speaks != "" && speaks != trouble.SMTP {
		return &trouble.ForeignError{Speaks: speaks}
	}
	return clearExpect(r, "220", trouble.ErrRefused)
}

// clearExpect reads a reply; another code than want is the refusal.
func clearExpect(r *bufio.Reader, want string, refusal error) error {
	code, _, err := clearReply(r)
	if err == nil && code != want {
		return refusal
	}
	return err
}

// clearReply reads an SMTP reply of any number of lines and says whether one of
// them is STARTTLS.
func clearReply(r *bufio.Reader) (code string, startTLS bool, err error) {
	for range clearLines {
		line, err := clearReadLine(r)
		if err != nil {
			return "", false, err
		}
		if len(line) < 3 {
			return "", false, fmt.Errorf("%w: not a reply", trouble.ErrTampered)
		}
		if len(line) > 4 && strings.EqualFold(strings.TrimSpace(line[4:]), "STARTTLS") {
			startTLS = true
		}
		if len(line) == 3 || line[3] != '-' {
			return line[:3], startTLS, nil
		}
	}
	return "", false, fmt.Errorf("%w: endless reply", trouble.ErrTampered)
}

// clearReadLine reads one line of bounded length, without its end.
func clearReadLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("%w: endless line", trouble.ErrHostile)
	}
	if errors.Is(err, io.EOF) {
		return "", io.ErrUnexpectedEOF
	}
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}
