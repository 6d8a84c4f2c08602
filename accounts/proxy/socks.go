package proxy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"syscall"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// What RFC 1928 and RFC 1929 number.
const (
	socksVersion    = 5
	socksNoSignIn   = 0
	socksPassword   = 2
	socksConnect    = 1
	socksIPv4       = 1
	socksName       = 3
	socksIPv6       = 4
	socksNotAllowed = 2
	socksRefused    = 5
	passwordVersion = 1
)

// socks asks a SOCKS5 proxy (RFC 1928) for a connection. Host names go to the
// proxy as they are: it looks them up.
func socks(conn io.ReadWriter, user *url.Userinfo, address string) error {
	request, err := socksRequest(address)
	if err != nil {
		return err
	}
	if err := socksSignIn(conn, user); err != nil {
		return err
	}
	if _, err := conn.Write(request); err != nil {
		return fmt.Errorf("ask the proxy: %w", err)
	}
	return socksAnswer(conn)
}

// socksRequest is CONNECT to host and port.
func socksRequest(address string) ([]byte, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, err
	}
	out := []byte{socksVersion, socksConnect, 0}
	switch ip := net.ParseIP(host); {
	case ip == nil && len(host) > 255:
		return nil, errors.New("a host name of more than 255 octets")
	case ip == nil:
		out = append(append(out, socksName, byte(len(host))), host...)
	case ip.To4() != nil:
		out = append(append(out, socksIPv4), ip.To4()...)
	default:
		out = append(append(out, socksIPv6), ip...)
	}
	return binary.BigEndian.AppendUint16(out, uint16(port)), nil
}

// socksSignIn agrees on a way to sign in, and does it with user and password
// (RFC 1929) where there are some and the proxy wants them.
func socksSignIn(conn io.ReadWriter, user *url.Userinfo) error {
	offer := []byte{socksVersion, 1, socksNoSignIn}
	if user != nil {
		offer = []byte{socksVersion, 2, socksNoSignIn, socksPassword}
	}
	answer, err := exchange(conn, offer, 2)
	switch {
	case err != nil:
		return err
	case answer[0] != socksVersion:
		return errNoProxy
	case answer[1] == socksNoSignIn:
		return nil
	case answer[1] != socksPassword || user == nil:
		return &refusal{trouble.ErrProxySignIn, fmt.Errorf("it takes none of our ways to sign in (%d)", answer[1])}
	}
	name := user.Username()
	password, _ := user.Password()
	if len(name) > 255 || len(password) > 255 {
		return &refusal{trouble.ErrProxySignIn, errors.New("user name or password is longer than 255 octets")}
	}
	credential := append([]byte{passwordVersion, byte(len(name))}, name...)
	credential = append(append(credential, byte(len(password))), password...)
	if answer, err = exchange(conn, credential, 2); err != nil {
		return err
	}
	if answer[1] != 0 {
		return &refusal{trouble.ErrProxySignIn, errors.New("it refused user name and password")}
	}
	return nil
}

// socksAnswer reads what became of CONNECT, and no octet further.
func socksAnswer(conn io.Reader) error {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return fmt.Errorf("wait for the proxy: %w", err)
	}
	switch {
	case head[0] != socksVersion:
		return errNoProxy
	case head[1] == socksNotAllowed:
		return &refusal{trouble.ErrProxyRefused, errors.New("its rules do not allow it")}
	case head[1] == socksRefused:
		return &refusal{trouble.ErrProxyTarget, syscall.ECONNREFUSED}
	case head[1] != 0:
		return &refusal{trouble.ErrProxyTarget, fmt.Errorf("SOCKS reply %d", head[1])}
	}
	length := map[byte]int{socksIPv4: net.IPv4len, socksIPv6: net.IPv6len}[head[3]]
	if head[3] == socksName {
		one := make([]byte, 1)
		if _, err := io.ReadFull(conn, one); err != nil {
			return fmt.Errorf("wait for the proxy: %w", err)
		}
		length = int(one[0])
	} else if length == 0 {
		return errNoProxy
	}
	_, err := io.CopyN(io.Discard, conn, int64(length+2)) // the address that it dials from, and its port
	return err
}

func exchange(conn io.ReadWriter, say []byte, octets int) ([]byte, error) {
	if _, err := conn.Write(say); err != nil {
		return nil, fmt.Errorf("ask the proxy: %w", err)
	}
	answer := make([]byte, octets)
	if _, err := io.ReadFull(conn, answer); err != nil {
		return nil, fmt.Errorf("wait for the proxy: %w", err)
	}
	return answer, nil
}
