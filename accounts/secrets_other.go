//go:build windows || darwin

package accounts

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/zalando/go-keyring"
)

// keyringAvailable: both systems always have one.
func keyringAvailable() error { return nil }

// systemKeyringError sorts what the system answered. On macOS the security
// tool exits with the low byte of an OSStatus: 36 interaction not allowed
// (-25308), 51 authorisation failed (-25293), 128 cancelled by the person.
func systemKeyringError(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		switch exit.ExitCode() {
		case 36, 51, 128:
			return fmt.Errorf("%w: %w", ErrKeyringLocked, err)
		}
	}
	if errors.Is(err, keyring.ErrSetDataTooBig) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNoKeyring, err)
}
