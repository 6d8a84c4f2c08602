// Package demoserver runs an IMAP and an SMTP server inside the program, on
// loopback with TLS, with a mailbox of mail written for it. The demo account
// and tests talk to it over the same sockets as to any other server. Nothing
// ever leaves this computer: mail to the demo account arrives in its inbox, all
// other mail is accepted, answered by a friendly note and dropped.
package demoserver

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"

	"github.com/linnet-mail/linnet/assets"
)

// Address is the demo account's own address, and its sign-in name.
const Address = "anna@becker-print.example"

// Name is the name of the demo account's owner.
const Name = "Anna Becker"

// Options say what the server begins with.
type Options struct {
	Messages int           // at least so many messages; what is written counts
	Drip     time.Duration // a new message arrives each time this has passed; 0 = never
	Host     string        // loopback address to listen on, "" means 127.0.0.1
}

// Addr is where a server listens, TLS from the first byte.
type Addr struct {
	Host string `json:"host"`
	Port int    `json:"port"`
}

// String returns "host:port".
func (a Addr) String() string { return net.JoinHostPort(a.Host, strconv.Itoa(a.Port)) }

// Server is a running pair of servers. Its methods may be called from any
// goroutine.
type Server struct {
	User     string // sign-in name of both servers
	Password string // made anew at each start
	Address  string // the account's address
	Name     string // the account's owner

	authority *authority
	box       *mailbox
	imap      *imapserver.Server
	smtp      *smtp.Server
	imapAddr  Addr
	smtpAddr  Addr

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup // listeners, connections, drip and answers
	gate   sync.Mutex     // no task begins once closed
	closed bool
	once   sync.Once
}

// Start fills the mailbox and begins to listen on free ports. The servers stop
// when ctx ends or Close is called.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if ip := net.ParseIP(o.Host); o.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("start demo servers: %s is no loopback address", o.Host)
	}
	authority, err := newAuthority(o.Host)
	if err != nil {
		return nil, fmt.Errorf("start demo servers: %w", err)
	}
	s := &Server{User: Address, Password: rand.Text(), Address: Address, Name: Name, authority: authority}
	if s.box, err = newMailbox(s.User, s.Password, assets.Demo(), time.Now(), o.Messages); err != nil {
		return nil, fmt.Errorf("start demo servers: %w", err)
	}
	s.ctx, s.cancel = context.WithCancel(ctx)
	if err := s.listen(o.Host); err != nil {
		s.cancel()
		return nil, fmt.Errorf("start demo servers: %w", err)
	}
	s.tasks.Go(func() { <-s.ctx.Done(); s.shut() })
	if o.Drip > 0 {
		s.tasks.Go(func() { s.drip(o.Drip) })
	}
	return s, nil
}

// listen starts both servers.
func (s *Server) listen(host string) error {
	quiet := log.New(discard{}, "", 0) // a client that hangs up is nothing to tell
	s.imap = imapserver.New(&imapserver.Options{NewSession: s.newIMAPSession, Caps: capabilities(), Logger: quiet})
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.newSMTPSession))
	s.smtp.Domain, s.smtp.ErrorLog = "mail."+domainOf(Address), quiet
	s.smtp.MaxMessageBytes, s.smtp.MaxRecipients, s.smtp.EnableSMTPUTF8 = maxMessage, 200, true
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = 5*time.Minute, time.Minute

	imapListener, at, err := s.authority.listen(host)
	if err != nil {
		return err
	}
	s.imapAddr = at
	smtpListener, at, err := s.authority.listen(host)
	if err != nil {
		return errors.Join(err, imapListener.Close())
	}
	s.smtpAddr = at
	s.serve(s.imap.Serve, imapListener)
	s.serve(s.smtp.Serve, smtpListener)
	return nil
}

// serve runs a server until its listener is closed. It returns once the server
// accepts connections: closed any earlier, the libraries would miss it.
func (s *Server) serve(run func(net.Listener) error, l net.Listener) {
	waiting := &accepting{Listener: l, begun: make(chan struct{})}
	s.tasks.Go(func() { _ = run(waiting) })
	<-waiting.begun
}

// accepting tells when its listener is first asked for a connection.
type accepting struct {
	net.Listener
	once  sync.Once
	begun chan struct{}
}

// Accept waits for a connection.
func (a *accepting) Accept() (net.Conn, error) {
	a.once.Do(func() { close(a.begun) })
	return a.Listener.Accept()
}

// discard is io.Discard for a logger.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// capabilities are those that the mailbox backs.
func capabilities() imap.CapSet {
	set := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapESearch, imap.CapSearchRes, imap.CapListExtended,
		imap.CapListStatus, imap.CapMove, imap.CapStatusSize, imap.CapChildren, imap.CapSpecialUse, imap.CapCreateSpecialUse,
		imap.CapLiteralPlus,
	} {
		set[c] = struct{}{}
	}
	return set
}

// IMAP returns where the IMAP server listens (implicit TLS).
func (s *Server) IMAP() Addr { return s.imapAddr }

// SMTP returns where the submission server listens (implicit TLS).
func (s *Server) SMTP() Addr { return s.smtpAddr }

// Roots returns the authority that signed the servers' certificate. It exists
// in this process only.
func (s *Server) Roots() *x509.CertPool { return s.authority.pool() }

// CAFile writes the authority as PEM into dir and returns the file's path.
func (s *Server) CAFile(dir string) (string, error) {
	name := filepath.Join(dir, "demo-ca.pem")
	if err := os.WriteFile(name, s.authority.pem(), 0o600); err != nil {
		return "", fmt.Errorf("write demo authority: %w", err)
	}
	return name, nil
}

// Deliver puts a message into the inbox, as new mail.
func (s *Server) Deliver(raw []byte) error {
	if err := s.box.append(inbox, raw, nil, time.Now()); err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	return nil
}

// begin counts a task that was not there at start; false means that the server
// is closing.
func (s *Server) begin() bool {
	s.gate.Lock()
	defer s.gate.Unlock()
	if s.closed || s.ctx.Err() != nil {
		return false
	}
	s.tasks.Add(1)
	return true
}

// Close stops the servers, ends all connections and waits for them.
func (s *Server) Close() error {
	s.cancel()
	s.gate.Lock()
	s.closed = true
	s.gate.Unlock()
	s.shut()
	s.tasks.Wait()
	return nil
}

// shut closes listeners and connections, once.
func (s *Server) shut() {
	s.once.Do(func() {
		_ = s.imap.Close() // what fails to close is closed already
		_ = s.smtp.Close()
	})
}
