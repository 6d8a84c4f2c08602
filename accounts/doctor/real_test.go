package doctor

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// quota gives everybody ten megabytes, in the words of Dovecot 2.3.
const quota = `
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=10M
  quota_vsizes = yes
}
`

// patientOf is a user of a real host, with a password.
func patientOf(u mailtest.User, password string) Patient {
	return OfAccount(u.Account(), func(s accounts.Server) connect.CredentialFunc {
		return func(context.Context, bool) (connect.Credential, error) {
			return connect.Credential{User: s.User, Secret: password}, nil
		}
	})
}

// TestRealServers looks at Dovecot and Postfix, well and with faults.
func TestRealServers(t *testing.T) {
	h := mailtest.Start(t, mailtest.Options{Users: 2, Postfix: true})
	d := &Doctor{Dialer: &connect.Dialer{Roots: h.Roots}}
	u := h.User(1)
	h.Append(t, u, "INBOX", []byte("Subject: x\r\n\r\ny\r\n"), nil, time.Now())
	for _, starttls := range []bool{false, true} {
		p := patientOf(u, u.Password)
		if starttls {
			p.IMAP.Port, p.IMAP.Security = h.IMAPStartTLS.Port, accounts.StartTLS
			p.SMTP.Port, p.SMTP.Security = h.SMTPStartTLS.Port, accounts.StartTLS
		}
		if got := d.Examine(t.Context(), p, nil); !got.OK() {
			t.Errorf("STARTTLS %v:\n%s", starttls, got.Report(words(t).Say))
		}
	}
	for name, c := range map[string]struct {
		change func(p *Patient)
		step   Name
		cause  string
	}{
		"wrong password": {func(p *Patient) { p.Credential = patientOf(u, "wrong").Credential }, IMAPSignIn, "wrong-password"},
		"TLS on 143":     {func(p *Patient) { p.IMAP.Port = h.IMAPStartTLS.Port }, IMAPSecure, "wants-starttls"},
		"TLS on 587":     {func(p *Patient) { p.SMTP.Port = h.SMTPStartTLS.Port }, SMTPSecure, "wants-starttls"},
		"swapped":        {func(p *Patient) { p.IMAP.Port = h.SMTP.Port }, IMAPGreeting, "smtp-on-imap"},
		"swapped too":    {func(p *Patient) { p.SMTP.Port = h.IMAP.Port }, SMTPGreeting, "imap-on-smtp"},
	} {
		p := patientOf(u, u.Password)
		c.change(&p)
		got := d.Examine(t.Context(), p, nil)
		if first, _ := got.First(); first.Name != c.step || first.Cause.Key != "trouble."+c.cause {
			t.Errorf("%s: %s at %s, want %s at %s\n%s", name, first.Cause.Key, first.Name, c.cause, c.step, got.Report(words(t).Say))
		}
	}
	if got := (&Doctor{Dialer: &connect.Dialer{}}).Examine(t.Context(), patientOf(u, u.Password), nil); got.OK() {
		t.Error("an authority that nobody knows was trusted")
	}
	if box := h.Fetch(t, h.User(2), "INBOX"); len(box) > 0 {
		t.Errorf("the doctor sent mail: %d", len(box))
	}
}

// TestRealQuota asks a Dovecot that counts.
func TestRealQuota(t *testing.T) {
	if out, err := exec.Command("dovecot", "--version").Output(); err == nil && !strings.HasPrefix(string(out), "2.3.") {
		t.Skip("the quota's settings are those of Dovecot 2.3")
	}
	h := mailtest.Start(t, mailtest.Options{Dovecot: quota})
	u := h.User(1)
	h.Append(t, u, "INBOX", []byte("Subject: x\r\n\r\n"+strings.Repeat("0123456789abcde\r\n", 200_000)), nil, time.Now())
	d := &Doctor{Dialer: &connect.Dialer{Roots: h.Roots}}
	got := d.Examine(t.Context(), patientOf(u, u.Password), nil)
	for _, s := range got.Steps {
		if s.Name == IMAPSpace && (s.Note != "doctor.note.space" || s.Args["Used"] != "3.2 MB" || s.Args["Limit"] != "10 MB") {
			t.Errorf("%+v\n%s", s, got.Report(words(t).Say))
		}
	}
}
