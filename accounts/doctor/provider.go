package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// wantsAppPassword says that the provider takes no other password.
func (v *visit) wantsAppPassword() bool {
	return slices.Contains(v.known.SignIn, autodetect.AppPassword) && !slices.Contains(v.known.SignIn, autodetect.Password)
}

// offAtFirst says that the provider has IMAP off until somebody switches it on.
func (v *visit) offAtFirst() bool { return slices.Contains(v.known.Hints, "imap-off") }

// page returns the provider's page that helps with a cause, "" if none is known.
func (v *visit) page(c trouble.Cause) string {
	page := ""
	switch c.Action {
	case "trouble.do.app-password":
		page = v.known.AppPasswordURL
		if page == "" {
			page = v.known.HelpURL
		}
	case "trouble.do.switch-imap-on", "trouble.do.switch-smtp-on", "trouble.do.try-web-and-switch":
		page = v.known.HelpURL
	}
	if !strings.HasPrefix(page, "https://") {
		return ""
	}
	return page
}

// size says octets as people do: "25 MB".
func size(octets int64) string {
	n := float64(octets)
	units := []string{"B", "KB", "MB", "GB", "TB"}
	i := 0
	for n >= 1024 && i < len(units)-1 {
		n /= 1024
		i++
	}
	if n < 10 && i > 0 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") + " " + units[i]
	}
	return fmt.Sprintf("%.0f %s", n, units[i])
}
