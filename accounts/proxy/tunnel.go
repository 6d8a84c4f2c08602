package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// maxHead bounds a proxy's answer to CONNECT.
const maxHead = 16 << 10

// errNoProxy is an answer that a proxy of this kind does not give.
var errNoProxy = errors.New("this is not how such a proxy answers")

// tunnel asks an HTTP proxy for a connection with CONNECT (RFC 9110 section
// 9.3.6).
func tunnel(conn io.ReadWriter, user *url.Userinfo, address string) error {
	request := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if user != nil {
		password, _ := user.Password()
		request += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if strings.ContainsAny(address, " \r\n") {
		return errors.New("an impossible host name")
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return fmt.Errorf("ask the proxy: %w", err)
	}
	head, err := readHead(conn)
	if err != nil {
		return fmt.Errorf("wait for the proxy: %w", err)
	}
	return judge(head)
}

// judge reads the status line. The rest of the answer does not matter.
func judge(head string) error {
	line, _, _ := strings.Cut(head, "\r\n")
	version, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	switch {
	case !strings.HasPrefix(version, "HTTP/1.") || err != nil:
		return errNoProxy
	case status >= 200 && status <= 299:
		return nil
	case status == 407:
		return &refusal{trouble.ErrProxySignIn, errors.New("status 407")}
	case status == 502 || status == 503 || status == 504:
		return &refusal{trouble.ErrProxyTarget, fmt.Errorf("status %d", status)}
	}
	return &refusal{trouble.ErrProxyRefused, fmt.Errorf("status %d", status)}
}

// readHead reads up to the empty line, one octet at a time: what follows is the
// mail server's.
func readHead(r io.Reader) (string, error) {
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if len(head) == maxHead {
			return "", errNoProxy
		}
		if _, err := io.ReadFull(r, one); err != nil {
			return "", err
		}
		head = append(head, one[0])
		if len(head) == 5 && string(head) != "HTTP/" {
			return "", errNoProxy
		}
	}
	return string(head), nil
}

// encrypt speaks TLS to the proxy itself; the connection inside has its own.
func (d *Dialer) encrypt(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	secure := tls.Client(conn, &tls.Config{ServerName: host, RootCAs: d.Roots, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		// Not %w: its certificate is not the mail server's.
		return nil, fmt.Errorf("encrypt the way to the proxy: %v", err)
	}
	return secure, nil
}
