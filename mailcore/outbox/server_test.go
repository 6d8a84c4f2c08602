package outbox

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
)

// submissionServer plays a submission server on loopback, in clear, with faults
// where a test wants them.
type submissionServer struct {
	listener net.Listener
	size     string              // announced SIZE, "" for none
	answer   func(string) string // reply to a command; "" takes the usual one, drop ends the connection
	dot      func() string       // reply to the final dot, likewise
	inBody   func(line int) bool // true drops the connection at a line of the body

	mu       sync.Mutex
	sessions int
	bodies   []string
	commands []string
	wg       sync.WaitGroup
}

const drop = "drop"

func startServer(t *testing.T) *submissionServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &submissionServer{listener: l}
	s.wg.Go(s.accept)
	t.Cleanup(func() {
		l.Close()
		s.wg.Wait()
	})
	return s
}

func (s *submissionServer) server() accounts.Server {
	a := s.listener.Addr().(*net.TCPAddr)
	return accounts.Server{Host: "127.0.0.1", Port: a.Port, Security: accounts.Plain}
}

func (s *submissionServer) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.sessions++
		s.mu.Unlock()
		s.wg.Go(func() { s.session(c) })
	}
}

func (s *submissionServer) session(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	say := func(line string) bool {
		_, err := c.Write([]byte(line + "\r\n"))
		return err == nil
	}
	if !say("220 test") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		reply := s.reply(line)
		if reply == drop || !say(reply) || line == "QUIT" {
			return
		}
		if line == "DATA" && strings.HasPrefix(reply, "354") {
			if reply = s.readBody(r); reply == drop || !say(reply) {
				return
			}
		}
	}
}

func (s *submissionServer) reply(line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands = append(s.commands, line)
	if s.answer != nil {
		if a := s.answer(line); a != "" {
			return a
		}
	}
	switch {
	case strings.HasPrefix(line, "EHLO"):
		if s.size != "" {
			return "250-test\r\n250-8BITMIME\r\n250 SIZE " + s.size
		}
		return "250-test\r\n250 8BITMIME"
	case line == "DATA":
		return "354 go on"
	case line == "QUIT":
		return "221 bye"
	}
	return "250 ok"
}

func (s *submissionServer) readBody(r *bufio.Reader) string {
	var body strings.Builder
	for n := 0; ; n++ {
		line, err := r.ReadString('\n')
		if err != nil || s.inBody != nil && s.inBody(n) {
			return drop
		}
		if line == ".\r\n" {
			break
		}
		body.WriteString(strings.TrimPrefix(line, "."))
	}
	reply := ""
	if s.dot != nil {
		reply = s.dot()
	}
	if reply == "" || strings.HasPrefix(reply, "250") {
		s.mu.Lock()
		s.bodies = append(s.bodies, body.String())
		s.mu.Unlock()
	}
	if reply == "" {
		return "250 taken"
	}
	return reply
}

// delivered returns the bodies that the server answered for with 250.
func (s *submissionServer) delivered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.bodies...)
}

func (s *submissionServer) sent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.commands, "\n")
}
