package mailtest

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Forward is a proxy as people have in their system's settings, on loopback: it
// takes connections to the hosts that it was told of.
type Forward struct {
	User, Password string // what it wants to hear; "" nothing
	Say            string // said to everybody instead of an answer, if not ""
	Silent         bool   // never says a word
	SOCKSReply     byte   // instead of success
	Status         string // HTTP: "403 Forbidden" instead of success

	kind     string
	listener net.Listener
	wg       sync.WaitGroup

	mu    sync.Mutex
	leads map[string]string
	asked []string
	heard strings.Builder
	open  []net.Conn
}

// NewForward starts a proxy of a kind, "socks5" or "http"; it ends with the test.
// change may set its fields.
func NewForward(t testing.TB, kind string, change ...func(*Forward)) *Forward {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start proxy: %v", err)
	}
	f := &Forward{kind: kind, listener: l, leads: map[string]string{}}
	for _, c := range change {
		c(f)
	}
	f.wg.Go(f.accept)
	t.Cleanup(f.Close)
	return f
}

// Address is where it listens, host:port.
func (f *Forward) Address() string { return f.listener.Addr().String() }

// Lead makes a host:port, as it is asked for, end at a real address.
func (f *Forward) Lead(asked, address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leads[asked] = address
}

// Asked lists the host:port of all that was asked for.
func (f *Forward) Asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// Heard is all that came in, the tunnels' content too.
func (f *Forward) Heard() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.heard.String()
}

// Close ends it and all connections.
func (f *Forward) Close() {
	_ = f.listener.Close()
	f.mu.Lock()
	for _, c := range f.open {
		_ = c.Close()
	}
	f.mu.Unlock()
	f.wg.Wait()
}

func (f *Forward) accept() {
	for {
		c, err := f.listener.Accept()
		if err != nil {
			return
		}
		f.keep(c)
		f.wg.Go(func() {
			defer c.Close()
			f.serve(c)
		})
	}
}

func (f *Forward) keep(c net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open = append(f.open, c)
}

// listening keeps what is read.
type listening struct {
	f *Forward
	net.Conn
}

func (l listening) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.f.mu.Lock()
	l.f.heard.Write(p[:n])
	l.f.mu.Unlock()
	return n, err
}

func (f *Forward) serve(c net.Conn) {
	in := bufio.NewReader(listening{f, c})
	if f.Silent {
		_, _ = io.Copy(io.Discard, in)
		return
	}
	if f.Say != "" {
		_, _ = in.ReadByte()
		_, _ = io.WriteString(c, f.Say)
		return
	}
	ask := f.connectRequest
	if f.kind == "socks5" {
		ask = f.socksRequest
	}
	server, err := ask(in, c)
	if err != nil {
		return
	}
	defer server.Close()
	f.wg.Go(func() {
		_, _ = io.Copy(server, in)
		_ = server.Close()
	})
	_, _ = io.Copy(c, server)
}

// reach dials what was asked for.
func (f *Forward) reach(asked string) (net.Conn, error) {
	f.mu.Lock()
	f.asked = append(f.asked, asked)
	address, ok := f.leads[asked]
	f.mu.Unlock()
	if !ok {
		return nil, errors.New("no such host")
	}
	c, err := net.Dial("tcp", address)
	if err == nil {
		f.keep(c)
	}
	return c, err
}

// connectRequest answers CONNECT.
func (f *Forward) connectRequest(in *bufio.Reader, c net.Conn) (net.Conn, error) {
	var head []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if line = strings.TrimRight(line, "\r\n"); line == "" {
			break
		}
		head = append(head, line)
	}
	fields := strings.Fields(head[0])
	signIn := "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(f.User+":"+f.Password))
	status := f.Status
	var server net.Conn
	switch {
	case len(fields) != 3 || fields[0] != "CONNECT":
		status = "405 Method Not Allowed"
	case f.User != "" && !slices.Contains(head, signIn):
		status = "407 Proxy Authentication Required"
	case status == "":
		var err error
		if server, err = f.reach(fields[1]); err != nil {
			status = "502 Bad Gateway"
		}
	}
	if server == nil {
		fmt.Fprintf(c, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status)
		return nil, errors.New(status)
	}
	_, err := io.WriteString(c, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
	return server, err
}

// socksRequest answers SOCKS5 (RFC 1928, RFC 1929).
func (f *Forward) socksRequest(in *bufio.Reader, c net.Conn) (net.Conn, error) {
	if err := f.socksSignIn(in, c); err != nil {
		return nil, err
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, err
	}
	length := map[byte]int{1: 4, 4: 16}[head[3]]
	if head[3] == 3 {
		n, err := in.ReadByte()
		if err != nil {
			return nil, err
		}
		length = int(n)
	}
	rest := make([]byte, length+2)
	if _, err := io.ReadFull(in, rest); err != nil {
		return nil, err
	}
	host := string(rest[:length])
	if head[3] != 3 {
		host = net.IP(rest[:length]).String()
	}
	asked := net.JoinHostPort(host, fmt.Sprint(binary.BigEndian.Uint16(rest[length:])))
	reply := f.SOCKSReply
	var server net.Conn
	if reply == 0 {
		var err error
		if server, err = f.reach(asked); err != nil {
			reply = 4 // host unreachable
		}
	}
	// Bound to a name: the longest form of an answer.
	if _, err := c.Write(append([]byte{5, reply, 0, 3, 4}, "test\x00\x00"...)); err != nil {
		return server, err
	}
	if server == nil {
		return nil, errors.New("refused")
	}
	return server, nil
}

func (f *Forward) socksSignIn(in *bufio.Reader, c net.Conn) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil {
		return err
	}
	ways := make([]byte, head[1])
	if _, err := io.ReadFull(in, ways); err != nil {
		return err
	}
	if f.User == "" {
		_, err := c.Write([]byte{5, 0})
		return err
	}
	if !slices.Contains(ways, 2) {
		_, _ = c.Write([]byte{5, 0xff})
		return errors.New("no common way to sign in")
	}
	if _, err := c.Write([]byte{5, 2}); err != nil {
		return err
	}
	want := fmt.Sprintf("\x01%c%s%c%s", len(f.User), f.User, len(f.Password), f.Password)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil {
		return err
	}
	if string(got) != want {
		_, _ = c.Write([]byte{1, 1})
		return errors.New("wrong password")
	}
	_, err := c.Write([]byte{1, 0})
	return err
}
