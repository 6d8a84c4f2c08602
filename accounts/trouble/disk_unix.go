//go:build !windows

package trouble

import "syscall"

func diskFull(err error) bool { return anyOf(err, syscall.ENOSPC, syscall.EDQUOT) }

func readOnlyDisk(err error) bool { return anyOf(err, syscall.EROFS) }
