//go:build !windows

package proxy

import (
	"context"
	"os/exec"
	"time"
)

// patience is how long a program of the system may take to print its settings.
const patience = 3 * time.Second

// ask runs a program of the system and returns what it prints.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...)
	command.WaitDelay = time.Second
	printed, err := command.Output()
	return string(printed), err
}
