package cli

import (
	"strings"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// pin accepts certificates by their fingerprints, for administrators who know
// them from elsewhere: "imap=SHA256", "smtp=SHA256", or one for both servers.
// A server that shows another certificate is not signed in to.
func pin(r *engine.AddRequest, pins []string) error {
	for _, p := range pins {
		which, print, named := strings.Cut(p, "=")
		if !named {
			which, print = "", p
		}
		hex, err := accounts.ParseFingerprint(print)
		if err != nil || named && which != "imap" && which != "smtp" {
			return usage("cli.usage.pin", map[string]any{"Pin": p})
		}
		if which != "smtp" {
			r.IMAP.Pin = hex
		}
		if which != "imap" {
			r.SMTP.Pin = hex
		}
	}
	return nil
}
