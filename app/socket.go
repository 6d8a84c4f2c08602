package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// maxSocketPath is what every system's sockaddr_un holds (macOS: 104 octets with
// the closing zero).
const maxSocketPath = 100

// socketPath is where the holder of a profile listens: in the profile, or, where
// its name is too long for a socket, in the person's runtime directory.
func socketPath(profile string) (string, error) {
	path := filepath.Join(profile, socketFile)
	if len(path) <= maxSocketPath {
		return path, nil
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, fmt.Sprintf("linnet-%d", os.Getuid()))
	if err := makePrivate(dir); err != nil {
		return "", err
	}
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() || info.Mode().Perm()&0o077 != 0 && os.Getuid() >= 0 {
		return "", errors.Join(fmt.Errorf("%s is not private", dir), err)
	}
	sum := sha256.Sum256([]byte(profile))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])), nil
}

// listen opens the profile's socket. The caller holds the profile's lock, so
// that a socket which is there was left by a process that is gone.
func listen(ctx context.Context, profile string) (net.Listener, error) {
	path, err := socketPath(profile)
	if err != nil {
		return nil, fmt.Errorf("find place for socket: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove old socket: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for other starts: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect socket: %w", err), l.Close())
	}
	return l, nil
}

// call connects to the profile's holder.
func call(ctx context.Context, profile string) (net.Conn, error) {
	path, err := socketPath(profile)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return (&net.Dialer{}).DialContext(ctx, "unix", path)
}
