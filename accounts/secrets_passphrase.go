package accounts

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// The passphrase file's version and its Argon2id cost: RFC 9106 section 4,
// second recommendation.
const (
	vaultVersion   = 1
	vaultTime      = 3
	vaultMemoryKiB = 64 << 10
	vaultThreads   = 4
	vaultSaltLen   = 16
	// A file that asks for more than this was not written by us.
	vaultMaxTime      = 32
	vaultMaxMemoryKiB = 1 << 20
	vaultMaxThreads   = 32
)

// vaultHeader is what is needed to open the box; the box authenticates it.
type vaultHeader struct {
	Version   int    `json:"version"`
	Time      uint32 `json:"time"`
	MemoryKiB uint32 `json:"memory_kib"`
	Threads   uint8  `json:"threads"`
	Salt      []byte `json:"salt"`
}

// vaultFile is the file: the secrets as a JSON object id → secret, sealed with
// XChaCha20-Poly1305 under the Argon2id key of the passphrase.
type vaultFile struct {
	vaultHeader
	Nonce []byte `json:"nonce"`
	Box   []byte `json:"box"`
}

type vault struct {
	path   string
	header vaultHeader
	aead   cipher.AEAD

	mu   sync.Mutex
	kept map[string]string
}

// PassphraseFile returns secrets kept in an encrypted file (0600, replaced
// atomically) that a person chose instead of a keyring. A missing file is
// begun with the first secret. Errors: ErrPassphrase, ErrNewer, ErrDamaged.
// It takes about a tenth of a second and 64 MiB to derive the key.
func PassphraseFile(path, passphrase string) (Secrets, error) {
	if passphrase == "" {
		return nil, fmt.Errorf("secrets file: %w: it is empty", ErrPassphrase)
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newVault(path, passphrase)
	}
	if err != nil {
		return nil, fmt.Errorf("secrets file: %w", err)
	}
	v, err := openVault(path, passphrase, data)
	if err != nil {
		return nil, fmt.Errorf("secrets file %s: %w", path, err)
	}
	return v, nil
}

func newVault(path, passphrase string) (*vault, error) {
	h := vaultHeader{
		Version: vaultVersion, Time: vaultTime, MemoryKiB: vaultMemoryKiB, Threads: vaultThreads,
		Salt: make([]byte, vaultSaltLen),
	}
	_, _ = rand.Read(h.Salt) // never fails (crypto/rand)
	aead, err := h.key(passphrase)
	if err != nil {
		return nil, err
	}
	return &vault{path: path, header: h, aead: aead, kept: map[string]string{}}, nil
}

func openVault(path, passphrase string, data []byte) (*vault, error) {
	var f vaultFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if f.Version > vaultVersion {
		return nil, ErrNewer
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	aead, err := f.key(passphrase)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, f.Nonce, f.Box, f.bound())
	if err != nil {
		return nil, ErrPassphrase // or tampered with: the same to a reader
	}
	v := &vault{path: path, header: f.vaultHeader, aead: aead, kept: map[string]string{}}
	if err := json.Unmarshal(plain, &v.kept); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return v, nil
}

// check refuses a header that would make us work or allocate without bound.
func (f vaultFile) check() error {
	switch {
	case f.Version < 1, len(f.Salt) < 8, len(f.Nonce) != chacha20poly1305.NonceSizeX,
		f.Time < 1, f.Time > vaultMaxTime, f.MemoryKiB < 1, f.MemoryKiB > vaultMaxMemoryKiB,
		f.Threads < 1, f.Threads > vaultMaxThreads:
		return fmt.Errorf("%w: impossible header", ErrDamaged)
	}
	return nil
}

func (h vaultHeader) key(passphrase string) (cipher.AEAD, error) {
	key := argon2.IDKey([]byte(passphrase), h.Salt, h.Time, h.MemoryKiB, h.Threads, chacha20poly1305.KeySize)
	return chacha20poly1305.NewX(key)
}

// bound is the additional data: a changed header opens nothing.
func (h vaultHeader) bound() []byte {
	return fmt.Appendf(nil, "linnet secrets %d %d %d %d %x", h.Version, h.Time, h.MemoryKiB, h.Threads, h.Salt)
}

func (v *vault) Get(_ context.Context, id string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if secret, ok := v.kept[id]; ok {
		return secret, nil
	}
	return "", ErrNoSecret
}

func (v *vault) Set(_ context.Context, id, secret string) error {
	return v.change(func(kept map[string]string) { kept[id] = secret })
}

func (v *vault) Delete(_ context.Context, id string) error {
	return v.change(func(kept map[string]string) { delete(kept, id) })
}

func (v *vault) change(edit func(map[string]string)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept := maps.Clone(v.kept)
	edit(kept)
	data, err := v.seal(kept)
	if err != nil {
		return fmt.Errorf("secrets file: %w", err)
	}
	if err := replaceFile(v.path, data); err != nil {
		return fmt.Errorf("secrets file: %w", err)
	}
	v.kept = kept
	return nil
}

func (v *vault) seal(kept map[string]string) ([]byte, error) {
	plain, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	box := v.aead.Seal(nil, nonce, plain, v.header.bound())
	return json.Marshal(vaultFile{vaultHeader: v.header, Nonce: nonce, Box: box})
}
