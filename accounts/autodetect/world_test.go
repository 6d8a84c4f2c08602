package autodetect

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// world is an internet on loopback: names, DNS records, https and mail servers
// with a certificate authority of its own.
type world struct {
	t       *testing.T
	ca      *mailtest.CA
	times   Times
	table   *Providers
	records map[string][]*net.SRV // by _service._tcp.domain
	mx      map[string][]string
	broken  error  // what DNS says to everything
	nowhere string // a name that does not exist, whatever else is said

	mu       sync.Mutex
	wg       sync.WaitGroup
	hosts    map[string]bool                                       // names that exist; "*.domain" for all below
	doors    map[string]func(context.Context) (net.Conn, error)    // by host:port
	always   func(ctx context.Context, host, port string) net.Conn // answers where nobody else does: at hosts that exist,
	portal   bool                                                  // or for every name
	dialled  []string
	asked    []string // URLs
	heard    strings.Builder
	clear    strings.Builder
	shutdown []func()
}

// newWorld makes an empty one. Nothing in it takes long unless a test says so,
// so the times are those after which something is broken.
func newWorld(t *testing.T, ca *mailtest.CA) *world {
	w := &world{
		t: t, ca: ca, records: map[string][]*net.SRV{}, mx: map[string][]string{},
		hosts: map[string]bool{}, doors: map[string]func(context.Context) (net.Conn, error){},
		times: Times{Total: time.Minute, Fetch: 20 * time.Second, Lookup: 20 * time.Second, Server: 20 * time.Second, Stagger: time.Millisecond, Guess: time.Millisecond, Grace: 20 * time.Second},
	}
	t.Cleanup(func() {
		for _, stop := range slices.Backward(w.shutdown) {
			stop()
		}
		w.wg.Wait()
	})
	return w
}

// detector looks at the world.
func (w *world) detector() *Detector {
	return &Detector{Table: w.table, Resolver: w, Dialer: &connect.Dialer{Roots: w.ca.Pool(), Net: w}, Times: w.times}
}

func (w *world) exists(host string) bool {
	_, parent, _ := strings.Cut(host, ".")
	return w.hosts[host] || w.hosts["*."+parent]
}

// DialContext leads to whoever is at a door.
func (w *world) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.dialled = append(w.dialled, address)
	exists, open, always, broken := w.exists(host) || w.portal, w.doors[address], w.always, w.broken
	w.mu.Unlock()
	switch {
	case broken != nil:
		return nil, broken
	case always != nil && exists && open == nil:
		return always(ctx, host, port), nil
	case !exists || host == w.nowhere:
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	case open == nil:
		return nil, syscall.ECONNREFUSED
	}
	return open(ctx)
}

// LookupMX is the Resolver's.
func (w *world) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if w.broken != nil {
		return nil, w.broken
	}
	var out []*net.MX
	for i, host := range w.mx[strings.TrimSuffix(name, ".")] {
		out = append(out, &net.MX{Host: host + ".", Pref: uint16(10 * (i + 1))})
	}
	if out == nil {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return out, nil
}

// LookupSRV is the Resolver's.
func (w *world) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if w.broken != nil {
		return "", nil, w.broken
	}
	name = "_" + service + "._" + proto + "." + strings.TrimSuffix(name, ".")
	if w.records[name] == nil {
		return "", nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return name, w.records[name], nil
}

// srv adds records like "_imaps._tcp.firm.test imap.firm.test 993".
func (w *world) srv(lines ...string) {
	for _, line := range lines {
		var name, target string
		var port uint16
		if _, err := fmt.Sscan(line, &name, &target, &port); err != nil {
			w.t.Fatal(err)
		}
		w.records[name] = append(w.records[name], &net.SRV{Target: target + ".", Port: port, Priority: uint16(len(w.records[name]))})
	}
}

// open puts a server on loopback behind host:port.
func (w *world) open(host string, port int, serve func(net.Conn)) {
	w.openAt("127.0.0.1:0", host, port, serve)
}

func (w *world) openAt(local, host string, port int, serve func(net.Conn)) {
	w.t.Helper()
	l, err := net.Listen("tcp", local)
	if err != nil {
		w.t.Skipf("no %s here: %v", local, err)
	}
	w.shutdown = append(w.shutdown, func() { _ = l.Close() })
	w.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			w.wg.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				serve(conn)
			})
		}
	})
	w.lead(host, port, l.Addr().String())
}

// lead makes host:port end at a real address.
func (w *world) lead(host string, port int, address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[host] = true
	w.doors[fmt.Sprintf("%s:%d", host, port)] = func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
}

// tarPit takes connections at host:port, or at all ports if it is 0, and never
// says a word; drop does not even take them.
func (w *world) tarPit(host string, port int) {
	w.open(host, port, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
}

func (w *world) drop(host string, ports ...int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[host] = true
	for _, port := range ports {
		w.doors[fmt.Sprintf("%s:%d", host, port)] = func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	}
}

// mailServer is one mail server.
type mailServer struct {
	host     string
	port     int
	cert     *tls.Certificate // nil: in order
	greeting string           // instead of the usual one
	noTLS    bool             // STARTTLS is not offered
	noAuth   bool             // nobody can sign in
	local    string           // where it listens, "" for IPv4 loopback
}

// mail adds servers like "imap tls imap.firm.test", with the usual ports.
func (w *world) mail(lines ...string) {
	for _, line := range lines {
		f := strings.Fields(line)
		s := mailServer{host: f[2]}
		w.server(f[0], f[1], s)
	}
}

func (w *world) server(proto, security string, s mailServer) {
	if s.port == 0 {
		s.port = map[string]int{"imap tls": 993, "imap starttls": 143, "smtp tls": 465, "smtp starttls": 587}[proto+" "+security]
	}
	cert := s.cert
	if cert == nil {
		c := w.ca.Server(w.t, s.host)
		cert = &c
	}
	conf := &tls.Config{Certificates: []tls.Certificate{*cert}}
	local := s.local
	if local == "" {
		local = "127.0.0.1:0"
	}
	w.openAt(local, s.host, s.port, func(c net.Conn) {
		talk := &talk{w: w, s: s, conn: c, r: bufio.NewReader(c), conf: conf}
		if security == "tls" && !talk.encrypt() {
			return
		}
		if proto == "imap" {
			talk.imap()
		} else {
			talk.smtp()
		}
	})
}

// talk is one connection of a mail server.
type talk struct {
	w         *world
	s         mailServer
	conn      net.Conn
	r         *bufio.Reader
	conf      *tls.Config
	encrypted bool
}

func (t *talk) encrypt() bool {
	c := tls.Server(t.conn, t.conf)
	if c.Handshake() != nil {
		return false
	}
	t.conn, t.r, t.encrypted = c, bufio.NewReader(c), true
	return true
}

func (t *talk) say(lines ...string) {
	_, _ = io.WriteString(t.conn, strings.Join(lines, "\r\n")+"\r\n")
}

func (t *talk) line() (string, bool) {
	line, err := t.r.ReadString('\n')
	t.w.mu.Lock()
	t.w.heard.WriteString(line)
	if !t.encrypted {
		t.w.clear.WriteString(line)
	}
	t.w.mu.Unlock()
	return strings.TrimRight(line, "\r\n"), err == nil
}

func (t *talk) greet(usual string) {
	if t.s.greeting != "" {
		usual = t.s.greeting
	}
	t.say(usual)
}

func (t *talk) imap() {
	caps := "IMAP4rev1"
	if !t.s.noTLS && !t.encrypted {
		caps += " STARTTLS"
	}
	if t.s.noAuth {
		caps += " LOGINDISABLED"
	}
	t.greet("* OK ready")
	for {
		line, ok := t.line()
		if !ok {
			return
		}
		tag, command, _ := strings.Cut(line, " ")
		switch strings.ToUpper(command) {
		case "CAPABILITY":
			t.say("* CAPABILITY "+caps, tag+" OK done")
		case "STARTTLS":
			if t.s.noTLS {
				t.say(tag + " BAD what?")
				continue
			}
			t.say(tag + " OK begin")
			if !t.encrypt() {
				return
			}
		default:
			t.say(tag + " BAD what?")
		}
	}
}

func (t *talk) smtp() {
	t.greet("220 ready")
	for {
		line, ok := t.line()
		if !ok {
			return
		}
		switch word, _, _ := strings.Cut(strings.ToUpper(line), " "); word {
		case "EHLO":
			offers := []string{"250-" + t.s.host}
			if !t.encrypted && !t.s.noTLS {
				offers = append(offers, "250-STARTTLS")
			}
			if !t.s.noAuth && t.encrypted {
				offers = append(offers, "250-AUTH PLAIN LOGIN")
			}
			t.say(append(offers, "250 SIZE 1000")...)
		case "STARTTLS":
			if t.s.noTLS {
				t.say("502 no")
				continue
			}
			t.say("220 begin")
			if !t.encrypt() {
				return
			}
		case "QUIT":
			t.say("221 bye")
			return
		default:
			t.say("502 no")
		}
	}
}

// web serves pages over https by path; cert nil is one in order.
func (w *world) web(host string, cert *tls.Certificate, pages map[string]string) {
	w.handle(host, cert, http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		switch {
		case !ok && pages["*"] != "":
			page, ok = pages["*"], true
		case strings.HasPrefix(page, "->"):
			http.Redirect(out, r, page[2:], http.StatusFound)
			return
		}
		if !ok {
			http.NotFound(out, r)
			return
		}
		_, _ = io.WriteString(out, page)
	}))
}

func (w *world) handle(host string, cert *tls.Certificate, handler http.Handler) {
	if cert == nil {
		c := w.ca.Server(w.t, host)
		cert = &c
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, "https://"+r.Host+r.URL.String())
		w.mu.Unlock()
		handler.ServeHTTP(out, r)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{*cert}}
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	w.shutdown = append(w.shutdown, s.Close)
	w.lead(host, 443, s.Listener.Addr().String())
}

// plainWeb serves over http, where nobody should look.
func (w *world) plainWeb(host string, page string) {
	s := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.t.Errorf("http was asked for %s%s", r.Host, r.URL)
		_, _ = io.WriteString(out, page)
	}))
	w.shutdown = append(w.shutdown, s.Close)
	w.lead(host, 80, s.Listener.Addr().String())
}

// said is a result in a line: what was chosen, or why nothing was.
func said(r Result) string {
	if len(r.Answers) == 0 {
		return "nothing: " + string(r.Reason)
	}
	a := r.Answers[0]
	one := func(list []accounts.Server) string {
		if len(list) == 0 {
			return "-"
		}
		return serverName(list[0])
	}
	text := fmt.Sprintf("%s %s %s", a.Source, one(a.IMAP), one(a.SMTP))
	if a.Doubt != NoDoubt {
		text += " (" + string(a.Doubt) + ")"
	}
	if r.Reason != "" {
		text += ": " + string(r.Reason)
	}
	return text
}

// webPage is a web server that takes every connection, whatever was meant, with
// a certificate for its own name.
func (w *world) webPage(name string) func(context.Context, string, string) net.Conn {
	cert := w.ca.Server(w.t, name)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(out, "<html>Please sign in")
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	w.shutdown = append(w.shutdown, s.Close)
	return func(ctx context.Context, _, _ string) net.Conn {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Listener.Addr().String())
		if err != nil {
			return silent(ctx)
		}
		return c
	}
}

// silent is a connection that nothing comes from.
func silent(ctx context.Context) net.Conn {
	ours, theirs := net.Pipe()
	context.AfterFunc(ctx, func() { _ = theirs.Close() })
	return ours
}
