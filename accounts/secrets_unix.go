//go:build !windows && !darwin

package accounts

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// keyringAvailable looks for a session bus. Asked without one, the D-Bus
// library would start a daemon of its own that outlives us.
func keyringAvailable() error {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return nil
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		dir = filepath.Join("/run/user", strconv.Itoa(os.Getuid()))
	}
	if _, err := os.Stat(filepath.Join(dir, "bus")); err != nil {
		return fmt.Errorf("%w: no session bus", ErrNoKeyring)
	}
	return nil
}

// lockedNames are D-Bus errors of a keyring that is there and closed.
const (
	dbusLocked  = "org.freedesktop.Secret.Error.IsLocked"
	dbusNoReply = "org.freedesktop.DBus.Error.NoReply"
)

// systemKeyringError sorts what the Secret Service answered. Anything that is
// not a lock means that nothing can be kept there: no bus, no service, no
// collection.
func systemKeyringError(err error) error {
	var answer dbus.Error
	if errors.As(err, &answer) && (answer.Name == dbusLocked || answer.Name == dbusNoReply) {
		return fmt.Errorf("%w: %w", ErrKeyringLocked, err)
	}
	if strings.Contains(err.Error(), "failed to unlock") {
		return fmt.Errorf("%w: %w", ErrKeyringLocked, err)
	}
	return fmt.Errorf("%w: %w", ErrNoKeyring, err)
}
