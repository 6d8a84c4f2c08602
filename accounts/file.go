package accounts

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
)

// fileVersion is the layout that this program writes and the newest it reads.
//
//	1  accounts in order
//	2  also which one is the default, and accounts that are only kept for their
//	   mail: a program that knows only 1 would sign in for those again
const fileVersion = 2

// Errors of files, told apart with errors.Is.
var (
	// ErrNewer is a file written by a newer Linnet; it is never touched.
	ErrNewer = errors.New("accounts: written by a newer version of Linnet")
	// ErrDamaged is a file that cannot be understood; it is never overwritten.
	ErrDamaged = errors.New("accounts: damaged file")
)

// File is the accounts file of a profile: the accounts in the person's order,
// replaced atomically, 0600. Safe for concurrent use.
type File struct {
	path string

	mu    sync.Mutex
	list  []Account
	first string // id of the default account; "" or one that is gone means the first
}

// document is the file's JSON.
type document struct {
	Version  int       `json:"version"`
	Default  string    `json:"default,omitempty"`
	Accounts []Account `json:"accounts"`
}

// OpenFile reads path; a missing file is an empty list. It fails with ErrNewer
// or ErrDamaged rather than begin afresh over what is there.
func OpenFile(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &File{path: path}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	doc, err := parseAccounts(data)
	if err != nil {
		return nil, fmt.Errorf("read accounts %s: %w", path, err)
	}
	paint(doc.Accounts)
	return &File{path: path, list: doc.Accounts, first: doc.Default}, nil
}

func parseAccounts(data []byte) (document, error) {
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return document{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if version.Version > fileVersion {
		return document{}, ErrNewer
	}
	if version.Version < 1 {
		return document{}, fmt.Errorf("%w: no version", ErrDamaged)
	}
	var doc document
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&doc); err != nil {
		return document{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return doc, checkAccounts(doc.Accounts)
}

func checkAccounts(list []Account) error {
	seen := map[string]bool{}
	for _, a := range list {
		if a.ID == "" || seen[a.ID] {
			return fmt.Errorf("%w: account id %q", ErrDamaged, a.ID)
		}
		seen[a.ID] = true
	}
	return nil
}

// NewID makes an account id: 16 random hex digits.
func NewID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// List returns the accounts in order.
func (f *File) List() []Account {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]Account, len(f.list))
	for i, a := range f.list {
		list[i] = a.clone()
	}
	return list
}

// Get returns the account with id.
func (f *File) Get(id string) (Account, bool) {
	return f.find(func(a Account) bool { return a.ID == id })
}

// ByEmail returns the account whose address (or one of whose identities) this
// is. Accounts that are only kept for their mail are not asked.
func (f *File) ByEmail(address string) (Account, bool) {
	if a, ok := f.ByAddress(address); ok {
		return a, true
	}
	return f.find(func(a Account) bool { return !a.Kept && a.Writes(address) })
}

// ByAddress returns the account of a mailbox, by its own address alone: another
// account may write as that address too.
func (f *File) ByAddress(address string) (Account, bool) {
	return f.find(func(a Account) bool { return !a.Kept && strings.EqualFold(a.Email, address) })
}

func (f *File) find(match func(Account) bool) (Account, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.list, match); i >= 0 {
		return f.list[i].clone(), true
	}
	return Account{}, false
}

// Put adds an account or replaces the one with the same ID. One without a colour
// gets one that no other has.
func (f *File) Put(a Account) error {
	if a.ID == "" {
		return errors.New("accounts: put an account without an id")
	}
	a = a.clone()
	return f.change(func(d *document) error {
		if i := slices.IndexFunc(d.Accounts, func(b Account) bool { return b.ID == a.ID }); i >= 0 {
			d.Accounts[i] = a
			return nil
		}
		d.Accounts = append(d.Accounts, a)
		return nil
	})
}

// Remove takes an account out; one that is gone is no error.
func (f *File) Remove(id string) error {
	return f.change(func(d *document) error {
		d.Accounts = slices.DeleteFunc(d.Accounts, func(a Account) bool { return a.ID == id })
		return nil
	})
}

// change writes the edited document; memory follows only when the disk has it.
func (f *File) change(edit func(*document) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	doc := document{Version: fileVersion, Default: f.first, Accounts: slices.Clone(f.list)}
	if err := edit(&doc); err != nil {
		return err
	}
	paint(doc.Accounts)
	if !slices.ContainsFunc(doc.Accounts, func(a Account) bool { return a.ID == doc.Default }) {
		doc.Default = ""
	}
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	if err := replaceFile(f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	f.list, f.first = doc.Accounts, doc.Default
	return nil
}

func (a Account) clone() Account {
	a.Identities = slices.Clone(a.Identities)
	a.OAuth = a.OAuth.clone()
	if a.Instead != nil {
		instead := *a.Instead
		a.Instead = &instead
	}
	return a
}
