package doctor

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func words(t *testing.T) *assets.Words {
	t.Helper()
	w, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// states are the steps that are not fine, as "name state".
func states(d Diagnosis) []string {
	var out []string
	for _, s := range d.Steps {
		if s.State != Fine {
			out = append(out, string(s.Name)+" "+string(s.State))
		}
	}
	return out
}

func TestAllIsWell(t *testing.T) {
	for name, starttls := range map[string]bool{"TLS": false, "STARTTLS": true} {
		w := newWorld(t)
		if starttls {
			w.patient.IMAP.Port, w.patient.IMAP.Security = 143, accounts.StartTLS
			w.patient.SMTP.Port, w.patient.SMTP.Security = 587, accounts.StartTLS
		}
		d, told := w.examine()
		if !d.OK() || len(states(d)) > 0 {
			t.Errorf("%s: %v\n%s", name, states(d), d.Report(words(t).Say))
		}
		ended := 0
		for _, s := range told {
			if s.State != Running {
				if s.Name != Names()[ended] {
					t.Errorf("%s: step %d is %s", name, ended, s.Name)
				}
				ended++
			}
		}
		if ended != len(Names()) || len(d.Steps) != ended {
			t.Errorf("%s: %d steps of %d", name, ended, len(Names()))
		}
		w.harmless(name)
		report := d.Report(words(t).Say)
		for _, want := range []string{"Up to 25 MB, but only 1 MB are left", "1 MB of 2 MB", "Messages in the inbox: 3", "Folders: 2", "Linnet 1.2.3 on ", "a…@firm.test", imapHost} {
			if !strings.Contains(report, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, report)
			}
		}
	}
}

// harmless fails if a server was told what the doctor must never say.
func (w *world) harmless(name string) {
	w.t.Helper()
	said := w.said()
	secrets := 0
	for _, line := range said {
		how, rest, _ := strings.Cut(line, " ")
		if secretIn(rest) {
			secrets++
			if how == "clear" {
				w.t.Errorf("%s: the password went in clear", name)
			}
		}
		for _, never := range []string{"RCPT", "DATA", "BDAT"} {
			if strings.HasPrefix(strings.ToUpper(rest), never) {
				w.t.Errorf("%s: a server was told %q", name, rest)
			}
		}
		if strings.HasPrefix(rest, "MAIL") && !slices.ContainsFunc(said, func(l string) bool { return l == how+" RSET" }) && w.smtp.mail == goodSMTP().mail {
			w.t.Errorf("%s: MAIL FROM was not taken back", name)
		}
	}
	if secrets > 2 {
		w.t.Errorf("%s: the password was sent %d times to two servers", name, secrets)
	}
}

func TestWithoutAPasswordNothingIsSignedIn(t *testing.T) {
	w := newWorld(t)
	w.patient.Credential = nil
	d, _ := w.examine()
	want := []string{
		"imap-sign-in skipped", "imap-on skipped", "imap-folders skipped", "imap-space skipped", "clock skipped",
		"smtp-sign-in skipped", "smtp-sender skipped", "smtp-size skipped",
	}
	if !d.OK() || !slices.Equal(states(d), want) {
		t.Errorf("%v", states(d))
	}
	for _, line := range w.said() {
		if strings.Contains(line, "AUTH ") || strings.Contains(line, "AUTHENTICATE") || strings.Contains(line, "MAIL") {
			t.Errorf("said %q", line)
		}
	}
}

func TestSendingWithoutASignIn(t *testing.T) {
	w := newWorld(t)
	w.patient.SMTP.User = ""
	d, _ := w.examine()
	if got := states(d); !d.OK() || !slices.Equal(got, []string{"smtp-sign-in skipped"}) {
		t.Errorf("%v", got)
	}
}

// A refused password is not tried at the other server: it might lock the mailbox.
func TestARefusedPasswordIsTriedOnce(t *testing.T) {
	w := newWorld(t)
	w.imap.auth = "$ NO [AUTHENTICATIONFAILED] Authentication failed."
	d, _ := w.examine()
	secrets := 0
	for _, line := range w.said() {
		if secretIn(line) {
			secrets++
		}
	}
	i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.Name == SMTPSignIn })
	if secrets != 1 || d.Steps[i].State != Skipped || d.Steps[i].Note != RefusedBefore {
		t.Errorf("sent %d times; %+v", secrets, d.Steps[i])
	}
}

func TestTheKeyringIsAskedOnce(t *testing.T) {
	w := newWorld(t)
	asked := 0
	w.patient.Credential = func(accounts.Server) connect.CredentialFunc {
		return func(context.Context, bool) (connect.Credential, error) {
			asked++
			return connect.Credential{}, accounts.ErrKeyringLocked
		}
	}
	d, _ := w.examine()
	first, failed := d.First()
	if !failed || first.Name != IMAPSignIn || first.Cause.Key != "trouble.keyring-locked" || asked != 1 {
		t.Errorf("asked %d times: %v", asked, states(d))
	}
	if i := slices.IndexFunc(d.Steps, func(s Step) bool { return s.Name == SMTPGreeting }); d.Steps[i].State != Fine {
		t.Errorf("servers were not looked at: %v", states(d))
	}
}

func TestStoppingEndsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.at(imapHost+":993", w.certificate(), true, func(c *mailtest.Conn) { c.Stall() })
	w.open()
	w.doctor.Dialer = &connect.Dialer{Roots: w.roots, Net: w}
	w.doctor.Times = Times{Total: time.Hour, Answer: time.Hour, Look: time.Hour, Quiet: time.Hour} // only stopping ends it
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan Diagnosis, 1)
	go func() {
		ended <- w.doctor.Examine(ctx, w.patient, func(s Step) {
			if s.Name == IMAPGreeting && s.State == Running {
				cancel()
			}
		})
	}()
	var d Diagnosis
	select {
	case d = <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("it does not stop")
	}
	if !d.Stopped || d.OK() {
		t.Errorf("stopped %v: %v", d.Stopped, states(d))
	}
	if first, failed := d.First(); failed {
		t.Errorf("stopping was told as a failure: %+v", first)
	}
}

func TestTimeIsBounded(t *testing.T) {
	w := newWorld(t)
	w.at(imapHost+":993", w.certificate(), true, func(c *mailtest.Conn) { c.Stall() })
	w.doctor.Times.Total = 300 * time.Millisecond
	d, _ := w.examine()
	if d.OK() || d.Stopped || len(d.Steps) != len(Names()) {
		t.Errorf("%v", states(d))
	}
}

func TestExaminationsDoNotDisturbEachOther(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.doctor.Dialer = &connect.Dialer{Roots: w.roots, Net: w}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if d := w.doctor.Examine(t.Context(), w.patient, nil); !d.OK() {
				t.Errorf("%v", states(d))
			}
		})
	}
	wg.Wait()
}

func TestTheReportHidesWhoAndSecrets(t *testing.T) {
	w := newWorld(t)
	w.patient.IMAP.User = "ada.lovelace"
	w.imap.auth = "$ NO [ALERT] ada.lovelace, LOGIN ada.lovelace " + secret + " was refused; see Ada.Lovelace@firm.test, not bob@other.test."
	d, _ := w.examine()
	report := d.Report(words(t).Say)
	for _, never := range []string{secret, "ada.lovelace", "Ada.Lovelace", "lovelace", "bob@", "{{", "<no value>"} {
		if strings.Contains(report, never) {
			t.Errorf("the report has %q:\n%s", never, report)
		}
	}
	for _, want := range []string{"[failed]", "[skipped]", imapHost, "a…@firm.test"} {
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q:\n%s", want, report)
		}
	}
	if data, err := json.Marshal(d.Steps); err != nil || strings.Contains(string(data), secret) {
		t.Errorf("steps: %v %s", err, data)
	}
}

func TestRedactionKeepsHostsAndOtherWords(t *testing.T) {
	d := Diagnosis{Email: "info@firm.test"}
	for text, want := range map[string]string{
		"user info at info.firm.test: information": "user i… at info.firm.test: information",
		"<info@firm.test>, INFO.":                  "<i…@firm.test>, i….",
		"mail.info":                                "mail.info",
	} {
		if got := d.redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestSizesInWords(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1024: "1 KB", 26214400: "25 MB", 1288490188: "1.2 GB"} {
		if got := size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// A name that only a proxy knows is no harm.
func TestANameThatOnlyTheProxyKnows(t *testing.T) {
	w := newWorld(t)
	w.doctor.Resolver = nobody{}
	if d, _ := w.examine(); !d.OK() {
		t.Errorf("%v", states(d))
	}
}

type nobody struct{}

func (nobody) LookupHost(context.Context, string) ([]string, error) { return nil, errDNS }
