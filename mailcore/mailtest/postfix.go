package mailtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Recipients that Postfix answers in a special way, besides the users'. Every
// other address of Domain is refused with 550 5.1.1.
const (
	Busy     = "busy@" + Domain     // 450 4.2.1: try later
	Full     = "full@" + Domain     // 452 4.2.2: try later
	Unwanted = "unwanted@" + Domain // 554 5.7.1: never
)

// postfixConf is what the templates of Postfix's configuration see.
type postfixConf struct {
	Dir, Domain                string
	CommandDir, DaemonDir      string
	MailOwner, SetgidGroup     string
	Ports                      ports
	QueueDir, DataDir, LogFile string
}

func (h *Host) writePostfix() error {
	etc := h.file("postfix/etc")
	c := postfixConf{
		Dir: h.dir, Domain: Domain, Ports: h.ports,
		QueueDir: h.file("postfix/spool"), DataDir: h.file("postfix/data"), LogFile: h.file("postfix.log"),
	}
	if err := os.MkdirAll(etc, 0o755); err != nil {
		return err
	}
	if err := h.postfixDefaults(&c); err != nil {
		return err
	}
	h.postfixMaster = filepath.Join(c.DaemonDir, "master")
	if err := c.makeQueue(); err != nil {
		return err
	}
	for _, name := range []string{"main.cf", "master.cf", "users", "recipients"} {
		if err := h.writeConf(filepath.Join("postfix/etc", name), "postfix-"+name, c); err != nil {
			return err
		}
	}
	return nil
}

// postfixDefaults asks the installed Postfix where its own programs are and whom
// it runs as.
func (h *Host) postfixDefaults(c *postfixConf) error {
	want := map[string]*string{
		"command_directory": &c.CommandDir, "daemon_directory": &c.DaemonDir,
		"mail_owner": &c.MailOwner, "setgid_group": &c.SetgidGroup,
	}
	args := []string{"-d"}
	for k := range want {
		args = append(args, k)
	}
	out, err := exec.Command(h.tools.postconf, args...).Output()
	if err != nil {
		return fmt.Errorf("postconf: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		k, v, _ := strings.Cut(line, "=")
		if dst, ok := want[strings.TrimSpace(k)]; ok {
			*dst = strings.TrimSpace(v)
		}
	}
	return nil
}

// makeQueue makes the directories that Postfix's own start script would make.
func (c *postfixConf) makeQueue() error {
	owner, err := user.Lookup(c.MailOwner)
	if err != nil {
		return fmt.Errorf("user of Postfix: %w", err)
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(c.QueueDir, "pid"), 0o755); err != nil {
		return err
	}
	dirs := []string{c.DataDir}
	for d := range strings.FieldsSeq("active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace") {
		dirs = append(dirs, filepath.Join(c.QueueDir, d))
	}
	for _, d := range dirs {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
		if err := own(d, uid); err != nil {
			return err
		}
	}
	return nil
}

// StartPostfix starts Postfix again after StopPostfix, on the same ports and queue.
func (h *Host) StartPostfix(t testing.TB) {
	t.Helper()
	if err := h.startPostfix(); err != nil {
		t.Fatalf("start Postfix: %v\n%s", err, h.Logs())
	}
}

// StopPostfix stops Postfix: connections break, new ones are refused.
func (h *Host) StopPostfix(t testing.TB) {
	t.Helper()
	if err := h.stopPostfix(); err != nil {
		t.Fatalf("stop Postfix: %v", err)
	}
}

func (h *Host) startPostfix() error {
	if h.postfix != nil {
		return errors.New("runs already")
	}
	// The master itself, not "postfix start-fg": the script in between takes a
	// second and does not hand signals on.
	cmd := exec.Command(h.postfixMaster, "-s", "-c", h.file("postfix/etc"))
	p, err := spawn("postfix", h.file("postfix.out"), cmd)
	if err != nil {
		return err
	}
	h.postfix = p
	return h.awaitGreeting(h.ports.SMTPS, p)
}

func (h *Host) stopPostfix() error {
	if h.postfix == nil {
		return nil
	}
	p := h.postfix
	h.postfix = nil
	if err := p.stop(); err != nil {
		return err
	}
	return awaitSilence(h.ports.SMTPS, h.ports.SMTP)
}
