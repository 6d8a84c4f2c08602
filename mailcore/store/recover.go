package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Recovery says what Open did with a damaged file.
type Recovery struct {
	SetAside string // path of the damaged file, kept
	Drafts   int    // salvaged
	Outbox   int    // salvaged
	Pending  int    // salvaged
}

// smallFile is up to where a whole check costs nothing a person would notice.
const smallFile = 16 << 20

// examine looks for damage before anything is written: the header and the
// tables that only live here always, the whole file when it is small or when
// damage was met before. It returns ErrNewer for a file of a newer version,
// which must not be touched at all.
func examine(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, markErr := os.Stat(damageMark(path))
	marked := markErr == nil
	if info.Size() == 0 {
		return nil // new
	}
	db, err := sql.Open("sqlite", dsn(path, append([]string{"query_only(1)"}, shared[:]...)...))
	if err != nil {
		return err
	}
	defer db.Close()
	q := plain{db, ctx}
	if err := examineOpen(q, info.Size() <= smallFile || marked); err != nil || !marked {
		return err
	}
	return os.Remove(damageMark(path))
}

// plain asks a database without keeping statements.
type plain struct {
	db  *sql.DB
	ctx context.Context
}

func (p plain) query(query string, args ...any) (*sql.Rows, error) {
	return p.db.QueryContext(p.ctx, query, args...)
}

func examineOpen(q plain, whole bool) error {
	version, err := one(q, value[int], "PRAGMA user_version")
	if err != nil {
		return err
	}
	scripts, err := migrations()
	if err != nil {
		return err
	}
	if version > len(scripts) {
		return fmt.Errorf("%w: version %d, this is %d", ErrNewer, version, len(scripts))
	}
	if whole {
		return checkWith(q, "integrity_check")
	}
	if version == 0 {
		return nil
	}
	for _, look := range [...]string{
		`SELECT count(account || path) FROM folder`,
		`SELECT count(content) FROM draft`,
		`SELECT count(content), sum(length(raw)) FROM outbox`,
		`SELECT count(kind) FROM pending`,
		`SELECT max(id) FROM message`,
	} {
		if err := each(q, discard, look); err != nil {
			return err
		}
	}
	return nil
}

// recoverStore sets a damaged file aside, makes a new one, and salvages what
// the server does not have.
func recoverStore(ctx context.Context, path string) (*Store, *Recovery, error) {
	aside, err := setAside(path)
	if err != nil {
		return nil, nil, classify("set a damaged file aside", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, nil, classify("start over", err)
	}
	s, err := open(ctx, path)
	if err != nil {
		return nil, nil, classify("start over", err)
	}
	rec := &Recovery{SetAside: aside}
	if err := s.salvage(ctx, aside, rec); err != nil {
		return nil, nil, errors.Join(s.fail("salvage", err), s.Close())
	}
	return s, rec, nil
}

// setAside renames the file and what belongs to it. -wal holds the last
// commits, so it keeps its place beside the file.
func setAside(path string) (string, error) {
	ext := filepath.Ext(path)
	stem := fmt.Sprintf("%s-damaged-%s", path[:len(path)-len(ext)], time.Now().Format("20060102-150405"))
	aside := stem + ext
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	for _, suffix := range [...]string{"-wal", "-shm", ""} {
		err := os.Rename(path+suffix, aside+suffix)
		if err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return "", err
		}
	}
	if err := os.Remove(damageMark(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return aside, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
