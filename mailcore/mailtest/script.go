package mailtest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
)

// Script starts a server that plays transcripts: the first connection gets the
// first one, and so on; the last is played again for every further connection.
// What a client says differently fails the test with both lines.
//
// A transcript has one step a line; blank lines and lines with # are left out:
//
//	S: * OK ready             send this line with CRLF
//	S-half a line             send this and no CRLF
//	S* 5000 x                 send "x" 5000 times, no CRLF
//	C: {tag} LOGIN ...        expect a line: {name} takes a word and keeps it for
//	                          later lines, ... at the end takes any rest
//	C. .                      take lines up to one that is just "."
//	C= 42                     take 42 octets (a literal)
//	!tls                      become TLS, as after STARTTLS
//	!close  !reset  !stall    end, end with RST, or say nothing until the client goes
//
// In "S:" and "C:" lines {name} stands for the word taken before. Literals that
// are to be sent ("{5}" that is no name) are left alone: names are letters.
func Script(t testing.TB, o ScriptOptions, transcripts ...string) *Scripted {
	t.Helper()
	plays := make([][]step, len(transcripts))
	for i, text := range transcripts {
		steps, err := parseScript(text)
		if err != nil {
			t.Fatalf("transcript %d: %v", i+1, err)
		}
		plays[i] = steps
	}
	return Serve(t, o, func(c *Conn) {
		n := min(c.Number, len(plays)) - 1
		if err := c.play(plays[n]); err != nil {
			t.Errorf("connection %d: %v", c.Number, err)
		}
	})
}

// ScriptOptions say how a scripted server is reached. The zero value speaks in
// clear; STARTTLS uses a certificate of an authority of its own.
type ScriptOptions struct {
	TLS         bool             // implicit TLS
	Certificate *tls.Certificate // for TLS and !tls; nil: a valid one for localhost
}

// Scripted is a server that runs a transcript or a function for each connection.
type Scripted struct {
	Server accounts.Server
	CA     *CA // signed the certificate, unless ScriptOptions gave one

	listener net.Listener
	config   *tls.Config
	options  ScriptOptions
	wg       sync.WaitGroup

	mu    sync.Mutex
	n     int
	conns map[net.Conn]bool
	over  bool
}

// Conn is one connection to a Scripted server.
type Conn struct {
	net.Conn
	R      *bufio.Reader
	Number int // from 1 on

	server *Scripted
	words  map[string]string
}

// Serve starts a server that calls handle for every connection, each in a
// goroutine of its own, and closes it afterwards. It ends with the test.
func Serve(t testing.TB, o ScriptOptions, handle func(c *Conn)) *Scripted {
	t.Helper()
	s := &Scripted{options: o, conns: map[net.Conn]bool{}, CA: NewCA(t)}
	cert := s.CA.Server(t, "localhost", "127.0.0.1")
	if o.Certificate != nil {
		cert = *o.Certificate
	}
	s.config = &tls.Config{Certificates: []tls.Certificate{cert}}
	l, err := listenLow()
	if err != nil {
		t.Fatalf("start scripted server: %v", err)
	}
	s.listener = l
	s.Server = server(l.Addr().(*net.TCPAddr).Port, accounts.Plain)
	if o.TLS {
		s.Server.Security = accounts.TLS
	}
	s.wg.Go(func() { s.accept(handle) })
	t.Cleanup(s.close)
	return s
}

// Connections returns how many connections came so far.
func (s *Scripted) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *Scripted) accept(handle func(c *Conn)) {
	for {
		raw, err := s.listener.Accept()
		if err != nil {
			return
		}
		n, ok := s.add(raw)
		if !ok {
			return
		}
		s.wg.Go(func() {
			defer s.remove(raw)
			c := &Conn{Conn: raw, server: s, Number: n, words: map[string]string{}}
			if s.options.TLS {
				c.Conn = tls.Server(raw, s.config)
			}
			c.R = bufio.NewReader(c.Conn)
			handle(c)
		})
	}
}

func (s *Scripted) add(conn net.Conn) (n int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		_ = conn.Close()
		return 0, false
	}
	s.n++
	s.conns[conn] = true
	return s.n, true
}

func (s *Scripted) remove(conn net.Conn) {
	s.mu.Lock()
	delete(s.conns, conn)
	s.mu.Unlock()
	_ = conn.Close()
}

func (s *Scripted) close() {
	s.mu.Lock()
	s.over = true
	_ = s.listener.Close()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Send writes text as it is.
func (c *Conn) Send(text string) error {
	_, err := io.WriteString(c.Conn, text)
	return err
}

// Line reads one line without its CRLF; at most a minute may pass.
func (c *Conn) Line() (string, error) {
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return "", err
	}
	line, err := c.R.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}

// StartTLS becomes TLS now. What the client sent too early is lost, as it must be.
func (c *Conn) StartTLS() error {
	secured := tls.Server(c.Conn, c.server.config)
	if err := secured.Handshake(); err != nil {
		return fmt.Errorf("TLS with the client: %w", err)
	}
	c.Conn, c.R = secured, bufio.NewReader(secured)
	return nil
}

// Reset ends the connection with RST.
func (c *Conn) Reset() {
	conn := c.Conn
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	reset(conn)
}

// Stall says nothing until the client goes away or the test ends.
func (c *Conn) Stall() {
	_ = c.SetReadDeadline(time.Time{})
	_, _ = io.Copy(io.Discard, c.R)
}

// errGone is a client that ended the connection before the transcript's end.
var errGone = errors.New("the client is gone")
