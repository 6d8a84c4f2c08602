package mailtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
)

// Break is what a Proxy does to a connection at a certain point.
type Break int

// The kinds of Break.
const (
	None  Break = iota // hand everything through
	Cut                // close both sides in order, as a server that goes away
	Reset              // reset both sides, as a router that forgot the connection
	Stall              // take no more bytes and send none, but keep the connection
)

// Fault says how a Proxy treats a connection. The zero value is a good network.
type Fault struct {
	Break Break
	Up    bool          // count what the client sends instead of what it gets
	After int64         // octets of that direction, on each connection, before Break
	Delay time.Duration // before each piece that is handed on, both directions
	Piece int           // hand on at most so many octets at a time; 0 is no limit
}

// Proxy is a TCP proxy on loopback that spoils the network in front of a server.
type Proxy struct {
	target string
	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc

	connections, up, down atomic.Int64

	mu       sync.Mutex
	port     int
	listener net.Listener // nil while connections are refused
	fault    Fault
	once     *Fault // for the next connection only
	pairs    map[*pair]bool
}

// pair is one connection through the proxy.
type pair struct {
	proxy          *Proxy
	client, server net.Conn
	fault          atomic.Pointer[Fault]
	up, down       atomic.Int64
	done           chan struct{}
	closeOnce      sync.Once
}

// NewProxy starts a proxy in front of a server; it ends with the test.
func NewProxy(t testing.TB, s accounts.Server) *Proxy {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &Proxy{
		target: net.JoinHostPort("127.0.0.1", fmt.Sprint(s.Port)),
		ctx:    ctx, cancel: cancel,
		pairs: map[*pair]bool{},
	}
	if err := p.listen(); err != nil {
		t.Fatalf("start proxy: %v", err)
	}
	t.Cleanup(p.close)
	return p
}

// Server returns s as it is reached through the proxy.
func (p *Proxy) Server(s accounts.Server) accounts.Server {
	s.Host, s.Port = "localhost", p.port
	return s
}

// Set changes the treatment of connections, also of those that are open. Octets
// are counted from the beginning of each connection.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
	for c := range p.pairs {
		c.fault.Store(&f)
	}
}

// Next treats only the next new connection with f.
func (p *Proxy) Next(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once = &f
}

// Heal makes the network good again; broken connections stay so.
func (p *Proxy) Heal() { p.Set(Fault{}) }

// Drop breaks all open connections now: with reset as Reset does, else as Cut.
func (p *Proxy) Drop(reset bool) {
	p.mu.Lock()
	pairs := make([]*pair, 0, len(p.pairs))
	for c := range p.pairs {
		pairs = append(pairs, c)
	}
	p.mu.Unlock()
	for _, c := range pairs {
		c.close(reset)
	}
}

// Refuse refuses new connections, or takes them again on the same port.
func (p *Proxy) Refuse(t testing.TB, refuse bool) {
	t.Helper()
	p.mu.Lock()
	l := p.listener
	if refuse {
		p.listener = nil
	}
	p.mu.Unlock()
	switch {
	case refuse && l != nil:
		_ = l.Close()
	case !refuse && l == nil:
		if err := p.listen(); err != nil {
			t.Fatalf("take connections again: %v", err)
		}
	}
}

// Connections returns how many connections were taken so far.
func (p *Proxy) Connections() int { return int(p.connections.Load()) }

// Open returns how many connections are open now.
func (p *Proxy) Open() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pairs)
}

// Bytes returns the octets handed on so far, from the server and to it.
func (p *Proxy) Bytes() (down, up int64) { return p.down.Load(), p.up.Load() }

func (p *Proxy) listen() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	if p.port == 0 {
		p.listener, err = listenLow()
	} else {
		p.listener, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	}
	if err != nil {
		return err
	}
	p.port = p.listener.Addr().(*net.TCPAddr).Port
	l := p.listener
	p.wg.Go(func() { p.accept(l) })
	return nil
}

func (p *Proxy) accept(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		p.connections.Add(1)
		p.wg.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	server, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(p.ctx, "tcp", p.target)
	if err != nil {
		reset(client) // what a client sees of a server that does not listen
		return
	}
	c := &pair{proxy: p, client: client, server: server, done: make(chan struct{})}
	p.add(c)
	defer p.remove(c)
	defer c.close(false)
	var both sync.WaitGroup
	both.Go(func() { c.copy(server, client, true) })
	both.Go(func() { c.copy(client, server, false) })
	both.Wait()
}

func (p *Proxy) add(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.fault
	if p.once != nil {
		f, p.once = *p.once, nil
	}
	c.fault.Store(&f)
	p.pairs[c] = true
}

func (p *Proxy) remove(c *pair) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pairs, c)
}

func (p *Proxy) close() {
	p.cancel()
	p.mu.Lock()
	l := p.listener
	p.listener = nil
	p.mu.Unlock()
	if l != nil {
		_ = l.Close()
	}
	p.Drop(false)
	p.wg.Wait()
}

// copy hands on one direction until an end, an error or the fault.
func (c *pair) copy(to, from net.Conn, up bool) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if !c.forward(to, buf[:n], up) {
			return
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				closeWrite(to)
			} else {
				c.close(false)
			}
			return
		}
	}
}

// forward hands data on piece by piece; false when the connection is broken for good.
func (c *pair) forward(to net.Conn, data []byte, up bool) bool {
	for len(data) > 0 {
		f := *c.fault.Load()
		n := len(data)
		if f.Piece > 0 {
			n = min(n, f.Piece)
		}
		counted := f.Break != None && f.Up == up
		if counted {
			n = int(min(int64(n), max(f.After-c.count(up).Load(), 0)))
		}
		if n == 0 && counted {
			if !c.breakNow(f.Break) {
				return false
			}
			continue
		}
		if !c.wait(f.Delay) {
			return false
		}
		c.passed(up, int64(n)) // first, so that who got the octets finds them counted
		if _, err := to.Write(data[:n]); err != nil {
			c.close(false)
			return false
		}
		data = data[n:]
	}
	return true
}

// breakNow carries the fault out; after a Stall nothing moves until it is over.
func (c *pair) breakNow(b Break) bool {
	if b != Stall {
		c.close(b == Reset)
		return false
	}
	for c.fault.Load().Break == Stall {
		if !c.wait(10 * time.Millisecond) {
			return false
		}
	}
	return true
}

func (c *pair) wait(d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c.done:
		return false
	case <-timer.C:
		return true
	}
}

func (c *pair) count(up bool) *atomic.Int64 {
	if up {
		return &c.up
	}
	return &c.down
}

func (c *pair) passed(up bool, n int64) {
	c.count(up).Add(n)
	if up {
		c.proxy.up.Add(n)
	} else {
		c.proxy.down.Add(n)
	}
}

func (c *pair) close(withReset bool) {
	c.closeOnce.Do(func() {
		close(c.done)
		if withReset {
			reset(c.client)
			reset(c.server)
			return
		}
		_ = c.client.Close()
		_ = c.server.Close()
	})
}

// reset closes a connection with RST instead of FIN.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func closeWrite(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}
