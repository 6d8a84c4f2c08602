//go:build unix

package mailtest

import (
	"os"
	"os/exec"
	"syscall"
)

// ownSession keeps a terminal's Ctrl-C from a server: the guard ends it in order.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// killSession kills a process and what it started.
func killSession(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }

// own gives a file or directory to the user that a server runs as; the group stays.
func own(path string, uid int) error { return os.Chown(path, uid, -1) }
