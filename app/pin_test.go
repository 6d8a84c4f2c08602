package app

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// TestPinsOnTheCommandLine accepts certificates by their fingerprint only: what
// another certificate is refused with says the one to compare.
func TestPinsOnTheCommandLine(t *testing.T) {
	h := host.Get(t)
	t.Setenv("SSL_CERT_FILE", h.CAFile)
	mailtest.NoKeyring(t)
	u := h.NewUser(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	add := adding(u, h.IMAP, h.SMTP)
	wrong := strings.Repeat("ab", 32)
	c.fails(cli.Failed, "another certificate", u.Password+"\n", append(add, "--pin", wrong)...)
	print := regexp.MustCompile(`(?:[0-9A-F]{2}:){31}[0-9A-F]{2}`).FindString(c.err)
	if print == "" || !strings.Contains(c.err, "--pin") {
		t.Fatalf("it says %s", c.err)
	}
	c.fails(cli.Failed, "another certificate", u.Password+"\n", append(add, "--pin", "imap="+print, "--pin", "smtp="+wrong)...)
	for _, bad := range []string{"ab", "pop3=" + wrong, "imap=", wrong + "00"} {
		c.fails(cli.Usage, "SHA-256", u.Password+"\n", append(add, "--pin", bad)...)
	}
	c.ok(u.Password+"\n", append(add, "--pin", print)...)
	f, err := accounts.OpenFile(filepath.Join(c.profile, accountsFile))
	if err != nil {
		t.Fatal(err)
	}
	pin, err := accounts.ParseFingerprint(print)
	if list := f.List(); err != nil || len(list) != 1 || list[0].IMAP.Pin != pin || list[0].SMTP.Pin != pin {
		t.Errorf("%v: %+v", err, list)
	}
}
