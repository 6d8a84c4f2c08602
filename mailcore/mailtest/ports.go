package mailtest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

// ports are what one host listens on, all on 127.0.0.1.
type ports struct {
	IMAP, IMAPS, LMTP, SASL, SMTP, SMTPS int
}

// freePorts looks below the range from which systems take ports for outgoing
// connections, so that a stopped server finds its port free again.
func freePorts() (ports, error) {
	var p ports
	for _, n := range []*int{&p.IMAP, &p.IMAPS, &p.LMTP, &p.SASL, &p.SMTP, &p.SMTPS} {
		l, err := listenLow()
		if err != nil {
			return ports{}, err
		}
		defer l.Close() // held until all are chosen, so that they differ
		*n = l.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

func listenLow() (net.Listener, error) {
	const low, high = 12000, 32000
	for range 200 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", low+rand.IntN(high-low)))
		if err == nil {
			return l, nil
		}
	}
	return nil, errors.New("no free loopback port")
}

// awaitGreeting waits until a server with implicit TLS greets, or is gone: one
// that merely listens may not be able to answer, nor to stop, yet.
func (h *Host) awaitGreeting(port int, p *process) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := h.greeting(port)
		if err == nil {
			return nil
		}
		if !p.alive() {
			return fmt.Errorf("%s ended while starting", p.name)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s does not greet on port %d: %w", p.name, port, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// greeting reads the first line of a server.
func (h *Host) greeting(port int) error {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	c, err := tls.DialWithDialer(dialer, "tcp", fmt.Sprintf("127.0.0.1:%d", port), &tls.Config{RootCAs: h.Roots})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	_, err = bufio.NewReader(c).ReadString('\n')
	return err
}

// awaitSilence waits until nothing answers on the ports any more: children of a
// server hold its sockets a moment longer than the server itself.
func awaitSilence(ports ...int) error {
	deadline := time.Now().Add(10 * time.Second)
	for _, port := range ports {
		for {
			c, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
			if err != nil {
				break
			}
			_ = c.Close()
			if time.Now().After(deadline) {
				return fmt.Errorf("port %d still answers", port)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// shortTempDir returns a directory whose path leaves room for a socket's name
// (108 octets in all), readable by servers that dropped their privileges.
func shortTempDir() (string, error) {
	parent := os.TempDir()
	if len(parent) > 50 {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "linnet-mail-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}
