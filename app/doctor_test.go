package app

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

// examined is what the tests read of "doctor --json".
type examined struct {
	Address string
	OK      bool
	Steps   []struct{ Step, State, Cause, Said, Todo string }
	Report  string
}

// clinic is a profile that is open, and a terminal whose commands go to it.
func clinic(t *testing.T) (*terminal, *holder, *mailtest.Host) {
	t.Helper()
	server := host.Get(t)
	c := &terminal{t: t, profile: filepath.Join(t.TempDir(), "profile")}
	p := &program{words: testWords(t), dir: c.profile}
	p.cli.Words = p.words
	p.cli.Version.Version = "1.2.3"
	p.cli.Detect = func(_ context.Context, address string) (autodetect.Result, error) {
		r := autodetect.Result{Address: address, Domain: mailtest.Domain, Reason: autodetect.NotFound}
		if strings.HasSuffix(address, "@"+mailtest.Domain) {
			r.Reason = ""
			r.Answers = []autodetect.Answer{{Source: autodetect.Probe, IMAP: []accounts.Server{server.IMAP}, SMTP: []accounts.Server{server.SMTP}}}
		}
		return r, nil
	}
	h, err := hold(c.profile, 0, &p.cli)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	h.dialer.Roots = server.Roots
	h.secrets = accounts.Memory()
	if _, err := h.open(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	s, err := h.answer(t.Context(), func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.finish(true) })
	return c, h, server
}

func TestTheDoctorLooksAtAnAccount(t *testing.T) {
	c, h, server := clinic(t)
	u := server.NewUser(t)
	if err := h.engine.Accounts().Adopt(t.Context(), u.Account(), u.Password); err != nil {
		t.Fatal(err)
	}
	out := c.ok("", "doctor", u.Email)
	for _, want := range []string{"✓ It accepts your sign-in", "✓ It lets you send from your address", "– This computer is connected to a network", "Folders: "} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	got := decode[examined](t, c.ok("", "doctor", u.Email, "--json"), false)[0]
	if !got.OK || got.Address != u.Email || len(got.Steps) != len(doctor.Names()) || !strings.Contains(got.Report, "Linnet 1.2.3") || strings.Contains(got.Report, u.Email) {
		t.Errorf("%+v", got)
	}
	c.ok("", "sync", "--account", u.Email)
	if list := decode[listed](t, c.ok("", "list", "--account", u.Email, "--json"), true); len(list) > 0 {
		t.Errorf("the doctor sent mail: %+v", list)
	}
}

func TestTheDoctorSaysWhatIsWrong(t *testing.T) {
	c, h, server := clinic(t)
	u := server.NewUser(t)
	if err := h.engine.Accounts().Adopt(t.Context(), u.Account(), "canary-wrong"); err != nil {
		t.Fatal(err)
	}
	c.fails(1, "did not accept the user name or password", "", "doctor", u.Email)
	if !strings.Contains(c.out, "✗ It accepts your sign-in") || strings.Contains(c.out+c.err, "canary") {
		t.Errorf("%s", c.out)
	}
	c.run("", "doctor", u.Email, "--json")
	got := decode[examined](t, c.out, false)[0]
	if c.exit != 1 || got.OK || strings.Contains(c.out, "canary") {
		t.Errorf("exit %d: %+v", c.exit, got)
	}
	for _, s := range got.Steps {
		if (s.State == "failed") != (s.Cause != "") || s.Cause != "" && (s.Cause != "wrong-password" || s.Said == "" || s.Todo == "") {
			t.Errorf("%+v", s)
		}
	}
}

func TestTheDoctorLooksAtWhoIsNoAccount(t *testing.T) {
	c, _, _ := clinic(t)
	out := c.ok("", "doctor", "somebody@"+mailtest.Domain)
	if !strings.Contains(out, "✓ The server takes mail (SMTP)") || !strings.Contains(out, "there is no password for it here") || !strings.Contains(c.err, "Found tls://localhost:") {
		t.Errorf("%s%s", out, c.err)
	}
	c.fails(1, "could not be found", "", "doctor", "somebody@nowhere.test")
	c.fails(2, "linnet doctor ADDRESS", "", "doctor")
}
