// Package demo is demo mode: the built-in mail servers with a mailbox written
// for them, alone or with a throw-away profile that has their account.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore/demoserver"
)

// dripEvery is how often a new message drops in while the window is open.
const dripEvery = 90 * time.Second

// Demo is a running pair of servers and a directory that ends with them.
type Demo struct {
	*demoserver.Server
	Dir string // a profile's directory, removed by Close
}

// Start starts the servers with at least so many messages.
func Start(ctx context.Context, messages int) (*Demo, error) {
	dir, err := os.MkdirTemp("", "linnet-demo-") // 0700
	if err != nil {
		return nil, fmt.Errorf("make demo profile: %w", err)
	}
	s, err := demoserver.Start(ctx, demoserver.Options{Messages: messages, Drip: dripEvery})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &Demo{Server: s, Dir: dir}, nil
}

// Close stops the servers and removes the profile.
func (d *Demo) Close() error {
	return errors.Join(d.Server.Close(), os.RemoveAll(d.Dir))
}

// Account is the servers' account; its secret is Password.
func (d *Demo) Account() accounts.Account {
	return accounts.Account{
		ID: accounts.NewID(), Email: d.Address, Identities: []accounts.Identity{{Name: d.Name, Email: d.Address}},
		IMAP: d.server(d.IMAP()), SMTP: d.server(d.SMTP()), Demo: true,
	}
}

func (d *Demo) server(a demoserver.Addr) accounts.Server {
	return accounts.Server{Host: a.Host, Port: a.Port, Security: accounts.TLS, User: d.User}
}

// serving is what Serve prints.
type serving struct {
	IMAP     endpoint `json:"imap"`
	SMTP     endpoint `json:"smtp"`
	Email    string   `json:"email"`
	Name     string   `json:"name"`
	User     string   `json:"user"`
	Password string   `json:"password"`
	CAFile   string   `json:"ca_file"` // PEM, for SSL_CERT_FILE
}

// endpoint is one server, and how "linnet account add" wants it.
type endpoint struct {
	demoserver.Addr
	Security accounts.Security `json:"security"`
	URL      string            `json:"url"`
}

func at(a demoserver.Addr) endpoint {
	return endpoint{Addr: a, Security: accounts.TLS, URL: string(accounts.TLS) + "://" + a.String()}
}

// Serve writes addresses, log-in and CA file as one JSON document to out, and
// serves until ctx ends.
func (d *Demo) Serve(ctx context.Context, out io.Writer) error {
	ca, err := d.CAFile(d.Dir)
	if err != nil {
		return fmt.Errorf("write the demo's certificate authority: %w", err)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	err = enc.Encode(serving{
		IMAP: at(d.IMAP()), SMTP: at(d.SMTP()), Email: d.Address, Name: d.Name, User: d.User, Password: d.Password, CAFile: ca,
	})
	if err != nil {
		return fmt.Errorf("print addresses: %w", err)
	}
	<-ctx.Done()
	return nil
}
