package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Errors that callers tell apart with errors.Is.
var (
	ErrNotFound = errors.New("store: not found")
	ErrTaken    = errors.New("store: the path is taken")
	ErrNewer    = errors.New("store: written by a newer version of Linnet")
	ErrFull     = errors.New("store: disk full")
	ErrReadOnly = errors.New("store: profile is read-only")
	// ErrDamaged is returned by any method that meets damage; the next Open
	// recovers.
	ErrDamaged = errors.New("store: the mail file is damaged")
)

// fail wraps err with what was being done and gives it one of the errors above
// where it is one. Damage is noted, so that the next Open looks closer.
func (s *Store) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	if isDamage(err) {
		s.noteDamage()
	}
	return classify(doing, err)
}

func classify(doing string, err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("store: %s: %w: %w", doing, kind, err)
	}
	return fmt.Errorf("store: %s: %w", doing, err)
}

// kindOf finds the error of this package that err stands for, nil if none.
func kindOf(err error) error {
	switch {
	case isDamage(err):
		return ErrDamaged
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	switch code := e.Code(); {
	case code == lib.SQLITE_INTERRUPT:
		return context.Canceled
	// The shared-memory file of WAL cannot grow only when the disk is full.
	case code&0xff == lib.SQLITE_FULL, code == lib.SQLITE_IOERR_SHMSIZE:
		return ErrFull
	case code&0xff == lib.SQLITE_READONLY, code&0xff == lib.SQLITE_PERM, code&0xff == lib.SQLITE_CANTOPEN:
		return ErrReadOnly
	}
	return nil
}

// isDamage reports whether err says that the file's content is broken.
func isDamage(err error) bool {
	if errors.Is(err, ErrDamaged) {
		return true
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() {
	case lib.SQLITE_IOERR_SHORT_READ, lib.SQLITE_IOERR_CORRUPTFS:
		return true
	}
	return e.Code()&0xff == lib.SQLITE_CORRUPT || e.Code()&0xff == lib.SQLITE_NOTADB
}

// damageMark is the file beside the database that asks the next Open for a
// thorough check.
func damageMark(path string) string { return path + "-damaged" }

func (s *Store) noteDamage() {
	// Nothing better can be done if this fails too: the next query that meets
	// the damage tries again.
	_ = os.WriteFile(damageMark(s.path), nil, 0o600)
}
