package connect

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
)

// authority is a test CA and what it signs.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	cert := parse(t, sign(t, template, template, key, key))
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &authority{t: t, key: key, cert: cert, pool: pool}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func parse(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// leaf is a server certificate for 127.0.0.1 and localhost; change edits it.
func (a *authority) leaf(change func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	key := newKey(a.t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mail"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(template)
	}
	return tls.Certificate{Certificate: [][]byte{sign(a.t, template, a.cert, key, a.key)}, PrivateKey: key}
}

// selfSigned is a certificate that vouches for itself.
func (a *authority) selfSigned() tls.Certificate {
	key := newKey(a.t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "mail"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true,
	}
	return tls.Certificate{Certificate: [][]byte{sign(a.t, template, template, key, key)}, PrivateKey: key}
}

// peer is one connection of a scripted server. Its methods end the script's
// goroutine when the connection ends.
type peer struct {
	net.Conn
	r    *bufio.Reader
	conf *tls.Config
	s    *scripted
}

// scripted is a server that plays a script on every connection and keeps what
// it was sent, in clear and under TLS.
type scripted struct {
	t      *testing.T
	l      net.Listener
	wg     sync.WaitGroup
	mu     sync.Mutex
	heard  strings.Builder
	conns  []net.Conn
	number int
}

type hangup struct{}

// serve starts a server; implicit means TLS from the first octet.
func serve(t *testing.T, cert tls.Certificate, implicit bool, script func(p *peer)) *scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{t: t, l: l}
	conf := &tls.Config{Certificates: []tls.Certificate{cert}}
	s.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.number++
			s.mu.Unlock()
			s.wg.Go(func() {
				p := &peer{Conn: conn, r: bufio.NewReader(conn), conf: conf, s: s}
				p.play(implicit, script)
			})
		}
	})
	t.Cleanup(s.close)
	return s
}

func (s *scripted) close() {
	_ = s.l.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// all returns what clients have sent.
func (s *scripted) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

func (s *scripted) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.number
}

func (s *scripted) server(security accounts.Security) accounts.Server {
	addr := s.l.Addr().(*net.TCPAddr)
	return accounts.Server{Host: "127.0.0.1", Port: addr.Port, Security: security, User: "ada"}
}

func (p *peer) play(implicit bool, script func(p *peer)) {
	defer func() {
		_ = p.Close()
		if v := recover(); v != nil {
			if _, ok := v.(hangup); !ok {
				panic(v)
			}
		}
	}()
	if implicit {
		p.startTLS()
	}
	script(p)
}

func (p *peer) startTLS() {
	conn := tls.Server(p.Conn, p.conf)
	if err := conn.Handshake(); err != nil {
		panic(hangup{})
	}
	p.Conn, p.r = conn, bufio.NewReader(conn)
}

// say writes lines, each with its line end.
func (p *peer) say(lines ...string) { p.raw(strings.Join(lines, "\r\n") + "\r\n") }

func (p *peer) raw(text string) {
	if _, err := io.WriteString(p.Conn, text); err != nil {
		panic(hangup{})
	}
}

// line reads a line and keeps it.
func (p *peer) line() string {
	line, err := p.r.ReadString('\n')
	p.s.mu.Lock()
	p.s.heard.WriteString(line)
	p.s.mu.Unlock()
	if err != nil {
		panic(hangup{})
	}
	return strings.TrimRight(line, "\r\n")
}

// silence waits for the other side to give up.
func (p *peer) silence() {
	_, _ = io.Copy(io.Discard, p.r)
}

// imap answers commands: answers are by command word, "$" stands for the tag.
// It ends with the connection, or at a command that answers leave out.
func (p *peer) imap(answers map[string]string) string {
	for {
		line := p.line()
		tag, rest, _ := strings.Cut(line, " ")
		word, _, _ := strings.Cut(rest, " ")
		answer, ok := answers[strings.ToUpper(word)]
		if !ok {
			return line
		}
		p.say(strings.Split(strings.ReplaceAll(answer, "$", tag), "|")...)
	}
}

const secret = "canary-Zx9!pass"

func credential(_ context.Context, _ bool) (Credential, error) {
	return Credential{User: "ada", Secret: secret}, nil
}

// usual are the answers of a well-behaved server.
func usual(more map[string]string) map[string]string {
	answers := map[string]string{
		"CAPABILITY":   "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE|$ OK done",
		"AUTHENTICATE": "$ OK signed in",
		"LOGIN":        "$ OK signed in",
		"NOOP":         "$ OK done",
		"LIST":         `* LIST () "/" INBOX|$ OK done`,
		"LOGOUT":       "* BYE so long|$ OK done",
	}
	for k, v := range more {
		answers[k] = v
	}
	return answers
}

// bounded returns a context that ends a hanging test.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}
