package trouble

import "syscall"

// Windows' own codes: syscall's portable ones are not what it returns.
const (
	errorWriteProtect = syscall.Errno(19)
	errorHandleDisk   = syscall.Errno(39)
	errorDiskFull     = syscall.Errno(112)
)

func diskFull(err error) bool { return anyOf(err, errorDiskFull, errorHandleDisk) }

func readOnlyDisk(err error) bool { return anyOf(err, errorWriteProtect) }
