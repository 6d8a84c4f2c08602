//go:build !windows

package trouble

import "syscall"

const (
	fullDisk = syscall.ENOSPC
	readOnly = syscall.EROFS
)
