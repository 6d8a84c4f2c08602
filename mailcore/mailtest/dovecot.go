package mailtest

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"
)

//go:embed conf
var confFiles embed.FS

// mailOwner is a numeric user of nobody's that owns the mail when the tests run
// as root; it needs no entry in /etc/passwd.
const mailOwner = 50443

func mailUID() int {
	if os.Getuid() == 0 {
		return mailOwner
	}
	return os.Getuid()
}

// dovecotConf is what the template of Dovecot's configuration sees.
type dovecotConf struct {
	Dir      string
	Ports    ports
	UID, GID int
	User     string // who runs everything, when not root; else ""
	Group    string
	Extra    string
	Tokens   string // where to ask about tokens; "": they are not taken
}

func (h *Host) writeDovecot() error {
	for _, d := range []string{"run", "state", "mail", "home"} {
		if err := os.MkdirAll(h.file(d), 0o755); err != nil {
			return err
		}
	}
	if os.Getuid() == 0 {
		if err := errors.Join(own(h.file("mail"), h.uid), own(h.file("home"), h.uid)); err != nil {
			return err
		}
	}
	c := dovecotConf{Dir: h.dir, Ports: h.ports, UID: h.uid, GID: h.uid, Extra: h.options.Dovecot}
	if h.SignIn != nil {
		c.Tokens = h.SignIn.introspectURL
		if err := h.writeConf("dovecot-oauth2.conf", "dovecot-oauth2.conf", c); err != nil {
			return err
		}
	}
	if os.Getuid() != 0 {
		if err := c.ordinaryUser(); err != nil {
			return err
		}
	}
	return h.writeConf("dovecot.conf", h.dovecotTemplate(), c)
}

// dovecotTemplate names the configuration that the installed version reads: 2.4
// renamed most settings.
func (h *Host) dovecotTemplate() string {
	out, err := exec.Command(h.tools.dovecot, "--version").Output()
	if err == nil && strings.HasPrefix(string(out), "2.4") {
		return "dovecot-2.4.conf"
	}
	return "dovecot-2.3.conf"
}

// ordinaryUser lets every process of Dovecot run as who we are.
func (c *dovecotConf) ordinaryUser() error {
	me, err := user.Current()
	if err != nil {
		return fmt.Errorf("look up own user: %w", err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		return fmt.Errorf("look up own group: %w", err)
	}
	c.User, c.Group, c.GID = me.Username, group.Name, os.Getgid()
	return nil
}

// writeConf fills a template of conf/ in and writes it to name below the host's
// directory.
func (h *Host) writeConf(name, from string, data any) error {
	tmpl, err := template.ParseFS(confFiles, "conf/"+from)
	if err != nil {
		return fmt.Errorf("parse %s: %w", from, err)
	}
	f, err := os.Create(h.file(name))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := tmpl.Execute(f, data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.Close()
}

// passwordFile is Dovecot's passwd-file. It may be read by the auth process only.
func (h *Host) passwordFile() string { return h.file("passwd") }

func (h *Host) writePasswords() error {
	var b strings.Builder
	for n := range mostUsers {
		u := h.user(n + 1)
		fmt.Fprintf(&b, "%s:{PLAIN}%s\n", u.Login, u.Password)
	}
	return os.WriteFile(h.passwordFile(), []byte(b.String()), 0o644)
}

// SetPassword changes a user's password on the server and waits until it counts;
// who is signed in stays so.
func (h *Host) SetPassword(t testing.TB, u User, password string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.replacePassword(u, password); err != nil {
		t.Fatalf("write passwords: %v", err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		_, err := h.Doveadm("auth", "test", u.Login, password)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the new password does not count: %v", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (h *Host) replacePassword(u User, password string) error {
	old, err := os.ReadFile(h.passwordFile())
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(old)) {
		if strings.HasPrefix(line, u.Login+":") {
			line = u.Login + ":{PLAIN}" + password + "\n"
		}
		b.WriteString(line)
	}
	next := h.passwordFile() + ".new"
	if err := os.WriteFile(next, []byte(b.String()), 0o644); err != nil {
		return err
	}
	return os.Rename(next, h.passwordFile())
}

// StartDovecot starts Dovecot again after StopDovecot, on the same ports and mail.
func (h *Host) StartDovecot(t testing.TB) {
	t.Helper()
	if err := h.startDovecot(); err != nil {
		t.Fatalf("start Dovecot: %v\n%s", err, h.Logs())
	}
}

// StopDovecot stops Dovecot: connections break, new ones are refused.
func (h *Host) StopDovecot(t testing.TB) {
	t.Helper()
	if err := h.stopDovecot(); err != nil {
		t.Fatalf("stop Dovecot: %v", err)
	}
}

func (h *Host) startDovecot() error {
	if h.dovecot != nil {
		return errors.New("runs already")
	}
	cmd := exec.Command(h.tools.dovecot, "-F", "-c", h.file("dovecot.conf"))
	p, err := spawn("dovecot", h.file("dovecot.out"), cmd)
	if err != nil {
		return err
	}
	h.dovecot = p
	return h.awaitGreeting(h.ports.IMAPS, p)
}

func (h *Host) stopDovecot() error {
	if h.dovecot == nil {
		return nil
	}
	p := h.dovecot
	h.dovecot = nil
	if err := p.stop(); err != nil {
		return err
	}
	return awaitSilence(h.ports.IMAPS, h.ports.IMAP)
}

// Doveadm runs doveadm against this host and returns what it prints.
func (h *Host) Doveadm(args ...string) (string, error) {
	args = append([]string{"-c", h.file("dovecot.conf")}, args...)
	out, err := exec.Command(h.tools.doveadm, args...).CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("doveadm %s: %w: %s", strings.Join(args[2:], " "), err, out)
	}
	return string(out), nil
}

// Logs returns what the servers wrote, newest last, bounded.
func (h *Host) Logs() string {
	var b strings.Builder
	for _, name := range []string{"dovecot.out", "dovecot.log", "postfix.out", "postfix.log"} {
		data, err := os.ReadFile(h.file(name))
		if err != nil || len(data) == 0 {
			continue
		}
		const most = 16 << 10
		if len(data) > most {
			data = data[len(data)-most:]
		}
		fmt.Fprintf(&b, "--- %s\n%s", filepath.Base(name), data)
	}
	return b.String()
}
