// Package mailtest is the test ground, for tests only: it runs real Dovecot and
// Postfix servers with a configuration of their own, puts a faulty network in
// front of them (Proxy), plays scripted and hostile servers from transcripts
// (Script), unlocks a private keyring (Keyring) and writes mail of many kinds
// (Messages, WriteMaildir).
//
// Nothing here touches the mail services of the machine: every server has its
// own configuration, temporary directory, loopback ports and certificate, and is
// gone when its test, or the test program, ends.
package mailtest

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
)

// Domain is the mail domain of the test users: u1@linnet.test, u2@linnet.test, …
const Domain = "linnet.test"

// mostUsers have a password from the start: Dovecot reads its password file again
// only after a while, and a new user should not have to wait.
const mostUsers = 500

// Options say what Start starts. The zero value is Dovecot with one user.
type Options struct {
	Users   int    // how many users there are from the start; at least 1
	Postfix bool   // also a submission server (needs root)
	Tokens  bool   // a sign-in service whose tokens the servers take too
	Dovecot string // more Dovecot configuration, appended as it is
}

// Host is a running mail host on loopback.
type Host struct {
	IMAP, IMAPStartTLS accounts.Server // without User; see User.Account
	SMTP, SMTPStartTLS accounts.Server // set when Options.Postfix is
	Roots              *x509.CertPool  // trusts this host's test CA and nothing else
	CAFile             string          // the same as PEM, for SSL_CERT_FILE
	CA                 *CA
	SignIn             *SignIn // set when Options.Tokens is

	dir     string // world-readable: servers drop their privileges
	options Options
	ports   ports
	uid     int // owner of the mail
	tools   tools
	guard   *guard
	dovecot *process
	postfix *process

	postfixMaster string // the program

	mu    sync.Mutex
	users int
}

// User is someone with a mailbox on a Host.
type User struct {
	Email    string // u1@linnet.test
	Login    string // u1
	Password string

	host *Host
}

// Account returns the account of u with implicit TLS everywhere. Its ID is made
// from the number of the user.
func (u User) Account() accounts.Account {
	imap, smtp := u.host.IMAP, u.host.SMTP
	imap.User, smtp.User = u.Login, u.Login
	return accounts.Account{
		ID:         fmt.Sprintf("%016x", u.number()),
		Email:      u.Email,
		Identities: []accounts.Identity{{Name: "User " + u.Login[1:], Email: u.Email}},
		IMAP:       imap,
		SMTP:       smtp,
	}
}

func (u User) number() int {
	n, _ := strconv.Atoi(u.Login[1:])
	return n
}

// Start starts a host that lives as long as the test. Where a server is not
// installed the test is skipped, or fails if CI=true.
func Start(t testing.TB, o Options) *Host {
	t.Helper()
	require(t, o)
	h, err := start(o)
	if err != nil {
		t.Fatalf("start mail host: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(h.Logs())
		}
		h.stop()
	})
	return h
}

// start tries a few sets of ports, since another program may take one between
// our look and the server's.
func start(o Options) (*Host, error) {
	o.Users = max(o.Users, 1)
	var err error
	for range 3 {
		var h *Host
		if h, err = newHost(o); err != nil {
			return nil, err
		}
		if err = h.startAll(); err == nil {
			return h, nil
		}
		err = fmt.Errorf("%w\n%s", err, h.Logs())
		h.stop()
	}
	return nil, err
}

func newHost(o Options) (*Host, error) {
	dir, err := shortTempDir()
	if err != nil {
		return nil, err
	}
	h := &Host{dir: dir, options: o, uid: mailUID(), tools: findTools()}
	if err := h.prepare(); err != nil {
		if h.SignIn != nil {
			h.SignIn.stop()
		}
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return h, nil
}

func (h *Host) prepare() error {
	var err error
	if h.ports, err = freePorts(); err != nil {
		return err
	}
	if h.CA, err = newCA(); err != nil {
		return err
	}
	h.Roots = h.CA.Pool()
	h.CAFile = filepath.Join(h.dir, "ca.pem")
	if err := h.writeCertificate(); err != nil {
		return err
	}
	h.users = h.options.Users
	if err := h.writePasswords(); err != nil {
		return err
	}
	if h.options.Tokens {
		if h.SignIn, err = newSignIn(); err != nil {
			return err
		}
	}
	h.IMAP = server(h.ports.IMAPS, accounts.TLS)
	h.IMAPStartTLS = server(h.ports.IMAP, accounts.StartTLS)
	if err := h.writeDovecot(); err != nil {
		return err
	}
	if !h.options.Postfix {
		return nil
	}
	h.SMTP = server(h.ports.SMTPS, accounts.TLS)
	h.SMTPStartTLS = server(h.ports.SMTP, accounts.StartTLS)
	return h.writePostfix()
}

func server(port int, s accounts.Security) accounts.Server {
	return accounts.Server{Host: "localhost", Port: port, Security: s}
}

func (h *Host) writeCertificate() error {
	cert, key, err := h.CA.issue(validNow, "localhost", "mail."+Domain, "127.0.0.1")
	if err != nil {
		return err
	}
	if err := os.WriteFile(h.CAFile, h.CA.PEM(), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(h.file("server.pem"), cert, 0o644); err != nil {
		return err
	}
	return os.WriteFile(h.file("server.key"), key, 0o600)
}

func (h *Host) startAll() error {
	var err error
	if h.guard, err = newGuard(h.dir); err != nil {
		return err
	}
	if err := h.startDovecot(); err != nil {
		return err
	}
	if !h.options.Postfix {
		return nil
	}
	return h.startPostfix()
}

// stop ends everything and removes the host's directory.
func (h *Host) stop() {
	_ = h.stopPostfix()
	_ = h.stopDovecot()
	h.guard.end()
	if h.SignIn != nil {
		h.SignIn.stop()
	}
	_ = os.RemoveAll(h.dir)
}

// User returns user n, from 1 on.
func (h *Host) User(n int) User {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n < 1 || n > h.users {
		panic(fmt.Sprintf("mailtest: there is no user %d of %d", n, h.users))
	}
	return h.user(n)
}

func (h *Host) user(n int) User {
	login := "u" + strconv.Itoa(n)
	return User{Email: login + "@" + Domain, Login: login, Password: "sesame-" + login, host: h}
}

// NewUser adds a user with an empty mailbox: what a test on a Shared host takes.
func (h *Host) NewUser(t testing.TB) User {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.users == mostUsers {
		t.Fatalf("a host has room for %d users", mostUsers)
	}
	h.users++
	return h.user(h.users)
}

func (h *Host) file(name string) string { return filepath.Join(h.dir, name) }
