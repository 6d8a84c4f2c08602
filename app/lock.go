package app

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// errHeld means that another process has the profile open.
var errHeld = errors.New("profile is open in another process")

// lockProfile takes a profile for this process until the returned lock is
// closed. The system frees it when the process ends, however that happens.
func lockProfile(dir string) (*flock.Flock, error) {
	l := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock profile: %w", err)
	}
	if !ok {
		return nil, errHeld
	}
	return l, nil
}
