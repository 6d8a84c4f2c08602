// Package desktop is in charge of what leaves the window for the rest of the
// computer: web addresses that are opened, files that are saved, opened and
// chosen. What comes out of a message is treated as hostile: only web addresses
// are opened, and files get the mark of the internet before their content.
package desktop

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// ErrScheme says that an address is not one that may be opened.
var ErrScheme = errors.New("desktop: not a web address")

// Opener opens an address with the system's program for it, as fyne.App does.
type Opener interface{ OpenURL(*url.URL) error }

// OpenWeb opens a web address in the browser. Anything but http and https with a
// host is refused with ErrScheme: Fyne opens whatever it is given.
func OpenWeb(o Opener, u *url.URL) error {
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" || u.Host == "" || u.Opaque != "" {
		return ErrScheme
	}
	if err := o.OpenURL(u); err != nil {
		return fmt.Errorf("open %s: %w", u.Redacted(), err)
	}
	return nil
}
