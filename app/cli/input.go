package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
)

const (
	maxPassword = 64 << 10
	maxMessage  = 256 << 20 // octets read from standard input or a file
)

// lineReader reads a first line without swallowing what follows it.
type lineReader struct{ *bufio.Reader }

func newLineReader(r io.Reader) *lineReader {
	if r == nil {
		r = strings.NewReader("")
	}
	return &lineReader{bufio.NewReader(r)}
}

// password reads the first line.
func (r *lineReader) password() (string, error) {
	var line []byte
	for len(line) < maxPassword {
		b, err := r.ReadByte()
		if errors.Is(err, io.EOF) || b == '\n' {
			break
		}
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		line = append(line, b)
	}
	secret := strings.TrimSuffix(string(line), "\r")
	if secret == "" {
		return "", fail("cli.no-password-line", nil)
	}
	return secret, nil
}

// passwords takes a password from standard input for this run, for commands on
// accounts that are there already.
func (c *call) passwords() error {
	if !c.secret || slices.Contains([]string{"account add", "account import", "account sign-in"}, c.flags.Name()) { // they read it themselves
		return nil
	}
	secret, err := c.stdin.password()
	if err != nil {
		return err
	}
	only, err := c.account(c.named())
	if err != nil {
		return err
	}
	for _, a := range c.engine.Accounts().List() {
		if id := mailcore.AccountID(a.ID); only == "" || id == only {
			c.engine.Accounts().Remember(id, secret)
			c.typed = append(c.typed, id)
		}
	}
	return nil
}

// forget ends the time of passwords that were given for this command: the engine
// may be a window's, which goes on.
func (c *call) forget() {
	for _, id := range c.typed {
		c.engine.Accounts().Forget(id)
	}
}

// named is the account that the command line names, if it has such an option.
func (c *call) named() string {
	for _, name := range []string{"account", "from"} {
		if f := c.flags.Lookup(name); f != nil && f.Value.String() != "" {
			return f.Value.String()
		}
	}
	return ""
}

// account finds the account of an address; "" stays "".
func (c *call) account(address string) (mailcore.AccountID, error) {
	if address == "" {
		return "", nil
	}
	all := c.engine.Accounts().List()
	for _, fits := range []func(a accounts.Account) bool{
		func(a accounts.Account) bool {
			return a.ID == address || !a.Kept && strings.EqualFold(a.Email, address)
		},
		func(a accounts.Account) bool { return !a.Kept && a.Writes(address) },
		func(a accounts.Account) bool { return a.Owns(address) },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return mailcore.AccountID(all[i].ID), nil
		}
	}
	return "", fail("cli.no-such-account", map[string]any{"Email": address})
}

// message reads standard input to its end.
func (c *call) message() ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(c.stdin, maxMessage+1))
	if err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	if len(raw) > maxMessage {
		return nil, fail("cli.too-large", nil)
	}
	return raw, nil
}

// file reads a file named on the command line.
func (c *call) file(name string) ([]byte, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Dir, path)
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxMessage {
		return nil, fail("cli.too-large", nil)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &mailcore.Problem{Key: "cli.no-file", Args: map[string]any{"Name": name}, Detail: err.Error()}
	}
	return data, nil
}
