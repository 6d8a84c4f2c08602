//go:build !unix

package mailtest

import (
	"os"
	"os/exec"
)

func ownSession(*exec.Cmd) {}

func killSession(p *os.Process) error { return p.Kill() }

func own(string, int) error { return nil }
