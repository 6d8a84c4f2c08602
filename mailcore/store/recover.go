package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
const smallFile = 1 << 20

// examine looks for damage before anything is written: the schema and the
// tables that only live here always, the whole file when it is small or when
// damage was met before. It returns ErrNewer for a file of a newer version,
// which must not be touched at all.
func examine(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return err // nothing in it yet
	}
	marked := exists(damageMark(path))
	q, err := openReadOnly(ctx, path)
	if err != nil {
		return err
	}
	defer q.db.Close()
	if err := q.examine(info.Size() <= smallFile || marked); err != nil || !marked {
		return err
	}
	return os.Remove(damageMark(path))
}

// openReadOnly opens a file without changing it or what is beside it: a WAL is
// read, but not brought into the file.
func openReadOnly(ctx context.Context, path string) (plain, error) {
	name := dsn(path, shared[:]...) + "&mode=ro"
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		name += "&immutable=1"
	}
	db, err := sql.Open("sqlite", name)
	return plain{db, ctx}, err
}

// plain asks a database without keeping statements.
type plain struct {
	db  *sql.DB
	ctx context.Context
}

func (p plain) query(query string, args ...any) (*sql.Rows, error) {
	return p.db.QueryContext(p.ctx, query, args...)
}

func (q plain) examine(whole bool) error {
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
	if err := q.examineSchema(scripts[:version]); err != nil {
		return err
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

// examineSchema compares the schema with what the scripts make: a changed byte
// in it may be valid SQL still.
func (q plain) examineSchema(scripts []string) error {
	const schema = `SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_schema ORDER BY 1`
	have, err := all(q, value[string], schema)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	for _, script := range scripts {
		if _, err := db.ExecContext(q.ctx, script); err != nil {
			return err
		}
	}
	want, err := all(plain{db, q.ctx}, value[string], schema)
	if err == nil && !slices.Equal(have, want) {
		err = fmt.Errorf("%w: the schema is not ours", ErrDamaged)
	}
	return err
}

// recoveringName is where the new store grows while a damaged one still has its
// place: whatever interrupts a recovery, the next Open begins it again.
func recoveringName(path string) string { return path + "-recovering" }

// recoverStore makes a new store, salvages into it what the server does not
// have, sets the damaged file aside and puts the new one in its place.
func recoverStore(ctx context.Context, path string) (*Store, *Recovery, error) {
	fresh := recoveringName(path)
	rec, err := rebuild(ctx, path, fresh)
	if err != nil {
		return nil, nil, errors.Join(classify("salvage", err), removeStore(fresh))
	}
	if rec.SetAside, err = setAside(path); err != nil {
		return nil, nil, classify("set a damaged file aside", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, nil, classify("put the new file in place", err)
	}
	s, err := open(ctx, path)
	if err != nil {
		return nil, nil, classify("open", err)
	}
	return s, rec, nil
}

// rebuild salvages the damaged file into a fresh one, and closes that.
func rebuild(ctx context.Context, damaged, fresh string) (*Recovery, error) {
	if err := removeStore(fresh); err != nil {
		return nil, err
	}
	if err := makePrivate(fresh); err != nil {
		return nil, err
	}
	s, err := open(ctx, fresh)
	if err != nil {
		return nil, err
	}
	rec, err := s.salvage(ctx, damaged)
	return rec, errors.Join(err, s.Close())
}

// finishRecovery puts a new store in place that was complete when its recovery
// was interrupted: only then has the damaged file left its place.
func finishRecovery(path string) error {
	if exists(path) || !exists(recoveringName(path)) {
		return nil
	}
	return os.Rename(recoveringName(path), path)
}

// removeStore removes a database file and what belongs to it.
func removeStore(path string) error {
	for _, suffix := range [...]string{"-wal", "-shm", ""} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
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
