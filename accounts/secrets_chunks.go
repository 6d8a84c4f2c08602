package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/zalando/go-keyring"
)

// Windows takes 2,560 bytes a secret and macOS about 2,900 with the names:
// longer secrets are stored in parts, named in a head under the id itself.
const (
	chunkSize   = 2000
	chunkMarker = "linnet-chunks:"
	maxChunks   = 1000
)

// chunkHead is the entry under the id: the parts are "id/generation/0" … A new
// secret gets a new generation, so a crash between two parts loses nothing.
type chunkHead struct {
	generation string
	parts      int
	sum        string // SHA-256 of the whole, hex
}

func (h chunkHead) String() string {
	return fmt.Sprintf("%s%s:%d:%s", chunkMarker, h.generation, h.parts, h.sum)
}

func (h chunkHead) part(id string, i int) string {
	return id + "/" + h.generation + "/" + strconv.Itoa(i)
}

func parseChunkHead(s string) (chunkHead, bool) {
	rest, ok := strings.CutPrefix(s, chunkMarker)
	fields := strings.Split(rest, ":")
	if !ok || len(fields) != 3 {
		return chunkHead{}, false
	}
	parts, err := strconv.Atoi(fields[1])
	if err != nil || parts < 1 || parts > maxChunks {
		return chunkHead{}, false
	}
	return chunkHead{generation: fields[0], parts: parts, sum: fields[2]}, true
}

func readChunks(service, id string) (string, error) {
	first, err := keyring.Get(service, id)
	if err != nil {
		return "", err
	}
	head, ok := parseChunkHead(first)
	if !ok {
		return first, nil
	}
	var whole strings.Builder
	for i := range head.parts {
		part, err := keyring.Get(service, head.part(id, i))
		if err != nil {
			return "", err
		}
		whole.WriteString(part)
	}
	if checksum(whole.String()) != head.sum {
		return "", errors.New("the parts of the secret do not belong together")
	}
	return whole.String(), nil
}

func writeChunks(service, id, secret string) error {
	old, oldErr := keyring.Get(service, id)
	first := secret
	if len(secret) > chunkSize || strings.HasPrefix(secret, chunkMarker) {
		head, err := writeParts(service, id, secret)
		if err != nil {
			return err
		}
		first = head.String()
	}
	if err := keyring.Set(service, id, first); err != nil {
		return err
	}
	if oldErr == nil {
		deleteParts(service, id, old)
	}
	return nil
}

func writeParts(service, id, secret string) (chunkHead, error) {
	var gen [4]byte
	_, _ = rand.Read(gen[:]) // never fails (crypto/rand)
	parts := split(secret, chunkSize)
	head := chunkHead{generation: hex.EncodeToString(gen[:]), parts: len(parts), sum: checksum(secret)}
	for i, part := range parts {
		if err := keyring.Set(service, head.part(id, i), part); err != nil {
			deleteParts(service, id, head.String())
			return chunkHead{}, err
		}
	}
	return head, nil
}

func deleteChunks(service, id string) error {
	first, err := keyring.Get(service, id)
	if err != nil {
		return err
	}
	deleteParts(service, id, first)
	return keyring.Delete(service, id)
}

// deleteParts removes the parts that a head names. One that stays behind is
// never read again, so errors are left alone.
func deleteParts(service, id, first string) {
	head, ok := parseChunkHead(first)
	for i := range head.parts {
		if !ok {
			return
		}
		_ = keyring.Delete(service, head.part(id, i))
	}
}

// split cuts s into parts of at most size bytes, between runes where it can:
// keyrings take text.
func split(s string, size int) []string {
	var parts []string
	for len(s) > size {
		cut := size
		for cut > size-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		parts = append(parts, s[:cut])
		s = s[cut:]
	}
	return append(parts, s)
}

func checksum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
