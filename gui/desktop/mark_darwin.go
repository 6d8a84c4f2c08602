package desktop

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// mark sets the attribute that macOS knows files from the internet by:
// flags;time;agent;.
func mark(path string) error {
	value := fmt.Sprintf("0083;%08x;Linnet;", time.Now().Unix())
	return unix.Setxattr(path, "com.apple.quarantine", []byte(value), 0)
}
