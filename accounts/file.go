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
const fileVersion = 1

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

	mu   sync.Mutex
	list []Account
}

// document is the file's JSON.
type document struct {
	Version  int       `json:"version"`
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
	list, err := parseAccounts(data)
	if err != nil {
		return nil, fmt.Errorf("read accounts %s: %w", path, err)
	}
	return &File{path: path, list: list}, nil
}

func parseAccounts(data []byte) ([]Account, error) {
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if version.Version > fileVersion {
		return nil, ErrNewer
	}
	if version.Version < 1 {
		return nil, fmt.Errorf("%w: no version", ErrDamaged)
	}
	var doc document
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return doc.Accounts, checkAccounts(doc.Accounts)
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

// ByEmail returns the account whose address (or one of whose identities) this is.
func (f *File) ByEmail(address string) (Account, bool) {
	if a, ok := f.find(func(a Account) bool { return strings.EqualFold(a.Email, address) }); ok {
		return a, true
	}
	return f.find(func(a Account) bool {
		return slices.ContainsFunc(a.Identities, func(i Identity) bool {
			return strings.EqualFold(i.Email, address)
		})
	})
}

func (f *File) find(match func(Account) bool) (Account, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := slices.IndexFunc(f.list, match); i >= 0 {
		return f.list[i].clone(), true
	}
	return Account{}, false
}

// Put adds an account or replaces the one with the same ID.
func (f *File) Put(a Account) error {
	if a.ID == "" {
		return errors.New("accounts: put an account without an id")
	}
	a = a.clone()
	return f.change(func(list []Account) []Account {
		if i := slices.IndexFunc(list, func(b Account) bool { return b.ID == a.ID }); i >= 0 {
			list[i] = a
			return list
		}
		return append(list, a)
	})
}

// Remove takes an account out; one that is gone is no error.
func (f *File) Remove(id string) error {
	return f.change(func(list []Account) []Account {
		return slices.DeleteFunc(list, func(a Account) bool { return a.ID == id })
	})
}

// change writes the edited list; memory follows only when the disk has it.
func (f *File) change(edit func([]Account) []Account) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := edit(slices.Clone(f.list))
	data, err := json.MarshalIndent(document{Version: fileVersion, Accounts: list}, "", "  ")
	if err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	if err := replaceFile(f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	f.list = list
	return nil
}

func (a Account) clone() Account {
	a.Identities = slices.Clone(a.Identities)
	if a.Instead != nil {
		instead := *a.Instead
		a.Instead = &instead
	}
	return a
}
