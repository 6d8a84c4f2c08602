package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// process is a server in the foreground, its output in a file. No goroutine
// waits for it, so that leak checks of a test see only the test's own.
type process struct {
	name string
	cmd  *exec.Cmd
}

// spawn starts a server in a session of its own.
func spawn(name, logFile string, cmd *exec.Cmd) (*process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	ownSession(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &process{name: name, cmd: cmd}, nil
}

// alive tells whether the process runs: it exists and is no zombie.
func (p *process) alive() bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/stat")
	if errors.Is(err, os.ErrNotExist) {
		_, procErr := os.Stat("/proc/self/stat")
		return procErr != nil // without /proc nothing is known
	}
	after := stat[bytes.LastIndexByte(stat, ')')+1:]
	return !bytes.HasPrefix(bytes.TrimSpace(after), []byte("Z"))
}

// stop asks the process to end, insists after a while, and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.name, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.cmd.Wait() // the status of a server that was told to end says nothing
	}()
	select {
	case <-ended:
		return nil
	case <-time.After(10 * time.Second):
	}
	_ = killSession(p.cmd.Process)
	<-ended
	return nil
}

// guard is a shell that outlives the test program: when its input ends, because
// the program stopped it or died in whatever way, it ends the servers of one host
// and removes the directory.
type guard struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

// The servers write their process numbers into *.pid files below the directory.
const guardScript = `
cat >/dev/null
for f in "$1"/run/master.pid "$1"/postfix/spool/pid/master.pid "$1"/*.pid; do
	[ -f "$f" ] || continue
	read -r pid <"$f" || [ -n "$pid" ] || continue
	kill -TERM $pid 2>/dev/null
done
n=0
while [ $n -lt 50 ] && [ -d "$1" ] && ! rm -rf "$1" 2>/dev/null; do
	sleep 0.1
	n=$((n + 1))
done
`

func newGuard(dir string) (*guard, error) {
	if !filepath.IsAbs(dir) || len(dir) < len("/tmp/x") {
		return nil, fmt.Errorf("not a directory to remove: %q", dir)
	}
	cmd := exec.Command("/bin/sh", "-c", guardScript, "guard", dir)
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	ownSession(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start guard: %w", err)
	}
	return &guard{cmd: cmd, input: input}, nil
}

// end lets the guard do its work now; nil is allowed.
func (g *guard) end() {
	if g == nil {
		return
	}
	_ = g.input.Close()
	_ = g.cmd.Wait()
}
